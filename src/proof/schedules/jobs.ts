import { addCoverage } from "./coverage.ts";
import type { Coverage } from "./coverage.ts";
import { exploreAll } from "./exhaustive.ts";
import type { Failure } from "./exhaustive.ts";
import { ALL_PROFILES, profile } from "./profile.ts";
import { exploreRandomly } from "./random.ts";
import { exploreBeginnings } from "./random-beginnings.ts";
import { formatReplay, playAgain } from "./replay.ts";
import type { Scenario } from "./scenario.ts";
import { EXHAUSTIVE, SCENARIOS } from "./scenarios.ts";
import { shrink } from "./shrink.ts";

/** Work for one thread, as plain data. */
export type Job =
  | { readonly kind: "all"; readonly scenario: string; readonly profile: number; readonly left?: Scenario["left"] }
  /** `random`: each played whole. `beginnings`: every end of each, until `count` are covered. */
  | {
      readonly kind: "random" | "beginnings";
      readonly scenario: string;
      readonly profiles: readonly number[];
      readonly seed: number;
      readonly count: number;
    }
  /** Random schedules of every scenario in turn, then the small ones in order, then random ones again, until one breaks a promise. */
  | { readonly kind: "hunt"; readonly seed: number; readonly most: number };

export interface JobResult {
  readonly schedules: number;
  /** Of a search for all: steps that were played, and different states met. */
  readonly steps: number;
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
  if (job.kind === "hunt") return hunt(job);
  const scenario = scenarioOf(job);
  const coverage: Coverage = new Map();
  switch (job.kind) {
    case "all": {
      const explored = exploreAll({ scenario, profile: profile(job.profile) }, coverage);
      const { schedules, steps, states, failures } = explored;
      const violations = failures.map((each) => found(scenario, job.profile, each, 0));
      return { schedules, steps, states, violations, coverage: [...coverage] };
    }
    case "random": {
      const { schedules, failures } = exploreRandomly(scenario, job.profiles, job, coverage);
      const violations = failures.map((each) => found(scenario, each.profile, each, each.after));
      return { schedules, steps: 0, states: 0, violations, coverage: [...coverage] };
    }
    case "beginnings": {
      const { schedules, steps, states, failures } = exploreBeginnings(scenario, job.profiles, job, coverage);
      const violations = failures.map((each) => found(each.scenario, each.profile, each, each.after));
      return { schedules, steps, states, violations, coverage: [...coverage] };
    }
  }
}

function hunt({ seed, most }: Extract<Job, { kind: "hunt" }>): JobResult {
  let schedules = 0;
  let round = 0;
  return (
    atRandom(Math.min(FEW, most)) ??
    inOrder() ??
    atRandom(most) ?? { schedules, steps: 0, states: 0, violations: [], coverage: [] }
  );

  function atRandom(until: number): JobResult | undefined {
    for (; schedules < until; round++) {
      for (const scenario of SCENARIOS) {
        const how = { seed: seed * 1_000_003 + round * A_ROUND, count: A_ROUND, failuresMax: 1 };
        const { failures, schedules: played } = exploreRandomly(scenario, ALL_PROFILES, how, new Map());
        schedules += played;
        const [failure] = failures;
        if (failure) return hunted(schedules, scenario, failure.profile, failure);
      }
    }
    return undefined;
  }

  /** What random schedules miss is mostly between two runs. */
  function inOrder(): JobResult | undefined {
    let played = 0;
    for (const scenario of EXHAUSTIVE.toReversed()) {
      const how = { failuresMax: 1, stepsMax: STEPS_MAX };
      const explored = exploreAll({ scenario, profile: profile(LISTS_LATE) }, new Map(), how);
      played += explored.steps;
      const [failure] = explored.failures;
      if (failure) return hunted(schedules + played, scenario, LISTS_LATE, failure);
    }
    return undefined;
  }
}

/** Random schedules before every scenario is searched in order, and the steps of such a search. */
const FEW = 4_000;
const STEPS_MAX = 200_000;

/** As it was found: a hunt asks how many schedules it took, not for the shortest. */
function hunted(schedules: number, scenario: Scenario, profileNumber: number, failure: Failure): JobResult {
  const { invariant, message } = failure.violation;
  const replay = formatReplay(scenario, profileNumber, failure.choices);
  return {
    schedules,
    steps: 0,
    states: 0,
    violations: [{ invariant, message, replay, after: schedules }],
    coverage: [],
  };
}

/** The MTurk that keeps most back. */
const LISTS_LATE = 4;

/** Schedules of one scenario before the next one has its turn. */
const A_ROUND = 5;

function scenarioOf(job: Exclude<Job, { kind: "hunt" }>): Scenario {
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
    steps: results.reduce((sum, { steps }) => sum + steps, 0),
    states: results.reduce((sum, { states }) => sum + states, 0),
    violations: results.flatMap(({ violations }) => violations),
    coverage: [...coverage],
  };
}
