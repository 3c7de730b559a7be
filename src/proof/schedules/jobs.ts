import { addCoverage } from "./coverage.ts";
import type { Coverage } from "./coverage.ts";
import { exploreAll } from "./exhaustive.ts";
import type { Failure } from "./exhaustive.ts";
import { profile } from "./profile.ts";
import { exploreRandomly } from "./random.ts";
import { formatReplay, playAgain } from "./replay.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";
import { shrink } from "./shrink.ts";

/** Work for one thread, as plain data. */
export type Job =
  | { readonly kind: "all"; readonly scenario: string; readonly profile: number; readonly left?: Scenario["left"] }
  | {
      readonly kind: "random";
      readonly scenario: string;
      readonly profiles: readonly number[];
      readonly seed: number;
      readonly count: number;
    };

export interface JobResult {
  readonly schedules: number;
  readonly states: number;
  /** Broken promises, each with the line that plays it again. */
  readonly violations: readonly FoundViolation[];
  readonly coverage: readonly (readonly [string, number])[];
}

export interface FoundViolation {
  readonly invariant: string;
  readonly message: string;
  readonly replay: string;
  /** How many schedules it took; 0 where that was not counted. */
  readonly after: number;
}

export function perform(job: Job): JobResult {
  const scenario = scenarioOf(job);
  const coverage: Coverage = new Map();
  switch (job.kind) {
    case "all": {
      const { schedules, states, failures } = exploreAll({ scenario, profile: profile(job.profile) }, coverage);
      const violations = failures.map((each) => found(scenario, job.profile, each, 0));
      return { schedules, states, violations, coverage: [...coverage] };
    }
    case "random": {
      const { schedules, failures } = exploreRandomly(scenario, job.profiles, job, coverage);
      const violations = failures.map((each) => found(scenario, each.profile, each, each.after));
      return { schedules, states: 0, violations, coverage: [...coverage] };
    }
  }
}

function scenarioOf(job: Job): Scenario {
  const scenario = SCENARIOS.find(({ name }) => name === job.scenario);
  if (!scenario) throw new Error(`there is no scenario ${job.scenario}`);
  return job.kind === "all" && job.left ? { ...scenario, left: job.left } : scenario;
}

/** The shortest schedule that breaks the same promise. */
function found(
  scenario: Scenario,
  profileNumber: number,
  { choices, violation }: Failure,
  after: number,
): FoundViolation {
  const short = shrink(
    choices,
    (fewer) => playAgain(scenario, profileNumber, fewer)?.invariant === violation.invariant,
  );
  const message = playAgain(scenario, profileNumber, short)?.message ?? violation.message;
  return { invariant: violation.invariant, message, replay: formatReplay(scenario, profileNumber, short), after };
}

/** One result of many. */
export function together(results: readonly JobResult[]): JobResult {
  const coverage: Coverage = new Map();
  for (const each of results) addCoverage(coverage, each.coverage);
  return {
    schedules: results.reduce((sum, { schedules }) => sum + schedules, 0),
    states: results.reduce((sum, { states }) => sum + states, 0),
    violations: results.flatMap(({ violations }) => violations),
    coverage: [...coverage],
  };
}
