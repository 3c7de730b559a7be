import type { Answer, Effect, Finished } from "../../apply/effects.ts";
import type { ApplyResult } from "../../apply/work.ts";
import { hit } from "../schedules/coverage.ts";
import { holds, Violation } from "../schedules/violation.ts";
import { identityOf } from "./branch.ts";
import { betweenRuns } from "./between-runs.ts";
import { checkEntries } from "./invariants.ts";
import { landLate, leaveUnderWay, perform, QUIET } from "./perform.ts";
import type { Play } from "./perform.ts";
import { startRun } from "./runner.ts";
import type { Runner } from "./runner.ts";
import { HOUR, MINUTE } from "./scenario.ts";
import { spend } from "./world.ts";

/** No run of these small scenarios needs as many effects. */
const EFFECTS_MAX = 2_000;

/** All of one schedule, from the beginning to rest. Throws a `Violation`. */
export function playSchedule(play: Play): void {
  for (const atOnce of play.scenario.turns) playTurn(play, atOnce);
  comeToRest(play);
}

/** So many runs are at work at once, until each has ended or was cut off. */
function playTurn(play: Play, atOnce: number): void {
  const { world, choose } = play;
  const runners: Runner[] = [];
  let current: Runner | undefined;
  for (;;) {
    const alive = runners.filter(isAlive);
    if (!current || !isAlive(current)) {
      if (alive.length === 0 && runners.length === atOnce) return;
      current = alive[choose(alive.length + (runners.length < atOnce ? 1 : 0), "order")] ?? begin();
    }
    const others = alive.filter((each) => each !== current);
    const mayBegin = runners.length < atOnce;
    if (!isQuietNext(current)) {
      while (world.late.length > 0) {
        const which = choose(world.late.length + 1, "landing");
        if (which === 0) break;
        landLate(play, which - 1);
      }
      if (others.length + (mayBegin ? 1 : 0) > 0 && world.left.switches > 0 && choose(2, "switch") === 1) {
        spend(world, "switches");
        current = others[choose(others.length + (mayBegin ? 1 : 0), "order")] ?? begin();
        continue;
      }
      if (world.left.crashes > 0 && choose(2, "crash") === 1) {
        spend(world, "crashes");
        const ops = nextOps(current);
        play.tell?.(`${current.name}  cut off before ${ops.join(", ")}`);
        for (const op of ops) hit(play.coverage, `crash before ${op}`);
        leaveUnderWay(play, current);
        current.crashed = true;
        continue;
      }
    }
    advance(play, current);
  }

  function begin(): Runner {
    betweenRuns(play);
    const runner = startRun(play);
    if (runners.some(isAlive)) hit(play.coverage, "two runs at once");
    runners.push(runner);
    return runner;
  }
}

function isAlive({ next, crashed }: Runner): boolean {
  return !next.done && !crashed;
}

function nextOps({ next, begun }: Runner): Effect["op"][] {
  if (next.done) return [];
  return next.value.op === "next" ? [...begun.values()].map(({ op }) => op) : [next.value.op];
}

function isQuietNext(runner: Runner): boolean {
  return nextOps(runner).every((op) => QUIET.has(op));
}

/** Performs what a run asks for next, and gives it the answer. */
function advance(play: Play, runner: Runner): void {
  if (runner.next.done) return;
  const effect = runner.next.value;
  runner.effects += 1;
  holds(runner.effects < EFFECTS_MAX, "endless", () => `${runner.name} goes on for ever`);
  if (effect.op === "begin") {
    runner.begun.set(effect.id, effect.effect);
    answered(play, runner, undefined);
  } else if (effect.op === "next") {
    const [first] = runner.begun;
    if (!first) throw new Violation("crashed", "it waits, and nothing is under way");
    const [id, begun] = first;
    runner.begun.delete(id);
    answered(play, runner, { id, answer: perform(play, runner, begun) });
  } else answered(play, runner, perform(play, runner, effect));
}

function answered(play: Play, runner: Runner, answer: Answer | Finished): void {
  try {
    runner.next = runner.protocol.next(answer);
  } catch (thrown) {
    throw new Violation("crashed", thrown instanceof Error ? thrown.message : String(thrown));
  }
  checkEntries(play.world);
  if (runner.next.done) ended(play, runner, runner.next.value);
}

function ended({ world, coverage, tell }: Play, runner: Runner, { stop, rows }: ApplyResult): void {
  const contradicts = stop?.message.startsWith("refused to write a record that contradicts") ?? false;
  holds(!contradicts, "I9", () => `${runner.name} was about to write what nobody could have read: ${stop?.message}`);
  hit(coverage, `stop: ${stop?.cause ?? "none"}`);
  tell?.(`${runner.name}  ended${stop ? `: ${stop.message}` : ""}`);
  for (const { state, row } of rows) {
    if (state !== "turned-away" || row.kind !== "pay") continue;
    hit(coverage, `turned away: ${row.code}`);
    const identity = identityOf(row);
    const isOrdered = [...(runner.seen?.rows.values() ?? [])].some(
      (each) => each.run === runner.name && each.identity === identity && world.given.has(each.row.handle),
    );
    holds(!isOrdered, "I11", () => `${identity} was turned away and ordered by the same run`);
  }
  if (stop?.cause === "ledger") return;
  // A run that could write leaves none of its claims that it knows to be there without an answer, but for open rows.
  for (const { run, outcome, identity } of runner.seen?.rows.values() ?? [])
    holds(
      run !== runner.name ||
        outcome !== undefined ||
        rows.some((each) => each.state === "open" && each.row.kind === "pay" && identityOf(each.row) === identity),
      "I4",
      () => `${runner.name} ended, and says nothing of ${identity}, which it claimed`,
    );
}

/**
 * Faults stop, and a few runs bring everything to rest: every claim has its receipt, what we paid is in the books or held
 * for a person (I4, I13), and one more run changes nothing (I15).
 */
function comeToRest(restless: Play): void {
  while (restless.world.late.length > 0 && restless.choose(2, "landing") === 1) landLate(restless, 0);
  const play: Play = { ...restless, choose: () => 0 };
  const { world } = play;
  const begun = world.left;
  const isQuiet = (["crashes", "faults", "events"] as const).every((each) => begun[each] === play.scenario.left[each]);
  world.left = { crashes: 0, faults: 0, switches: 0, events: 0 };
  world.late = [];
  // The last ones are for bonuses that waited for another one of their submission.
  for (const ms of [30 * MINUTE, 80 * HOUR, 120 * HOUR, HOUR, HOUR]) {
    world.now += ms;
    play.tell?.(`        nothing goes wrong any more, and ${Math.round(ms / HOUR)} hours pass`);
    runAlone(play);
  }
  const { commit } = world.branch;
  const again = runAlone(play);
  holds(again.mutations === 0 && world.branch.commit === commit, "I15", () => "a run with nothing to do did something");
  checkRest(play, again, isQuiet);
  hit(play.coverage, "came to rest");
}

function runAlone(play: Play): Runner {
  const runner = startRun(play);
  while (!runner.next.done) advance(play, runner);
  return runner;
}

/** For so long after its claim a bonus that was refused is looked for, though nobody asks for it. */
const LOOKED_FOR = 96 * HOUR;

function checkRest({ world, scenario }: Play, runner: Runner, isQuiet: boolean): void {
  const last = new Map<string, { outcome: string; attempt: number }>();
  const settled = new Set<string>();
  for (const { identity, outcome, row } of world.branch.rows.values()) {
    holds(outcome !== undefined, "I13", () => `${identity} stays open`);
    if (outcome === "done" || outcome === "found") settled.add(identity);
    last.set(identity, { outcome: outcome ?? "open", attempt: row.attempt });
  }
  for (const { identity = "", assignment, handle, from } of world.entries) {
    if (handle === undefined || settled.has(identity) || world.touched.has(assignment)) continue;
    const ordered = [...world.branch.rows.values()].find((each) => each.row.handle === handle);
    // Refused on paper, paid all the same, and taken out of the list: looked for a while, and then for an audit to find.
    if (ordered?.outcome === "refused" && (world.takenOut.has(identity) || from - ordered.claimedAt > LOOKED_FOR))
      continue;
    const twins = scenario.bonuses.filter((each) => each.assignment === assignment);
    // Of two that are equal and were both turned down on paper, nobody can tell which one shows.
    const isHeld = [...world.branch.rows.values()].some(
      (each) => each.identity === identity && each.outcome === "held",
    );
    holds(
      isHeld || twins.length > 1,
      "I4",
      () => `${identity} is paid, and ${last.get(identity)?.outcome} in the books`,
    );
  }
  const problems = new Set((runner.plan?.problems ?? []).map(({ line }) => line));
  if (problems.size > 0) return;
  for (const { assignment, label, attempt } of runner.bonuses) {
    // Where others took entries away, a person is told so by each run.
    if (world.touched.has(assignment)) continue;
    const identity = identityOf({ assignment, label });
    const waits = last.get(identity);
    const isForAPerson = (waits?.outcome === "held" || waits?.outcome === "refused") && waits.attempt >= attempt;
    const besideHeld = (runner.plan?.held ?? []).some((row) => row.assignment === assignment);
    const isTaken = settled.has(identity) || isForAPerson || besideHeld;
    holds(isTaken, "I13", () => `${identity} is ${waits?.outcome ?? "never claimed"}, and nobody pays it`);
    if (isQuiet && world.runs <= scenario.turns.length + 6 && scenario.turns.every((each) => each === 1))
      holds(
        settled.has(identity) || waits !== undefined,
        "I13",
        () => `nothing went wrong, and ${identity} is not paid`,
      );
  }
}
