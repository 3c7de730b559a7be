import { sumMoney } from "../money.ts";
import { usd } from "./plans.fixture.ts";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";
import { isWell } from "./apply-report.ts";
import type { AccountResult, HeldManifest, ResultComment } from "./comment-input.ts";
import { EXAMPLE_POLICY } from "./example-comment.fixture.ts";

type PayRow = ApplyRow & { readonly kind: "pay" };

/** A bonus that was paid, unless told otherwise. */
export function payRow(changes: Partial<PayRow> & Record<string, unknown> = {}): ApplyRow {
  return {
    kind: "pay",
    assignment: "3ASSIGNMENTEXAMPLE",
    label: "",
    attempt: 1,
    worker: "A2WORKEREXAMPLE",
    amount: "1.50",
    fee: "0.30",
    reason: "Thank you. [ref K7QM-2N4D-XW5A]",
    reference: "K7QM-2N4D-XW5A",
    handle: "H",
    others: 0,
    outcome: "done",
    time: "2026-06-12T14:03:00.000Z",
    ...changes,
  };
}

/** That many paid bonuses for as many workers. */
export function payRowsOf(
  number: number,
  changes: (index: number) => Record<string, unknown> = () => ({}),
): ApplyRow[] {
  return Array.from({ length: number }, (_, index) =>
    payRow({
      worker: `A2W${String(index).padStart(10, "0")}Z`,
      assignment: `3ASSIGN${String(index).padStart(23, "0")}`,
      ...changes(index),
    }),
  );
}

export function report(rows: readonly ApplyRow[], changes: Partial<ApplyReport> = {}): ApplyReport {
  const pays = rows.flatMap((row) => (row.kind === "pay" ? [row] : []));
  const paid = pays.filter(isWell);
  const amount = sumMoney(
    paid.map((row) => usd(row.amount)),
    "USD",
  );
  const fees = sumMoney(
    paid.map((row) => usd(row.fee)),
    "USD",
  );
  return {
    account: { platform: "mturk", environment: "production", currency: "USD" },
    rows,
    totals: { bonuses: pays.length, paid: paid.length, amount, fees, cost: sumMoney([amount, fees], "USD") },
    balance: { before: usd("240.00"), after: usd("228.90") },
    receipts: { branch: "receipts", paths: ["receipts/2026/06/000018-stroop.receipt.json"] },
    problems: [],
    ...changes,
  };
}

export function heldManifest(changes: Partial<HeldManifest> = {}): HeldManifest {
  return {
    file: "payments/interviews.yaml",
    code: "approval_missing",
    message: "1 of 2 approvals",
    next: "have one more person approve the pull request, then start the workflow by hand",
    ...changes,
  };
}

export function result(accounts: readonly AccountResult[], changes: Partial<ResultComment> = {}): ResultComment {
  return {
    kind: "result",
    state: "PAID",
    accounts,
    held: [],
    approvers: ["okafor"],
    policy: EXAMPLE_POLICY,
    records: {
      repositoryUrl: "https://github.com/example-lab/payments",
      branch: "receipts",
      paths: ["receipts/2026/06/000017-stroop.claim.json", "receipts/2026/06/000018-stroop.receipt.json"],
    },
    footer: { runUrl: "https://github.com/example-lab/payments/actions/runs/8124", tool: "mergepay 0.1.0" },
    ...changes,
  };
}
