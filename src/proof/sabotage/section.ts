import { openThreads } from "../schedules/threads.ts";
import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { copySources } from "./broken-copy.ts";
import { SABOTAGES } from "./sabotages.ts";
import type { Sabotage } from "./sabotages.ts";

/** The production code, broken in many ways: a proof that finds nothing must be able to find something. */
export const SABOTAGE: Section = {
  name: "sabotage",
  about: "the production code broken on purpose, each time in another way: the explorer must notice",
  run,
};

/** Random schedules; what they do not notice by then is looked for in every schedule of the small scenarios. */
const SCHEDULES_MAX = 4_000;

async function run(options: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const todo = SABOTAGES.filter(({ name }) => name.includes(options.only));
  const taken: number[] = [];
  await Promise.all(Array.from({ length: Math.min(options.workers, todo.length) }, () => lane()));
  if (taken.length > 1) tell(summary(taken, todo.length));

  async function lane(): Promise<void> {
    const copy = copySources();
    try {
      for (let sabotage = todo.shift(); sabotage; sabotage = todo.shift()) {
        const row = await hunt(sabotage, copy, options.seed);
        if (row.violations.length === 0) taken.push(row.cases);
        tell(row);
      }
    } finally {
      copy.remove();
    }
  }
}

/** Schedules until one breaks a promise. None is a violation of the proof. */
export async function hunt(sabotage: Sabotage, copy: ReturnType<typeof copySources>, seed: number): Promise<ProofRow> {
  const began = performance.now();
  copy.breakBy(sabotage);
  const threads = openThreads(1, copy.explorer);
  try {
    const { schedules, violations } = await threads.perform({ kind: "hunt", seed, most: SCHEDULES_MAX });
    const [caught] = violations;
    return {
      scenario: sabotage.name,
      cases: schedules,
      violations: caught ? [] : ["nobody noticed"],
      ms: performance.now() - began,
      ...(caught ? { note: `${caught.invariant} ${caught.message}` } : {}),
    };
  } finally {
    await threads.close();
    copy.mend();
  }
}

function summary(taken: readonly number[], all: number): ProofRow {
  const sorted = [...taken].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const most = sorted.at(-1) ?? 0;
  return {
    scenario: "all of them",
    cases: 0,
    violations: [],
    ms: 0,
    note: `${taken.length} of ${Math.max(all, taken.length)} caught; schedules needed: median ${median}, most ${most}`,
  };
}
