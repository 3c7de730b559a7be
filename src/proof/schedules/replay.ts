import { formatChoices, parseChoices, recordedChoice } from "./choice.ts";
import { profile } from "./profile.ts";
import type { Scenario } from "./scenario.ts";
import { firstWorld, playSchedule } from "./schedule.ts";
import { Violation } from "./violation.ts";
import type { Left } from "./world.ts";

/** One schedule, in the words of a command line: what may be chosen hangs on the bounds that it was found within. */
export function formatReplay(
  { name, left: { crashes, faults, switches, events } }: Scenario,
  profileNumber: number,
  choices: readonly number[],
): string {
  return `${slug(name)}@${crashes},${faults},${switches},${events} ${profileNumber} ${formatChoices(choices)}`;
}

export interface Replayed {
  readonly lines: readonly string[];
  readonly violation: Violation | undefined;
}

export function replay(scenarios: readonly Scenario[], record: string): Replayed {
  const [called = "", number = "0", choices = "-"] = record.split(" ");
  const [name, bounds] = called.split("@");
  const known = scenarios.find((each) => slug(each.name) === name);
  if (!known) throw new Error(`there is no scenario ${name}: ${scenarios.map((each) => slug(each.name)).join(", ")}`);
  const scenario = bounds === undefined ? known : { ...known, left: leftOf(bounds) };
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

function leftOf(bounds: string): Left {
  const [crashes = 0, faults = 0, switches = 0, events = 0] = bounds.split(",").map(Number);
  return { crashes, faults, switches, events };
}

function slug(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, "-");
}
