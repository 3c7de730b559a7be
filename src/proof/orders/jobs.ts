import {
  drawRates,
  everyChoice,
  formatChoices,
  parseChoices,
  randomChoice,
  recordedChoice,
  seeded,
} from "../schedules/choice.ts";
import type { Choose } from "../schedules/choice.ts";
import type { Coverage } from "../schedules/coverage.ts";
import { shrink } from "../schedules/shrink.ts";
import { Violation } from "../schedules/violation.ts";
import { DEEP, EXHAUSTIVE, SCENARIOS } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { playSchedule } from "./schedule.ts";
import { newWorld } from "./world.ts";

/** Work for one thread, as plain data. */
export type Job =
  | { readonly kind: "all"; readonly scenario: string }
  | { readonly kind: "random"; readonly scenario: string; readonly seed: number; readonly count: number }
  /** Random schedules of every scenario in turn, until one breaks a promise. */
  | { readonly kind: "hunt"; readonly seed: number; readonly most: number };

export interface JobResult {
  readonly schedules: number;
  readonly violations: readonly FoundViolation[];
  readonly coverage: readonly (readonly [string, number])[];
}

/** A broken promise, with the line that plays it again. */
export interface FoundViolation {
  readonly invariant: string;
  readonly message: string;
  readonly replay: string;
}

const FAILURES_MAX = 5;

export function perform(job: Job): JobResult {
  const coverage: Coverage = new Map();
  const violations: FoundViolation[] = [];
  let schedules = 0;
  const play = (scenario: Scenario, choose: Choose, chosen: () => readonly number[]) => {
    schedules += 1;
    const violation = played(scenario, choose, coverage);
    if (violation) violations.push(shortest(scenario, chosen(), violation));
  };
  switch (job.kind) {
    case "all": {
      const every = everyChoice();
      do play(scenarioOf(job.scenario), every.choose, () => every.chosen);
      while (every.next() && violations.length < FAILURES_MAX);
      break;
    }
    case "random":
      while (schedules < job.count && violations.length < FAILURES_MAX)
        atRandom(scenarioOf(job.scenario), job.seed + schedules, play);
      break;
    case "hunt":
      while (schedules < job.most && violations.length === 0)
        for (const scenario of DEEP)
          if (violations.length === 0) atRandom(scenario, job.seed * 1_000_003 + schedules, play);
      break;
  }
  return { schedules, violations, coverage: [...coverage] };
}

function atRandom(
  scenario: Scenario,
  seed: number,
  play: (scenario: Scenario, choose: Choose, chosen: () => readonly number[]) => void,
): void {
  const random = seeded(seed);
  const { choose, chosen } = randomChoice(random, drawRates(random));
  play(scenario, choose, () => chosen);
}

function played(
  scenario: Scenario,
  choose: Choose,
  coverage: Coverage = new Map(),
  tell?: (line: string) => void,
): Violation | undefined {
  try {
    playSchedule({ scenario, world: newWorld(scenario), choose, coverage, tell });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Violation) return thrown;
    throw thrown;
  }
}

/** The shortest schedule found that breaks the same promise. */
function shortest(scenario: Scenario, choices: readonly number[], { invariant, message }: Violation): FoundViolation {
  const again = (fewer: readonly number[]) => played(scenario, recordedChoice(fewer));
  const short = shrink(choices, (fewer) => again(fewer)?.invariant === invariant);
  return {
    invariant,
    message: again(short)?.message ?? message,
    replay: `${slug(scenario.name)} ${formatChoices(short)}`,
  };
}

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name || slug(each.name) === name);
  if (!scenario)
    throw new Error(`there is no scenario ${name}: ${SCENARIOS.map((each) => slug(each.name)).join(", ")}`);
  return scenario;
}

/** Plays a recorded schedule again, and says what happens. */
export function replay(record: string): { readonly lines: readonly string[]; readonly violated: boolean } {
  const [name = "", choices = "-"] = record.split(" ");
  const scenario = scenarioOf(name);
  const lines = [scenario.name];
  const violation = played(scenario, recordedChoice(parseChoices(choices)), new Map(), (line) => lines.push(line));
  lines.push(violation ? `${violation.invariant} ${violation.message}` : "nothing broke");
  return { lines, violated: violation !== undefined };
}

export function everyScenario(): { readonly small: readonly string[]; readonly deep: readonly string[] } {
  return { small: EXHAUSTIVE.map(({ name }) => name), deep: DEEP.map(({ name }) => name) };
}

function slug(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, "-");
}
