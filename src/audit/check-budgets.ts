import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { compareMoney, displayMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import type { Policy } from "../policy/policy.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/** Studies whose claims, with the bonuses adopted for them, cost more than the policy's budget. */
export function checkBudgets(
  { account, rules }: AccountEvidence,
  manifests: readonly Manifest[],
  ledger: LedgerState,
  { budgets }: Policy,
): Finding[] {
  return [...budgets].flatMap(([study, budget]): Finding[] => {
    if (budget.currency !== account.currency) return [];
    const adopted: Money[] = manifests
      .filter((each) => each.study === study)
      .flatMap(({ adopted }) => adopted.flatMap(({ amount }) => [amount, rules.fee(amount)]));
    const spent = sumMoney(
      [ledger.claimedByStudy.get(study) ?? sumMoney([], account.currency), ...adopted],
      account.currency,
    );
    if (compareMoney(spent, budget) <= 0) return [];
    return [
      {
        code: "budget-overrun",
        account,
        place: POLICY_FILE,
        message: `study ${study} has claimed ${displayMoney(spent)} with fees, over its budget of ${displayMoney(budget)}`,
        next: "raise the budget by a reviewed change of the policy, or find out which claims should not be there",
      },
    ];
  });
}
