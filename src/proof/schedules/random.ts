import { drawRates, randomChoice, seeded } from "./choice.ts";
import type { Coverage } from "./coverage.ts";
import type { Failure } from "./exhaustive.ts";
import { profile } from "./profile.ts";
import type { Scenario } from "./scenario.ts";
import { firstWorld, playSchedule } from "./schedule.ts";
import { Violation } from "./violation.ts";

export interface RandomFailure extends Failure {
  readonly profile: number;
  /** How many schedules it took. */
  readonly after: number;
}

/**
 * Schedules at random: each draws an MTurk and, for each kind of choice, how often it leaves the ordinary course, so that
 * some are nearly quiet and some go wrong at every step.
 */
export function exploreRandomly(
  scenario: Scenario,
  profiles: readonly number[],
  { seed, count, failuresMax = 5 }: { seed: number; count: number; failuresMax?: number },
  coverage: Coverage,
): { readonly schedules: number; readonly failures: readonly RandomFailure[] } {
  const failures: RandomFailure[] = [];
  let schedules = 0;
  for (; schedules < count && failures.length < failuresMax; schedules++) {
    const random = seeded(seed + schedules);
    const number = profiles[Math.floor(random() * profiles.length)] ?? 0;
    const rates = drawRates(random, scenario.onlyFaulty === undefined ? "few" : "any");
    const { choose, chosen } = randomChoice(random, rates);
    const setting = { scenario, profile: profile(number) };
    try {
      playSchedule(setting, firstWorld(setting), { choose, coverage, tell: undefined });
    } catch (thrown) {
      if (!(thrown instanceof Violation)) throw thrown;
      failures.push({ choices: [...chosen], violation: thrown, profile: number, after: schedules + 1 });
    }
  }
  return { schedules, failures };
}
