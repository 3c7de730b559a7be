import { expect, test } from "vitest";
import { mturkRules } from "../platforms/mturk/rules.ts";
import { costByFile } from "./spending.ts";
import { ACCOUNT, block, bonus, ledger, listed, planOf, TYPE, usd } from "./plan-world.fixture.ts";

test("the plan names its account and what was reviewed of each manifest", () => {
  const { account, manifests } = planOf({ bonuses: [bonus("3A")] });
  expect(account).toEqual(ACCOUNT);
  expect(manifests).toEqual([{ file: "payments/pilot.yaml", digest: "d".repeat(64), study: "pilot" }]);
});

test("rows left open count in what is left of the balance, and held ones do not", () => {
  const open = planOf({ bonuses: [bonus("3A"), bonus("3B")], ledger: ledger("3A"), balance: 1000 });
  expect(open.totals).toMatchObject({ open: { bonuses: 1, cost: usd(180) }, cost: usd(180), balanceAfter: usd(640) });
  const held = planOf({ bonuses: [bonus("3A"), bonus("3B")], ledger: ledger("3A", "held"), balance: 1000 });
  expect(held.totals).toMatchObject({ open: { bonuses: 0, cost: usd(0) }, balanceAfter: usd(820) });
});

test("what is left is unknown where the balance is too small", () => {
  expect(planOf({ bonuses: [bonus("3A")], balance: 179 }).totals).toMatchObject({
    balance: usd(179),
    balanceAfter: "unknown",
  });
});

test("steps of qualifications are counted by kind, and e-mails by who gets one", () => {
  const blocks = [
    block({
      grant: [
        ["A1HELD", 90],
        ["A3NEW", 1],
        ["A4NEW", 1],
      ],
      notify: true,
    }),
    block({
      type: { name: "wave-2" },
      create: { description: "d" },
      grant: [
        ["A3NEW", 1],
        ["A4NEW", 1],
      ],
    }),
    block({ type: { name: "wave-3" }, revoke: ["A1HELD"], notify: true }),
  ];
  const groups = [TYPE, { ...TYPE, ref: { name: "wave-3" }, id: "3W", name: "wave-3" }];
  expect(planOf({ blocks, groups }).totals).toMatchObject({
    bonuses: 0,
    amount: usd(0),
    fees: usd(0),
    cost: usd(0),
    grants: 4,
    rescores: 1,
    revokes: 1,
    emails: 3,
  });
});

test("what is left of a budget is what was claimed and is planned taken off, and nothing where that is more", () => {
  const left = (pilot: number) =>
    planOf({ bonuses: [bonus("3B")], ledger: ledger("3A", "done"), budgets: new Map([["pilot", usd(pilot)]]) }).totals
      .budgetsLeft;
  expect(left(400)).toEqual(new Map([["pilot", usd(40)]]));
  expect(left(359)).toEqual(new Map([["pilot", usd(0)]]));
});

test("a study without a budget, or without a bonus to pay, has nothing left to tell", () => {
  const budgets = new Map([["other", usd(100)]]);
  expect(planOf({ bonuses: [bonus("3A")], budgets }).totals.budgetsLeft).toEqual(new Map());
  const blocks = [block({ create: { description: "d" }, grant: [["A3NEW", 1]] })];
  expect(planOf({ blocks, budgets: new Map([["pilot", usd(100)]]) }).totals.budgetsLeft).toEqual(new Map());
});

test("the day and the budget may be used up to the last cent", () => {
  const world = { bonuses: [bonus("3B")], ledger: ledger("3A", "done") };
  expect(planOf({ ...world, day: 360 }).problems).toEqual([]);
  expect(planOf({ ...world, budgets: new Map([["pilot", usd(360)]]) }).problems).toEqual([]);
});

test("a plan without a bonus meets no limit of money, however little there is", () => {
  const world = { bonuses: [bonus("3A")], ledger: ledger("3A"), balance: 0, day: 0 };
  expect(planOf(world).problems).toEqual([]);
});

test("limits of money are told at the first bonus, and not at another step", () => {
  const blocks = [block({ create: { description: "d" }, grant: [["A3NEW", 1]] })];
  const found = planOf({ blocks, bonuses: [bonus("3A"), bonus("3B", { at: at(3) })], balance: 1, day: 1 }).problems;
  expect(found.map(({ code, line, column }) => `${line}:${column} ${code}`)).toEqual([
    "2:1 balance-too-small",
    "2:1 day-over-limit",
  ]);
});

test("a file's cost is that of its bonuses that are not settled, open and held ones included, fees and all", () => {
  const plan = planOf({
    bonuses: [bonus("3A"), bonus("3B", { amount: usd(100) })],
    others: [
      {
        file: "payments/b.yaml",
        digest: "",
        study: "pilot",
        ...ACCOUNT,
        bonuses: [bonus("3C", { at: { ...at(2), file: "payments/b.yaml" } })],
        qualifications: [block({ create: { description: "d" } })],
        adopted: [],
      },
    ],
    ledger: ledger("3A"),
  });
  expect(costByFile(plan, mturkRules, ACCOUNT)).toEqual(
    new Map([
      ["payments/b.yaml", usd(180)],
      ["payments/pilot.yaml", usd(300)],
    ]),
  );
});

test("a file with qualifications alone costs nothing, and one with nothing to do is absent", () => {
  const some = planOf({ blocks: [block({ create: { description: "d" } })] });
  expect(costByFile(some, mturkRules, ACCOUNT)).toEqual(new Map([["payments/pilot.yaml", usd(0)]]));
  const none = planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", "done") });
  expect(costByFile(none, mturkRules, ACCOUNT)).toEqual(new Map());
});

test("a bonus step says everything that a claim will", () => {
  const world = { bonuses: [bonus("3A", { label: "extra" })], payments: [listed("3A", 200, "Thanks")] };
  const [step] = planOf(world).steps;
  expect(step).toEqual({
    kind: "pay",
    file: "payments/pilot.yaml",
    line: 2,
    worker: "A2WORKER",
    study: "pilot",
    assignment: "3A",
    label: "extra",
    attempt: 1,
    amount: usd(150),
    fee: usd(30),
    reason: "Thank you [ref R4DG-GOMB-WU2G]",
    reference: "R4DG-GOMB-WU2G",
    others: 0,
    container: "3HIT",
  });
});

function at(line: number) {
  return { file: "payments/pilot.yaml", line, column: 5 };
}
