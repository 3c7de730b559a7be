import type { AuditRecord, AuditRecordAccount } from "./audit-record.ts";
import { auditPath, formatAudit } from "./audit-text.ts";
import type { LedgerFile } from "./chain.ts";
import { NO_RECORD, sha256Hex } from "./record-text.ts";

/** For tests: the account of {@link sampleAudits}, in which every cent is explained. */
export const CLEAN: AuditRecordAccount = {
  platform: "mturk",
  environment: "production",
  currency: "USD",
  bonuses: 3,
  explained: "5.75",
  total: "5.75",
  findings: [],
};

/** For tests: audits on one chain, each a day later than the one before. `heads` are those of the ledger. */
export function sampleAudits(
  heads: readonly string[],
  drafts: readonly Partial<Omit<AuditRecord, "sequence" | "previous">>[],
): { readonly audits: readonly AuditRecord[]; readonly files: readonly LedgerFile[] } {
  const audits: AuditRecord[] = [];
  for (const [nth, draft] of drafts.entries()) {
    const last = audits.at(-1);
    const records = draft.ledger?.records ?? heads.length - 1;
    audits.push({
      record: "audit",
      version: 1,
      sequence: nth + 1,
      previous: last ? sha256Hex(formatAudit(last)) : NO_RECORD,
      commit: "c".repeat(40),
      actor: "ada",
      run: `https://github.com/lab/study/actions/runs/${nth + 1}/attempts/1`,
      tool: "mergepay 0.1.0",
      time: new Date(Date.UTC(2026, 11, 1 + nth, 7, 23)).toISOString(),
      everywhere: false,
      notAsked: [],
      clean: true,
      findings: [],
      accounts: [CLEAN],
      ...draft,
      ledger: { records, head: heads[records] ?? NO_RECORD, ...draft.ledger },
    });
  }
  return { audits, files: audits.map(fileOf) };
}

export function fileOf(audit: AuditRecord): LedgerFile {
  return { path: auditPath(audit), bytes: Buffer.from(formatAudit(audit)) };
}
