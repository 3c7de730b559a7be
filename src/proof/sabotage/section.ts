import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Tried } from "../adapter/campaign.ts";
import { openThreads } from "../schedules/threads.ts";
import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { copySources } from "./broken-copy.ts";
import type { BrokenCopy } from "./broken-copy.ts";
import { ORDER_SABOTAGES } from "./order-sabotages.ts";
import { SABOTAGES } from "./sabotages.ts";
import type { Edit, Sabotage } from "./sabotages.ts";

/** The production code, broken in many ways: a proof that finds nothing must be able to find something. */
export const SABOTAGE: Section = {
  name: "sabotage",
  about: "the production code broken on purpose, each time in another way: somebody must notice",
  run,
};

/** Random schedules; what they do not notice by then is looked for in every schedule of the small scenarios. */
const SCHEDULES_MAX = 20_000;

async function run(options: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const todo = [...SABOTAGES, ...ORDER_SABOTAGES].filter(({ name }) => name.includes(options.only));
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

/**
 * Schedules until one breaks a promise; for what speaks to MTurk, orders under every answer. None is a violation of the
 * proof.
 */
export async function hunt(sabotage: Sabotage, copy: BrokenCopy, seed: number): Promise<ProofRow> {
  const began = performance.now();
  copy.breakBy(sabotage);
  try {
    const { cases, caught } = sabotage.edits.every(isOfAdapter)
      ? await tryAnswers(copy)
      : await trySchedules(sabotage.inOrders ? copy.orders : copy.explorer, seed);
    return {
      scenario: sabotage.name,
      cases,
      violations: caught === undefined ? ["nobody noticed"] : [],
      ms: performance.now() - began,
      ...(caught === undefined ? {} : { note: caught }),
    };
  } finally {
    copy.mend();
  }
}

interface Hunted {
  readonly cases: number;
  /** The promise that was seen to break. */
  readonly caught: string | undefined;
}

/** Files that no schedule runs: there the payer and the reader are those of a memory. */
function isOfAdapter({ file }: Edit): boolean {
  return /^platforms\/mturk\/(?:client|payer|reader|errors)\.ts$/.test(file);
}

async function tryAnswers({ adapter }: BrokenCopy): Promise<Hunted> {
  const thread = new Worker(new URL("thread.ts", adapter));
  try {
    thread.postMessage(1);
    const [tried] = (await once(thread, "message")) as [Tried];
    return { cases: tried.cases, caught: tried.violations[0] };
  } finally {
    await thread.terminate();
  }
}

async function trySchedules(explorer: URL, seed: number): Promise<Hunted> {
  const threads = openThreads(1, explorer);
  try {
    const { schedules, violations } = await threads.perform({ kind: "hunt", seed, most: SCHEDULES_MAX });
    const [caught] = violations;
    return { cases: schedules, caught: caught && `${caught.invariant} ${caught.message}` };
  } finally {
    await threads.close();
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
