import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { subtractMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account, PlatformRules } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import { inOrder } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { planBonuses } from "./plan-bonuses.ts";
import { planQualifications } from "./plan-qualifications.ts";
import type { HeldRow, Plan, PlanTotals, SettledRow, Step } from "./plan.ts";
import { spendingProblems } from "./spending.ts";
import type { Observed } from "./observed.ts";

/** Everything that a plan depends on. The same input gives the same plan. */
export interface PlanInput {
  readonly account: Account;
  readonly rules: PlatformRules;
  /** The manifests of this account alone. */
  readonly manifests: readonly Manifest[];
  readonly policy: Policy;
  readonly ledger: LedgerState;
  readonly observed: Observed;
  /** Where `payments/PAUSED` stands, if it does. */
  readonly paused?: Place;
  /** Runs that are known to be at work now, by the address that their claims carry. */
  readonly liveRuns: ReadonlySet<string>;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** What was found wrong before: in files, in the ledger. */
  readonly problems: readonly Problem[];
}

/** What one stage of planning finds out. */
export interface Findings {
  readonly steps: Step[];
  readonly settled: SettledRow[];
  readonly held: HeldRow[];
  readonly problems: Problem[];
}

/** Decides, and never does: manifests, policy, ledger and what the platform says become a plan. */
export function makePlan(input: PlanInput): Plan {
  const found: Findings = { steps: [], settled: [], held: [], problems: [...input.problems] };
  planQualifications(input, found);
  planBonuses(input, found);
  const totals = totalsOf(input, found.steps);
  spendingProblems(input, found.steps, totals, found.problems);
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

function totalsOf(input: PlanInput, steps: readonly Step[]): PlanTotals {
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
  return {
    bonuses: pays.length,
    amount,
    fees,
    cost,
    balance,
    balanceAfter: balance === "unknown" ? "unknown" : (subtractMoney(balance, cost) ?? "unknown"),
    grants: steps.filter((step) => step.kind === "grant").length,
    rescores: steps.filter((step) => step.kind === "rescore").length,
    revokes: steps.filter((step) => step.kind === "revoke").length,
    emails: steps.filter((step) => (step.kind === "grant" || step.kind === "rescore") && step.notify).length,
    budgetsLeft: budgetsLeft(input, steps),
  };
}

/** Of the studies that this plan pays for and that have a budget; 0 where the plan asks for more than is left. */
function budgetsLeft({ policy, ledger, account }: PlanInput, steps: readonly Step[]): ReadonlyMap<string, Money> {
  const left = new Map<string, Money>();
  const none = sumMoney([], account.currency);
  for (const [study, cost] of costByStudy(steps, account)) {
    const budget = policy.budgets.get(study);
    if (!budget) continue;
    const spent = sumMoney([ledger.claimedByStudy.get(study) ?? none, cost], account.currency);
    left.set(study, subtractMoney(budget, spent) ?? none);
  }
  return left;
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
