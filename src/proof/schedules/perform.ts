import type { Answer, Answers, Appended, Begun, Effect, LedgerRead, Local } from "../../apply/effects.ts";
import { money } from "../../money.ts";
import { bonusToken } from "../../platforms/mturk/token.ts";
import type { ObservedPayment, PayRow, Sent } from "../../platforms/ports.ts";
import type { Choose } from "./choice.ts";
import { hit } from "./coverage.ts";
import type { Coverage } from "./coverage.ts";
import {
  checkAppend,
  checkClaimed,
  checkGroupOrder,
  checkLook,
  checkMemberOrder,
  checkOwnRecords,
  checkPayOrder,
  checkStop,
} from "./invariants.ts";
import { appended } from "./ledger-tree.ts";
import type { TrackedRow } from "./ledger-tree.ts";
import {
  changeMember,
  failed,
  isUnclear,
  listBonuses,
  listedType,
  makeType,
  mturkSays,
  payBonus,
} from "./memory-mturk.ts";
import type { OrderAnswer } from "./memory-mturk.ts";
import type { Runner, Setting } from "./runner.ts";
import type { MemberChange, OrderedBonus, World } from "./world.ts";
import { HOUR, MINUTE, spend } from "./world.ts";

/** What a schedule is made with: the world, what decides, what was seen, and what is told where one is played again. */
export interface Play extends Setting {
  readonly world: World;
  readonly choose: Choose;
  readonly coverage: Coverage;
  readonly tell: ((line: string) => void) | undefined;
}

/**
 * Performs one effect, as it should be or with one of the faults that it can have, and gives its answer. `since`: when it
 * was begun.
 */
export function perform(play: Play, runner: Runner, effect: Begun | Local, since = play.world.now): Answer {
  const { world } = play;
  switch (effect.op) {
    case "read-ledger":
      return readLedger(play, runner);
    case "append":
      return append(play, runner, effect);
    case "wallet":
      return fate(play, runner, effect.op, ASKED) === "no answer"
        ? NOT_ANSWERED
        : { ok: true, value: money(world.balance, "USD") };
    case "evidence":
      return { ok: true, value: {} };
    case "prepare":
      return { kind: "prepared", handles: effect.batch.rows.map(bonusToken) };
    case "list":
      if (fate(play, runner, effect.op, ASKED_ASLEEP) === "no answer") return NOT_ANSWERED;
      return {
        ok: true,
        value: looked(runner, effect.assignment, listBonuses(world, play.profile, effect.assignment)),
      };
    case "pay":
      return pay(play, runner, effect, since);
    case "score": {
      if (fate(play, runner, effect.op, ASKED_ASLEEP) === "no answer") return NOT_ANSWERED;
      const value = world.scores.get(`${effect.group} ${effect.worker}`);
      runner.scores = new Map(runner.scores).set(`${effect.group} ${effect.worker}`, value);
      return { ok: true, value };
    }
    case "group-id":
      return fate(play, runner, effect.op, ASKED) === "no answer"
        ? NOT_ANSWERED
        : { ok: true, value: listedType(world, effect.name) };
    case "member":
      return member(play, runner, effect);
    case "create-group":
      return createGroup(play, runner, effect);
    case "turn":
      fate(play, runner, effect.op, WAITS);
      runner.waitedAt = runner.effects;
      return undefined;
    case "wait":
      fate(play, runner, effect.op, WAITS);
      runner.waitedAt = runner.effects;
      world.now += runner.stopAsked ? 0 : effect.ms;
      return undefined;
    case "now":
      return (runner.clock = world.now + runner.skew);
    case "asked-to-stop":
      runner.stopAsked ||= fate(play, runner, effect.op, STOPS) === "asked to stop";
      runner.toldToStop ||= runner.stopAsked;
      runner.askedAt = runner.effects;
      return runner.stopAsked;
    case "progress":
      return undefined;
  }
}

/** Effects that touch nothing which other runs see. A crash or another run before one of them is one before the next. */
export function isQuiet({ op }: Effect): boolean {
  return QUIET.has(op);
}

const QUIET: ReadonlySet<Effect["op"]> = new Set([
  "begin",
  "prepare",
  "now",
  "asked-to-stop",
  "progress",
  "wallet",
  "turn",
]);

const ASKED = ["ok", "no answer"] as const;
const ASKED_ASLEEP = ["ok", "no answer", "sleeps 5 min", "sleeps 13 h", "sleeps 26 h"] as const;
const WAITS = ["ok", "sleeps 13 h", "sleeps 26 h"] as const;
const STOPS = ["ok", "asked to stop"] as const;
const READS = ["ok", "unusable", "out of date"] as const;
const APPENDS = ["ok", "refused", "rejected", "request lost", "answer lost", "late", "sleeps 13 h"] as const;
const PAYS = [
  "ok",
  "request lost",
  "answer lost",
  "late",
  "refused",
  "busy",
  "no funds",
  "no credentials",
  "paid, and an error never heard of",
  "sleeps 5 min",
  "sleeps 13 h",
] as const;
const MEMBERS = ["ok", "request lost", "answer lost", "late", "refused", "busy", "no credentials"] as const;
const MAKES = ["ok", "request lost", "answer lost", "refused", "busy", "no credentials"] as const;

/** Every fault that an effect can have, by its name in the coverage. */
export const EVERY_FATE: readonly string[] = Object.entries({
  "read-ledger": READS,
  append: APPENDS,
  wallet: ASKED,
  list: ASKED_ASLEEP,
  pay: PAYS,
  score: ASKED_ASLEEP,
  "group-id": ASKED,
  member: MEMBERS,
  "create-group": MAKES,
  wait: WAITS,
  turn: WAITS,
  "asked-to-stop": STOPS,
}).flatMap(([op, fates]) => fates.filter((each) => each !== "ok").map((each) => `${op}: ${each}`));

const NOT_ANSWERED = { ok: false, cause: "no answer" } as const;
const SLEEPS: Readonly<Record<string, number>> = {
  "sleeps 5 min": 5 * MINUTE,
  "sleeps 13 h": 13 * HOUR,
  "sleeps 26 h": 26 * HOUR,
};

/** How an effect goes. A machine that sleeps before it finds another time when it wakes. */
function fate<Fate extends string>(play: Play, runner: Runner, op: string, fates: readonly Fate[]): Fate | "ok" {
  const { world, choose, coverage, tell } = play;
  const { onlyFaulty = op } = play.scenario;
  if (world.left.faults === 0 || op !== onlyFaulty) return told("ok");
  const chosen = fates[choose(fates.length, "fault")] ?? "ok";
  if (chosen === "ok") return told("ok");
  spend(world, "faults");
  hit(coverage, `${op}: ${chosen}`);
  world.now += SLEEPS[chosen] ?? 0;
  return told(chosen);

  function told(how: Fate | "ok"): Fate | "ok" {
    tell?.(`${runner.name}  ${op}${how === "ok" ? "" : `: ${how}`}`);
    return how;
  }
}

function readLedger(play: Play, runner: Runner): LedgerRead {
  const { world } = play;
  const how = fate(play, runner, "read-ledger", READS);
  if (how === "unusable") return { kind: "unusable", message: "cannot be read", hint: "try again" };
  // The store refuses a branch that does not hold what this very run saw on it before.
  const before = runner.seen;
  const older = world.ledger.parent;
  const isOlder = how === "out of date" && older && (!before || contains(older, before.commit));
  const node = isOlder ? older : world.ledger;
  if (before && !contains(node, before.commit))
    return { kind: "unusable", message: "the branch was set back", hint: "push it back" };
  runner.seen = node;
  const fresh = [...node.rows].filter(([key]) => !runner.claims.has(key));
  if (fresh.length > 0) runner.claims = new Map([...runner.claims, ...fresh]);
  return node.read;
}

function contains(node: Runner["seen"], commit: string): boolean {
  for (let each = node; each; each = each.parent) if (each.commit === commit) return true;
  return false;
}

function looked(runner: Runner, assignment: string, listed: readonly ObservedPayment[]): readonly ObservedPayment[] {
  runner.looks = new Map(runner.looks).set(assignment, { at: runner.effects, listed });
  return listed;
}

function append(play: Play, runner: Runner, effect: Extract<Effect, { op: "append" }>): Appended {
  const { world, coverage } = play;
  const claims = effect.files.some(({ path }) => path.endsWith(".claim.json"));
  const receipts = effect.files.some(({ path }) => path.endsWith(".receipt.json"));
  runner.mutations += 1;
  const how = fate(play, runner, "append", APPENDS);
  switch (how) {
    case "refused":
      return { kind: "refused", message: "protected branch" };
    case "request lost":
      return { kind: "unknown", message: "no answer" };
    case "late":
      world.late = [...world.late, { kind: "push", parent: effect.parent, files: effect.files }];
      return { kind: "unknown", message: "no answer" };
    case "rejected":
      if (receipts) hit(coverage, "W8 a receipt's push is rejected");
      return { kind: "rejected" };
    case "answer lost":
    case "ok":
    case "sleeps 13 h":
      break;
  }
  const isThere = land(play, effect.parent, effect.files);
  if (!isThere && receipts) hit(coverage, "W8 a receipt's push is rejected");
  if (isThere && receipts) runner.unwritten = 0;
  if (isThere) checkOwnRecords(play, runner);
  if (how === "answer lost") {
    if (isThere && claims) hit(coverage, "W1 a claim landed, and nobody was told");
    if (isThere && receipts) hit(coverage, "W7 a receipt landed, and nobody was told");
    return { kind: "unknown", message: "no answer" };
  }
  return { kind: isThere ? "pushed" : "rejected" };
}

/** Compare and swap: on the parent it was made for, or not at all. */
export function land(play: Play, parent: string, files: Extract<Effect, { op: "append" }>["files"]): boolean {
  const { world, coverage } = play;
  if (parent !== world.ledger.commit) return false;
  world.ledger = appended(world.ledger, files);
  for (const each of world.ledger.transitions) hit(coverage, each);
  checkAppend(play);
  return true;
}

function pay(play: Play, runner: Runner, effect: Extract<Effect, { op: "pay" }>, since: number): Sent {
  const [claimed, ordered] = checkedOrder(play, runner, effect);
  checkLook(play, runner, claimed);
  checkStop(play, runner, claimed);
  const answer = ordersBonus(play, runner, ordered, since);
  runner.orders = new Map(runner.orders).set(ordered.token, runner.effects);
  runner.orderedAt = runner.effects;
  if (isUnclear(answer)) runner.unclear = new Set(runner.unclear).add(ordered.token);
  if (answer === "no funds" || answer === "no credentials") runner.toldToStop = true;
  return mturkSays(answer);
}

function ordersBonus(play: Play, runner: Runner, ordered: OrderedBonus, since: number): OrderAnswer {
  const { world, profile, coverage } = play;
  const { token } = ordered;
  runner.mutations += 1;
  const how = fate(play, runner, "pay", PAYS);
  if (world.now - since > LATE_MS) return "no answer";
  if (world.tokens.some((each) => each.token === token)) hit(coverage, "an order is given again");
  switch (how) {
    case "request lost":
      hit(coverage, "W3 the order is lost");
      return "no answer";
    case "late":
      makeLate(world, ordered, world.now);
      return "no answer";
    case "answer lost":
      hit(coverage, "W4 paid, and the answer is lost");
      landBonus(play, ordered);
      return "no answer";
    case "paid, and an error never heard of":
      landBonus(play, ordered);
      return "never heard of";
    case "busy":
    case "no credentials":
    case "refused":
    case "no funds":
      return failed(world, profile, ordered, how);
    case "ok":
    case "sleeps 5 min":
    case "sleeps 13 h": {
      const answer = landBonus(play, ordered);
      if (answer === "done") runner.unwritten += 1;
      return answer;
    }
  }
}

/** A signed request that is under way longer than this is no longer taken. Source: AWS Signature Version 4. */
const LATE_MS = 15 * MINUTE;

/** What was ordered, once it was found to be what may be. */
function checkedOrder(
  play: Play,
  runner: Runner,
  { order }: Extract<Effect, { op: "pay" }>,
): [claimed: TrackedRow, ordered: OrderedBonus] {
  const claimed = checkClaimed(runner, order.handle);
  const { handle: token, rows } = order;
  const [{ worker, assignment, amount, reason }] = rows as [PayRow];
  checkPayOrder(play, runner, claimed, order);
  return [claimed, { identity: claimed.identity, assignment, worker, cents: amount.minor, reason, token }];
}

/** An order was given at `since`, and is under way. */
export function sendLate(play: Play, runner: Runner, effect: Extract<Effect, { op: "pay" }>, since: number): void {
  makeLate(play.world, checkedOrder(play, runner, effect)[1], since);
}

function makeLate(world: World, order: OrderedBonus, since: number): void {
  world.late = [...world.late, { kind: "pay", order, until: since + LATE_MS }];
}

export function landBonus({ world, profile, choose, scenario }: Play, order: OrderedBonus): OrderAnswer {
  const token = scenario.neverTwice ? `${order.token} ${world.bonuses.length}` : order.token;
  return payBonus(world, profile, { ...order, token }, choose);
}

function member(play: Play, runner: Runner, { order }: Extract<Effect, { op: "member" }>): Sent {
  const { world } = play;
  checkMemberOrder(runner, order);
  const key = `${order.group} ${order.worker}`;
  const change: MemberChange = order.kind === "revoke" ? { key } : { key, score: order.score };
  runner.mutations += 1;
  const how = fate(play, runner, "member", MEMBERS);
  if (how.endsWith("lost") || how === "late") runner.unclear = new Set(runner.unclear).add(order.worker);
  switch (how) {
    case "request lost":
      return mturkSays("no answer");
    case "late":
      world.late = [...world.late, { kind: "member", change, until: world.now + LATE_MS }];
      return mturkSays("no answer");
    case "refused":
    case "busy":
    case "no credentials":
      return mturkSays(how);
    case "ok":
      changeMember(world, change);
      return mturkSays("done");
    case "answer lost":
      changeMember(world, change);
      return mturkSays("no answer");
  }
}

function createGroup(
  play: Play,
  runner: Runner,
  { name }: Extract<Effect, { op: "create-group" }>,
): Answers["create-group"] {
  const { world, profile, choose } = play;
  checkGroupOrder(runner, name);
  runner.mutations += 1;
  const how = fate(play, runner, "create-group", MAKES);
  switch (how) {
    case "request lost":
      return mturkSays("no answer");
    case "refused":
    case "busy":
    case "no credentials":
      return mturkSays(how);
    case "ok":
    case "answer lost": {
      const group = makeType(world, profile, name, choose);
      if (how === "answer lost") return mturkSays("no answer");
      return group === undefined ? { kind: "exists" } : { ...mturkSays("done"), group };
    }
  }
}

/** Everything late that may still arrive, arrives or is lost for good when its time has passed. */
export function dropTooLate(world: World): void {
  if (world.late.length > 0) world.late = world.late.filter((each) => each.kind === "push" || each.until >= world.now);
}

export function landLate(play: Play, index: number): void {
  const { world, coverage, tell } = play;
  const late = world.late[index];
  if (!late) return;
  world.late = world.late.filter((_, n) => n !== index);
  tell?.(`        a ${late.kind} that was under way arrives`);
  hit(coverage, `a late ${late.kind} arrives`);
  switch (late.kind) {
    case "pay":
      hit(coverage, "W5 a late order arrives");
      landBonus(play, late.order);
      return;
    case "member":
      changeMember(world, late.change);
      return;
    case "push":
      land(play, late.parent, late.files);
  }
}
