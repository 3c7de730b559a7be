import { money, sumMoney } from "../money.ts";
import type { ObservedPayment, PayBatch, Prepared, Sent } from "../platforms/ports.ts";
import type { Answer, Begun, Local } from "./effects.ts";

/** A platform in memory that pays orders of many rows, later, again when asked again, and lists bare amounts. */
export interface OrderPlatform {
  /** Assignment → its payments, each listed from some time on. */
  readonly lists: Map<string, { readonly minor: number; readonly from: number }[]>;
  /** Handle → what it would pay. */
  readonly prepared: Map<string, readonly { readonly assignment: string; readonly minor: number }[]>;
  /** Handles of orders that arrived, in order. */
  readonly arrived: string[];
  /** Taken from the front, one for each time it is asked to prepare. A function changes what it would say. */
  readonly prepareFate: ((usual: Prepared, batch: PayBatch) => Prepared)[];
  /** Taken from the front, one for each order. */
  readonly payFate: OrderFate[];
  /** The same for each look at a list, and for each question for evidence: true where it fails. */
  readonly listFails: boolean[];
  readonly evidenceFails: boolean[];
  /** How long after an order its payments are listed. */
  lagMs: number;
  /** Assignments whose rows are never paid, without a word. */
  readonly silent: Set<string>;
}

export type OrderFate =
  | "request-lost"
  | "answer-lost"
  /** Refused on paper, and so in truth. */
  | "doubtful"
  | "doubtful-but-paid"
  | "twice"
  | Sent
  | (() => void);

export function orderPlatform(): OrderPlatform {
  return {
    lists: new Map(),
    prepared: new Map(),
    arrived: [],
    prepareFate: [],
    payFate: [],
    listFails: [],
    evidenceFails: [],
    lagMs: 90_000,
    silent: new Set(),
  };
}

/** Somebody else pays. */
export function payByHand({ lists }: OrderPlatform, assignment: string, minor: number): void {
  lists.set(assignment, [...(lists.get(assignment) ?? []), { minor, from: 0 }]);
}

/** How often each assignment was paid, seen or not. */
export function timesPaid({ lists }: OrderPlatform, assignment: string): number {
  return lists.get(assignment)?.length ?? 0;
}

/** Undefined for what is no question to the platform. */
export function answerOrders(platform: OrderPlatform, effect: Begun | Local, now: number): Answer {
  if (effect.op === "list") {
    if (platform.listFails.shift()) return { ok: false, cause: "no answer" };
    const all = platform.lists.get(effect.assignment) ?? [];
    const value = all.flatMap(({ minor, from }): ObservedPayment[] =>
      from <= now ? [{ amount: money(minor, "GBP") }] : [],
    );
    // Nobody promises an order.
    return { ok: true, value: value.toReversed() };
  }
  if (effect.op === "evidence") {
    if (platform.evidenceFails.shift()) return { ok: false, cause: "no answer" };
    return { ok: true, value: { "bonuses so far": String(platform.arrived.length), "no; figure": "1" } };
  }
  if (effect.op === "prepare") {
    const usual = prepare(platform, effect.batch);
    return platform.prepareFate.shift()?.(usual, effect.batch) ?? usual;
  }
  return effect.op === "pay" ? pay(platform, effect.order.handle, now) : undefined;
}

function prepare({ prepared }: OrderPlatform, { rows }: PayBatch): Prepared {
  const handle = `order-${prepared.size + 1}`;
  prepared.set(
    handle,
    rows.map(({ assignment, amount }) => ({ assignment, minor: amount.minor })),
  );
  const amount = sumMoney(
    rows.map((row) => row.amount),
    "GBP",
  );
  const fee = money(Math.ceil(amount.minor / 4), "GBP");
  const tax = money(0, "GBP");
  const quote = { amount, fee, tax, total: sumMoney([amount, fee], "GBP") };
  return { kind: "prepared", handles: rows.map(() => handle), quote };
}

function pay(platform: OrderPlatform, handle: string, now: number): Sent {
  const fate = platform.payFate.shift();
  if (typeof fate === "function") fate();
  else if (typeof fate === "object") return fate;
  if (fate === "request-lost") return { kind: "unknown", cause: "no answer" };
  if (fate === "doubtful") return DOUBTFUL;
  arrive(platform, handle, now);
  if (fate === "twice") arrive(platform, handle, now);
  if (fate === "doubtful-but-paid") return DOUBTFUL;
  return fate === "answer-lost" ? { kind: "unknown", cause: "no answer" } : { kind: "accepted" };
}

const DOUBTFUL: Sent = { kind: "doubtful", code: "400", message: "not now" };

function arrive({ arrived, prepared, lists, silent, lagMs }: OrderPlatform, handle: string, now: number): void {
  arrived.push(handle);
  for (const { assignment, minor } of prepared.get(handle) ?? [])
    if (!silent.has(assignment))
      lists.set(assignment, [...(lists.get(assignment) ?? []), { minor, from: now + lagMs }]);
}
