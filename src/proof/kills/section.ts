import { join } from "node:path";
import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { catchSabotage, SABOTAGES } from "./sabotage.ts";
import { interruptedTemplate, makeTemplate, openStage } from "./stage.ts";
import type { Stage, Template } from "./stage.ts";
import { sweepRuns } from "./sweep.ts";
import type { Swept } from "./sweep.ts";
import { sweepsFor } from "./sweeps.ts";
import type { PlannedSweep } from "./sweeps.ts";

/**
 * The built command line against an MTurk in a process of its own and a bare repository, struck at the first thing that
 * it does outside its process, at the second, and so on; then plain runs to rest, and a judgement from outside.
 */
export const KILLS: Section = {
  name: "kills",
  about: "the built command line, struck at every step outside its process, then run to rest and judged from outside",
  run: strikeAll,
  replay,
};

async function strikeAll({ long, only, workers }: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const sweeps = sweepsFor(long).filter(({ name }) => name.includes(only));
  const stage = await openStage();
  try {
    const templates = templatesOf(stage);
    const struck = new Set<string>();
    for (const sweep of sweeps) {
      const began = performance.now();
      const swept = await sweepRuns(stage, sweep, await templates(sweep), { lanes: workers });
      for (const what of swept.struck) struck.add(what);
      tell(rowOf(sweep, swept, performance.now() - began));
    }
    if (only === "") tell(neverStruck(struck));
    for (const sabotage of SABOTAGES) {
      if (!sabotage.name.includes(only)) continue;
      const began = performance.now();
      const { cases, caught } = await catchSabotage(stage, await templates({ payments: 1 }), sabotage);
      const violations = caught ? [] : ["NOT CAUGHT"];
      tell({
        scenario: `broken on purpose: ${sabotage.name}`,
        cases,
        violations,
        ms: performance.now() - began,
        note: caught ?? "",
      });
    }
  } finally {
    await stage.close();
  }
}

/** Labs to copy, each made once. */
export function templatesOf(stage: Stage): (of: Pick<PlannedSweep, "payments" | "begun">) => Promise<Template> {
  const made = new Map<string, Promise<Template>>();
  const once = (key: string, make: () => Promise<Template>) => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };
  return ({ payments, begun }) => {
    const fresh = once(`${payments}`, () => makeTemplate(join(stage.folder, `lab-${payments}`), stage.cli, payments));
    if (begun === undefined) return fresh;
    return once(`${payments} ${JSON.stringify(begun)}`, async () => interruptedTemplate(stage, await fresh, begun));
  };
}

function rowOf(
  { name }: PlannedSweep,
  { cases, violations, struck, runsMost, unsettled }: Swept,
  ms: number,
): ProofRow {
  const note = `${struck.size} kinds of moment, at rest after ${runsMost} ${runsMost === 1 ? "run" : "runs at most"}${unsettled > 0 ? `, ${unsettled} rows left to a person` : ""}`;
  const lines = violations.map(
    ({ moments, text }) => `${text}\n        npm run prove -- --replay "kills ${name} @ ${moments.join(" ")}"`,
  );
  // A sweep that strikes nobody proves nothing.
  return { scenario: name, cases, violations: cases > 0 ? lines : ["NOTHING was struck"], ms, note };
}

/** The moments that matter most must all have been among those that were struck. */
function neverStruck(struck: ReadonlySet<string>): ProofRow {
  const calls = ["call SendBonus", "call ListBonusPayments", "clock"];
  const what = ["git fetch", "git ls-remote", "git fast-import", "git push", ...calls];
  const wanted = ["before", "during", "after"].flatMap((when) => what.map((each) => `${when} ${each}`));
  const missing = wanted.filter((each) => !struck.has(each));
  return {
    scenario: "moments that must be among them",
    cases: 0,
    violations: missing.map((each) => `NEVER struck ${each}`),
    ms: 0,
    note: `${struck.size} kinds`,
  };
}

async function replay(record: string): Promise<{ lines: readonly string[]; violated: boolean }> {
  const [name = "", moments = ""] = record.split(" @ ");
  const sweep = sweepsFor(true).find((each) => each.name === name);
  if (!sweep) throw new Error(`there is no sweep called ${name}`);
  const stage = await openStage();
  try {
    const template = await templatesOf(stage)(sweep);
    const at = moments.split(" ").map(Number);
    const { violations, struck, runsMost } = await sweepRuns(stage, sweep, template, { lanes: 1, at });
    const lines = [
      `struck: ${[...struck].join(", ")}`,
      `at rest after ${runsMost} runs`,
      ...violations.map(({ text }) => text),
    ];
    return { lines, violated: violations.length > 0 };
  } finally {
    await stage.close();
  }
}
