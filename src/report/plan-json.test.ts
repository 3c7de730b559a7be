import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";
import { applyJson, jsonPieces, jsonText, planJson, problemsJson } from "./plan-json.ts";
import type { Json } from "./plan-json.ts";
import { grant, held, mistake, pay, plan, settledPay, usd } from "./plans.fixture.ts";

test("a plan is written with exactly these keys, amounts as strings and ids in clear", () => {
  const steps = [
    pay(),
    grant({ kind: "revoke", was: 85 }),
    { kind: "create-type", file: "f", line: 3, study: "stroop", name: "n", description: "d" } as const,
  ];
  const given = plan(steps, { settled: [settledPay()], held: [held()], problems: [mistake()] });
  expect(printed(planJson(given))).toEqual({
    version: 1,
    platform: "mturk",
    environment: "production",
    currency: "USD",
    manifests: [{ file: "payments/pilot.yaml", digest: "7f3a91c044de".padEnd(64, "0") }],
    steps: [
      {
        kind: "pay",
        file: "payments/pilot.yaml",
        line: 5,
        worker: "A2WORKEREXAMPLE",
        assignment: "3ASSIGNMENTEXAMPLE",
        label: "",
        amount: "1.50",
        fee: "0.30",
        reference: "K7QM-2N4D-XW5A",
      },
      {
        kind: "revoke",
        file: "payments/pilot.yaml",
        line: 14,
        worker: "A2WORKEREXAMPLE",
        name: "stroop-wave-1",
        score: 85,
        was: 85,
        notify: false,
      },
      { kind: "create-type", file: "f", line: 3, name: "n", description: "d" },
    ],
    settled: [
      {
        kind: "pay",
        file: "payments/pilot.yaml",
        line: 4,
        worker: "A9WORKEREXAMPLE",
        assignment: "3SETTLEDASSIGNMENT",
        label: "",
        amount: "2.00",
        because: "receipt",
        receipt: "receipts/2026/11/000018-stroop.receipt.json",
      },
    ],
    held: [
      {
        kind: "pay",
        state: "held",
        file: "payments/pilot.yaml",
        line: 9,
        worker: "A3HELDWORKER99",
        assignment: "3HELDASSIGNMENT",
        label: "",
        attempt: 1,
        amount: "3.00",
        why: "the answer was lost and 24 hours have passed",
        next: "look for the bonus on the platform's site; to try again, give the row `attempt: 2`",
        record: "receipts/2026/11/000017-stroop.claim.json",
      },
    ],
    totals: {
      bonuses: 1,
      amount: "1.50",
      fees: "0.30",
      cost: "1.80",
      balance: "230.70",
      balanceAfter: "228.90",
      open: { bonuses: 0, cost: "0.00" },
      grants: 0,
      rescores: 0,
      revokes: 1,
      emails: 0,
    },
    problems: [mistake()],
  });
});

test("a balance that nobody knows is null", () => {
  const totals = { ...plan().totals, balance: "unknown", balanceAfter: "unknown" } as const;
  expect(printed(planJson(plan([], { totals })))).toMatchObject({ totals: { balance: null, balanceAfter: null } });
});

test("outcomes are named by what was done, and open rows are unknown", () => {
  const claim = { assignment: "3A", label: "", attempt: 1, worker: "A2", amount: "1.50", fee: "0.30", reason: "r" };
  const bonus = { kind: "pay", ...claim, reference: "K7QM-2N4D-XW5A", handle: "T", others: 0 } as const;
  const member = { name: "n", group: "3T", worker: "A2", score: 1, notify: false } as const;
  const done = { outcome: "done", time: "2026-11-23T10:00:00Z" } as const;
  const rows: ApplyRow[] = [
    { ...bonus, ...done, requestId: "id-1" },
    { kind: "grant", ...member, ...done },
    { kind: "rescore", ...member, ...done },
    { kind: "revoke", ...member, ...done },
    { kind: "create-type", name: "n", description: "d", ...done },
    { ...bonus, outcome: "found", time: done.time },
    { ...bonus, outcome: "unknown" },
  ];
  const report: ApplyReport = {
    account: { platform: "mturk", environment: "sandbox", currency: "USD" },
    rows,
    totals: { bonuses: 3, paid: 2, amount: usd("3.00"), fees: usd("0.60"), cost: usd("3.60") },
    balance: { before: "unknown", after: usd("1.00") },
    receipts: { branch: "receipts", paths: ["receipts/2026/11/000001-s.receipt.json"] },
    problems: [],
  };
  const outcomes = ["paid", "granted", "rescored", "revoked", "created", "found", "unknown"];
  expect(printed(applyJson(report))).toMatchObject({
    outcomes: outcomes.map((outcome, index) => ({ kind: rows[index]?.kind, outcome })),
    totals: { bonuses: 3, paid: 2, amount: "3.00", fees: "0.60", cost: "3.60", balance: null, balanceAfter: "1.00" },
    receipts: ["receipts/2026/11/000001-s.receipt.json"],
  });
  expect(printed(applyJson(report))).toMatchObject({
    outcomes: [
      { worker: "A2", assignment: "3A", label: "", amount: "1.50", requestId: "id-1" },
      {},
      {},
      {},
      {},
      {},
      {},
    ],
  });
});

test("problems are written with every field", () => {
  expect(problemsJson([mistake()])).toEqual({ problems: [mistake()] });
});

test("JSON that is printed steers no terminal and reads back as it was", () => {
  const value = { text: "\u001b[2J \u009b2J \u202e \u2028 \u{e0041} \ud800 ok ✓" };
  expect(jsonText(value).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

test("in pieces it is the same text, whatever it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (any, rows) => {
      for (const value of [any, { any, rows, none: [], "a\nb": "c\nd" }, rows, {}] as Json[])
        expect([...jsonPieces(value)].join("")).toBe(jsonText(value));
    }),
  );
});

/** What a program reads of it. */
function printed(value: Json): unknown {
  const text = [...jsonPieces(value)].join("");
  expect(text).toBe(jsonText(value));
  return JSON.parse(text);
}
