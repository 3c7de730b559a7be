import { claimsOf, knownSince } from "../ledger/may-be-paid.ts";
import type { ClaimRow, PayClaim } from "../ledger/records.ts";
import { amountOf } from "../ledger/state.ts";
import type { FiledClaim } from "../ledger/state.ts";
import { ask, instant } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import type { ApplyInput } from "./protocol.ts";
import { settleMembership, settleType } from "./settle-membership.ts";
import { settleByReading } from "./settle-order.ts";
import { ASKED, notReached, settlePayment } from "./settle-payment.ts";
import type { Settled, Wanted } from "./settle-payment.ts";
import { note } from "./work.ts";
import type { Work } from "./work.ts";

/** A row of a claim that was found in the ledger. `fresh`: this run made the claim, so nobody can have ordered it before. */
export interface ClaimedRow {
  readonly claim: FiledClaim;
  readonly row: ClaimRow;
  readonly wanted: Wanted | "fresh";
}

/** Claimed rows on their way to an end. */
export interface Settling {
  /** Not yet begun, in the order in which they are to be. */
  readonly waiting: ClaimedRow[];
  /** Begun and not ended. */
  readonly begun: Set<ClaimedRow>;
}

export function settlingOf(rows: readonly ClaimedRow[] = []): Settling {
  return { waiting: [...rows], begun: new Set() };
}

/**
 * The next row, if there is room for one more. Types go first, each alone: what is granted of a type needs its id.
 */
export function nextToSettle(input: ApplyInput, work: Work, settling: Settling): Protocol<void> | undefined {
  const { waiting, begun } = settling;
  if (begun.size >= input.atOnce || [...begun].some(({ row }) => row.kind === "create-type")) return undefined;
  const next = waiting.shift();
  if (!next) return undefined;
  begun.add(next);
  return settleAndNote(input, work, settling, next);
}

/** Settles a row and writes down how it ended. Once the run must stop, fresh rows are given back and others left open. */
function* settleAndNote(input: ApplyInput, work: Work, { begun }: Settling, claimed: ClaimedRow): Protocol<void> {
  const { claim, row, wanted } = claimed;
  if (!work.stop && (yield* ask({ op: "asked-to-stop" }))) work.stop = ASKED;
  if (!work.stop) note(work, claim, row, yield* settleRow(input, work, claimed), yield* instant());
  else if (wanted === "fresh" || wasNeverGiven(work, row))
    note(work, claim, row, notReached(work.stop), yield* instant());
  begun.delete(claimed);
}

/** What this process prepared and never gave was never ordered: nobody else may. */
function wasNeverGiven({ prepared, given }: Work, row: ClaimRow): boolean {
  return row.kind === "pay" && prepared.has(row.handle) && !given.has(row.handle);
}

/** A bonus of an order that is not given again, by anybody. */
function* settleClaimed(
  { account, traits }: ApplyInput,
  work: Work,
  claim: FiledClaim,
  row: PayClaim,
): Protocol<Settled> {
  if (wasNeverGiven(work, row)) {
    const message = "its claim reached the ledger too late to be ordered";
    return { end: { outcome: "not-sent", code: "claim-late", message } };
  }
  return yield* settleByReading({ account, traits, claim, row });
}

/** One row of a claim, brought to its end as far as that can be known now. */
function* settleRow(input: ApplyInput, work: Work, { claim, row, wanted }: ClaimedRow): Protocol<Settled> {
  const fresh = wanted === "fresh";
  switch (row.kind) {
    case "pay": {
      const { account, traits } = input;
      if (traits.witness === "amounts") return yield* settleClaimed(input, work, claim, row);
      const claimedAt = Date.parse(claim.record.time);
      const earlier = claimsOf(work.unpaid, account, row);
      return yield* settlePayment({
        row,
        amount: amountOf(row.amount, account),
        claimedAt,
        knownSince: knownSince(earlier, row.attempt, claimedAt, traits),
        fresh,
        wanted: fresh ? "yes" : wanted,
        traits,
        run: work,
      });
    }
    case "create-type": {
      const settled = yield* settleType(row, fresh);
      if (settled.end?.group !== undefined) work.groups.set(row.name, settled.end.group);
      return settled;
    }
    case "grant":
    case "rescore":
    case "revoke": {
      const group = row.group || work.groups.get(row.name);
      if (group === undefined)
        return { end: { outcome: "not-sent", code: "type-missing", message: "its qualification type was not made" } };
      return yield* settleMembership(row, group, { fresh, unclear: work.unclear });
    }
  }
}
