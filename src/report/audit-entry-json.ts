import { formatMoney } from "../money.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import type { Json } from "./plan-json.ts";

/** A recorded audit for programs. Amounts are of bonuses, without fees. */
export function auditEntryJson(entry: AuditEntry): Json {
  const { path, time, actor, run, tool, commit, ledger, everywhere, notAsked, findings, accounts } = entry;
  return {
    time,
    clean: findings.length === 0,
    findings: Object.fromEntries(findings.map(({ code, count }) => [code, count])),
    accounts: accounts.map(({ account, bonuses, explained, total }) => ({
      ...account,
      bonuses,
      explained: formatMoney(explained),
      total: formatMoney(total),
    })),
    actor,
    run,
    tool,
    commit,
    records: ledger.records,
    head: ledger.head,
    everywhere,
    notAsked,
    path,
  };
}
