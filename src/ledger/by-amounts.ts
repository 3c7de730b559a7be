import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { PayClaim } from "./records.ts";
import { seen } from "./seen.ts";
import { amountOf } from "./state.ts";
import type { BonusClaim, FiledClaim } from "./state.ts";

/** How many payments of this amount receipts know for an assignment whose bonuses these are. */
export function paidAlike(bonuses: readonly BonusClaim[], amount: Money, account: Account): number {
  return bonuses.filter(({ state, row }) => state === "settled" && amountOf(row.amount, account).minor === amount.minor)
    .length;
}

/**
 * Whether a bonus that no receipt calls paid is listed after all: its amount was added, once, to its baseline and to what
 * else was paid for the assignment since. Where another unpaid bonus may be what was added, nobody can tell.
 */
export function hasShownUp(
  { row, claim }: { readonly row: PayClaim; readonly claim: FiledClaim },
  ofAssignment: readonly BonusClaim[],
  listed: readonly Money[],
  account: Account,
): boolean {
  const amount = amountOf(row.amount, account);
  const others = ofAssignment.filter((each) => each.row.label !== row.label);
  const isUnclear = others.some(
    (each) =>
      each.state !== "settled" && each.state !== "free" && amountOf(each.row.amount, account).minor === amount.minor,
  );
  if (isUnclear) return false;
  const since = others.filter((each) => each.state === "settled" && each.claim.record.sequence > claim.record.sequence);
  const expected = [...baselineOf(row, account), ...since.map((each) => amountOf(each.row.amount, account))];
  return seen(amount, expected, listed).kind === "once";
}

/** What was listed just before a row was claimed. */
export function baselineOf({ baseline = [] }: PayClaim, account: Account): Money[] {
  return baseline.map((each) => amountOf(each, account));
}

/** What a platform's support will ask for. */
export function orderWords({ record }: FiledClaim, { handle, baseline = [] }: PayClaim): string {
  return `order ${handle}, claimed at ${record.time}, when the platform listed ${baseline.join(", ") || "nothing"}`;
}
