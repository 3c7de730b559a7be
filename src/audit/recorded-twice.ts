import { bonusKey } from "../ledger/identity.ts";
import { isAbout } from "../ledger/record-account.ts";
import type { FiledRecord } from "../ledger/records.ts";
import { amountOf } from "../ledger/state.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/**
 * Bonuses that receipts of two claims call paid. Runs that do not see each other can each find the same payment: nobody is
 * paid twice, and whoever adds up receipts counts it twice.
 */
export function recordedTwice({ account }: AccountEvidence, records: readonly FiledRecord[]): Finding[] {
  const paid = new Map<string, { readonly claim: number; readonly path: string }>();
  const findings: Finding[] = [];
  for (const { path, record } of records) {
    if (record.record !== "receipt" || !isAbout(record, account)) continue;
    for (const row of record.rows) {
      if (row.kind !== "pay" || (row.outcome !== "done" && row.outcome !== "found")) continue;
      const bonus = bonusKey(account, row.assignment, row.label);
      const first = paid.get(bonus);
      if (!first) paid.set(bonus, { claim: record.claim, path });
      else if (first.claim !== record.claim)
        findings.push({
          code: "recorded-twice",
          account,
          place: path,
          worker: row.worker,
          assignment: row.assignment,
          amount: amountOf(row.amount, account),
          message: `${first.path} calls the same bonus paid`,
          next: "nobody was paid twice, unless `paid-twice` stands above; take one of the two out of what you add up",
        });
    }
  }
  return findings;
}
