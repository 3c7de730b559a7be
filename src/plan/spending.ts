import { compareMoney, displayMoney, subtractMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import type { PlanInput } from "./plan-input.ts";
import type { PlanTotals, Step } from "./plan.ts";

/** What stops a plan although each of its rows is right: a pause, the balance, the day's limit, a study's budget. */
export function spendingProblems(
  input: PlanInput,
  steps: readonly Step[],
  totals: PlanTotals,
  problems: Problem[],
): void {
  if (input.paused && steps.length > 0) {
    problems.push(
      problem("paused", input.paused, "payments are paused", "remove payments/PAUSED by a reviewed change to go on"),
    );
  }
  if (totals.bonuses === 0) return;
  const first = placeOf(steps.find((step) => step.kind === "pay"));
  balanceProblem(totals, first, problems);
  dayProblem(input, totals, first, problems);
  budgetProblems(input, steps, problems);
}

function balanceProblem({ balance, cost }: PlanTotals, at: Place, problems: Problem[]): void {
  if (balance === "unknown" || compareMoney(cost, balance) <= 0) return;
  const short = subtractMoney(cost, balance) ?? cost;
  problems.push(
    problem(
      "balance-too-small",
      at,
      `the bonuses cost ${displayMoney(cost)} with fees, and the account holds ${displayMoney(balance)}`,
      `add at least ${displayMoney(short)} to the account, or pay fewer rows: paying the first half and stopping is worse than paying nobody`,
    ),
  );
}

function dayProblem(
  { policy, ledger, account, now }: PlanInput,
  totals: PlanTotals,
  at: Place,
  problems: Problem[],
): void {
  const today = ledger.claimedByDay.get(now.slice(0, 10)) ?? sumMoney([], account.currency);
  const would = sumMoney([today, totals.cost], account.currency);
  if (compareMoney(would, policy.limits.day) <= 0) return;
  problems.push(
    problem(
      "day-over-limit",
      at,
      `with ${displayMoney(today)} claimed today, this would make ${displayMoney(would)}; limits.day is ${displayMoney(policy.limits.day)}`,
      "wait until tomorrow (UTC), pay fewer rows, or raise limits.day in payments/policy.yaml by a reviewed change of its own",
    ),
  );
}

function budgetProblems({ policy, ledger, account }: PlanInput, steps: readonly Step[], problems: Problem[]): void {
  const none: Money = sumMoney([], account.currency);
  for (const [study, cost] of costByStudy(steps, account)) {
    const budget = policy.budgets.get(study);
    if (!budget) continue;
    const claimed = ledger.claimedByStudy.get(study) ?? none;
    const would = sumMoney([claimed, cost], account.currency);
    if (compareMoney(would, budget) <= 0) continue;
    problems.push(
      problem(
        "budget-exceeded",
        placeOf(steps.find((step) => step.kind === "pay" && step.study === study)),
        `study ${study} has claimed ${displayMoney(claimed)}; with these bonuses ${displayMoney(would)}, over its budget of ${displayMoney(budget)}`,
        "pay fewer rows, or raise the budget in payments/policy.yaml by a reviewed change of its own",
      ),
    );
  }
}

function placeOf(step: Step | undefined): Place {
  return { file: step?.file ?? "payments", line: step?.line ?? 1, column: 1 };
}

/** Study → amount and fees of the bonuses in these steps. */
export function costByStudy(steps: readonly Step[], { currency }: Account): ReadonlyMap<string, Money> {
  const costs = new Map<string, Money>();
  for (const step of steps) {
    if (step.kind !== "pay") continue;
    const before = costs.get(step.study);
    costs.set(step.study, sumMoney([step.amount, step.fee, ...(before ? [before] : [])], currency));
  }
  return costs;
}
