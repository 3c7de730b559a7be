import { nearest } from "../manifest/nearest.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { DEFAULT_PLATFORM, PLATFORMS, rulesOf } from "../platforms/rules.ts";
import type { Table } from "./table.ts";

export type FoundColumn =
  | { readonly kind: "found"; readonly index: number }
  | { readonly kind: "none"; readonly message: string; readonly hint: string };

/** The column of a name, in any case where that is unambiguous. */
export function columnOf({ name: file, columns }: Pick<Table, "name" | "columns">, name: string): FoundColumn {
  const exact = indexesOf(columns, (each) => each === name);
  const found = exact.length > 0 ? exact : indexesOf(columns, (each) => each.toLowerCase() === name.toLowerCase());
  const [index] = found;
  if (index !== undefined && found.length === 1) return { kind: "found", index };
  if (found.length > 1)
    return {
      kind: "none",
      message: `${found.length} columns of ${file} are called \`${name}\``,
      hint: "give all but one of them another name",
    };
  const meant = nearest(name, columns);
  return {
    kind: "none",
    message: `${file} has no column \`${name}\``,
    hint: meant === undefined ? `its columns are ${listed(columns)}` : `did you mean \`${meant}\`?`,
  };
}

function indexesOf(columns: readonly string[], is: (name: string) => boolean): number[] {
  return columns.flatMap((name, index) => (is(name) ? [index] : []));
}

function listed(columns: readonly string[]): string {
  const shown = columns.slice(0, 12).join(", ");
  return columns.length > 12 ? `${shown} and ${columns.length - 12} more` : shown;
}

/** What a column holds that a payment needs. */
export type Role = "worker" | "assignment" | "amount" | "reason";

/** The names that exports give, such as supersubmiterator's `LABEL-bonus.csv` and nodegame's `bonus.csv`, and people's own. */
const NAMES = {
  amount: ["bonus", "bonusamount", "amount", "bonususd", "bonuspayment", "payment", "topay"],
  reason: ["reason", "bonusreason", "message"],
} as const;

/** The name of the column that probably has a role; undefined where no column is called so. */
export function guessColumn(
  { columns }: Pick<Table, "columns">,
  role: Role,
  { words }: Pick<PlatformRules, "words">,
): string | undefined {
  const plain = columns.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  for (const name of role === "worker" || role === "assignment" ? words.columns[role] : NAMES[role]) {
    const index = plain.indexOf(name);
    if (index !== -1) return columns[index];
  }
  return undefined;
}

/** The platform whose export this probably is; that of lists which name none where its columns tell nothing. */
export function guessPlatform(table: Pick<Table, "columns" | "rows" | "header">): PlatformRules {
  return foundPlatform(table) ?? rulesOf(DEFAULT_PLATFORM);
}

function foundPlatform(table: Pick<Table, "columns" | "rows" | "header">): PlatformRules | undefined {
  const platforms = [...PLATFORMS.values()];
  const named = (role: "worker" | "assignment") =>
    platforms.find((rules) => guessColumn(table, role, rules) !== undefined);
  if (table.header !== "none") return named("assignment") ?? named("worker");
  const id = table.rows[0]?.cells[0] ?? "";
  return platforms.find(({ assignmentProblem }) => assignmentProblem(id) === undefined);
}

/** Two columns that hold the same codes: of the batch, and of the scores. */
export interface Match {
  readonly batch: string;
  readonly scores: string;
}

/** The pair of columns that have most values in common: usually the code that the survey showed and the worker typed. */
export function guessMatch(batch: Table, scores: Table): Match | undefined {
  const holders = new Map<string, Set<number>>();
  for (const { cells } of batch.rows)
    cells.forEach((cell, index) => {
      const key = codeKey(cell);
      if (key.length < CODE_LEAST) return;
      const columns = holders.get(key) ?? new Set();
      holders.set(key, columns.add(index));
    });
  let best: Match | undefined;
  let most = 0;
  scores.columns.forEach((scoresName, index) => {
    const counts = new Map<number, number>();
    for (const key of new Set(scores.rows.map(({ cells }) => codeKey(cells[index] ?? ""))))
      for (const column of holders.get(key) ?? []) counts.set(column, (counts.get(column) ?? 0) + 1);
    for (const [column, count] of counts) {
      const batchName = batch.columns[column];
      if (count <= most || batchName === undefined || batchName === "" || scoresName === "") continue;
      most = count;
      best = { batch: batchName, scores: scoresName };
    }
  });
  return best;
}

/** Shorter values (`1`, `yes`, `25`) are equal by chance. */
const CODE_LEAST = 4;

/** Codes are compared without their case: workers type them by hand. */
export function codeKey(cell: string): string {
  return cell.toUpperCase();
}
