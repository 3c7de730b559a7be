import { addCoverage } from "../schedules/coverage.ts";
import type { Coverage } from "../schedules/coverage.ts";
import { openThreads } from "../schedules/threads.ts";
import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { everyScenario, replay } from "./jobs.ts";
import type { Job, JobResult } from "./jobs.ts";
import { RARE_EVENTS } from "./rare-events.ts";

/** The same proof for a platform that pays again whenever it is asked again, later, and lists nothing but amounts. */
export const ORDERS: Section = {
  name: "orders",
  about: "orders that may not be repeated, cut off and led astray at every step: each is given once for ever",
  run,
  replay: async (record) => replay(record),
};

const RANDOM = 200_000;
const RANDOM_LONG = 4_000_000;

async function run(options: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const { small, deep } = everyScenario();
  const threads = openThreads<Job, JobResult>(options.workers, new URL("./", import.meta.url));
  const coverage: Coverage = new Map();
  const row = async (scenario: string, jobs: readonly Job[]) => {
    const began = performance.now();
    const results = await Promise.all(jobs.map((job) => threads.perform(job)));
    for (const each of results) addCoverage(coverage, each.coverage);
    tell({
      scenario,
      cases: results.reduce((sum, { schedules }) => sum + schedules, 0),
      violations: results.flatMap(({ violations }) =>
        violations.map((each) => `${each.invariant} ${each.message}: --replay "orders ${each.replay}"`),
      ),
      ms: performance.now() - began,
    });
  };
  const isWanted = (name: string) => name.includes(options.only);
  try {
    await Promise.all(small.filter(isWanted).map((scenario) => row(scenario, [{ kind: "all", scenario }])));
    const count = Math.ceil((options.long ? RANDOM_LONG : RANDOM) / deep.length);
    for (const scenario of deep.filter(isWanted))
      await row(`at random: ${scenario}`, randomJobs(scenario, count, options.seed));
  } finally {
    await threads.close();
  }
  if (options.only === "") tell(rareEvents(coverage));
}

/** Small enough that every core is busy to the end, each with seeds of its own. */
const AT_A_TIME = 5_000;

function randomJobs(scenario: string, count: number, seed: number): Job[] {
  return Array.from({ length: Math.ceil(count / AT_A_TIME) }, (_, n) => ({
    kind: "random",
    scenario,
    seed: seed * 1_000_000_007 + n * AT_A_TIME,
    count: Math.min(AT_A_TIME, count - n * AT_A_TIME),
  }));
}

/** A campaign that never met one of these proves less than it says. */
export function rareEvents(met: Coverage): ProofRow {
  const rarest = RARE_EVENTS.flatMap((name) => met.get(name) ?? []).sort((a, b) => a - b)[0] ?? 0;
  return {
    scenario: "rare events: faults, crashes, transitions, reasons to stop",
    cases: RARE_EVENTS.length,
    violations: RARE_EVENTS.filter((each) => !met.has(each)).map((each) => `never met: ${each}`),
    ms: 0,
    note: `the rarest ${rarest} times`,
  };
}
