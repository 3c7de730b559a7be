import { expect, test } from "vitest";
import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import type { Plan } from "./plan.ts";
import { ACCOUNT, block, bonus, ledger, listed, ours, planOf, TYPE, usd } from "./plan-world.fixture.ts";

const BUDGETS = new Map([["pilot", usd(359)]]);
const found = "3A";
const ADOPTED = {
  at: { file: "payments/old.yaml", line: 9, column: 5 },
  worker: "A2WORKER",
  assignment: found,
  amount: usd(150),
  label: "",
  paid: "2026-01-01",
};
const elsewhere = { container: "3OTHERHIT" };
const amount = { amount: usd(99) };
const worker = { worker: "A9SOMEBODY" };
const plain = (more: Partial<BonusRow> = {}) => [bonus(found, more)];

/** What a person did, and the plan that it leads to. */
const CASES: Readonly<Record<string, () => Plan>> = {
  "a bonus that nobody claimed": () => planOf({ bonuses: plain() }),
  "an assignment that the platform does not know": () => planOf({ bonuses: plain(), unknown: [found] }),
  "an assignment of another worker": () => planOf({ bonuses: plain(), workerOf: { [found]: "A9SOMEBODY" } }),
  "an assignment of another HIT": () => planOf({ bonuses: plain(elsewhere) }),
  "a second attempt without a first": () => planOf({ bonuses: plain({ attempt: 2 }) }),
  "an equal bonus by hand": () => planOf({ bonuses: plain(), payments: [listed(found, 150, "Thanks")] }),
  "our reference without a record, twice": () =>
    planOf({
      bonuses: plain(),
      payments: [listed(found, 150, ours(found)), listed(found, 200, ours(found))],
    }),
  paid: () => planOf({ bonuses: plain(), ledger: ledger(found, "done") }),
  "paid, then another amount": () => planOf({ bonuses: plain(amount), ledger: ledger(found, "done") }),
  "paid, then another worker": () => planOf({ bonuses: plain(worker), ledger: ledger(found, "done") }),
  open: () => planOf({ bonuses: plain(), ledger: ledger(found) }),
  "open in another run that is at work": () =>
    planOf({ bonuses: plain(), ledger: ledger(found), live: ["local/x/1/y"] }),
  "open, then another amount": () => planOf({ bonuses: plain(amount), ledger: ledger(found) }),
  "open, then another worker": () => planOf({ bonuses: plain(worker), ledger: ledger(found) }),
  "open, then another attempt": () => planOf({ bonuses: plain({ attempt: 2 }), ledger: ledger(found) }),
  held: () => planOf({ bonuses: plain(), ledger: ledger(found, "held") }),
  "held, and the receipt says why": () =>
    planOf({
      bonuses: plain(),
      ledger: ledger(found, "held", {}, { message: "the answer was lost" }),
    }),
  "held, and its run is known to be at work": () =>
    planOf({
      bonuses: plain(),
      ledger: ledger(found, "held"),
      live: ["local/x/1/y"],
    }),
  "held, then another amount": () => planOf({ bonuses: plain(amount), ledger: ledger(found, "held") }),
  "held, then its next attempt too early": () =>
    planOf({ bonuses: plain({ attempt: 2 }), ledger: ledger(found, "held") }),
  "held, then an attempt too far": () => planOf({ bonuses: plain({ attempt: 3 }), ledger: ledger(found, "held") }),
  refused: () => planOf({ bonuses: plain(), ledger: ledger(found, "refused", {}, { message: "MTurk said no" }) }),
  "refused, then an attempt too far": () =>
    planOf({ bonuses: plain({ attempt: 3 }), ledger: ledger(found, "refused") }),
  "given back, then an attempt too far": () =>
    planOf({ bonuses: plain({ attempt: 3 }), ledger: ledger(found, "not-sent") }),
  "paid in another currency": () => planOf({ bonuses: plain(), ledger: ledger(found, "done", { currency: "GBP" }) }),
  "open in another currency": () => planOf({ bonuses: plain(), ledger: ledger(found, undefined, { currency: "GBP" }) }),
  "held in another currency": () => planOf({ bonuses: plain(), ledger: ledger(found, "held", { currency: "GBP" }) }),
  "refused in another currency": () =>
    planOf({ bonuses: plain(), ledger: ledger(found, "refused", { currency: "GBP" }) }),
  "adopted, then another amount": () => planOf({ bonuses: plain(amount), adopted: [ADOPTED] }),
  "adopted, then another worker": () => planOf({ bonuses: plain(worker), adopted: [ADOPTED] }),
  adopted: () => planOf({ bonuses: plain(), adopted: [ADOPTED] }),
  "a balance that is too small": () => planOf({ bonuses: plain(), balance: 100 }),
  "a balance that is too small for what is open as well": () =>
    planOf({
      bonuses: [bonus("3B"), ...plain()],
      ledger: ledger(found),
      balance: 359,
    }),
  "over the day's limit": () => planOf({ bonuses: [bonus("3B")], ledger: ledger(found, "done"), day: 359 }),
  "over the day's limit with nothing claimed": () => planOf({ bonuses: plain(), day: 179 }),
  "over the study's budget": () => planOf({ bonuses: [bonus("3B")], ledger: ledger(found, "done"), budgets: BUDGETS }),
  "a pause": () => planOf({ bonuses: plain(), paused: true }),
  "a type that is not there, by name": () => planOf({ blocks: [block({ grant: [["A3NEW", 1]] })] }),
  "a type that is not there, by id": () => planOf({ blocks: [block({ type: { id: "3GONE" }, revoke: ["A3NEW"] })] }),
  "a worker with two scores, by name and by id": () =>
    planOf({
      blocks: [block({ grant: [["A3NEW", 1]] }), block({ type: { id: "3T" }, grant: [["A3NEW", 2]] })],
      groups: [TYPE, { ...TYPE, ref: { id: "3T" } }],
    }),
};

test("every problem and every held row says what is wrong and what to do", async () => {
  const page = Object.entries(CASES).map(([what, plan]) => `## ${what}\n${saysOf(plan()).join("")}`);
  await expect(page.join("\n")).toMatchFileSnapshot("expected/plan-words.txt");
});

test("what was found wrong before stays, and all of it is in the order of the files", () => {
  const early = { code: "policy-missing", severity: "warning", message: "m", hint: "h" } as const;
  const problems = [{ ...early, file: "payments/policy.yaml", line: 1, column: 1 }];
  const plan = planOf({ bonuses: plain(), unknown: [found], problems });
  expect(plan.problems.map(({ code }) => code)).toEqual(["assignment-unknown", "policy-missing"]);
  expect(problems).toHaveLength(1);
});

test("money of a plan that says nothing of the balance is not compared with it", () => {
  const plan = planOf({ bonuses: plain(), balance: "unknown" });
  expect(plan.problems).toEqual([]);
  expect(plan.totals).toMatchObject({ balance: "unknown", balanceAfter: "unknown" });
  expect(plan.totals).not.toHaveProperty("feeBasis");
});

test("each study is held to its own budget, at its own first bonus", () => {
  const other: Manifest = {
    file: "payments/other.yaml",
    digest: "e".repeat(64),
    study: "other",
    ...ACCOUNT,
    bonuses: [bonus("3C", { at: { file: "payments/other.yaml", line: 7, column: 5 } }), bonus("3D")],
    qualifications: [],
    adopted: [],
  };
  const over = (pilot: number, second: number) =>
    planOf({
      bonuses: plain(),
      others: [other],
      budgets: new Map([
        ["pilot", usd(pilot)],
        ["other", usd(second)],
        ["third", money(0, "USD")],
      ]),
    });
  expect(over(180, 360).problems).toEqual([]);
  expect(over(180, 360).totals.budgetsLeft).toEqual(
    new Map([
      ["pilot", usd(0)],
      ["other", usd(0)],
    ]),
  );
  expect(over(180, 359).problems).toMatchObject([{ file: "payments/other.yaml", line: 7, code: "budget-exceeded" }]);
  expect(over(179, 360).problems).toMatchObject([{ file: "payments/pilot.yaml", line: 2, code: "budget-exceeded" }]);
});

function saysOf({ problems, held, settled, steps }: Plan): string[] {
  return [
    ...problems.map((each) => `${each.file}:${each.line}: ${each.code}: ${each.message}\n  → ${each.hint}\n`),
    ...held.map((each) => `${each.state} since ${each.record}: ${each.why}\n  → ${each.next}\n`),
    ...settled.map((each) => `${each.kind} is settled by ${each.because} ${each.receipt ?? ""}\n`),
    ...steps.map((each) => `${each.kind} is a step\n`),
  ];
}
