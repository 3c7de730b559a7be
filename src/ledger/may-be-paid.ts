import type { Account, Traits } from "../platforms/ports.ts";
import { groupedBy } from "./grouped-by.ts";
import { bonusKey } from "./identity.ts";
import type { LedgerState, OpenRow, UnpaidRow } from "./state.ts";

/** Bonus (see `bonusKey`) → its claims that no receipt calls paid. */
export type UnpaidClaims = ReadonlyMap<string, readonly UnpaidRow[]>;

export function unpaidClaims({ unpaid }: LedgerState): UnpaidClaims {
  return groupedBy(unpaid.values(), ({ bonus }) => bonus);
}

/** Those of one bonus. */
export function claimsOf(
  unpaid: UnpaidClaims,
  account: Account,
  { assignment, label }: { readonly assignment: string; readonly label: string },
): readonly UnpaidRow[] {
  return unpaid.get(bonusKey(account, assignment, label)) ?? [];
}

/** Rows of which nobody knows yet how they end: open ones, and what was taken over and was not claimed anew yet. */
export function undecided({ open, unpaid, bonuses }: LedgerState): readonly OpenRow[] {
  const left = [...unpaid.values()].filter(
    ({ isTakenOver, bonus, claim }) => isTakenOver && bonuses.get(bonus)?.claim === claim,
  );
  return [...open, ...left];
}

/**
 * A platform may list a payment late: for more than a day, nobody says how long. For so long after its claim a bonus that
 * no receipt calls paid may have been paid all the same.
 */
const UNTIL_LISTED_MS = 48 * 60 * 60 * 1000;

export function untilListedMs({ completion }: Traits): number {
  return completion.kind === "later" ? completion.horizonMs : UNTIL_LISTED_MS;
}

/**
 * The last of a bonus's claims that may have been paid and need not be listed yet, so that `attempt` is not to be ordered
 * at `now` (epoch milliseconds). A held one is such. One that was taken over is, once the platform may no longer know its
 * order again.
 */
export function mayBePaid(
  claims: readonly UnpaidRow[],
  attempt: number,
  now: number,
  traits: Traits,
): UnpaidRow | undefined {
  const { resend } = traits;
  const isKnown = resend.kind === "token" && now - knownSince(claims, attempt, now, traits) < resend.forMs;
  return claims
    .filter((each) => {
      if (now - timeOf(each) >= untilListedMs(traits)) return false;
      return each.outcome === "held" || (each.isTakenOver && !(isKnown && each.attempt === attempt));
    })
    .toSorted((a, b) => a.claim.record.sequence - b.claim.record.sequence)
    .at(-1);
}

/**
 * Since when the platform may know the order of an attempt that is claimed at `time`, both in epoch milliseconds: earlier
 * than that, where an earlier claim of it was taken over.
 */
export function knownSince(claims: readonly UnpaidRow[], attempt: number, time: number, traits: Traits): number {
  return Math.min(time, ...takenOver(claims, attempt, time, traits).map(timeOf));
}

/** Those earlier claims of an attempt that is claimed at `time`, whichever clock wrote theirs. */
export function takenOver(
  claims: readonly UnpaidRow[],
  attempt: number,
  time: number,
  traits: Traits,
): readonly UnpaidRow[] {
  return claims.filter(
    (each) => each.attempt === attempt && each.isTakenOver && time - timeOf(each) < untilListedMs(traits),
  );
}

function timeOf({ claim: { record } }: UnpaidRow): number {
  return Date.parse(record.time);
}
