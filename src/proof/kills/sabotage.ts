import { cp, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Stage, Template } from "./stage.ts";
import { sweepRuns } from "./sweep.ts";

/** A broken command line, made from the built one by other words in its text: the judge must see what it does. */
export interface Sabotage {
  readonly name: string;
  /** What stands there, and what instead. */
  readonly edits: readonly (readonly [there: string, instead: string])[];
  /** How a violation begins that it must lead to. */
  readonly sign: "DOUBLE" | "FALSE" | "WRONG";
}

export const SABOTAGES: readonly Sabotage[] = [
  {
    name: "a new token for each order, and blind to what is listed",
    edits: [
      ["UniqueRequestToken:handle", "UniqueRequestToken:handle.slice(8)+Math.random().toString(36).slice(2,10)"],
      [".BonusPayments??[]", ".Nothing??[]"],
    ],
    sign: "DOUBLE",
  },
  {
    name: "an order that is only said to be given",
    edits: [["await call()", '{$metadata:{httpStatusCode:200,requestId:"none"}}']],
    sign: "FALSE",
  },
  {
    name: "a cent instead of the amount",
    edits: [["BonusAmount:formatMoney(amount)", 'BonusAmount:"0.01"']],
    sign: "WRONG",
  },
];

/** Strikes the broken program where the order has just been answered. `caught`: the violation that gave it away. */
export async function catchSabotage(
  stage: Stage,
  template: Template,
  { edits, sign }: Sabotage,
): Promise<{ readonly cases: number; readonly caught: string | undefined }> {
  const harm = { how: "SIGKILL" } as const;
  const broken = { ...stage, cli: await breakProgram(stage, edits) };
  // An order that is never given has no answer to be struck at: then the run ends by itself, and is judged all the same.
  const on = "after call SendBonus";
  const { violations } = await sweepRuns(broken, { harm, on, stride: 1 }, template, { lanes: 1, at: [1] });
  return { cases: 1, caught: violations.find(({ text }) => text.startsWith(sign))?.text };
}

async function breakProgram({ cli, folder }: Stage, edits: Sabotage["edits"]): Promise<string> {
  const copy = await mkdtemp(join(folder, "broken-"));
  await cp(join(dirname(cli), ".."), copy, { recursive: true });
  const dist = join(copy, "dist");
  const left = new Set(edits);
  for (const name of await readdir(dist)) {
    const text = await readFile(join(dist, name), "utf8");
    if (!text.includes("UniqueRequestToken:handle")) continue;
    let broken = text;
    for (const edit of edits) {
      if (text.includes(edit[0])) left.delete(edit);
      broken = broken.replaceAll(edit[0], edit[1]);
    }
    await writeFile(join(dist, name), broken);
  }
  const [missing] = left;
  if (missing) throw new Error(`the built program no longer says ${missing[0]}: break it in another way`);
  return join(dist, "cli.js");
}
