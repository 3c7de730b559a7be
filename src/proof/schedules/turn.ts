import type { Answer, Begun, Effect, Finished, Local } from "../../apply/effects.ts";
import type { ApplyResult } from "../../apply/work.ts";
import { betweenRuns } from "./between-runs.ts";
import { hit } from "./coverage.ts";
import { checkBonuses, checkEnd } from "./invariants.ts";
import { identityOf } from "./ledger-tree.ts";
import { dropTooLate, isQuiet, landLate, perform, sendLate } from "./perform.ts";
import type { Play } from "./perform.ts";
import { answerRun, startRun } from "./runner.ts";
import type { Runner } from "./runner.ts";
import { ACCOUNT } from "./scenario.ts";
import { holds, Violation } from "./violation.ts";
import { answerText } from "./told.ts";
import { MINUTE, spend, worldKey } from "./world.ts";
import type { World } from "./world.ts";

/** No run of these small scenarios needs as many effects. */
const EFFECTS_MAX = 4_000;

/** Runs that are at work at once, until each has ended or was cut off. */
export interface Turn {
  readonly atOnce: number;
  readonly runners: Runner[];
  /** Which of them has its turn. */
  current: Runner | undefined;
}

/** A machine takes a while to start. Where all start at a full minute, schedules that differ in little meet again. */
export function beginTurn(world: World, atOnce: number): Turn {
  world.now = Math.ceil(world.now / MINUTE) * MINUTE;
  return { atOnce, runners: [], current: undefined };
}

/** The same turn, which goes on by itself from here. */
export function copyTurn({ atOnce, runners, current }: Turn): Turn {
  const copies = runners.map((runner) => ({ ...runner }));
  return { atOnce, runners: copies, current: current && copies[runners.indexOf(current)] };
}

/** True where every run has ended or was cut off, and none is to begin. */
export function isOver({ atOnce, runners }: Turn): boolean {
  return runners.length === atOnce && !runners.some(isAlive);
}

/**
 * One step of a turn that is not over. A run begins when it is first given its turn, and something may happen before that;
 * then one of those at work does the next thing, is cut off, or has to wait for another.
 */
export function stepTurn(play: Play, turn: Turn): void {
  const { choose } = play;
  const { atOnce, runners } = turn;
  const alive = runners.filter(isAlive);
  const mayBegin = runners.length < atOnce ? 1 : 0;
  let { current } = turn;
  if (!current || !isAlive(current)) {
    current = alive[choose(alive.length + mayBegin, "order")];
    turn.current = current;
    if (!current) return begin(play, turn);
  }
  const others = alive.length - 1 + mayBegin;
  const step = stepOf(play, current, others);
  if (step === "crash") current.crashed = true;
  else if (step === "switch") {
    const rivals: Runner[] = alive.filter((each) => each !== current);
    turn.current = rivals[choose(others, "order")];
    if (!turn.current) begin(play, turn);
  } else advance(play, current, step);
}

function begin(play: Play, turn: Turn): void {
  betweenRuns(play);
  const atWork = turn.runners.filter(isAlive);
  const inSight = play.scenario.inSight ? atWork.map(({ name }) => name) : [];
  turn.current = startRun(play, play.world, ACCOUNT, new Set(inSight));
  turn.runners.push(turn.current);
  if (atWork.length > 0) hit(play.coverage, "two runs at once");
}

/** Where several things are under way at once, different lists of choices can lead to the same state. */
export function canMeet({ scenario }: Play, { atOnce, current }: Turn): boolean {
  return (atOnce > 1 || scenario.atOnce > 1) && current !== undefined && !isQuietNext(current);
}

/** The same text for states of a turn from which the same can follow. */
export function turnKey(world: World, { runners, current }: Turn): string {
  const each = runners.map((runner) => (isAlive(runner) ? runnerKey(runner) : "over"));
  return `${worldKey(world)} ${each.join()} ${current ? runners.indexOf(current) : ""}`;
}

/** All that a run knows follows from what it was told, but for what is under way. */
function runnerKey({ point, early, begun, skew }: Runner): string {
  const underway = [...begun].map(([id, { at, early: done }]) => `${id} ${at} ${done ? answerText(done.answer) : ""}`);
  return `${point.id} ${skew} ${early} ${underway.join()}`;
}

function isQuietNext({ point: { next }, begun }: Runner): boolean {
  if (next.done) return false;
  return next.value.op === "next" ? [...begun.values()].every(({ effect }) => isQuiet(effect)) : isQuiet(next.value);
}

function isAlive({ point, crashed }: Runner): boolean {
  return !point.next.done && !crashed;
}

/** Before an effect that others can see: what is under way may arrive, another run may go on, and this one may be cut off. */
function stepOf(play: Play, runner: Runner, others: number): Effect | "crash" | "switch" {
  const { world, choose, tell } = play;
  const { next } = runner.point;
  const effect = next.done ? undefined : next.value;
  if (!effect) throw new Violation("crashed", "a run that has ended is asked to go on");
  if (isQuietNext(runner)) return effect;
  dropTooLate(world);
  while (world.late.length > 0) {
    const which = choose(world.late.length + 1, "landing");
    if (which === 0) break;
    landLate(play, which - 1);
  }
  if (others > 0 && world.left.switches > 0 && choose(2, "switch") === 1) {
    spend(world, "switches");
    tell?.(`        another run goes on before the ${nextOps(runner).join(", ")} of ${runner.name}`);
    return "switch";
  }
  if (world.left.crashes > 0 && choose(2, "crash") === 1) {
    spend(world, "crashes");
    tell?.(`${runner.name}  cut off before ${nextOps(runner).join(", ")}`);
    noteCrash(play, runner);
    leaveUnderway(play, runner);
    return "crash";
  }
  return effect;
}

/** What it is about to do: one effect, or any of those that are under way. */
function nextOps({ point: { next }, begun }: Runner): string[] {
  if (next.done) return [];
  if (next.value.op !== "next") return [next.value.op];
  return [...begun.values()].flatMap(({ effect, early }) => (early ? [] : [effect.op]));
}

/** Which of the windows of a payment a crash fell into. */
function noteCrash({ world, coverage }: Play, runner: Runner): void {
  const ops = nextOps(runner);
  for (const op of ops) hit(coverage, `crash before ${op}`);
  const rows = [...world.ledger.rows.values()].filter((row) => row.run === runner.name);
  if (rows.length === 0 && ops.includes("append")) hit(coverage, "W0 cut off before the claim is pushed");
  const open = rows.filter(({ outcome }) => outcome === undefined);
  if (open.length > 0 && ops.includes("pay")) hit(coverage, "W2 cut off between claim and order");
  if (runner.unwritten > 0) hit(coverage, "W6 cut off between payment and receipt");
  if (runner.unwritten > 0 && open.length > runner.unwritten) hit(coverage, "W9 cut off in the middle of a claim");
}

/** A run that is cut off leaves its orders under way: they are lost, or arrive later. */
function leaveUnderway(play: Play, runner: Runner): void {
  for (const { effect, early, at } of runner.begun.values())
    if (!early && effect.op === "pay" && play.choose(2, "landing") === 1) sendLate(play, runner, effect, at);
}

/** Performs what a run asks for next, and gives it the answer. */
export function advance(play: Play, runner: Runner, effect: Effect): void {
  holds(runner.effects < EFFECTS_MAX, "endless", () => `${runner.name} goes on for ever`);
  if (effect.op === "begin") {
    const { id, effect: begun } = effect;
    const isEarly = canBeEarly(play, begun) && outOfOrder(play, 2) === 1;
    const early = isEarly ? { early: { answer: performed(play, runner, begun) } } : {};
    if (isEarly) runner.early += ` ${runner.effects}`;
    runner.begun = new Map(runner.begun).set(id, { effect: begun, at: play.world.now, ...early });
    answered(play, runner, undefined);
  } else if (effect.op === "next") {
    const [id, underway] = [...runner.begun][outOfOrder(play, runner.begun.size)] ?? [];
    if (id === undefined || !underway) throw new Violation("crashed", "it waits, and nothing is under way");
    runner.begun = new Map([...runner.begun].filter(([each]) => each !== id));
    const answer = underway.early?.answer ?? performed(play, runner, underway.effect, underway.at);
    answered(play, runner, { id, answer });
  } else answered(play, runner, performed(play, runner, effect));
}

/** What was begun first is done first; otherwise it counts as a switch. */
function outOfOrder({ world, choose }: Play, of: number): number {
  if (world.left.switches === 0) return 0;
  const chosen = choose(of, "order");
  if (chosen > 0) spend(world, "switches");
  return chosen;
}

/** Where a run does several things at once, what it orders may happen long before it is told. */
function canBeEarly({ scenario }: Play, { op }: Begun): boolean {
  return scenario.atOnce > 1 && (op === "pay" || op === "append" || op === "member");
}

function performed(play: Play, runner: Runner, effect: Begun | Local, since?: number): Answer {
  const { world, coverage } = play;
  if (effect.op === "pay" && runner.seen !== world.ledger) {
    const { handle } = effect.order;
    for (const { row, outcome } of world.ledger.rows.values())
      if (row.kind === "pay" && row.handle === handle && outcome !== undefined)
        hit(coverage, "W11 an old run orders what a newer one has settled");
  }
  const answer = perform(play, runner, effect, since);
  if (effect.op === "pay") checkBonuses(world);
  return answer;
}

function answered(play: Play, runner: Runner, answer: Answer | Finished): void {
  try {
    answerRun(runner, answer);
  } catch (thrown) {
    if (thrown instanceof Violation) throw thrown;
    throw new Violation("crashed", thrown instanceof Error ? thrown.message : String(thrown));
  }
  const { next } = runner.point;
  if (next.done) ended(play, runner, next.value);
}

function ended(play: Play, runner: Runner, result: ApplyResult): void {
  const { world, coverage, tell } = play;
  const { stop, rows } = result;
  const contradicts = stop?.message.startsWith("refused to write a record that contradicts") ?? false;
  holds(!contradicts, "I9", () => `${runner.name} was about to write what nobody could have read: ${stop?.message}`);
  if (!stop) checkOwnClaims(world, runner, rows);
  checkEnd(play, runner, result);
  if (stop) hit(coverage, `stop: ${stop.cause}`);
  if (stop?.cause === "asked" && runner.mutations > 0) hit(coverage, "W10 asked to stop in the middle");
  tell?.(`${runner.name}  ended${stop ? `: ${stop.message}` : ""}`);
  for (const told of rows) {
    if (told.state !== "ended" || told.row.kind !== "pay") continue;
    const { outcome, assignment, label } = told.row;
    if (outcome !== "done" && outcome !== "found") continue;
    const isPaid = world.bonuses.some(({ identity }) => identity === `${assignment}/${label}`);
    holds(isPaid, "I5", () => `${runner.name} tells ${assignment} as paid, and it is not`);
  }
}

/** A run that ends by itself leaves none of its own claims without an answer, but for rows that it tells as open. */
function checkOwnClaims({ ledger, rewound }: World, { name }: Runner, told: ApplyResult["rows"]): void {
  if (rewound) return;
  for (const { run, outcome, identity } of ledger.rows.values())
    holds(
      run !== name ||
        outcome !== undefined ||
        told.some((row) => row.state === "open" && identityOf(row.row) === identity),
      "I4",
      () => `${name} ended, and says nothing of ${identity}, which it claimed`,
    );
}
