import type { Choose } from "./choice.ts";
import type { Coverage } from "./coverage.ts";
import type { Play } from "./perform.ts";
import { comeToRest } from "./rest.ts";
import type { Setting } from "./runner.ts";
import { startRun } from "./runner.ts";
import { OTHER_ACCOUNT, TYPE, TYPE_ID } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { advance, beginTurn, isOver, stepTurn } from "./turn.ts";
import { newWorld } from "./world.ts";
import type { World } from "./world.ts";

/** The world in which a scenario begins. */
export function firstWorld(setting: Setting): World {
  const { scenario } = setting;
  const world = newWorld(scenario);
  if (scenario.otherEnvironment) world.ledger = paidElsewhere(setting).ledger;
  if (scenario.holds) {
    world.types = [{ name: TYPE, id: TYPE_ID, listedFrom: 0 }];
    world.scores = new Map(scenario.holds.map(([worker, score]) => [`${TYPE_ID} ${worker}`, score]));
  }
  return world;
}

/** All of one schedule, from the beginning to rest. Throws a `Violation`. */
export function playSchedule(setting: Setting, world: World, rest: Omit<Play, keyof Setting | "world">): void {
  const play: Play = { ...setting, ...rest, world };
  for (const atOnce of setting.scenario.turns) {
    const turn = beginTurn(world, atOnce);
    while (!isOver(turn)) stepTurn(play, turn);
  }
  comeToRest(play);
}

/** The same rows, paid in another environment at another MTurk. */
function paidElsewhere({ scenario, profile }: Setting): World {
  const quiet: Scenario = { ...scenario, left: { crashes: 0, faults: 0, switches: 0, events: 0 } };
  const world = newWorld(quiet);
  const choose: Choose = () => 0;
  const coverage: Coverage = new Map();
  const play: Play = { scenario: quiet, profile, world, choose, coverage, tell: undefined };
  const runner = startRun(play, world, OTHER_ACCOUNT);
  while (!runner.point.next.done) advance(play, runner, runner.point.next.value);
  return world;
}
