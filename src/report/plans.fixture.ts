import { money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { HeldRow, MembershipStep, PayStep, Plan, PlanTotals, SettledRow, Step } from "../plan/plan.ts";
import type { Problem } from "../problem.ts";
import { problem } from "../problem.ts";

/** Builders with defaults, so that a test says only what it is about. */
export function usd(text: string): Money {
  return money(Math.round(Number(text) * 100), "USD");
}

export function pay(changes: Partial<PayStep> = {}): PayStep {
  return {
    kind: "pay",
    file: "payments/pilot.yaml",
    line: 5,
    study: "stroop",
    worker: "A2WORKEREXAMPLE",
    assignment: "3ASSIGNMENTEXAMPLE",
    label: "",
    attempt: 1,
    amount: usd("1.50"),
    fee: usd("0.30"),
    reason: "Thank you for finishing both sessions. [ref K7QM-2N4D-XW5A]",
    reference: "K7QM-2N4D-XW5A",
    others: 0,
    container: "3HIT",
    ...changes,
  };
}

/** That many bonuses for as many workers, on consecutive lines. */
export function pays(number: number, changes: (index: number) => Partial<PayStep> = () => ({})): PayStep[] {
  return Array.from({ length: number }, (_, index) =>
    pay({
      line: index + 5,
      worker: `A2W${String(index).padStart(10, "0")}Z`,
      assignment: `3ASSIGN${String(index).padStart(23, "0")}`,
      ...changes(index),
    }),
  );
}

export function grant(changes: Partial<MembershipStep> = {}): MembershipStep {
  return {
    kind: "grant",
    file: "payments/pilot.yaml",
    line: 14,
    study: "stroop",
    worker: "A2WORKEREXAMPLE",
    name: "stroop-wave-1",
    group: "3TYPE",
    score: 85,
    notify: false,
    ...changes,
  };
}

export function settledPay(changes: Partial<SettledRow & { kind: "pay" }> = {}): SettledRow {
  return {
    kind: "pay",
    file: "payments/pilot.yaml",
    line: 4,
    worker: "A9WORKEREXAMPLE",
    because: "receipt",
    receipt: "receipts/2026/11/000018-stroop.receipt.json",
    assignment: "3SETTLEDASSIGNMENT",
    label: "",
    amount: usd("2.00"),
    ...changes,
  };
}

export function held(changes: Partial<HeldRow> = {}): HeldRow {
  return {
    kind: "pay",
    state: "held",
    file: "payments/pilot.yaml",
    line: 9,
    worker: "A3HELDWORKER99",
    assignment: "3HELDASSIGNMENT",
    label: "",
    attempt: 1,
    amount: usd("3.00"),
    why: "the answer was lost and 24 hours have passed",
    next: "look for the bonus on the platform's site; to try again, give the row `attempt: 2`",
    record: "receipts/2026/11/000017-stroop.claim.json",
    ...changes,
  };
}

export function mistake(changes: Partial<Problem> = {}): Problem {
  const at = { file: "payments/pilot.yaml", line: 4, column: 13 };
  return { ...problem("amount-unreadable", at, "amount is 1.5e2", 'write digits, such as "1.50"'), ...changes };
}

export function plan(steps: readonly Step[] = [], changes: Partial<Plan> = {}): Plan {
  const totals = totalsOf(steps);
  return {
    account: { platform: "mturk", environment: "production", currency: "USD" },
    manifests: [{ file: "payments/pilot.yaml", digest: "7f3a91c044de".padEnd(64, "0"), study: "stroop" }],
    steps,
    settled: [],
    held: [],
    totals,
    problems: [],
    ...changes,
  };
}

function totalsOf(steps: readonly Step[]): PlanTotals {
  const bonuses = steps.filter((step) => step.kind === "pay");
  const sum = (amounts: Money[]) => sumMoney(amounts, "USD");
  const amount = sum(bonuses.map((step) => step.amount));
  const fees = sum(bonuses.map((step) => step.fee));
  const cost = sum([amount, fees]);
  const balance = money(cost.minor + 22_890, "USD");
  const kinds = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  return {
    bonuses: bonuses.length,
    amount,
    fees,
    cost,
    balance,
    balanceAfter: usd("228.90"),
    open: { bonuses: 0, cost: usd("0.00") },

    grants: kinds("grant"),
    rescores: kinds("rescore"),
    revokes: kinds("revoke"),
    emails: steps.filter((step) => "notify" in step && step.notify).length,
    budgetsLeft: new Map([["stroop", usd("388.90")]]),
  };
}
