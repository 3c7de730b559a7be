import * as fc from "fast-check";
import { expect, test } from "vitest";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { displayMoney, money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { statementOf } from "./read-statement.fixture.ts";
import { accountsOf, summarize } from "./summary.ts";
import type { Paid } from "./summary.ts";

const USD: Account = { platform: "mturk", environment: "production", currency: "USD" };

function figures({ bonuses, amount, fee, cost }: Paid): string {
  return `${bonuses}: ${displayMoney(amount)} + ${displayMoney(fee)} = ${displayMoney(cost)}`;
}

test("only what was paid is spent; what is open or held still counts against the budget", () => {
  const chain = new SampleChain();
  const rows = ["3A", "3B", "3C", "3D", "3E", "3F"].map((id) => pay(id));
  const claim = chain.claim(rows);
  const outcomes = ["done", "found", "refused", "not-sent", "held"] as const;
  chain.receipt(
    claim,
    outcomes.map((outcome, at) => answered(rows[at] ?? pay("3A"), outcome)),
  );
  const summary = summarize(statementOf(chain), USD, new Map([["stroop", money(1000, "USD")]]));
  expect(figures(summary.paid)).toBe("2: $3.00 + $0.60 = $3.60");
  expect(summary.studies).toMatchObject([
    {
      study: "stroop",
      workers: 1,
      waiting: 2,
      committed: { minor: 720 },
      budget: { minor: 1000 },
      left: { minor: 280 },
    },
  ]);
  expect(summary.kinds).toEqual([
    { kind: "pay", outcomes: { done: 1, found: 1, refused: 1, "not-sent": 1, held: 1, open: 1 } },
  ]);
  expect(summary.waiting.map(({ assignment, outcome }) => `${assignment} ${outcome}`)).toEqual(["3F open", "3E held"]);
});

test("a budget that was overspent has nothing left, and one in another currency is not compared", () => {
  const chain = new SampleChain();
  chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")]);
  const left = (budget: Parameters<typeof money>) =>
    summarize(statementOf(chain), USD, new Map([["stroop", money(...budget)]])).studies[0];
  expect(left([100, "USD"])).toMatchObject({ budget: { minor: 100 }, left: undefined });
  expect(left([1000, "GBP"])).toMatchObject({ budget: undefined, left: undefined });
});

test("accounts are never added together, and real money is first", () => {
  const chain = new SampleChain();
  for (const [id, draft] of [
    ["3A", { environment: "simulator" }],
    ["3B", { currency: "GBP", platform: "prolific" }],
    ["3C", {}],
  ] as const)
    chain.receipt(chain.claim([pay(id)], draft), [answered(pay(id), "done")], draft);
  const statement = statementOf(chain);
  const accounts = accountsOf(statement);
  expect(accounts.map(({ platform, environment, currency }) => `${platform} ${environment} ${currency}`)).toEqual([
    "mturk production USD",
    "prolific production GBP",
    "mturk simulator USD",
  ]);
  for (const account of accounts) expect(summarize(statement, account, new Map()).paid.bonuses).toBe(1);
});

test("a payment with two approvers counts for both, and one without counts for nobody", () => {
  const chain = new SampleChain();
  chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")]);
  chain.receipt(chain.claim([pay("3B")], { approvers: ["grace"] }), [answered(pay("3B"), "done")], {
    approvers: ["grace"],
  });
  chain.receipt(chain.claim([pay("3C")], { approvers: [] }), [answered(pay("3C"), "done")], { approvers: [] });
  const { approvers } = summarize(statementOf(chain), USD, new Map());
  expect(approvers.map((each) => `${each.approver} ${each.bonuses}`)).toEqual(["edsger 1", "grace 2", "null 1"]);
});

test("whichever way they are grouped, payments add up to the same", () => {
  const row = fc.record({
    worker: fc.constantFrom("A1", "A2", "A3"),
    cents: fc.integer({ min: 1, max: 99_999 }),
    study: fc.constantFrom("stroop", "flanker"),
    outcome: fc.constantFrom("done", "found", "refused", "held"),
    day: fc.integer({ min: 0, max: 500 }),
  } as const);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const chain = new SampleChain();
      for (const [nth, { worker, cents, study, outcome, day }] of rows.entries()) {
        const bonus = pay(`3${nth}`, {
          worker,
          amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`,
        });
        const time = new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString();
        chain.receipt(chain.claim([bonus, grant(worker)], { study }), [answered(bonus, outcome, { time })], { study });
      }
      const summary = summarize(statementOf(chain), USD, new Map());
      const wanted = [summary.paid.bonuses, summary.paid.cost.minor];
      const groups: readonly (readonly Paid[])[] = [summary.studies, summary.days, summary.workers, summary.years];
      for (const group of groups)
        expect([sum(group, ({ bonuses }) => bonuses), sum(group, ({ cost }) => cost.minor)]).toEqual(wanted);
      expect(sum(summary.amounts, ({ bonuses, amount }) => bonuses * amount.minor)).toBe(summary.paid.amount.minor);
    }),
    { numRuns: 60 },
  );
});

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.map(of).reduce((total, each) => total + each, 0);
}
