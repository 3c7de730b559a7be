import type { Account } from "../platforms/ports.ts";

/**
 * That somebody compared lists, ledger and platform, and what came of it. It holds no id of anybody, no place and no
 * reason. Audits are a chain of their own beside the records: each names the ledger that it looked at, and no record
 * names an audit, so that an audit changes nothing about what was paid or may be.
 */
export interface AuditRecord {
  readonly record: "audit";
  readonly version: 1;
  /** 1, 2, 3 … over audits alone, without a gap. */
  readonly sequence: number;
  /** SHA-256, hex, of the previous audit's bytes; 64 zeros in the first. */
  readonly previous: string;
  /** What it looked at: how many records there were, and SHA-256 of the last one's bytes (64 zeros where there was none). */
  readonly ledger: { readonly records: number; readonly head: string };
  /** The default branch's commit: its lists were looked at. */
  readonly commit: string;
  /** Who or what ran it, as in every record. */
  readonly actor: string;
  readonly run: string;
  readonly tool: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Were all containers of the accounts looked into, or those alone that lists and ledger name. */
  readonly everywhere: boolean;
  /** What of real money could not be asked about. */
  readonly notAsked: readonly ("reviews" | "protection")[];
  /** Was nothing found at all. */
  readonly clean: boolean;
  /** What was found that belongs to no account. */
  readonly findings: readonly FindingCount[];
  readonly accounts: readonly AuditRecordAccount[];
}

/** How often something was found: a code of `docs/audit.md`. */
export interface FindingCount {
  readonly code: string;
  readonly count: number;
}

/** Amounts of bonuses, without fees, such as `"12.50"`. */
export interface AuditRecordAccount extends Omit<Account, "name"> {
  readonly bonuses: number;
  readonly explained: string;
  readonly total: string;
  readonly findings: readonly FindingCount[];
}

/** An audit with the file that holds it. */
export interface FiledAudit {
  /** `receipts/audits/2026/11/000017.audit.json` */
  readonly path: string;
  readonly text: string;
  readonly audit: AuditRecord;
}
