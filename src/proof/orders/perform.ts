import type { Answer, Appended, Begun, Effect, LedgerRead, Local } from "../../apply/effects.ts";
import { money, sumMoney } from "../../money.ts";
import type { PayBatch, Prepared, Sent } from "../../platforms/ports.ts";
import type { Choose } from "../schedules/choice.ts";
import { hit } from "../schedules/coverage.ts";
import type { Coverage } from "../schedules/coverage.ts";
import { appended, contains, identityOf } from "./branch.ts";
import { checkAppend, checkOrder } from "./invariants.ts";
import { HOUR, MINUTE, rulesOf } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import type { Runner } from "./runner.ts";
import { listed, spend } from "./world.ts";
import type { World } from "./world.ts";

/** What a schedule is made with: the world, what decides, what was seen, and what is told where one is played again. */
export interface Play {
  readonly scenario: Scenario;
  readonly world: World;
  readonly choose: Choose;
  readonly coverage: Coverage;
  readonly tell: ((line: string) => void) | undefined;
}

/** Performs one effect, as it should be or with one of the faults that it can have, and gives its answer. */
export function perform(play: Play, runner: Runner, effect: Begun | Local): Answer {
  const { world } = play;
  switch (effect.op) {
    case "read-ledger":
      return readLedger(play, runner);
    case "append":
      return append(play, runner, effect);
    case "wallet":
      return fate(play, runner, effect.op, ASKED) === "no answer"
        ? NOT_ANSWERED
        : { ok: true, value: money(100_00, "GBP") };
    case "evidence":
      return fate(play, runner, effect.op, ASKED) === "no answer" ? NOT_ANSWERED : { ok: true, value: { sum: "1" } };
    case "prepare":
      return prepare(play, runner, effect.batch);
    case "list": {
      const how = fate(play, runner, effect.op, LISTS);
      if (how === "no answer") return NOT_ANSWERED;
      const all = listed(world, effect.assignment);
      // A copy of the platform's that lags behind another one.
      const amounts = (how === "out of date" ? all.slice(0, -1) : all).map(({ minor }) => minor);
      runner.looks.set(effect.assignment, { at: runner.effects, amounts });
      return { ok: true, value: amounts.toReversed().map((minor) => ({ amount: money(minor, "GBP") })) };
    }
    case "pay":
      return pay(play, runner, effect);
    case "wait":
      fate(play, runner, effect.op, WAITS);
      world.now += runner.stopAsked ? 0 : effect.ms;
      return undefined;
    case "now":
      runner.clock = { at: runner.effects, told: world.now + runner.skew };
      return runner.clock.told;
    case "asked-to-stop":
      runner.stopAsked ||= fate(play, runner, effect.op, STOPS) === "asked to stop";
      return runner.stopAsked;
    case "turn":
    case "progress":
      return undefined;
    case "score":
    case "group-id":
      return NOT_ANSWERED;
    case "member":
    case "create-group":
      return NO_ANSWER;
  }
}

/** Effects that touch nothing which other runs see, and between which nothing that matters can happen. */
export const QUIET: ReadonlySet<Effect["op"]> = new Set([
  "begin",
  "now",
  "asked-to-stop",
  "progress",
  "wallet",
  "evidence",
  "prepare",
]);

const ASKED = ["ok", "no answer"] as const;
const LISTS = ["ok", "no answer", "out of date", "sleeps 13 h"] as const;
const WAITS = ["ok", "sleeps 13 h", "sleeps 80 h"] as const;
const STOPS = ["ok", "asked to stop"] as const;
const READS = ["ok", "unusable", "out of date"] as const;
const APPENDS = ["ok", "refused", "rejected", "request lost", "answer lost", "late", "sleeps 13 h"] as const;
const PREPARES = [
  "ok",
  "busy",
  "no answer",
  "blames a row",
  "blames all",
  "dearer",
  "no credentials",
  "busy until the run ends",
] as const;
const PAYS = [
  "ok",
  "request lost",
  "answer lost",
  "late",
  "refused",
  "refused and paid",
  "no connection",
  "delivered twice",
  "a row fails",
  "sleeps 13 h",
] as const;

/** Every fault that an effect can have, by its name in the coverage. */
export const EVERY_FATE: readonly string[] = Object.entries({
  "read-ledger": READS,
  append: APPENDS,
  wallet: ASKED,
  evidence: ASKED,
  prepare: PREPARES,
  list: LISTS,
  pay: PAYS,
  wait: WAITS,
  "asked-to-stop": STOPS,
}).flatMap(([op, fates]) => fates.filter((each) => each !== "ok").map((each) => `${op}: ${each}`));

const NOT_ANSWERED = { ok: false, cause: "no answer" } as const;
const NO_ANSWER: Sent = { kind: "unknown", cause: "no answer" };
const SLEEPS: Readonly<Record<string, number>> = { "sleeps 13 h": 13 * HOUR, "sleeps 80 h": 80 * HOUR };

/** How an effect goes. A machine that sleeps before it finds another time when it wakes. */
function fate<Fate extends string>(play: Play, runner: Runner, op: string, fates: readonly Fate[]): Fate | "ok" {
  const { world, choose, coverage, tell } = play;
  const chosen = world.left.faults === 0 ? "ok" : (fates[choose(fates.length, "fault")] ?? "ok");
  if (chosen !== "ok") {
    spend(world, "faults");
    hit(coverage, `${op}: ${chosen}`);
    world.now += SLEEPS[chosen] ?? 0;
  }
  tell?.(`${runner.name}  ${op}${chosen === "ok" ? "" : `: ${chosen}`}`);
  return chosen;
}

function readLedger(play: Play, runner: Runner): LedgerRead {
  const { world } = play;
  const how = fate(play, runner, "read-ledger", READS);
  if (how === "unusable") return { kind: "unusable", message: "cannot be read", hint: "try again" };
  const older = world.branch.parent;
  // The store refuses a branch that does not hold what this very run saw on it before.
  const mayBeOlder = how === "out of date" && older && (!runner.seen || contains(older, runner.seen.commit));
  runner.seen = mayBeOlder ? older : world.branch;
  runner.readAt = runner.effects;
  return runner.seen.read;
}

function append(play: Play, runner: Runner, { parent, files }: Extract<Effect, { op: "append" }>): Appended {
  runner.mutations += 1;
  switch (fate(play, runner, "append", APPENDS)) {
    case "refused":
      return { kind: "refused", message: "protected branch" };
    case "rejected":
      return { kind: "rejected" };
    case "request lost":
      return { kind: "unknown", message: "no answer" };
    case "late":
      play.world.late = [...play.world.late, { kind: "push", parent, files }];
      return { kind: "unknown", message: "no answer" };
    case "answer lost":
      land(play, parent, files);
      return { kind: "unknown", message: "no answer" };
    case "ok":
    case "sleeps 13 h":
      return { kind: land(play, parent, files) ? "pushed" : "rejected" };
  }
}

/** Compare and swap: on the parent it was made for, or not at all. */
function land(play: Play, parent: string, files: Extract<Effect, { op: "append" }>["files"]): boolean {
  const { world, coverage } = play;
  if (parent !== world.branch.commit) return false;
  world.branch = appended(world.branch, files);
  for (const each of world.branch.transitions) hit(coverage, each);
  checkAppend(play);
  return true;
}

/** Free: it makes an order that is given only later, if ever. */
function prepare(play: Play, runner: Runner, { rows }: PayBatch): Prepared {
  const { world, scenario } = play;
  const how = runner.findsItBusy ? "busy" : fate(play, runner, "prepare", PREPARES);
  runner.findsItBusy ||= how === "busy until the run ends";
  if (runner.findsItBusy || how === "busy") return { kind: "busy", code: "429" };
  if (how === "blames a row")
    return { kind: "refused", code: "400", message: "not of this study", assignments: [rows[0]?.assignment ?? ""] };
  if (how === "blames all") return { kind: "refused", code: "400", message: "not now", assignments: [] };
  if (how === "no credentials") return { kind: "stopped", cause: "credentials", code: "401", message: "not allowed" };
  const handle = `order-${world.prepared.size + 1}`;
  world.prepared.set(
    handle,
    rows.map(({ assignment, label, amount }) => ({
      identity: identityOf({ assignment, label }),
      assignment,
      minor: amount.minor,
    })),
  );
  if (how === "no answer") return NO_ANSWER_TO_PREPARE;
  const { fee } = rulesOf(scenario);
  const amount = sumMoney(
    rows.map((row) => row.amount),
    "GBP",
  );
  const charge = money(fee(amount).minor + (how === "dearer" ? 5_00 : 0), "GBP");
  const total = sumMoney([amount, charge], "GBP");
  return {
    kind: "prepared",
    handles: rows.map(() => handle),
    quote: { amount, fee: charge, tax: money(0, "GBP"), total },
  };
}

const NO_ANSWER_TO_PREPARE: Prepared = { kind: "unknown", cause: "no answer" };

function pay(play: Play, runner: Runner, { order }: Extract<Effect, { op: "pay" }>): Sent {
  const { world } = play;
  checkOrder(play, runner, order);
  runner.mutations += 1;
  const { handle } = order;
  const how = fate(play, runner, "pay", PAYS);
  if (how === "no connection") return { kind: "not-sent", cause: "no route" };
  world.given.set(handle, (world.given.get(handle) ?? 0) + 1);
  switch (how) {
    case "request lost":
      return NO_ANSWER;
    case "late":
      world.late = [...world.late, { kind: "pay", handle }];
      return NO_ANSWER;
    case "answer lost":
      arrive(play, handle);
      return NO_ANSWER;
    case "refused":
      return DOUBTFUL;
    case "refused and paid":
      arrive(play, handle);
      return DOUBTFUL;
    case "delivered twice":
      // Something between this machine and the platform repeats a request: nothing that we do can prevent it.
      for (const { assignment } of world.prepared.get(handle) ?? []) world.touched.add(assignment);
      arrive(play, handle);
      arrive(play, handle);
      return { kind: "accepted" };
    case "a row fails":
      arrive(play, handle, 1);
      return { kind: "accepted" };
    case "ok":
    case "sleeps 13 h":
      arrive(play, handle);
      return { kind: "accepted" };
  }
}

const DOUBTFUL: Sent = { kind: "doubtful", code: "400", message: "not now" };
const LAGS = [90_000, 0, 30 * MINUTE, 30 * HOUR, 100 * HOUR] as const;

/** The platform takes an order and pays it, each time that it arrives. `without`: so many of its last rows fail, unsaid. */
function arrive({ world, choose }: Play, handle: string, without = 0): void {
  const lines = world.prepared.get(handle) ?? [];
  const from = world.now + (LAGS[choose(LAGS.length, "lag")] ?? 0);
  const paid = lines.slice(0, lines.length - without).map((line) => ({ ...line, handle, from }));
  world.entries = [...world.entries, ...paid];
}

/** Something that was under way arrives. */
export function landLate(play: Play, index: number): void {
  const { world, coverage, tell } = play;
  const late = world.late[index];
  if (!late) return;
  world.late = world.late.filter((_, n) => n !== index);
  tell?.(`        a ${late.kind} that was under way arrives`);
  hit(coverage, `a late ${late.kind} arrives`);
  if (late.kind === "pay") arrive(play, late.handle);
  else land(play, late.parent, late.files);
}

/** A run that is cut off leaves an order under way: it is lost, or arrives later. */
export function leaveUnderWay(play: Play, runner: Runner): void {
  const { world, choose } = play;
  for (const effect of runner.begun.values()) {
    if (effect.op !== "pay" || choose(2, "landing") === 0) continue;
    checkOrder(play, runner, effect.order);
    world.given.set(effect.order.handle, (world.given.get(effect.order.handle) ?? 0) + 1);
    world.late = [...world.late, { kind: "pay", handle: effect.order.handle }];
  }
}
