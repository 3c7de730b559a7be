import { subtractMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { inOrder } from "../problem.ts";
import { planBonuses } from "./plan-bonuses.ts";
import type { Findings, PlanInput } from "./plan-input.ts";
import { planQualifications } from "./plan-qualifications.ts";
import type { Plan, PlanTotals, Step } from "./plan.ts";
import { costByStudy, spendingProblems } from "./spending.ts";
import { studySpending } from "./study-spending.ts";

/** Decides, and never does: manifests, policy, ledger and what the platform says become a plan. */
export function makePlan(input: PlanInput): Plan {
  const found: Findings = { steps: [], settled: [], held: [], problems: [...input.problems] };
  planQualifications(input, found);
  planBonuses(input, found);
  const totals = totalsOf(input, found);
  spendingProblems(input, found, totals);
  return {
    account: input.account,
    manifests: input.manifests.map(({ file, digest, study }) => ({ file, digest, study })),
    steps: found.steps,
    settled: found.settled,
    held: found.held,
    totals,
    problems: inOrder(found.problems),
  };
}

function totalsOf(input: PlanInput, { steps, held }: Findings): PlanTotals {
  const { currency } = input.account;
  const pays = steps.filter((step) => step.kind === "pay");
  const amount = sumMoney(
    pays.map((step) => step.amount),
    currency,
  );
  const fees = sumMoney(
    pays.map((step) => step.fee),
    currency,
  );
  const cost = sumMoney([amount, fees], currency);
  const balance = input.observed.wallet.available;
  const open = held.filter(({ state }) => state === "open");
  const openCost = sumMoney(
    open.flatMap((row) => [row.amount, input.rules.fee(row.amount)]),
    currency,
  );
  const all = sumMoney([cost, openCost], currency);
  return {
    bonuses: pays.length,
    amount,
    fees,
    cost,
    ...(input.rules.traits.price === "quote" ? { feeBasis: input.rules.feeBasis } : {}),
    balance,
    balanceAfter: balance === "unknown" ? "unknown" : (subtractMoney(balance, all) ?? "unknown"),
    open: { bonuses: open.length, cost: openCost },
    grants: steps.filter((step) => step.kind === "grant").length,
    rescores: steps.filter((step) => step.kind === "rescore").length,
    revokes: steps.filter((step) => step.kind === "revoke").length,
    emails: steps.filter((step) => (step.kind === "grant" || step.kind === "rescore") && step.notify).length,
    budgetsLeft: budgetsLeft(input, steps),
  };
}

/** Of the studies that this plan pays for and that have a budget; 0 where the plan asks for more than is left. */
function budgetsLeft(input: PlanInput, steps: readonly Step[]): ReadonlyMap<string, Money> {
  const { policy, account } = input;
  const left = new Map<string, Money>();
  const none = sumMoney([], account.currency);
  for (const [study, cost] of costByStudy(steps, account)) {
    const budget = policy.budgets.get(study);
    if (!budget) continue;
    const spent = sumMoney([studySpending(study, input).all, cost], account.currency);
    left.set(study, subtractMoney(budget, spent) ?? none);
  }
  return left;
}
