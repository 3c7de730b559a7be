import type { Currency } from "../money.ts";
import type { Environment } from "../platforms/ports.ts";

/** What every record says first. Amounts are strings of the account's currency, such as `"1.50"`; times are ISO 8601, UTC. */
interface RecordHeader {
  readonly version: 1;
  /** 1, 2, 3 … over claims and receipts alike, without a gap. */
  readonly sequence: number;
  /** SHA-256, hex, of the previous record's bytes; 64 zeros in the first. */
  readonly previous: string;
  readonly platform: string;
  readonly environment: Environment;
  readonly currency: Currency;
  /** How the policy calls the account, beside the one that needs no name. One ledger has records of one account. */
  readonly account?: string;
  /** Where the platform was reached: a host name. */
  readonly endpoint: string;
  readonly study: string;
  /** The lab key that seals the ids of its rows in its file; in memory they are in clear where that key is at hand. */
  readonly sealed?: string;
  readonly manifest: { readonly file: string; readonly digest: string; readonly commit: string };
  readonly pullRequest: number | null;
  readonly author: string | null;
  readonly approvers: readonly string[];
  /** Who or what started the run. */
  readonly actor: string;
  /** The run's address, or `local/…` for a person's own machine. Two runs never share one. */
  readonly run: string;
  readonly tool: string;
  readonly time: string;
}

/** Pushed before money moves: it names every row that may be ordered. */
export interface ClaimRecord extends RecordHeader {
  readonly record: "claim";
  /** The container of the one order that it is for, its price, and coarse sums about the container: see `Traits`. */
  readonly container?: string;
  readonly quote?: QuoteText;
  readonly evidence?: Evidence;
  readonly balance: { readonly before: string | null };
  readonly totals: { readonly rows: number; readonly amount: string; readonly fee: string; readonly cost: string };
  readonly rows: readonly ClaimRow[];
}

/** How the rows of one claim ended. A claim may have several receipts; each row ends in exactly one. */
export interface ReceiptRecord extends RecordHeader {
  readonly record: "receipt";
  /** The sequence of the claim that it answers. */
  readonly claim: number;
  /** As in the claim, when the receipt was written. */
  readonly evidence?: Evidence;
  readonly balance: { readonly before: string | null; readonly after: string | null };
  readonly totals: { readonly rows: number; readonly amount: string; readonly fee: string; readonly cost: string };
  readonly rows: readonly ReceiptRow[];
}

/** What the platform said that an order costs, before it was given. */
export interface QuoteText {
  readonly amount: string;
  readonly fee: string;
  readonly tax: string;
  readonly total: string;
}

/** What a platform calls a figure → the figure. For its support; nothing is decided by it. */
export type Evidence = Readonly<Record<string, string>>;

export type LedgerRecord = ClaimRecord | ReceiptRecord;

export interface PayClaim {
  readonly kind: "pay";
  readonly assignment: string;
  readonly label: string;
  readonly attempt: number;
  readonly worker: string;
  readonly amount: string;
  readonly fee: string;
  /** In full, as it is sent, reference included. */
  readonly reason: string;
  readonly reference: string;
  /** What `prepare` returned: on MTurk the UniqueRequestToken, elsewhere the id of the order that the row is part of. */
  readonly handle: string;
  /** How many equal bonuses without a reference the platform listed when the plan was made: paid by hand. */
  readonly others: number;
  /** The amounts that the platform listed for the assignment just before the claim, where it lists nothing else of a bonus. */
  readonly baseline?: readonly string[];
}

/** `group` is the platform's id; empty where the same claim creates the group first. `name` is how the manifest calls it. */
export interface MembershipClaim {
  readonly kind: "grant" | "rescore" | "revoke";
  readonly name: string;
  readonly group: string;
  readonly worker: string;
  /** Wanted score; absent for a revoke. */
  readonly score?: number;
  /** The score that the plan saw; absent for a grant. */
  readonly was?: number;
  readonly notify: boolean;
  readonly reason?: string;
}

export interface CreateTypeClaim {
  readonly kind: "create-type";
  readonly name: string;
  readonly description: string;
  readonly keywords?: string;
}

export type ClaimRow = PayClaim | MembershipClaim | CreateTypeClaim;

/**
 * How one row ended.
 * `done` paid, granted, re-scored, revoked or created by this run · `found` the platform showed that it was done already ·
 * `refused` the platform said no, nothing moved · `not-sent` claimed but never ordered, or turned away before it could
 * move anything: free to be claimed again; where another run than the one that claimed it says so, that one may have
 * ordered it · `held` nobody can tell, or it is not what was claimed: a person decides.
 */
export type RowOutcome = "done" | "found" | "refused" | "not-sent" | "held";

export type ReceiptRow = Answered<ClaimRow>;

type Answered<Row> = Row extends ClaimRow ? Row & RowEnd : never;

/** The part of a receipt's row that its claim could not know. */
export interface RowEnd {
  readonly outcome: RowOutcome;
  readonly time: string;
  readonly requestId?: string;
  /** Why, for `refused`, `not-sent` and `held`: a stable code of the platform or of ours, and words. */
  readonly code?: string;
  readonly message?: string;
  /** The amounts that the platform lists, where a baseline is what they are compared with. */
  readonly listed?: readonly string[];
  /** The platform's id of a type that was created or found by its name. */
  readonly group?: string;
}

/** A record with the file that holds it. */
export interface FiledRecord {
  /** `receipts/2026/11/000017-stroop-replication.claim.json` */
  readonly path: string;
  /** SHA-256 of the file, hex: the next record names it. */
  readonly hash: string;
  readonly record: LedgerRecord;
}

/** One that is to be written. */
export interface NewRecord extends FiledRecord {
  readonly text: string;
}
