import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { compareMoney, displayMoney } from "../money.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import { studySpending } from "../plan/study-spending.ts";
import { inCurrency } from "../policy/in-currency.ts";
import type { Policy } from "../policy/policy.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/** Studies whose claims, with the bonuses adopted for them, cost more than the policy's budget. */
export function checkBudgets(
  { account, rules }: AccountEvidence,
  manifests: readonly Manifest[],
  ledger: LedgerState,
  policy: Policy,
): Finding[] {
  return [...inCurrency(policy, account.currency).budgets].flatMap(([study, budget]): Finding[] => {
    const { all, adopted } = studySpending(study, { account, rules, manifests, ledger });
    if (compareMoney(all, budget) <= 0) return [];
    return [
      {
        code: "budget-overrun",
        account,
        place: POLICY_FILE,
        message: `study ${study} has claimed ${displayMoney(all)} with fees${adopted.minor > 0 ? ` (${displayMoney(adopted)} of it adopted)` : ""}, over its budget of ${displayMoney(budget)}`,
        next: "raise the budget by a reviewed change of the policy, or find out which claims should not be there",
      },
    ];
  });
}
