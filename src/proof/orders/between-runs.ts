import { hit } from "../schedules/coverage.ts";
import { identityOf } from "./branch.ts";
import type { Play } from "./perform.ts";
import { HOUR, MINUTE } from "./scenario.ts";
import type { EventKind } from "./scenario.ts";
import { byOthers, listed, spend } from "./world.ts";

/** Lets at most one thing happen before a run begins. */
export function betweenRuns(play: Play): void {
  const { world, scenario, choose, coverage, tell } = play;
  if (world.left.events === 0) return;
  const possible = scenario.events.flatMap((kind) => {
    const happen = happening(play, kind);
    return happen ? [{ kind, happen }] : [];
  });
  const chosen = possible[choose(possible.length + 1, "event") - 1];
  if (!chosen) return;
  spend(world, "events");
  tell?.(`        ${chosen.kind}`);
  hit(coverage, `event: ${chosen.kind}`);
  chosen.happen();
}

/** Undefined where it cannot happen now. */
function happening({ world, scenario }: Play, kind: EventKind): (() => void) | undefined {
  const [row] = scenario.bonuses;
  if (!row) return undefined;
  const { assignment } = row;
  const pass = (ms: number) => () => void (world.now += ms);
  switch (kind) {
    case "20 minutes":
      return pass(20 * MINUTE);
    case "13 hours":
      return pass(13 * HOUR);
    case "80 hours":
      return pass(80 * HOUR);
    case "row taken out":
      return () => void (world.takenOut = new Set([identityOf(row)]));
    case "rows back":
      return world.takenOut.size > 0 ? () => void (world.takenOut = new Set()) : undefined;
    case "attempt raised":
      return attemptRaised({ world });
    case "paid by hand":
    case "another amount by hand": {
      const minor = kind === "paid by hand" ? row.amount.minor : 20;
      return () => byOthers(world, assignment, (entries) => [...entries, { assignment, minor, from: world.now }]);
    }
    case "entry vanishes": {
      const [first] = listed(world, assignment);
      return first && (() => byOthers(world, assignment, (entries) => entries.filter((each) => each !== first)));
    }
    case "entries merge": {
      const [first, second] = listed(world, assignment);
      if (!first || !second) return undefined;
      const sum = { assignment, minor: first.minor + second.minor, from: world.now };
      return () =>
        byOthers(world, assignment, (entries) => [...entries.filter((each) => each !== first && each !== second), sum]);
    }
    case "clock behind":
      return () => void (world.skew = -HOUR);
  }
}

/** A reviewed change gives every bonus that was held or refused its next attempt. */
function attemptRaised({ world }: Pick<Play, "world">): (() => void) | undefined {
  const attempts = new Map(world.attempts);
  const last = new Map([...world.branch.rows.values()].map((each) => [each.identity, each]));
  let isRaised = false;
  for (const { row, outcome, identity } of last.values()) {
    if (outcome !== "held" && outcome !== "refused") continue;
    isRaised = true;
    attempts.set(identity, row.attempt + 1);
  }
  return isRaised ? () => void (world.attempts = attempts) : undefined;
}
