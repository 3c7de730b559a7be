import { NO_KEYS } from "../encryption/lab-key.ts";
import type { LabKeys } from "../encryption/lab-key.ts";
import { openRecords } from "../encryption/sealed-record.ts";
import type { LedgerRecord, NewRecord } from "../ledger/records.ts";
import { readChain } from "../ledger/chain.ts";
import { NO_RECORD, sha256Hex } from "../ledger/record-text.ts";
import { compareMoney, money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { ObservedPayment, PayOrder, Sent } from "../platforms/ports.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { bonusToken } from "../platforms/mturk/token.ts";
import { answerOrders } from "./order-platform.fixture.ts";
import type { OrderPlatform } from "./order-platform.fixture.ts";
import type { Answer, Appended, Begun, Effect, Finished, LedgerRead, Local, Protocol } from "./effects.ts";

/** A platform, a ledger and a clock in memory, with what each test makes go wrong. */
export interface MemoryWorld {
  readonly paid: (Required<ObservedPayment> & { readonly assignment: string; readonly token: string })[];
  readonly tokens: Map<string, number>;
  readonly scores: Map<string, number>;
  readonly types: Map<string, { readonly id: string; listedFrom: number }>;
  readonly emails: string[];
  records: NewRecord[];
  commits: number;
  now: number;
  balance: Money;
  stop: boolean;
  /** Taken from the front, one for each order to pay: what happens to it. */
  readonly fate: PayFate[];
  /** The same for each change of who holds what. */
  readonly memberFate: Sent[];
  /** The same for each append to the ledger. */
  readonly appendFate: AppendFate[];
  /** Questions for a list that fail, from now on. */
  listsToFail: number;
  /** Bonuses younger than this are not listed. */
  listingLagMs: number;
  readonly log: string[];
  /** Where payments are ordered together and told by their amounts: that platform, in place of the other. */
  orders?: OrderPlatform;
  /** With which records are sealed, and read back; in clear where there are none. */
  keys: LabKeys;
}

export type PayFate =
  | "ok"
  | "request-lost"
  | "answer-lost"
  | "throttled"
  | "refused"
  | "no-funds"
  | "no-credentials"
  | "token-used"
  | (() => void);
export type AppendFate = "ok" | "rejected" | "refused" | "answer-lost" | "request-lost" | (() => void);

export function memoryWorld(): MemoryWorld {
  return {
    paid: [],
    tokens: new Map(),
    scores: new Map(),
    types: new Map(),
    emails: [],
    records: [],
    commits: 0,
    now: Date.parse("2026-11-23T12:00:00.000Z"),
    balance: money(100_00, "USD"),
    stop: false,
    fate: [],
    memberFate: [],
    appendFate: [],
    listingLagMs: 0,
    listsToFail: 0,
    log: [],
    keys: NO_KEYS,
  };
}

/** Runs a protocol on a world. `crashBefore` names the effect, counted from 1, at which the run is cut off. */
export function runOn<T>(world: MemoryWorld, protocol: Protocol<T>, crashBefore = Infinity): T | "crashed" {
  const machine = machineOf(world);
  let next = protocol.next();
  for (let n = 1; !next.done; n++) {
    if (n === crashBefore) return "crashed";
    next = protocol.next(machine.answer(next.value));
  }
  return next.value;
}

/** Answers one run's effects. What was begun happens when it is waited for, in the order in which it was begun. */
export function machineOf(world: MemoryWorld): {
  answer: (effect: Effect) => Answer | Finished;
  /** What would happen next. */
  upcoming: (effect: Effect) => Effect["op"];
} {
  const begun: Extract<Effect, { op: "begin" }>[] = [];
  const happens = (effect: Begun | Local): Answer => {
    world.log.push(effect.op);
    return answer(world, effect);
  };
  return {
    upcoming: (effect) => (effect.op === "next" ? (begun[0]?.effect.op ?? "next") : effect.op),
    answer: (effect) => {
      if (effect.op === "begin") {
        begun.push(effect);
        return undefined;
      }
      if (effect.op !== "next") return happens(effect);
      const first = begun.shift();
      if (!first) throw new Error("waits for an answer, and nothing was begun");
      return { id: first.id, answer: happens(first.effect) };
    },
  };
}

function answer(world: MemoryWorld, effect: Begun | Local): Answer {
  const ofOrders = world.orders && answerOrders(world.orders, effect, world.now);
  if (ofOrders !== undefined) return ofOrders;
  switch (effect.op) {
    case "read-ledger":
      return readLedger(world);
    case "append":
      return append(world, effect);
    case "wallet":
      return { ok: true, value: world.balance };
    case "evidence":
      return { ok: true, value: {} };
    case "prepare":
      return { kind: "prepared", handles: effect.batch.rows.map(bonusToken) };
    case "list":
      if (world.listsToFail-- > 0) return { ok: false, cause: "no answer" };
      return { ok: true, value: listed(world, effect.assignment) };
    case "pay":
      return pay(world, effect.order);
    case "score":
      return { ok: true, value: world.scores.get(`${effect.group} ${effect.worker}`) };
    case "group-id": {
      const type = world.types.get(effect.name);
      return { ok: true, value: type && type.listedFrom <= world.now ? type.id : undefined };
    }
    case "member": {
      const fate = world.memberFate.shift();
      if (fate) return fate;
      const { group, worker } = effect.order;
      if (effect.order.kind === "revoke") world.scores.delete(`${group} ${worker}`);
      else {
        world.scores.set(`${group} ${worker}`, effect.order.score);
        if (effect.order.notify) world.emails.push(worker);
      }
      return { kind: "done", requestId: "request" };
    }
    case "create-group": {
      if (world.types.has(effect.name)) return { kind: "exists" };
      world.types.set(effect.name, { id: `3TYPE${world.types.size}`, listedFrom: world.now });
      return { kind: "done", requestId: "request", group: `3TYPE${world.types.size - 1}` };
    }
    case "turn":
      return undefined;
    case "wait":
      world.now += effect.ms;
      return undefined;
    case "now":
      return world.now;
    case "asked-to-stop":
      return world.stop;
    case "progress":
      return undefined;
  }
}

/** As production reads it: what mergepay writes must never be what mergepay refuses. */
function readLedger({ records, commits }: MemoryWorld): LedgerRead {
  const { problems } = readChain(records.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) })));
  if (problems.length > 0) throw new Error(`the ledger broke itself: ${JSON.stringify(problems)}`);
  const last = records.at(-1);
  const head = { sequence: last?.record.sequence ?? 0, hash: last?.hash ?? NO_RECORD };
  return { kind: "ledger", commit: String(commits), head, records: [...records] };
}

export function append(world: MemoryWorld, { parent, files }: Extract<Effect, { op: "append" }>): Appended {
  const fate = world.appendFate.shift() ?? "ok";
  if (typeof fate === "function") fate();
  if (fate === "rejected" || parent !== String(world.commits)) return { kind: "rejected" };
  if (fate === "refused") return { kind: "refused", message: "protected branch" };
  if (fate !== "request-lost") {
    const filed = files.map(({ path, text }) => {
      const sealed = { path, hash: sha256Hex(text), record: JSON.parse(text) as LedgerRecord };
      return openRecords([sealed], world.keys).records.map((record) => ({ ...record, text }));
    });
    world.records = [...world.records, ...filed.flat()];
    world.commits += 1;
  }
  return fate === "answer-lost" || fate === "request-lost"
    ? { kind: "unknown", message: "no answer" }
    : { kind: "pushed" };
}

export function listed(world: MemoryWorld, assignment: string): ObservedPayment[] {
  return world.paid.filter(
    (each) => each.assignment === assignment && Date.parse(each.at) + world.listingLagMs <= world.now,
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;

function pay(world: MemoryWorld, { handle, rows }: PayOrder): Sent {
  const [order] = rows;
  if (!order) throw new Error("an order for nothing");
  const fate = world.fate.shift() ?? "ok";
  if (typeof fate === "function") fate();
  switch (fate) {
    case "request-lost":
      return { kind: "unknown", cause: "no answer" };
    case "throttled":
      return { kind: "busy", code: "ThrottlingException" };
    case "refused":
      return { kind: "refused", code: "AssignmentDoesNotExist", message: "it does not exist" };
    case "no-funds":
      return { kind: "stopped", cause: "funds", code: "InsufficientFunds", message: "not enough money" };
    case "no-credentials":
      return { kind: "stopped", cause: "credentials", code: "AccessDeniedException", message: "not allowed" };
    case "token-used":
      return { kind: "unknown", cause: "the token has already been processed" };
    case "ok":
    case "answer-lost":
    default:
      break;
  }
  const used = world.tokens.get(handle);
  if (used !== undefined && world.now - used < DAY_MS)
    return { kind: "unknown", cause: "the token has already been processed" };
  const cost = sumMoney([order.amount, mturkRules.fee(order.amount)], "USD");
  if (compareMoney(cost, world.balance) > 0)
    return { kind: "stopped", cause: "funds", code: "InsufficientFunds", message: "not enough money" };
  world.balance = money(world.balance.minor - cost.minor, "USD");
  world.tokens.set(handle, world.now);
  const { worker, amount, reason, assignment } = order;
  world.paid.push({ worker, amount, reason, assignment, token: handle, at: new Date(world.now).toISOString() });
  return fate === "answer-lost"
    ? { kind: "unknown", cause: "no answer" }
    : { kind: "done", requestId: `request-${world.paid.length}` };
}
