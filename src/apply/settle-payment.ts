import { referencesIn } from "../ledger/identity.ts";
import type { PayClaim, RowEnd } from "../ledger/records.ts";
import { compareMoney, displayMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { ObservedPayment, Traits } from "../platforms/ports.ts";
import { ask } from "./effects.ts";
import type { Protocol } from "./effects.ts";

/** How one claimed row ended, or that it stays open, and whether the run must end here. */
export interface Settled {
  /** Undefined: nobody knows yet. The claim stays open and the next run looks again. */
  readonly end?: Omit<RowEnd, "time">;
  /** For an open row: what was seen last, and what to do where the usual advice would be wrong. */
  readonly open?: string;
  readonly next?: string;
  /** For an open row: that it takes a while is as it should be, and no sign of trouble. */
  readonly isWaiting?: boolean;
  readonly stop?: Stop;
}

/** Why a run ends before its work does. */
export interface Stop {
  readonly cause:
    | "funds"
    | "credentials"
    | "price"
    | "refused"
    | "unknowns"
    | "asked"
    | "time"
    | "ledger"
    | "busy"
    | "surplus"
    | "clock";
  readonly message: string;
}

/** Code of a row whose claim was left open by another run, and that is claimed anew. */
export const TAKEN_OVER = "taken-over";

export const ASKED: Stop = { cause: "asked", message: "it was asked to stop" };

export interface Payment {
  readonly row: PayClaim;
  readonly amount: Money;
  /** Epoch milliseconds. */
  readonly claimedAt: number;
  /** The same of the first claim under which the platform may know this order. */
  readonly knownSince: number;
  /** True where this very run made the claim, so that nobody can have ordered it before. */
  readonly fresh: boolean;
  /** Where the tip does not ask for the row as it was claimed, or may not be paid at all, it is looked for and not ordered. */
  readonly wanted: Wanted;
  readonly traits: Traits;
  /** The run that it is part of: once that has a reason to stop, nothing more is ordered. */
  readonly run: { readonly stop?: Stop; readonly unclear: Set<string> };
}

/** `anew`: it is wanted, and another run claimed it. Only who made a claim orders by it. */
export type Wanted = "yes" | "anew" | "taken out" | "plan refused";

const NOT_ORDERED = {
  "taken out": {
    open: "claimed by an earlier run, and since taken out or changed: it is looked for, and not ordered",
    next: "nothing: if the platform does not list it twelve hours after its claim, it is held",
  },
  "plan refused": {
    open: "claimed by an earlier run: while nothing may be paid it is looked for, and not ordered",
    next: "mend what keeps the plan from being paid, then run `mergepay apply` again",
  },
} as const;

/**
 * The run that claimed it may have ordered it. Under a claim of its own, which the ledger takes only if it is as it was
 * read, this run may give the same order again.
 */
const CLAIM_ANEW: Settled = {
  end: {
    outcome: "not-sent",
    code: TAKEN_OVER,
    message: "the run that claimed it was cut off, and it is not listed: it is claimed anew",
  },
};

/** How often one run gives the same order, and how long it waits and looks after each. */
const ORDERS_MAX = 3;
const LOOKS_MS = [1_000, 4_000, 15_000];
/** How long it waits when the platform is busy: at first hardly longer than its turn, which is further away then. */
export const BUSY_MS = [200, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
/** A clock that runs this far behind its own claim is not believed. */
export const SKEW_MS = 5 * 60_000;

/**
 * Brings one claimed bonus to its end: look, order, look again. Nothing is ordered before a look; nothing is ordered
 * outside the window in which the platform knows the order again; and what may have been ordered is never called
 * refused or unsent. It waits for its turn before the look, so that no wait stands between a look and its order.
 */
export function* settlePayment(payment: Payment): Protocol<Settled> {
  const { row } = payment;
  let ordered = false;
  let busy = 0;
  for (let orders = 0; ; orders++) {
    if (payment.wanted === "yes" && orders < ORDERS_MAX) yield* ask({ op: "turn" });
    if (!ordered && payment.fresh && (yield* mustStop(payment.run)))
      return { ...notReached(payment.run.stop), stop: payment.run.stop ?? ASKED };
    const look = yield* lookFor(payment, ordered);
    if (look) return look;
    if (orders === ORDERS_MAX)
      return stillUnknown("it was ordered three times without a clear answer, and is not listed");

    const late = yield* outsideWindow(payment, ordered);
    if (late) return late;
    if (payment.wanted === "taken out" || payment.wanted === "plan refused") return NOT_ORDERED[payment.wanted];
    if (payment.run.stop)
      return payment.fresh && !ordered ? notReached(payment.run.stop) : stillUnknown(payment.run.stop.message);
    if (payment.wanted === "anew") return CLAIM_ANEW;
    const { worker, assignment, reason, handle } = row;
    const sent = yield* ask({
      op: "pay",
      order: { handle, rows: [{ worker, assignment, amount: payment.amount, reason }] },
    });
    // A refusal says nothing of an earlier order of this claim that may still be under way.
    const definite = payment.fresh && !ordered;
    switch (sent.kind) {
      case "done":
        return { end: { outcome: "done", requestId: sent.requestId } };
      case "refused":
        if (definite)
          return { end: { outcome: "refused", code: sent.code, message: sent.message, ...requestOf(sent) } };
        break;
      case "stopped": {
        const stop: Stop = { cause: sent.cause, message: sent.message };
        return definite
          ? { end: { outcome: "not-sent", code: sent.code, message: sent.message }, stop }
          : { ...stillUnknown(sent.message), stop };
      }
      case "busy": {
        // Nothing was done. The next order is a new one, with a look and a clock of its own: a machine may sleep here.
        const ms = BUSY_MS[busy++];
        if (ms !== undefined && !(yield* mustStop(payment.run))) {
          yield* ask({ op: "wait", ms });
          orders--;
          continue;
        }
        const stop: Stop = { cause: "busy", message: "the platform stayed too busy to take an order" };
        return definite
          ? { end: { outcome: "not-sent", code: sent.code, message: stop.message }, stop }
          : { ...stillUnknown(stop.message), stop };
      }
      case "accepted":
      case "doubtful":
      case "not-sent":
      case "unknown":
      case "exists":
        break;
    }
    ordered = true;
    payment.run.unclear.add(handle);
    for (const ms of LOOKS_MS) {
      yield* ask({ op: "wait", ms });
      const later = yield* lookFor(payment, ordered);
      if (later) return later;
      if (yield* mustStop(payment.run)) return stillUnknown(`no answer to the order of ${row.reference}`);
    }
    if (payment.traits.resend.kind === "never")
      return stillUnknown("the order had no answer, and it may not be repeated");
  }
}

/** True where the run has a reason to stop, or has just been asked to. */
function* mustStop(run: Payment["run"]): Protocol<boolean> {
  return run.stop !== undefined || (yield* ask({ op: "asked-to-stop" }));
}

/** Claimed, and given back untouched. */
export function notReached(stop: Stop = ASKED): Settled {
  const message = `the run stopped before it: ${stop.message}`;
  return { end: { outcome: "not-sent", code: "not-reached", message } };
}

/** Looks at what the platform lists. Undefined: ours is not there, and nothing speaks against ordering it. */
function* lookFor({ row, amount, fresh }: Payment, ordered: boolean): Protocol<Settled | undefined> {
  const listed = yield* ask({ op: "list", assignment: row.assignment });
  if (!listed.ok)
    return fresh && !ordered
      ? { end: { outcome: "not-sent", code: "cannot-look", message: listed.cause } }
      : stillUnknown(listed.cause);
  const ours = listed.value.filter((each) => referencesIn(each.reason).includes(row.reference));
  const [first] = ours;
  if (!first) return equalStranger(row, amount, listed.value, ordered);
  if (ours.length > 1) {
    const message = `listed ${ours.length} times with our reference ${row.reference}`;
    return { end: { outcome: "held", code: "surplus", message }, stop: { cause: "surplus", message } };
  }
  if (first.worker !== row.worker || compareMoney(first.amount, amount) !== 0)
    return held(
      "listed-otherwise",
      `listed with our reference as ${displayMoney(first.amount)}, claimed as ${displayMoney(amount)}`,
    );
  return { end: { outcome: ordered ? "done" : "found", message: `listed at ${first.at}` } };
}

/** The one listed bonus that carries the claim's reference, if it is what was claimed. */
export function listedAsClaimed(
  row: PayClaim,
  amount: Money,
  listed: readonly ObservedPayment[],
): ObservedPayment | undefined {
  const ours = listed.filter((each) => referencesIn(each.reason).includes(row.reference));
  const [first] = ours;
  return ours.length === 1 && first?.worker === row.worker && compareMoney(first.amount, amount) === 0
    ? first
    : undefined;
}

/** One more equal bonus without a reference than the plan saw: paid by hand meanwhile, or ours with its reference lost. */
function equalStranger(
  row: PayClaim,
  amount: Money,
  listed: readonly ObservedPayment[],
  ordered: boolean,
): Settled | undefined {
  const others = listed.filter(
    (each) =>
      each.worker === row.worker && compareMoney(each.amount, amount) === 0 && referencesIn(each.reason).length === 0,
  );
  if (others.length <= row.others) return undefined;
  const message = ordered
    ? "an equal bonus without our reference appeared after the order; it may be ours"
    : "an equal bonus was paid outside of mergepay after the plan was made";
  return held("equal-bonus-appeared", message);
}

function* outsideWindow(
  { claimedAt, knownSince, fresh, traits }: Payment,
  ordered: boolean,
): Protocol<Settled | undefined> {
  const now = yield* ask({ op: "now" });
  if (now < claimedAt - SKEW_MS) {
    const message = "this machine's clock is behind the claim; correct it and run again";
    const stop: Stop = { cause: "clock", message };
    return fresh && !ordered
      ? { end: { outcome: "not-sent", code: "clock", message }, stop }
      : { ...stillUnknown(message), stop };
  }
  if (traits.resend.kind === "never") {
    return fresh && !ordered
      ? undefined
      : held("answer-lost", "the order may have been given, and may not be repeated");
  }
  if (now < knownSince + traits.resend.forMs) return undefined;
  return fresh && !ordered
    ? {
        end: {
          outcome: "not-sent",
          code: "window-passed",
          message: "the claim had become too old before it was ordered",
        },
      }
    : held("window-passed", "not listed, and too late to order again: the platform may no longer know the order");
}

function held(code: string, message: string): Settled {
  return { end: { outcome: "held", code, message } };
}

function stillUnknown(open: string): Settled {
  return { open };
}

function requestOf(sent: { readonly requestId?: string }): { requestId?: string } {
  return sent.requestId === undefined ? {} : { requestId: sent.requestId };
}
