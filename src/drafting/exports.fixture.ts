import { readFileSync } from "node:fs";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Problem } from "../problem.ts";
import { drawUpBonuses } from "./draw-up-bonuses.ts";
import type { BonusOrder, DrawnBonuses, Ground } from "./draw-up-bonuses.ts";
import type { ExportedFile } from "./table.ts";

/** A file of the folder `exports/`: in the exact shape that the tool of its name writes, with made-up people. */
export function exported(name: string): ExportedFile {
  return { name, bytes: readFileSync(new URL(`exports/${name}`, import.meta.url)) };
}

export function csv(text: string, name = "batch.csv"): ExportedFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

export const BATCH = "Batch_4123456_batch_results.csv";
export const SURVEY = "Stroop_wave_1_November_2026.csv";

/** `A2EXAMPLE00001` */
export function worker(n: number): string {
  return `A2EXAMPLE${String(n).padStart(5, "0")}`;
}

/** `3EXAMPLEASSIGNMENT000000000001` */
export function assignment(n: number): string {
  return `3EXAMPLEASSIGNMENT${String(n).padStart(12, "0")}`;
}

/** A batch in which person n did assignment n, with one more cell for each column that is named. */
export function batchOf(columns: string, ...rows: readonly string[]): ExportedFile {
  const lines = rows.map((cells, index) => `${worker(index + 1)},${assignment(index + 1)},${cells}`);
  return csv([`WorkerId,AssignmentId,${columns}`, ...lines, ""].join("\n"));
}

export const NAMES = {
  amount: "--amount",
  max: "--max",
  where: "--where",
  match: "--match",
  round: "--round half-up",
} as const;

export const EMPTY: Ground = {
  files: [],
  policy: DEFAULT_POLICY,
  rules: mturkRules,
  currency: "USD",
  known: () => undefined,
};

export function drawn(
  order: Partial<BonusOrder> & Pick<BonusOrder, "batch">,
  ground: Partial<Ground> = {},
): DrawnBonuses {
  return drawUpBonuses(
    { rounding: "refuse", label: "", environment: "sandbox", names: NAMES, ...order },
    { ...EMPTY, ...ground },
  );
}

/** `1 1.50`: person and amount. */
export function paid({ draft }: DrawnBonuses): string[] {
  return (draft?.bonuses ?? []).map(
    ({ worker: id, amount }) => `${Number(id.slice(-5))} ${(amount.minor / 100).toFixed(2)}`,
  );
}

/** `batch.csv:3:46 code-twice` */
export function told(problems: readonly Problem[]): string[] {
  return problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`);
}
