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
import { interned, told } from "./told.ts";
import { spend, worldKey } from "./world.ts";
import type { World } from "./world.ts";

/** No run of these small scenarios needs as many effects. */
const EFFECTS_MAX = 4_000;

/**
 * One turn of a schedule: something may happen, then so many runs are at work at once, until each has ended or was cut
 * off. A later one begins when it is first given its turn, and something may happen before that, too.
 */
export function playTurn(play: Play, atOnce: number, meet?: Meet): void {
  const { world, choose } = play;
  // With one run that does one thing after another, no two lists of choices lead to the same point.
  const isMany = meet !== undefined && (atOnce > 1 || play.scenario.atOnce > 1);
  const runners: Runner[] = [];
  let begun = 0;
  let current: Runner | undefined;
  for (;;) {
    const alive = runners.filter(isAlive);
    if (!current || !isAlive(current)) {
      if (alive.length === 0 && begun === atOnce) return;
      const next: Runner | undefined = alive[choose(alive.length + (begun < atOnce ? 1 : 0), "order")];
      current = next ?? begin();
    }
    if (isMany && !isQuietNext(current)) meet(() => stateKey(world, runners, current, begun));
    const others = alive.length - 1 + (begun < atOnce ? 1 : 0);
    const step = stepOf(play, current, others);
    if (step === "crash") current.crashed = true;
    else if (step === "switch") {
      const rivals: Runner[] = alive.filter((each) => each !== current);
      current = rivals[choose(others, "order")] ?? begin();
    } else advance(play, current, step, isMany);
  }

  function begin(): Runner {
    betweenRuns(play);
    begun += 1;
    const atWork = play.scenario.inSight ? runners.filter(isAlive).map(({ name }) => name) : [];
    const runner = startRun(play, world, ACCOUNT, new Set(atWork));
    runners.push(runner);
    if (runners.some((each) => each !== runner && isAlive(each))) hit(play.coverage, "two runs at once");
    return runner;
  }
}

/** Called between two steps of runs that are at work at once. It throws where nothing new can follow. */
export type Meet = (key: () => string) => void;

/** The same text for states of a turn from which the same can follow. */
function stateKey(world: World, runners: readonly Runner[], current: Runner | undefined, begun: number): string {
  const each = runners.map((runner) => (isAlive(runner) ? runner.history : "over"));
  return `${interned(worldKey(world))} ${each.join()} ${current ? runners.indexOf(current) : ""} ${begun}`;
}

function isQuietNext({ next, begun }: Runner): boolean {
  if (next.done) return false;
  return next.value.op === "next" ? [...begun.values()].every(({ effect }) => isQuiet(effect)) : isQuiet(next.value);
}

function isAlive({ next, crashed }: Runner): boolean {
  return !next.done && !crashed;
}

/** Before an effect that others can see: what is under way may arrive, another run may go on, and this one may be cut off. */
function stepOf(play: Play, runner: Runner, others: number): Effect | "crash" | "switch" {
  const { world, choose, tell } = play;
  const effect = runner.next.done ? undefined : runner.next.value;
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
function nextOps({ next, begun }: Runner): string[] {
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

/** Performs what a run asks for next, and gives it the answer. `remember`: states are compared. */
export function advance(play: Play, runner: Runner, effect: Effect, remember = false): void {
  holds(runner.effects < EFFECTS_MAX, "endless", () => `${runner.name} goes on for ever`);
  if (effect.op === "begin") {
    const { id, effect: begun } = effect;
    const isEarly = canBeEarly(play, begun) && outOfOrder(play, 2) === 1;
    const early = isEarly ? { early: { answer: performed(play, runner, begun) } } : {};
    runner.begun.set(id, { effect: begun, at: play.world.now, ...early });
    answered(play, runner, undefined, remember ? `begun${isEarly ? " early" : ""}` : undefined);
  } else if (effect.op === "next") {
    const [id, underway] = [...runner.begun][outOfOrder(play, runner.begun.size)] ?? [];
    if (id === undefined || !underway) throw new Violation("crashed", "it waits, and nothing is under way");
    runner.begun.delete(id);
    const answer = underway.early?.answer ?? performed(play, runner, underway.effect, underway.at);
    answered(play, runner, { id, answer }, remember ? `${id} ${told(underway.effect, answer)}` : undefined);
  } else {
    const answer = performed(play, runner, effect);
    answered(play, runner, answer, remember ? told(effect, answer) : undefined);
  }
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

function answered(play: Play, runner: Runner, answer: Answer | Finished, remember: string | undefined): void {
  try {
    answerRun(runner, answer, remember);
  } catch (thrown) {
    if (thrown instanceof Violation) throw thrown;
    throw new Violation("crashed", thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (runner.next.done) ended(play, runner);
}

function ended(play: Play, runner: Runner): void {
  const { world, coverage, tell } = play;
  if (!runner.next.done) return;
  const { stop, rows } = runner.next.value;
  const contradicts = stop?.message.startsWith("refused to write a record that contradicts") ?? false;
  holds(!contradicts, "I9", () => `${runner.name} was about to write what nobody could have read: ${stop?.message}`);
  if (!stop) checkOwnClaims(world, runner, rows);
  checkEnd(play, runner, runner.next.value);
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
