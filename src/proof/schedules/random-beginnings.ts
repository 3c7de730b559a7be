import { drawRates, randomChoice, seeded } from "./choice.ts";
import type { Choose } from "./choice.ts";
import { Courses } from "./course.ts";
import type { Coverage } from "./coverage.ts";
import { exploreAll } from "./exhaustive.ts";
import type { Beginning, Explored, Failure } from "./exhaustive.ts";
import { profile } from "./profile.ts";
import type { RandomFailure } from "./random.ts";
import type { Setting } from "./runner.ts";
import type { Scenario } from "./scenario.ts";
import { firstWorld } from "./schedule.ts";
import { beginTurn, isOver, stepTurn } from "./turn.ts";
import { Violation } from "./violation.ts";
import type { Left } from "./world.ts";

/** `schedules`: complete lists of choices, each a beginning and one of its ends, followed to rest. */
export interface BeginningsExplored extends Explored {
  readonly failures: readonly FailureWithin[];
}

/** A failure, and the bounds that its schedule was drawn within. */
export interface FailureWithin extends RandomFailure {
  readonly scenario: Scenario;
}

/**
 * Random beginnings, and every end of each: a schedule is played at random until little may still go wrong, and every choice
 * that is left is taken both ways. What it takes much to get into and one step more to break is met far sooner than by chance.
 * Goes on until `count` schedules are covered.
 */
export function exploreBeginnings(
  wide: Scenario,
  profiles: readonly number[],
  { seed, count }: { seed: number; count: number },
  coverage: Coverage,
): BeginningsExplored {
  const failures: FailureWithin[] = [];
  let [schedules, steps, states] = [0, 0, 0];
  for (let beginning = 0; schedules < count && failures.length === 0; beginning++) {
    const random = seeded(seed + beginning);
    const number = profiles[Math.floor(random() * profiles.length)] ?? 0;
    const scenario: Scenario = { ...wide, left: drawLeft(wide.left, random) };
    const setting: Setting = { scenario, profile: profile(number), courses: new Courses() };
    const { choose, chosen } = randomChoice(random, drawRates(random, "any"));
    const failed = (each: Failure) => failures.push({ ...each, scenario, profile: number, after: schedules });
    try {
      const from = { ...playBeginning(setting, choose, coverage), chosen };
      const explored = exploreAll(setting, coverage, { from, failuresMax: 1, stepsMax: STEPS_MAX });
      schedules += explored.schedules;
      steps += explored.steps;
      states += explored.states;
      explored.failures.forEach(failed);
    } catch (thrown) {
      if (!(thrown instanceof Violation)) throw thrown;
      failed({ choices: [...chosen], violation: thrown });
    }
  }
  return { schedules, steps, states, failures };
}

/** A beginning with more ends than these steps reach is left for the next one: what was covered of it counts. */
const STEPS_MAX = 50_000;

/** So many things may still go wrong at the end. */
const AT_THE_END = 2;

function drawLeft({ crashes, faults, switches, events }: Left, random: () => number): Left {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  return { crashes: upTo(crashes), faults: upTo(faults), switches: upTo(switches), events: upTo(events) };
}

/** A schedule until little may still go wrong, or all its turns are over. */
function playBeginning(setting: Setting, choose: Choose, coverage: Coverage): Omit<Beginning, "chosen"> {
  const { turns } = setting.scenario;
  const world = firstWorld(setting);
  const play = { ...setting, world, choose, coverage, tell: undefined };
  for (const [depth, atOnce] of turns.entries()) {
    const turn = beginTurn(world, atOnce);
    while (!isOver(turn)) {
      const { crashes, faults, switches, events } = world.left;
      if (crashes + faults + switches + events <= AT_THE_END) return { world, depth, turn };
      stepTurn(play, turn);
    }
  }
  return { world, depth: turns.length };
}
