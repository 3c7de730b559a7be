import type { ClaimRow, ReceiptRow } from "../ledger/records.ts";
import type { Money } from "../money.ts";
import type { HeldRow } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import type { Problem } from "../problem.ts";

/** What a run of apply did, for people and programs. */
export interface ApplyReport {
  readonly account: Account;
  /** Every row that this run claimed or settled, in the order of its claims. */
  readonly rows: readonly ApplyRow[];
  /** Rows of earlier runs that wait for a person, and that this run did not touch. */
  readonly held?: readonly HeldRow[];
  readonly totals: {
    /** How many bonuses this run set out to pay or to settle, those that it never reached included. */
    readonly bonuses: number;
    /** How many of them are paid: `done` and `found`. */
    readonly paid: number;
    /** Of those that are paid. */
    readonly amount: Money;
    readonly fees: Money;
    readonly cost: Money;
  };
  readonly balance: { readonly before: Money | "unknown"; readonly after: Money | "unknown" };
  readonly receipts: { readonly branch: string; readonly paths: readonly string[] };
  readonly problems: readonly Problem[];
  /** Where the run ended before its last row. */
  readonly stopped?: { readonly cause: string; readonly message: string; readonly next: string };
}

/** `next` says what a person does about a row; where it is absent, the outcome's usual advice is given. */
export type ApplyRow = (ReceiptRow | OpenEnd<ClaimRow>) & { readonly next?: string };

/** Claimed, and no receipt yet: money may have moved. */
type OpenEnd<Row> = Row extends ClaimRow ? Row & { readonly outcome: "unknown"; readonly message?: string } : never;

/** The run's time was up and nothing else is in the way: the next one goes on, and nobody has to do anything. */
export function isHandedOver({ stopped, rows, held = [] }: ApplyReport): boolean {
  const left = rows.filter((row) => !isWell(row));
  return stopped?.cause === "time" && held.length === 0 && left.every(({ outcome }) => outcome === "not-sent");
}

/** Done, by this run or before it. */
export function isWell({ outcome }: ApplyRow): boolean {
  return outcome === "done" || outcome === "found";
}
