import type { ProofOptions, ProofRow, Section } from "../section.ts";
import type { Job, JobResult } from "./jobs.ts";
import { together } from "./jobs.ts";
import { ALL_PROFILES, PAIRWISE_PROFILES } from "./profile.ts";
import { RARE_EVENTS } from "./rare-events.ts";
import { replay } from "./replay.ts";
import { DEEP, EXHAUSTIVE, SCENARIOS } from "./scenarios.ts";
import { openThreads } from "./threads.ts";

/** Every schedule of small scenarios, and random ones of large scenarios, against the production protocol. */
export const SCHEDULES: Section = {
  name: "schedules",
  about: "the payment protocol, cut off and led astray at every step, at every MTurk: I1 to I13 and I15 hold",
  run,
  replay: async (record) => {
    const { lines, violation } = replay(SCENARIOS, record);
    return { lines, violated: violation !== undefined };
  },
};

/** Random schedules that are played whole; and those of a long proof: random beginnings with every end of each. */
const RANDOM = 5_000_000;
const BEGINNINGS_LONG = 100_000_000;

async function run(options: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const profiles = options.long ? ALL_PROFILES : PAIRWISE_PROFILES;
  const threads = openThreads(options.workers);
  const all: JobResult[] = [];
  const row = async (scenario: string, jobs: readonly Job[]) => {
    const began = performance.now();
    const result = together(await Promise.all(jobs.map((job) => threads.perform(job))));
    all.push(result);
    tell(rowOf(scenario, result, jobs.length, performance.now() - began));
  };
  try {
    for (const { name, left, longer = left } of EXHAUSTIVE.filter((each) => each.name.includes(options.only)))
      await row(
        name,
        profiles.map((profile) => ({ kind: "all", scenario: name, profile, left: options.long ? longer : left })),
      );
    const deep = DEEP.filter((each) => each.name.includes(options.only));
    const each = Math.ceil(RANDOM / DEEP.length);
    for (const { name } of deep) await row(`at random: ${name}`, randomJobs(name, each, options.seed));
    const covered = Math.ceil(BEGINNINGS_LONG / DEEP.length);
    for (const { name } of options.long ? deep : [])
      await row(`random beginnings, every end: ${name}`, beginningsJobs(name, covered, options.seed));
  } finally {
    await threads.close();
  }
  if (options.only === "") tell(rareEvents(together(all)));
}

export function randomJobs(scenario: string, count: number, seed: number): Job[] {
  return jobsOf("random", scenario, count, seed, 25_000);
}

export function beginningsJobs(scenario: string, count: number, seed: number): Job[] {
  return jobsOf("beginnings", scenario, count, seed, 500_000);
}

/** Small enough that both cores are busy to the end, each with seeds of its own. */
function jobsOf(kind: "random" | "beginnings", scenario: string, count: number, seed: number, atATime: number): Job[] {
  return Array.from({ length: Math.ceil(count / atATime) }, (_, n) => ({
    kind,
    scenario,
    profiles: ALL_PROFILES,
    seed: seed * 1_000_000_007 + n * atATime,
    count: Math.min(atATime, count - n * atATime),
  }));
}

function rowOf(scenario: string, result: JobResult, jobs: number, ms: number): ProofRow {
  const { schedules, steps, states, violations } = result;
  return {
    scenario,
    cases: schedules,
    violations: violations.map((each) => `${each.invariant} ${each.message}: --replay "schedules ${each.replay}"`),
    ms,
    ...(states > 0 ? { note: `${jobs} MTurks, ${text(steps)} steps played, ${text(states)} states` } : {}),
  };
}

function text(count: number): string {
  return count.toLocaleString("en-US");
}

/** A campaign that never met one of these proves less than it says. */
export function rareEvents({ coverage }: JobResult): ProofRow {
  const met = new Map(coverage);
  const missing = RARE_EVENTS.filter((each) => !met.has(each));
  const rarest = RARE_EVENTS.flatMap((name) => met.get(name) ?? []).sort((a, b) => a - b)[0] ?? 0;
  return {
    scenario: "rare events: faults, crash windows, transitions, reasons to stop",
    cases: RARE_EVENTS.length,
    violations: missing.map((each) => `never met: ${each}`),
    ms: 0,
    note: `the rarest ${rarest} times`,
  };
}
