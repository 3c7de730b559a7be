import { expect, test } from "vitest";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";
import { outcomesText } from "./outcomes-text.ts";
import { held, mistake, usd } from "./plans.fixture.ts";

const masked = { workers: "mask", style: { color: false, width: 80 } } as const;

const claim = {
  kind: "pay",
  assignment: "3ASSIGNMENTEXAMPLE",
  label: "",
  attempt: 1,
  worker: "A2WORKEREXAMPLE",
  amount: "1.50",
  fee: "0.30",
  reason: "Thank you. [ref K7QM-2N4D-XW5A]",
  reference: "K7QM-2N4D-XW5A",
  handle: "TOKEN",
  others: 0,
} as const;
const time = "2026-11-23T10:00:00Z";

function report(rows: readonly ApplyRow[], changes: Partial<ApplyReport> = {}): ApplyReport {
  return {
    account: { platform: "mturk", environment: "production", currency: "USD" },
    rows,
    totals: { bonuses: 2, paid: 2, amount: usd("3.00"), fees: usd("0.60"), cost: usd("3.60") },
    balance: { before: usd("240.00"), after: usd("236.40") },
    receipts: { branch: "receipts", paths: ["receipts/2026/11/000018-stroop.receipt.json"] },
    problems: [],
    ...changes,
  };
}

test("a run that paid everything says so, and where the receipt is", () => {
  const rows: ApplyRow[] = [
    { ...claim, outcome: "done", time },
    { ...claim, label: "extra", outcome: "found", time },
  ];
  expect(outcomesText(report(rows), masked)).toBe(`\
Paid 2 of 2: $3.60 with fees — production (Amazon Mechanical Turk)

Done
  Worker  What         For            Amount or score  Why
  A2…PLE  paid         …XAMPLE                  $1.50  Thank you.
  A2…PLE  paid before  …XAMPLE extra            $1.50  Thank you.

Totals
  Paid     2 bonuses: $3.00 + $0.60 fees = $3.60
  Balance  $240.00 before, $236.40 after

Receipt on the branch receipts
  receipts/2026/11/000018-stroop.receipt.json`);
});

test("a run whose time was up says how far it came, and that nobody has to do anything", () => {
  const stopped = { cause: "time", message: "its time was up", next: "nothing: the next run goes on" };
  const totals = { ...report([]).totals, bonuses: 5 };
  const rows: ApplyRow[] = [
    { ...claim, outcome: "done", time },
    { ...claim, label: "extra", outcome: "not-sent", time },
  ];
  const text = outcomesText(report(rows, { stopped, totals }), masked);
  expect(text).toMatch(/^Paid 2 of 5 so far: \$3\.60 with fees, and the next run goes on/);
  expect(text).toMatch(/\n {2}next: nothing: the next run goes on\n/);
  expect(text).not.toContain("Not sent");
});

test("a run that stopped says after how many, why, and what to do", () => {
  const stopped = { cause: "funds", message: "the account has not enough money", next: "add money" };
  const totals = { ...report([]).totals, bonuses: 5 };
  expect(outcomesText(report([{ ...claim, outcome: "done", time }], { stopped, totals }), masked)).toMatch(
    /^Stopped after 2 of 5: \$3\.60 with fees .*\n\n {2}why: {2}the account has not enough money \(funds\)\n {2}next: add money\n/,
  );
});

test.each([
  ["unknown", { ...claim, outcome: "unknown" }, "run `mergepay apply` again"],
  ["held", { ...claim, outcome: "held", time, message: "too late" }, "[ref K7QM-2N4D-XW5A]"],
  ["refused", { ...claim, outcome: "refused", time, code: "RequestError" }, "correct or remove the row"],
  ["not sent", { ...claim, outcome: "not-sent", time }, "the next `mergepay apply` takes it up"],
] as const)("a row that is %s is told with its next step", (_, row, next) => {
  const text = outcomesText(report([row]), masked);
  expect(text.replace(/\s+/g, " ")).toContain(next);
  expect(text).not.toContain("\nDone\n");
});

test("a row's own next step is told instead of the usual one", () => {
  const text = outcomesText(report([{ ...claim, outcome: "held", time, next: "ask the platform" }]), masked);
  expect(text).toContain("next: ask the platform");
  expect(text).not.toContain("attempt: 2");
});

test("problems stop a run before anything is paid, and the first line says so", () => {
  const totals = { ...report([]).totals, paid: 0 };
  expect(outcomesText(report([], { problems: [mistake()], totals }), masked)).toMatch(
    /^Stopped: 1 problem, nothing was paid — production/,
  );
});

test("rows that earlier runs left for a person are told again", () => {
  expect(outcomesText(report([], { held: [held()] }), masked)).toContain(
    "Held: not paid until a person decides (1 bonus)",
  );
});

test("no worker id is in clear unless the policy shows it, not even in the platform's words", () => {
  const row = {
    ...claim,
    outcome: "refused",
    time,
    message: "This worker A3STRANGER0000 is not A2WORKEREXAMPLE",
  } as const;
  const text = outcomesText(report([row]), masked);
  expect(text).not.toMatch(/A3STRANGER0000|A2WORKEREXAMPLE/);
});

test("the platform's words neither steer the terminal nor begin a workflow command", () => {
  const row = { ...claim, outcome: "refused", time, message: "::error::\u001b[2J\n::error::x" } as const;
  const text = outcomesText(report([row]), masked);
  expect(text).not.toContain("\u001b");
  expect(text).not.toMatch(/^\s*::/m);
});
