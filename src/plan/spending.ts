import { compareMoney, displayMoney, money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account, PlatformRules } from "../platforms/ports.ts";
import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import type { Findings, PlanInput } from "./plan-input.ts";
import { studySpending } from "./study-spending.ts";
import type { PayStep, Plan, PlanTotals, Step } from "./plan.ts";

/** What stops a plan although each of its rows is right: a pause, the balance, the day's limit, a study's budget. */
export function spendingProblems(input: PlanInput, { steps, problems }: Findings, totals: PlanTotals): void {
  if (input.paused && steps.length > 0) {
    problems.push(
      problem("paused", input.paused, "payments are paused", "remove payments/PAUSED by a reviewed change to go on"),
    );
  }
  const pays = steps.filter((step) => step.kind === "pay");
  const [first] = pays;
  if (!first) return;
  balanceProblem(totals, placeOf(first), problems);
  dayProblem(input, totals, placeOf(first), problems);
  budgetProblems(input, pays, problems);
}

function balanceProblem(
  { balance, cost: fresh, open: { cost: open } }: PlanTotals,
  at: Place,
  problems: Problem[],
): void {
  const cost = sumMoney([fresh, open], fresh.currency);
  if (balance === "unknown" || compareMoney(cost, balance) <= 0) return;
  const short = money(cost.minor - balance.minor, cost.currency);
  problems.push(
    problem(
      "balance-too-small",
      at,
      `the bonuses cost ${displayMoney(cost)} with fees${open.minor > 0 ? ` (${displayMoney(open)} of it for rows left open before)` : ""}, and the account holds ${displayMoney(balance)}`,
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

function budgetProblems(input: PlanInput, pays: readonly PayStep[], problems: Problem[]): void {
  const { policy, account } = input;
  for (const [study, budget] of policy.budgets) {
    const [first, ...others] = pays.filter((step) => step.study === study);
    if (!first) continue;
    const { claimed, adopted, all } = studySpending(study, input);
    const costs = [first, ...others].flatMap(({ amount, fee }) => [amount, fee]);
    const would = sumMoney([all, ...costs], account.currency);
    if (compareMoney(would, budget) <= 0) continue;
    problems.push(
      problem(
        "budget-exceeded",
        placeOf(first),
        `study ${study} has claimed ${displayMoney(claimed)}${adopted.minor > 0 ? ` and adopted ${displayMoney(adopted)}` : ""}; with these bonuses ${displayMoney(would)}, over its budget of ${displayMoney(budget)}`,
        "pay fewer rows, or raise the budget in payments/policy.yaml by a reviewed change of its own",
      ),
    );
  }
}

function placeOf({ file, line }: PayStep): Place {
  return { file, line, column: 1 };
}

/** Study → amount and fees of the bonuses in these steps. */
export function costByStudy(steps: readonly Step[], account: Account): ReadonlyMap<string, Money> {
  return costBy(
    steps.filter((step) => step.kind === "pay"),
    ({ study }) => study,
    account,
  );
}

/** File → cost of all its bonuses that are not settled, open and held ones included; absent where nothing is left to do. */
export function costByFile(
  { steps, held }: Pick<Plan, "steps" | "held">,
  { fee }: PlatformRules,
  account: Account,
): ReadonlyMap<string, Money> {
  const waiting = held.map((row) => ({ ...row, fee: fee(row.amount) }));
  return costBy([...steps, ...waiting], ({ file }) => file, account);
}

type Costly =
  | { readonly kind: "pay"; readonly amount: Money; readonly fee: Money }
  | { readonly kind: Exclude<Step["kind"], "pay"> };

function costBy<Row extends Costly>(
  steps: readonly Row[],
  key: (step: Row) => string,
  { currency }: Account,
): ReadonlyMap<string, Money> {
  const costs = new Map<string, Money>();
  for (const step of steps) {
    const before = costs.get(key(step)) ?? sumMoney([], currency);
    const cost = step.kind === "pay" ? [step.amount, step.fee] : [];
    costs.set(key(step), sumMoney([before, ...cost], currency));
  }
  return costs;
}
