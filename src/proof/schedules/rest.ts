import { stops } from "../../problem.ts";
import { hit } from "./coverage.ts";
import { BY_HAND, checkBonuses } from "./invariants.ts";
import { dropTooLate, landLate } from "./perform.ts";
import type { Play } from "./perform.ts";
import type { Runner } from "./runner.ts";
import { startRun } from "./runner.ts";
import { ACCOUNT, TYPE_ID } from "./scenario.ts";
import { advance } from "./turn.ts";
import { holds } from "./violation.ts";
import { HOUR, MINUTE } from "./world.ts";

/** When runs begin once nothing goes wrong any more: soon, when tokens may no longer be used, when all is listed. */
const LATER = [20 * MINUTE, 13 * HOUR, 49 * HOUR] as const;

/**
 * Faults stop, and a few runs bring everything to rest: every claim has its receipt or is held, every bonus that was
 * paid is in the books (I4, I13), and one more run changes nothing (I15).
 */
export function comeToRest(restless: Play): void {
  dropTooLate(restless.world);
  while (restless.world.late.length > 0 && restless.choose(2, "landing") === 1) landLate(restless, 0);
  const play: Play = { ...restless, choose: () => 0 };
  const { world, coverage, tell } = play;
  if (nothingHappened(play)) checkSettled(play);
  world.left = { crashes: 0, faults: 0, switches: 0, events: 0 };
  world.balance += 100_00;
  for (const ms of LATER) {
    world.now += ms;
    dropTooLate(world);
    world.late = world.late.filter(({ kind }) => kind !== "push");
    tell?.(`        nothing goes wrong any more, and ${Math.round(ms / HOUR)} hours pass`);
    runAlone(play);
  }
  checkRest(play);
  const { commit } = world.ledger;
  const again = runAlone(play);
  holds(again.mutations === 0 && world.ledger.commit === commit, "I15", () => "a run with nothing to do did something");
  hit(coverage, "came to rest");
}

/** Nothing went wrong and nothing came between, one run after another: then they have done all there was to do, at once. */
function nothingHappened({ world: { left, blind }, scenario, profile }: Play): boolean {
  if (scenario.turns.some((atOnce) => atOnce > 1)) return false;
  const isQuiet = (["crashes", "faults", "events"] as const).every((each) => left[each] === scenario.left[each]);
  return isQuiet && !profile.listsLate && blind && scenario.cents >= ENOUGH && scenario.budget === undefined;
}

const ENOUGH = 100_00;

function checkSettled({ world }: Play): void {
  for (const { identity, outcome, environment } of world.ledger.rows.values())
    holds(
      outcome === "done" || environment !== ACCOUNT.environment,
      "I13",
      () => `nothing went wrong, and ${identity} is ${outcome ?? "open"}`,
    );
}

function runAlone(play: Play): Runner {
  const runner = startRun(play, play.world, ACCOUNT);
  while (!runner.point.next.done) advance(play, runner, runner.point.next.value);
  return runner;
}

function checkRest(play: Play): void {
  const { world } = play;
  const runner = runAlone(play);
  checkBonuses(world);
  const last = new Map<string, { readonly outcome: string; readonly attempt: number }>();
  const paid = new Set<string>();
  for (const { row, identity, outcome, environment } of world.ledger.rows.values()) {
    if (environment !== ACCOUNT.environment) continue;
    holds(outcome !== undefined, "I13", () => `${identity} stays open`);
    if (outcome === "done" || outcome === "found") paid.add(`${row.kind} ${identity}`);
    if (row.kind === "pay") last.set(identity, { outcome: outcome ?? "open", attempt: row.attempt });
  }
  for (const { identity } of world.bonuses)
    holds(identity === BY_HAND || world.rewound || paid.has(`pay ${identity}`), "I4", () => `${identity} is lost`);
  const isRefused = stops(runner.point.plan?.problems ?? []);
  if (isRefused) return;
  for (const { bonuses, qualifications } of runner.manifests) {
    for (const { assignment, label, attempt } of bonuses) {
      const identity = `${assignment}/${label}`;
      const waits = last.get(identity);
      const isForAPerson = waits?.outcome === "held" || waits?.outcome === "refused";
      const isSettled = paid.has(`pay ${identity}`) || (isForAPerson && waits.attempt >= attempt);
      holds(isSettled, "I13", () => `${identity} is ${waits?.outcome ?? "never claimed"}, and nobody pays it`);
    }
    for (const { grant, revoke } of qualifications) {
      for (const { worker, score } of grant)
        holds(world.scores.get(`${TYPE_ID} ${worker}`) === score, "M2", () => `${worker} was not given ${score}`);
      for (const { worker } of revoke)
        holds(!world.scores.has(`${TYPE_ID} ${worker}`), "M2", () => `${worker} keeps a revoked score`);
    }
  }
}
