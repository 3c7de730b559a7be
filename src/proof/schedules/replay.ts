import { formatChoices, parseChoices, recordedChoice } from "./choice.ts";
import { profile } from "./profile.ts";
import type { Scenario } from "./scenario.ts";
import { firstWorld, playSchedule } from "./schedule.ts";
import { Violation } from "./violation.ts";

/** One schedule, in the words of a command line. */
export function formatReplay(scenario: Scenario, profileNumber: number, choices: readonly number[]): string {
  return `${slug(scenario.name)} ${profileNumber} ${formatChoices(choices)}`;
}

export interface Replayed {
  readonly lines: readonly string[];
  readonly violation: Violation | undefined;
}

export function replay(scenarios: readonly Scenario[], record: string): Replayed {
  const [name, number = "0", choices = "-"] = record.split(" ");
  const scenario = scenarios.find((each) => slug(each.name) === name);
  if (!scenario)
    throw new Error(`there is no scenario ${name}: ${scenarios.map((each) => slug(each.name)).join(", ")}`);
  const lines = [`${scenario.name}, MTurk ${number}: ${JSON.stringify(profile(Number(number)))}`];
  const violation = playAgain(scenario, Number(number), parseChoices(choices), (line) => lines.push(line));
  lines.push(violation ? `${violation.invariant} ${violation.message}` : "nothing broke");
  return { lines, violation };
}

export function playAgain(
  scenario: Scenario,
  profileNumber: number,
  choices: readonly number[],
  tell?: (line: string) => void,
): Violation | undefined {
  const setting = { scenario, profile: profile(profileNumber) };
  try {
    playSchedule(setting, firstWorld(setting), { choose: recordedChoice(choices), coverage: new Map(), tell });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Violation) return thrown;
    throw thrown;
  }
}

function slug(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, "-");
}
