import type { CreateTypeClaim, MembershipClaim } from "../ledger/records.ts";
import type { MembershipOrder, Sent } from "../platforms/ports.ts";
import { ask } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import { BUSY_MS } from "./settle-payment.ts";
import type { Settled } from "./settle-payment.ts";

const ORDERS_MAX = 3;
const BETWEEN_ORDERS_MS = [1_000, 5_000, 15_000];
/** A type that was just made can take a while to be listed. */
const UNTIL_LISTED_MS = [2_000, 5_000, 15_000, 30_000, 60_000];

/**
 * Grants, re-scores or revokes, if things are still as the plan saw them. What a claim of another run left open is
 * looked at and never ordered: the next plan asks for it afresh. Orders without a clear answer are added to `unclear`.
 */
export function* settleMembership(
  row: MembershipClaim,
  group: string,
  { fresh, unclear }: { readonly fresh: boolean; readonly unclear: Set<string> },
): Protocol<Settled> {
  let ordered = false;
  let busy = 0;
  for (let orders = 0; ; orders++) {
    if (fresh && orders < ORDERS_MAX) yield* ask({ op: "turn" });
    const now = yield* ask({ op: "score", group, worker: row.worker });
    if (!now.ok) return ordered ? { open: now.cause } : notSent("cannot-look", now.cause);
    if (now.value === row.score) return { end: { outcome: ordered ? "done" : "found" } };
    if (now.value !== row.was) return notSent("changed-since-plan", changedText(row, now.value));
    if (!fresh) return notSent("claim-left-open", "an earlier run stopped before this; the plan asks for it again");
    if (orders === ORDERS_MAX) return { open: "ordered three times, and still not so" };
    const sent = yield* ask({ op: "member", order: orderOf(row, group) });
    const ended = definite(sent);
    // A refusal says nothing of an earlier order that may still be under way.
    if (ended && (!ordered || sent.kind === "done")) return ended;
    if (ended?.stop) return { open: ended.stop.message, stop: ended.stop };
    if (sent.kind === "busy") {
      // Nothing was done. The next order is a new one, after a look of its own.
      const ms = BUSY_MS[busy++];
      if (ms === undefined)
        return ordered
          ? { open: "the platform stayed too busy" }
          : notSent(sent.code, "the platform stayed too busy to take it; run again");
      yield* ask({ op: "wait", ms });
      orders--;
      continue;
    }
    if (sent.kind !== "not-sent" && sent.kind !== "exists") {
      ordered = true;
      unclear.add(membershipKey(row));
    }
    yield* ask({ op: "wait", ms: BETWEEN_ORDERS_MS[orders] as number });
  }
}

/** Whose membership of what: the same for each claim of it. */
export function membershipKey({ name, worker }: MembershipClaim): string {
  return [name, worker].join("\0");
}

/** Makes a type. A name that exists but is not listed yet is waited for, not made twice. Ends with the type's id. */
export function* settleType(row: CreateTypeClaim, fresh: boolean): Protocol<Settled> {
  if (fresh) {
    yield* ask({ op: "turn" });
    const { name, description, keywords } = row;
    const sent = yield* ask({ op: "create-group", name, description, ...(keywords === undefined ? {} : { keywords }) });
    const ended = definite(sent);
    if (ended?.end && sent.group !== undefined) return { ...ended, end: { ...ended.end, group: sent.group } };
    if (ended) return ended;
    if (sent.kind === "busy") return notSent(sent.code, "the platform was too busy to make the type; run again");
  }
  for (const ms of [0, ...(fresh ? UNTIL_LISTED_MS : [])]) {
    if (ms > 0) yield* ask({ op: "wait", ms });
    const listed = yield* ask({ op: "group-id", name: row.name });
    if (listed.ok && listed.value !== undefined) return { end: { outcome: "found", group: listed.value } };
    if (fresh && (yield* ask({ op: "asked-to-stop" }))) break;
  }
  return notSent("type-not-listed", "a type of this name may exist but is not listed yet; run again in a few minutes");
}

/** What an order came to where its answer leaves no doubt. */
function definite(sent: Sent): Settled | undefined {
  switch (sent.kind) {
    case "done":
      return { end: { outcome: "done", requestId: sent.requestId } };
    case "refused":
      return { end: { outcome: "refused", code: sent.code, message: sent.message } };
    case "stopped":
      return { ...notSent(sent.code, sent.message), stop: { cause: sent.cause, message: sent.message } };
    case "busy":
    case "accepted":
    case "doubtful":
    case "not-sent":
    case "unknown":
    case "exists":
      return undefined;
  }
}

function orderOf(row: MembershipClaim, group: string): MembershipOrder {
  const { worker } = row;
  return row.kind === "revoke"
    ? { kind: "revoke", group, worker, ...(row.reason === undefined ? {} : { reason: row.reason }) }
    : { kind: "grant", group, worker, score: row.score ?? 1, notify: row.notify };
}

function changedText(row: MembershipClaim, now: number | undefined): string {
  const text = (score: number | undefined) => (score === undefined ? "no score" : `score ${score}`);
  return `somebody changed it meanwhile: the plan saw ${text(row.was)}, now it is ${text(now)}`;
}

function notSent(code: string, message: string): Settled {
  return { end: { outcome: "not-sent", code, message } };
}
