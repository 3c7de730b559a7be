import type { ClaimRow, RowOutcome } from "../ledger/records.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";

/** What the ledger says was spent: one record and one claimed row after the other, in the ledger's order. */
export interface Statement {
  readonly records: readonly StatementRecord[];
  readonly rows: readonly StatementRow[];
}

/** A record without its rows. */
export interface StatementRecord {
  readonly kind: "claim" | "receipt";
  readonly path: string;
  readonly sequence: number;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
  readonly account: Account;
  readonly study: string;
  readonly manifest: { readonly file: string; readonly digest: string; readonly commit: string };
  /** ISO 8601. */
  readonly time: string;
  /** Of the claim that a receipt answers. */
  readonly claim?: number;
  readonly pullRequest: number | null;
  readonly author: string | null;
  readonly approvers: readonly string[];
  readonly run: string;
  /** What the account held when the record was written. */
  readonly balance: Money | undefined;
  /** As the record states them: a claim's are asked for, a receipt's are paid. */
  readonly totals: { readonly rows: number; readonly amount: Money; readonly fee: Money };
}

/** A claimed row, and how it ended as far as the ledger knows. */
export interface StatementRow {
  readonly kind: ClaimRow["kind"];
  readonly claim: StatementRecord;
  /** The last one that answers it. */
  receipt: StatementRecord | undefined;
  outcome: RowOutcome | "open";
  /** Milliseconds since 1970: of the outcome, or of the claim while it is open. */
  time: number;
  /** Empty where a qualification type is made. */
  readonly worker: string;
  /** A bonus's; else empty, as are its label and reference. */
  readonly assignment: string;
  readonly label: string;
  readonly reference: string;
  readonly attempt: number;
  /** A bonus and its fee; zero for everything else. */
  readonly amount: Money;
  readonly fee: Money;
  /** Without the reference. */
  readonly reason: string;
  /** A qualification's; else empty. */
  readonly name: string;
  readonly score: number | undefined;
  /** Why it did not end well, in the platform's words or ours. */
  message: string;
}

/** True where the ledger says that the worker has the money. */
export function isPaidRow({ kind, outcome }: Pick<StatementRow, "kind" | "outcome">): boolean {
  return kind === "pay" && (outcome === "done" || outcome === "found");
}

/** `2026-11-23`, UTC, of milliseconds since 1970. */
export function dayOf(time: number): string {
  const number = Math.floor(time / DAY_MS);
  const known = days.get(number) ?? new Date(number * DAY_MS).toISOString().slice(0, 10);
  days.set(number, known);
  return known;
}

const DAY_MS = 86_400_000;
/** Of a million rows, few are of another day than one before. */
const days = new Map<number, string>();

/** Amounts of two accounts are never added. */
export function isOfAccount({ account }: StatementRecord, other: Account): boolean {
  return isSameAccount(account, other);
}

export function isSameAccount(account: Account, { platform, environment, currency, name }: Account): boolean {
  const same = account.platform === platform && account.environment === environment && account.currency === currency;
  return same && account.name === name;
}
