import type { FiledAudit } from "../ledger/audit-record.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Account, ListedPayment, ObservedAssignment, ObservedGroup, PlatformRules } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";

/** Everything that an audit rests on, gathered before. The same input gives the same findings. */
export interface AuditInput {
  readonly policy: Policy;
  /** What the default branch asks for, and what is wrong in its files. */
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
  readonly ledger: LedgerEvidence;
  readonly accounts: readonly AccountEvidence[];
  readonly reviews: ReviewEvidence | "not-asked";
  readonly posture: Posture | "not-asked";
}

export interface LedgerEvidence {
  readonly branch: string;
  readonly isMissing: boolean;
  readonly records: readonly FiledRecord[];
  /** Those that were recorded before. */
  readonly audits: readonly FiledAudit[];
  /** Of chain and history. */
  readonly faults: readonly { readonly path?: string; readonly message: string; readonly hint: string }[];
  /** Record's path → the name of the author of the commit that added it. */
  readonly authors: ReadonlyMap<string, string>;
  /** Commits that were once seen as the ledger's tip and that it does not hold any more. */
  readonly lostAnchors: readonly { readonly commit: string; readonly where: string }[];
}

export interface AccountEvidence {
  readonly account: Account;
  readonly rules: PlatformRules;
  readonly observed: AuditObserved;
  /** ISO 8601, UTC: the account's own clock. */
  readonly now: string;
}

/** What the platform says about an account's payments. */
export interface AuditObserved {
  /** Of those that manifests and ledger name: the ones that the platform still knows. */
  readonly assignments: ReadonlyMap<string, ObservedAssignment>;
  /** Every bonus of every container that was looked into, also for assignments that nobody here names. */
  readonly listed: readonly ListedPayment[];
  /** Group (see `groupKey`) → it and its members. */
  readonly groups: ReadonlyMap<string, ObservedGroup>;
  /** Coarse sums of the platform's own about those containers, for a person to compare with. Nothing is decided by them. */
  readonly evidence?: Readonly<Record<string, string>>;
}

/** What GitHub says now about reviews. */
export interface ReviewEvidence {
  /** Manifest's file → whether it would be let in now, for those that have rows to pay or to adopt. */
  readonly manifests: ReadonlyMap<string, Standing>;
  /** Pull request → what it says, for those that records name. Absent: it could not be asked about. */
  readonly pulls: ReadonlyMap<number, ReviewedPull>;
}

export type Standing =
  | { readonly approved: true }
  | { readonly approved: false; readonly message: string; readonly next: string };

export interface ReviewedPull {
  readonly isMerged: boolean;
  readonly author: string;
  /** Logins of people who approved it at some time. */
  readonly approvedBy: readonly string[];
}

/** What GitHub keeps from happening to the branches that matter. Undefined: it would not say. */
export interface Posture {
  /** Nobody can rewrite or delete the ledger's branch. */
  readonly ledgerIsProtected: boolean | undefined;
  /** Nothing comes to the default branch without a pull request. */
  readonly reviewIsRequired: boolean | undefined;
}
