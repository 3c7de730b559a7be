import { bonusKey } from "../ledger/identity.ts";
import { mayHavePaid } from "../ledger/state.ts";
import { sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PlanInput } from "./plan-input.ts";

/** What a study has spent of its budget, fees included. */
export interface StudySpending {
  /** By every claim that was not turned away. */
  readonly claimed: Money;
  /** By bonuses that were paid before or by hand, and that a reviewed file calls the study's own. */
  readonly adopted: Money;
  readonly all: Money;
}

/** A bonus that was claimed, may have been paid, and was adopted after all counts once. */
export function studySpending(
  study: string,
  { account, rules, manifests, ledger }: Pick<PlanInput, "account" | "rules" | "manifests" | "ledger">,
): StudySpending {
  const { currency } = account;
  const isClaimed = ({ assignment, label }: { readonly assignment: string; readonly label: string }) => {
    const bonus = ledger.bonuses.get(bonusKey(account, assignment, label));
    return bonus !== undefined && mayHavePaid(bonus);
  };
  const rows = manifests.filter((each) => each.study === study).flatMap(({ adopted }) => adopted);
  const adopted = sumMoney(
    rows.filter((row) => !isClaimed(row)).flatMap(({ amount }) => [amount, rules.fee(amount)]),
    currency,
  );
  const claimed = ledger.claimedByStudy.get(study) ?? sumMoney([], currency);
  return { claimed, adopted, all: sumMoney([claimed, adopted], currency) };
}
