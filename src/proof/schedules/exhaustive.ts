import { everyChoice } from "./choice.ts";
import type { EveryChoice } from "./choice.ts";
import type { Coverage } from "./coverage.ts";
import type { Play } from "./perform.ts";
import { comeToRest } from "./rest.ts";
import type { Setting } from "./runner.ts";
import { firstWorld } from "./schedule.ts";
import { forgetInterned } from "./told.ts";
import { playTurn } from "./turn.ts";
import type { Meet } from "./turn.ts";
import { Violation } from "./violation.ts";
import { worldKey } from "./world.ts";
import type { World } from "./world.ts";

export interface Explored {
  /** Complete lists of choices, each followed to rest. */
  readonly schedules: number;
  /** Turns that were really played: what follows from a state that was met before is not played again. */
  readonly turns: number;
  /** Different states met: worlds between turns, and points of runs that are at work at once. */
  readonly states: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly choices: readonly number[];
  readonly violation: Violation;
}

/**
 * Every schedule of a scenario. Turns are searched by playing lists of choices, depth first. Between turns no run is at
 * work, so that all the rest depends on the world alone; where several are, on the world and on what each run was told. A
 * state that was met before is counted and not played again: `merge` false plays everything.
 */
export function exploreAll(setting: Setting, coverage: Coverage, merge = true, failuresMax = 5): Explored {
  const { turns } = setting.scenario;
  const known = turns.concat(0).map(() => new Map<string, number>());
  const failures: Failure[] = [];
  let played = 0;
  let states = 0;
  const schedules = explore(firstWorld(setting), 0, []);
  forgetInterned();
  return { schedules, turns: played, states: states + known.reduce((sum, { size }) => sum + size, 0), failures };

  function explore(world: World, depth: number, before: readonly number[]): number {
    const key = merge ? worldKey(world) : "";
    const counted = merge ? known[depth]?.get(key) : undefined;
    if (counted !== undefined) return counted;
    const every = everyChoice();
    const within = statesWithin(every);
    const atOnce = turns[depth];
    for (let alike = 0; alike !== -1 && failures.length < failuresMax; alike = every.next()) {
      within.goOn(alike);
      const after = { ...world };
      const play: Play = { ...setting, world: after, choose: every.choose, coverage, tell: undefined };
      played += 1;
      try {
        if (atOnce === undefined) comeToRest(play);
        else playTurn(play, atOnce, merge ? within.meet : undefined);
        const follow = [...before, ...every.chosen.slice(0, every.made())];
        within.count(atOnce === undefined ? 1 : explore(after, depth + 1, follow));
      } catch (thrown) {
        if (thrown instanceof MetBefore) within.count(thrown.schedules);
        else if (thrown instanceof Violation) {
          failures.push({ choices: [...before, ...every.chosen], violation: thrown });
          within.count(1);
        } else throw thrown;
      }
    }
    const schedules = within.end();
    states += within.size();
    if (merge) known[depth]?.set(key, schedules);
    return schedules;
  }
}

class MetBefore extends Error {
  readonly schedules: number;
  constructor(schedules: number) {
    super("met before");
    this.schedules = schedules;
  }
}

/** Counts the schedules that follow from each state within one turn, and stops where a state was met before. */
function statesWithin({ made }: EveryChoice): {
  meet: Meet;
  goOn: (alike: number) => void;
  count: (schedules: number) => void;
  end: () => number;
  size: () => number;
} {
  const known = new Map<string, number>();
  /** States on the way to where the search is now, each with how many choices lead to it and what was counted before. */
  const way: { readonly key: string; readonly depth: number; readonly before: number }[] = [];
  let total = 0;
  let fresh = 0;
  return {
    meet: (keyOf) => {
      const depth = made();
      if (depth < fresh || way.at(-1)?.depth === depth) return;
      const key = keyOf();
      const counted = known.get(key);
      if (counted !== undefined) throw new MetBefore(counted);
      way.push({ key, depth, before: total });
    },
    goOn: (alike) => {
      leave(alike + 1);
      fresh = alike + 1;
    },
    count: (schedules) => {
      total += schedules;
    },
    end: () => {
      leave(0);
      return total;
    },
    size: () => known.size,
  };

  /** All that follows from states deeper than this was counted. */
  function leave(depth: number): void {
    for (let last = way.at(-1); last && last.depth >= depth; last = way.at(-1)) {
      known.set(last.key, total - last.before);
      way.pop();
    }
  }
}
