import { everyChoice } from "./choice.ts";
import type { EveryChoice } from "./choice.ts";
import { Courses } from "./course.ts";
import type { Coverage } from "./coverage.ts";
import type { Play } from "./perform.ts";
import { comeToRest } from "./rest.ts";
import type { Setting } from "./runner.ts";
import { firstWorld } from "./schedule.ts";
import { beginTurn, canMeet, copyTurn, isOver, stepTurn, turnKey } from "./turn.ts";
import type { Turn } from "./turn.ts";
import { Violation } from "./violation.ts";
import { worldKey } from "./world.ts";
import type { World } from "./world.ts";

export interface Explored {
  /** Complete lists of choices, each followed to rest. */
  readonly schedules: number;
  /** Steps that were really played: what follows from a state that was met before is not played again. */
  readonly steps: number;
  /** Different states met: worlds between turns, and points of runs that are at work at once. */
  readonly states: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly choices: readonly number[];
  readonly violation: Violation;
}

/** Where a search begins: a world in which no run is at work, or a turn that is under way, and the choices that led there. */
export interface Beginning {
  readonly world: World;
  readonly depth: number;
  readonly turn?: Turn;
  readonly chosen: readonly number[];
}

interface Exploring {
  readonly from?: Beginning;
  /** False: what follows from a state is played whether it was met before or not. */
  readonly merge?: boolean;
  readonly failuresMax?: number;
  /** After so many steps the search is given up: what it counts is then no longer all. */
  readonly stepsMax?: number;
}

/**
 * Every schedule of a scenario, step by step, depth first. Between turns no run is at work, so that all the rest depends on
 * the world alone; where several are, on the world and on what each run was told. A state that was met before is counted
 * and not played again.
 */
export function exploreAll(
  setting: Setting,
  coverage: Coverage,
  { from, merge = true, failuresMax = 5, stepsMax = Infinity }: Exploring = {},
): Explored {
  const { turns } = setting.scenario;
  const known = turns.concat(0).map(() => new Map<string, number>());
  const remembering: Setting = { ...setting, courses: setting.courses ?? new Courses() };
  const failures: Failure[] = [];
  const { world, depth, turn, chosen } = from ?? { world: firstWorld(setting), depth: 0, chosen: [] };
  /** The choices that lead to where the search is. */
  const way: number[] = [...chosen];
  let steps = 0;
  let states = 0;
  const schedules = turn ? within(world, turn, depth, new Map()) : between(world, depth);
  return { schedules, steps, states, failures };

  /** How many schedules follow from a world in which no run is at work. */
  function between(world: World, depth: number): number {
    const atOnce = turns[depth];
    const turn = atOnce === undefined ? undefined : beginTurn(world, atOnce);
    const follow = () => (turn ? within(world, turn, depth, new Map()) : toRest(world));
    return merge ? once(known[depth], worldKey(world), follow) : follow();
  }

  /** How many follow from a state within a turn. `met`: what is known of other states of the same turn. */
  function within(world: World, turn: Turn, depth: number, met: Map<string, number>): number {
    return everyWay(world, (play) => {
      const then = copyTurn(turn);
      // Steps that leave nothing to choose belong to the next one that does.
      do stepTurn(play, then);
      while (play.made() === 0 && !isOver(then));
      if (isOver(then)) return () => between(play.world, depth + 1);
      const follow = () => within(play.world, then, depth, met);
      return merge && canMeet(play, then) ? () => once(met, turnKey(play.world, then), follow) : follow;
    });
  }

  function toRest(world: World): number {
    return everyWay(world, (play) => {
      comeToRest(play);
      return () => 1;
    });
  }

  /** Plays on from a world in every way that there is, and counts what follows from each. */
  function everyWay(world: World, playOn: (play: Play & Pick<EveryChoice, "made">) => () => number): number {
    const every = everyChoice();
    let schedules = 0;
    do {
      steps += 1;
      const { choose, made } = every;
      let follow = () => 1;
      try {
        follow = playOn({ ...remembering, world: { ...world }, choose, made, coverage, tell: undefined });
      } catch (thrown) {
        if (!(thrown instanceof Violation)) throw thrown;
        failures.push({ choices: [...way, ...every.chosen], violation: thrown });
      }
      const before = way.length;
      way.push(...every.chosen);
      schedules += follow();
      way.length = before;
    } while (every.next() && failures.length < failuresMax && steps < stepsMax);
    return schedules;
  }

  /** What follows from a state that was met before is known. */
  function once(known: Map<string, number> | undefined, key: string, follow: () => number): number {
    const before = known?.get(key);
    if (before !== undefined) return before;
    states += 1;
    const schedules = follow();
    known?.set(key, schedules);
    return schedules;
  }
}
