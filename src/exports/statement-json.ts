import { formatMoney } from "../money.ts";
import { auditEntryJson } from "../report/audit-entry-json.ts";
import { named } from "../report/plan-json.ts";
import type { Json } from "../report/plan-json.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import type { Paid, Summary } from "../statement/summary.ts";
import type { Names } from "./csv.ts";

/** The figures of a report for programs. Amounts are strings such as `"1.50"`; accounts are never added together. */
export function statementJson(
  summaries: readonly Summary[],
  { tip, audits, names }: { readonly tip: string; readonly audits: readonly AuditEntry[]; readonly names: Names },
): Json {
  return {
    version: 1,
    tip,
    accounts: summaries.map((each) => accountJson(each, names)),
    audits: audits.map(auditEntryJson),
  };
}

function accountJson(summary: Summary, { workers, mask }: Names): Json {
  const { account, paid, first = null, last = null } = summary;
  return {
    platform: account.platform,
    environment: account.environment,
    ...named(account),
    currency: account.currency,
    first,
    last,
    ...paidJson(paid),
    studies: summary.studies.map((each) => ({
      study: each.study,
      ...paidJson(each),
      workers: each.workers,
      committed: formatMoney(each.committed),
      budget: each.budget ? formatMoney(each.budget) : null,
      left: each.left ? formatMoney(each.left) : null,
      waiting: each.waiting,
    })),
    days: summary.days.map(({ day, study, ...each }) => ({ day, study, ...paidJson(each) })),
    kinds: summary.kinds.map(({ kind, outcomes }) => ({ kind, ...outcomes })),
    workers: summary.workers.map(({ worker, first, last, ...each }) => ({
      worker: workers.get(worker) ?? "",
      first,
      last,
      ...paidJson(each),
    })),
    years: summary.years.map(({ worker, year, ...each }) => ({
      worker: workers.get(worker) ?? "",
      year,
      ...paidJson(each),
    })),
    approvers: summary.approvers.map(({ approver, ...each }) => ({ approver, ...paidJson(each) })),
    waiting: summary.waiting.map((row) => ({
      kind: row.kind,
      state: row.outcome,
      study: row.claim.study,
      worker: workers.get(row.worker) ?? "",
      label: mask.text(row.label),
      amount: row.kind === "pay" ? formatMoney(row.amount) : null,
      reference: row.reference,
      since: row.claim.time,
      claim: row.claim.path,
      receipt: row.receipt?.path ?? null,
    })),
  };
}

function paidJson({ bonuses, amount, fee, cost }: Paid): { readonly [key: string]: Json } {
  return { bonuses, amount: formatMoney(amount), fees: formatMoney(fee), cost: formatMoney(cost) };
}
