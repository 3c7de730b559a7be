import { baselineOf, orderWords } from "../ledger/by-amounts.ts";
import type { PayClaim, RowEnd } from "../ledger/records.ts";
import { isUnmoved, seen } from "../ledger/seen.ts";
import { amountOf } from "../ledger/state.ts";
import type { FiledClaim } from "../ledger/state.ts";
import { displayMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account, ObservedPayment, Sent, Traits } from "../platforms/ports.ts";
import { listText } from "./compose.ts";
import { ask, instant } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import { ASKED, BUSY_MS, notReached, SKEW_MS } from "./settle-payment.ts";
import type { Settled, Stop } from "./settle-payment.ts";
import { note } from "./work.ts";
import type { Work } from "./work.ts";

/**
 * The order of a claim that this run made and found in the ledger. It is given once for ever: whatever comes back, what
 * became of it is found by comparing lists with the claim's baselines.
 */
export interface Order {
  readonly account: Account;
  readonly traits: Traits;
  readonly work: Work;
  readonly claim: FiledClaim;
  readonly rows: readonly PayClaim[];
  /** Rows of the claim that another run has answered meanwhile. */
  readonly answered: number;
  /** Called when a row has ended, or stays open. */
  readonly onRow: () => Protocol<void>;
}

/** How long after its claim an order may be given: long before anybody could take it for given and lost. */
const ORDER_WITHIN_MS = 30 * 60_000;
/** Where a payment shows at once, it is looked for as long as this all the same. */
const AT_ONCE = { pollMs: [1_000, 4_000, 15_000], horizonMs: 48 * 60 * 60_000 } as const;

export function* settleOrder(order: Order): Protocol<void> {
  const why = yield* whyNotGiven(order);
  if (why) return yield* noteAll(order, why);
  const sent = yield* give(order);
  switch (sent.kind) {
    case "not-given":
      return yield* noteAll(order, sent.settled);
    case "refused":
      return yield* noteAll(order, { end: { outcome: "refused", code: sent.code, message: sent.message } });
    case "stopped":
      return yield* noteAll(order, notSent(sent.code, sent.message, { cause: sent.cause, message: sent.message }));
    case "busy": {
      const message = "the platform stayed too busy to take an order";
      return yield* noteAll(order, notSent(sent.code, message, { cause: "busy", message }));
    }
    case "done":
    case "accepted":
    case "doubtful":
    case "unknown":
    case "exists":
      return yield* settle(order, sent);
  }
}

/** Undefined where everything is as it was claimed, so that the order may be given now. */
function* whyNotGiven({ account, traits, work, claim, rows, answered }: Order): Protocol<Settled | undefined> {
  if (answered > 0) {
    const message = "another run has answered a row of its order, which is given whole or not at all";
    return { end: { outcome: "not-sent", code: "answered-elsewhere", message } };
  }
  for (const row of rows) {
    if (work.stop || (yield* ask({ op: "asked-to-stop" }))) {
      const stop = work.stop ?? ASKED;
      return { ...notReached(stop), stop };
    }
    const listed = yield* ask({ op: "list", assignment: row.assignment });
    if (!listed.ok) return notSent("cannot-look", listed.cause);
    if (!isUnmoved(baselineOf(row, account), amountsOf(listed.value)))
      return notSent("list-moved", "what the platform lists changed after the claim, so that its order was not given");
  }
  const now = yield* ask({ op: "now" });
  const claimedAt = Date.parse(claim.record.time);
  const { horizonMs } = patience(traits);
  if (now < claimedAt - SKEW_MS) {
    const message = "this machine's clock is behind the claim; correct it and run again";
    return notSent("clock", message, { cause: "clock", message });
  }
  return now < claimedAt + Math.min(ORDER_WITHIN_MS, horizonMs / 2)
    ? undefined
    : notSent("window-passed", "the claim had become too old before it was ordered");
}

type Given = Exclude<Sent, { kind: "not-sent" }> | { readonly kind: "not-given"; readonly settled: Settled };
/** The order may have been taken. */
type Taken = Extract<Given, { kind: "done" | "accepted" | "doubtful" | "unknown" | "exists" }>;

/** Gives the order once. Only where no byte of it can have left is it given again, after all is checked anew. */
function* give(order: Order): Protocol<Given> {
  const { account, work, rows } = order;
  const [{ handle }] = rows as [PayClaim];
  const asked = rows.map(({ worker, assignment, amount, reason }) => ({
    worker,
    assignment,
    amount: amountOf(amount, account),
    reason,
  }));
  for (let tries = 0; ; tries++) {
    work.given.add(handle);
    const sent = yield* ask({ op: "pay", order: { handle, rows: asked } });
    if (sent.kind !== "not-sent") return sent;
    work.given.delete(handle);
    const ms = BUSY_MS[tries];
    if (ms === undefined) {
      const message = `no connection to the platform: ${sent.cause}`;
      return { kind: "not-given", settled: notSent("no-connection", message, { cause: "busy", message }) };
    }
    yield* ask({ op: "wait", ms });
    const why = yield* whyNotGiven(order);
    if (why) return { kind: "not-given", settled: why };
  }
}

/** Looks again and again until every row shows, or for as long as this platform is waited for. */
function* settle(order: Order, sent: Taken): Protocol<void> {
  const { account, traits, work, claim } = order;
  const paid = sent.kind === "done" || sent.kind === "accepted" ? "done" : "found";
  let left = order.rows.map((row): Waiting => ({ row, look: undefined }));
  let isStopped = false;
  for (const ms of patience(traits).pollMs) {
    if ((isStopped = yield* ask({ op: "asked-to-stop" }))) break;
    yield* ask({ op: "wait", ms });
    const still: Waiting[] = [];
    for (const { row } of left) {
      const listed = yield* ask({ op: "list", assignment: row.assignment });
      const settled = listed.ok ? judged(row, amountsOf(listed.value), account, paid) : undefined;
      if (settled) yield* noteOne(order, row, settled);
      else still.push({ row, look: listed.ok ? amountsOf(listed.value) : undefined });
    }
    left = still;
    if (left.length === 0) return;
  }
  // A refusal is believed where nothing speaks against it: every row was looked for to the end, and none shows.
  const isBorneOut = !isStopped && left.length === order.rows.length && left.every(({ look }) => look !== undefined);
  if (sent.kind === "doubtful" && isBorneOut) {
    const { code, message } = sent;
    work.stop ??= { cause: "refused", message: `the platform refused an order (${code}): ${message}` };
    for (const { row } of left) yield* noteOne(order, row, { end: { outcome: "refused", code, message } });
    return;
  }
  if (isStopped) work.stop ??= ASKED;
  else if (left.length === order.rows.length)
    work.stop ??= { cause: "unknowns", message: `${answerWords(sent)}, and none of its bonuses shows yet` };
  for (const { row } of left) yield* noteOne(order, row, stillOpen(claim, row));
}

interface Waiting {
  readonly row: PayClaim;
  /** What was listed last; undefined where that look failed. */
  readonly look: readonly Money[] | undefined;
}

function answerWords(sent: Taken): string {
  switch (sent.kind) {
    case "done":
    case "accepted":
      return "the order was taken";
    case "doubtful":
      return `the platform refused the order (${sent.code}: ${sent.message})`;
    case "unknown":
    case "exists":
      return "the order had no answer";
  }
}

export interface Reading {
  readonly account: Account;
  readonly traits: Traits;
  readonly claim: FiledClaim;
  readonly row: PayClaim;
}

/** Looks once for a bonus that an earlier run may have ordered. It is never ordered again. */
export function* settleByReading({ account, traits, claim, row }: Reading): Protocol<Settled> {
  const listed = yield* ask({ op: "list", assignment: row.assignment });
  if (!listed.ok) return { open: listed.cause, isWaiting: true };
  const amounts = amountsOf(listed.value);
  const settled = judged(row, amounts, account, "found");
  if (settled) return settled;
  const { horizonMs } = patience(traits);
  const isWaitedFor = (yield* ask({ op: "now" })) < Date.parse(claim.record.time) + horizonMs;
  if (isWaitedFor) return stillOpen(claim, row);
  const hours = Math.round(horizonMs / 3_600_000);
  const now = listText(amounts).join(", ") || "nothing";
  return held("not-listed", `${orderWords(claim, row)}; ${hours} hours later it lists ${now}`, amounts);
}

/** What a list says of a row, compared with its baseline. Undefined: it does not show, yet. */
export function judged(
  row: PayClaim,
  listed: readonly Money[],
  account: Account,
  paid: "done" | "found",
): Settled | undefined {
  const amount = amountOf(row.amount, account);
  const { kind, others } = seen(amount, baselineOf(row, account), listed);
  const beside = others.length === 0 ? "" : `, and ${others.map(displayMoney).join(", ")} beside it`;
  switch (kind) {
    case "absent":
      return undefined;
    case "once":
      return { end: { outcome: paid, message: `${displayMoney(amount)} was added${beside}`, ...listedText(listed) } };
    case "surplus": {
      const message = `${displayMoney(amount)} was added more than once: more was paid than was ordered`;
      const end = { outcome: paid, code: "surplus", message, ...listedText(listed) };
      return { end, stop: { cause: "surplus", message } };
    }
    case "inconsistent":
      return held("list-changed", `what was listed before the order ${row.handle} is no longer there`, listed);
  }
}

function held(code: string, message: string, listed: readonly Money[]): Settled {
  return { end: { outcome: "held", code, message, ...listedText(listed) } };
}

function listedText(listed: readonly Money[]): Pick<RowEnd, "listed"> {
  return { listed: listText(listed) };
}

/** `isWaiting`: it is no sign of trouble. */
function stillOpen(claim: FiledClaim, row: PayClaim): Settled {
  return { open: `${orderWords(claim, row)}; it does not show yet`, isWaiting: true };
}

function notSent(code: string, message: string, stop?: Stop): Settled {
  return { end: { outcome: "not-sent", code, message }, ...(stop ? { stop } : {}) };
}

function* noteAll(order: Order, settled: Settled): Protocol<void> {
  for (const row of order.rows) yield* noteOne(order, row, settled);
}

function* noteOne({ work, claim, onRow }: Order, row: PayClaim, settled: Settled): Protocol<void> {
  note(work, claim, row, settled, yield* instant());
  yield* onRow();
}

function amountsOf(listed: readonly ObservedPayment[]): Money[] {
  return listed.map(({ amount }) => amount);
}

function patience({ completion }: Traits): { readonly pollMs: readonly number[]; readonly horizonMs: number } {
  return completion.kind === "later" ? completion : AT_ONCE;
}
