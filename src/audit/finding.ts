import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";

/**
 * Every kind of finding, and what it is in a few words. Codes are stable: scripts may rely on them. `docs/audit.md`
 * explains each.
 */
export const FINDINGS = {
  // money
  "paid-twice": "one bonus is listed more than once",
  "amount-mismatch": "the platform lists another amount or worker than the receipt",
  "recorded-but-not-paid": "a receipt says paid, and the platform lists no such bonus",
  "paid-but-unrecorded": "the platform lists a bonus of ours, and no receipt says so",
  "recorded-twice": "two receipts call one bonus paid",
  "paid-outside": "a bonus was paid without this repository",
  "adopted-not-listed": "an adopted bonus that the platform does not list",
  "merged-but-unpaid": "a merged row is not paid",
  "row-changed": "a merged row differs from what was paid or claimed for it",
  "budget-overrun": "a study has claimed more than its budget",
  // what waits
  "open-claim": "claimed, and nobody wrote down yet how it ended",
  "stuck-claim": "claimed long ago, and nobody wrote down how it ended",
  "held-row": "held: a person must decide",
  "refused-row": "the platform refused it: a person must decide",
  // qualifications
  "merged-but-not-granted": "a merged change of a qualification was not made",
  "qualification-drift": "a qualification is no longer as it was recorded",
  // the rules
  "approval-invalid": "real money without an approval that holds",
  "posture-lost": "GitHub does not protect what must not be rewritten",
  // the ledger
  "ledger-missing": "the ledger's branch is gone",
  "anchor-lost": "the ledger no longer holds what was seen of it before",
  "chain-broken": "the ledger is not as mergepay wrote it",
  "foreign-author": "a record was committed by somebody else than the run that it names",
  "files-unreadable": "files under payments/ have mistakes",
} as const;

export type FindingCode = keyof typeof FINDINGS;

/** Something that manifests, ledger and platform do not agree on, or that waits for a person. */
export interface Finding {
  readonly code: FindingCode;
  /** Where to look: `payments/pilot.yaml:7`, a record's path, or what else it is about. */
  readonly place: string;
  readonly account?: Account;
  readonly worker?: string;
  readonly assignment?: string;
  readonly amount?: Money;
  readonly message: string;
  /** What a person should do. */
  readonly next: string;
}
