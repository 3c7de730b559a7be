import type { AuditRecord, FindingCount } from "./audit-record.ts";

/** Where audits are kept: among the records, so that whoever shares the branch leaves one folder alone. */
const AUDITS = "receipts/audits";

/** True for whatever lies where audits are kept. */
export function isAmongAudits(path: string): boolean {
  return path === AUDITS || path.startsWith(`${AUDITS}/`);
}

/** `receipts/audits/2026/11/000017.audit.json`, by the month of its time. */
export function auditPath({ time, sequence }: Pick<AuditRecord, "time" | "sequence">): string {
  return `${AUDITS}/${time.slice(0, 4)}/${time.slice(5, 7)}/${String(sequence).padStart(6, "0")}.audit.json`;
}

/** An audit as its file holds it. The same audit gives the same bytes, so that a file can be compared with what it says. */
export function formatAudit(audit: AuditRecord): string {
  const { record, version, sequence, previous, ledger, commit, actor, run, tool, time } = audit;
  const ordered: { [Key in keyof AuditRecord]: AuditRecord[Key] } = {
    record,
    version,
    sequence,
    previous,
    ledger: { records: ledger.records, head: ledger.head },
    commit,
    actor,
    run,
    tool,
    time,
    everywhere: audit.everywhere,
    notAsked: [...audit.notAsked].sort(),
    clean: audit.clean,
    findings: inOrder(audit.findings),
    accounts: audit.accounts.map(({ platform, environment, currency, bonuses, explained, total, findings }) => ({
      platform,
      environment,
      currency,
      bonuses,
      explained,
      total,
      findings: inOrder(findings),
    })),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function inOrder(findings: readonly FindingCount[]): FindingCount[] {
  return findings.map(({ code, count }) => ({ code, count })).sort((a, b) => (a.code < b.code ? -1 : 1));
}
