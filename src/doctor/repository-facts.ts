import type { AuditRecord } from "../ledger/audit-record.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { Payments } from "../manifest/read-payments.ts";
import type { Environment } from "../platforms/ports.ts";

/** What git says about the clone and its remote, before anything is judged. */
export interface RepositoryFacts {
  readonly environment: Environment;
  readonly remote: string;
  /** Why there is no clone to look at, or no remote. */
  readonly clone: { readonly kind: "clone" } | Lacking;
  /** The tip of the remote's default branch: what would be paid stands there. */
  readonly tip: { readonly kind: "tip"; readonly branch: string } | Lacking;
  /** `payments/` there. */
  readonly payments: Payments | undefined;
  /** Has the work tree a policy. */
  readonly policyOnDisk: boolean;
  readonly ledger: LedgerFacts;
  /** `owner/name` on GitHub. */
  readonly onGitHub: string | undefined;
  /** Is there a workflow on the default branch that pays. */
  readonly workflowPays: boolean;
}

export interface Lacking {
  readonly kind: "lacking";
  readonly message: string;
  readonly hint: string;
}

export type LedgerFacts =
  | { readonly kind: "not-looked" }
  | { readonly kind: "missing"; readonly branch: string }
  | { readonly kind: "unreadable"; readonly branch: string; readonly message: string; readonly hint: string }
  | { readonly kind: "broken"; readonly branch: string; readonly first: string }
  | {
      readonly kind: "whole";
      readonly branch: string;
      readonly records: readonly FiledRecord[];
      /** The newest that is recorded. */
      readonly lastAudit: AuditRecord | undefined;
      /** What the remote says to a push from here; undefined where it would take it. */
      readonly refusal: string | undefined;
    };
