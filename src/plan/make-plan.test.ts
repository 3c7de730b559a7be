import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FiledRecord } from "../ledger/records.ts";
import type { BonusRow } from "../manifest/manifest.ts";
import { block, bonus, codes, ledger, listed, ours, planOf, TYPE, usd } from "./plan-world.fixture.ts";

describe("a bonus that nobody claimed", () => {
  test("is a step with its fee, its reason and its reference", () => {
    const [step] = planOf({ bonuses: [bonus("3A")] }).steps;
    expect(step).toMatchObject({ kind: "pay", amount: usd(150), fee: usd(30), line: 2 });
    expect(step?.kind === "pay" && step.reason).toMatch(/^Thank you \[ref [A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}\]$/);
  });

  test("is refused where MTurk does not know its assignment", () => {
    expect(codes(planOf({ bonuses: [bonus("3A")], unknown: ["3A"] }))).toEqual(["assignment-unknown"]);
  });

  test("is refused where another worker did the assignment, without naming that worker", () => {
    const plan = planOf({ bonuses: [bonus("3A")], workerOf: { "3A": "A9SOMEBODYELSE" } });
    expect(codes(plan)).toEqual(["worker-mismatch"]);
    expect(JSON.stringify(plan.problems)).not.toContain("A9SOMEBODYELSE");
  });

  test("may name its HIT", () => {
    expect(codes(planOf({ bonuses: [bonus("3A", { container: "3HIT" })] }))).toEqual([]);
  });

  test("is not disturbed by an equal bonus that somebody else got for the same assignment", () => {
    const payments = [{ ...listed("3A", 150, "Thanks"), worker: "A9SOMEBODY" }];
    expect(planOf({ bonuses: [bonus("3A")], payments }).steps).toMatchObject([{ others: 0 }]);
  });

  test("is refused where the row names another HIT", () => {
    expect(codes(planOf({ bonuses: [bonus("3A", { container: "3OTHER" })] }))).toEqual(["container-mismatch"]);
  });

  test("is refused where an equal one was paid by hand, unless the row says repeat", () => {
    const payments = [listed("3A", 150, "Thanks")];
    expect(codes(planOf({ bonuses: [bonus("3A")], payments }))).toEqual(["equal-bonus-exists"]);
    expect(planOf({ bonuses: [bonus("3A", { repeat: true })], payments }).steps).toMatchObject([{ others: 1 }]);
  });

  test("is not disturbed by an equal bonus with another label of ours, or by another amount by hand", () => {
    const payments = [listed("3A", 150, ours("3A", "extra")), listed("3A", 200, "Thanks")];
    expect(planOf({ bonuses: [bonus("3A")], payments }).steps).toHaveLength(1);
  });

  test("is refused where MTurk lists it with our reference and the ledger knows nothing of it", () => {
    const payments = [listed("3A", 150, ours("3A"))];
    expect(codes(planOf({ bonuses: [bonus("3A")], payments }))).toEqual(["paid-without-record"]);
  });

  test("may not ask for a second attempt", () => {
    expect(codes(planOf({ bonuses: [bonus("3A", { attempt: 2 })] }))).toEqual(["attempt-wrong"]);
  });
});

describe("a bonus that was adopted", () => {
  const before = {
    at: { file: "payments/old.yaml", line: 9, column: 5 },
    worker: "A2WORKER",
    assignment: "3A",
    amount: usd(150),
    label: "",
    paid: "2026-01-01",
  };

  test("is settled by the file that says so, also where MTurk lists an equal one and the row says repeat", () => {
    const payments = [listed("3A", 150, "Thanks")];
    for (const row of [bonus("3A"), bonus("3A", { repeat: true }), bonus("3A", { attempt: 2 })]) {
      const plan = planOf({ bonuses: [{ ...row, worker: "A2WORKER" }], adopted: [before], payments });
      expect(plan.steps).toEqual([]);
      expect(codes(plan)).toEqual([]);
      expect(plan.settled.map(({ because }) => because)).toEqual(["adopted", "adopted"]);
    }
  });

  test("is a problem where the row has another amount or worker, and a step under another label", () => {
    const world = (row: BonusRow) => planOf({ bonuses: [{ ...row, worker: "A2WORKER" }], adopted: [before] });
    expect(codes(world(bonus("3A", { amount: usd(151) })))).toEqual(["paid-row-changed"]);
    expect(codes(planOf({ bonuses: [bonus("3A", { worker: "A9OTHER" })], adopted: [before] }))).toEqual([
      "paid-row-changed",
    ]);
    expect(world(bonus("3A", { label: "more" })).steps).toHaveLength(1);
  });
});

describe("a bonus with a receipt", () => {
  test.each(["done", "found"] as const)("of outcome %s asks for nothing", (outcome) => {
    const plan = planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", outcome) });
    expect(plan.steps).toEqual([]);
    expect(plan.settled).toEqual([
      {
        kind: "pay",
        file: "payments/pilot.yaml",
        line: 2,
        worker: "A2WORKER",
        assignment: "3A",
        label: "",
        amount: usd(150),
        because: "receipt",
        receipt: "receipt-path",
      },
    ]);
  });

  test("is a problem that names the receipt where worker or amount changed", () => {
    for (const change of [{ amount: usd(175) }, { worker: "A9ANOTHERWORKER" }]) {
      const plan = planOf({ bonuses: [bonus("3A", change)], ledger: ledger("3A", "done") });
      expect(codes(plan)).toEqual(["paid-row-changed"]);
      expect(plan.problems[0]?.message).toContain("receipt-path");
    }
  });

  test("is not paid again by a second attempt", () => {
    const plan = planOf({ bonuses: [bonus("3A", { attempt: 2 })], ledger: ledger("3A", "done") });
    expect(plan.steps).toEqual([]);
  });

  test("of another environment does not count", () => {
    const plan = planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", "done", { environment: "production" }) });
    expect(plan.steps).toHaveLength(1);
  });

  test("does not stand in the way of a second bonus with a label", () => {
    const plan = planOf({ bonuses: [bonus("3A"), bonus("3A", { label: "extra" })], ledger: ledger("3A", "done") });
    expect(plan.steps).toMatchObject([{ label: "extra" }]);
  });
});

describe("a bonus that was claimed and is not settled", () => {
  test.each(["held", "refused"] as const)(
    "waits for a person after %s, and goes again with the next attempt",
    (outcome) => {
      expect(planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", outcome) }).held).toMatchObject([
        { state: outcome },
      ]);
      const again = planOf({
        bonuses: [bonus("3A", { attempt: 2, amount: usd(99) })],
        now: TWO_DAYS_LATER,
        ledger: ledger("3A", outcome),
      });
      expect(again.steps).toMatchObject([{ attempt: 2 }]);
      expect(codes(planOf({ bonuses: [bonus("3A", { attempt: 3 })], ledger: ledger("3A", outcome) }))).toEqual([
        "attempt-wrong",
      ]);
    },
  );

  test("and was held is not ordered again within two days of its claim: it may have been paid, and be listed late", () => {
    const rows = { bonuses: [bonus("3A", { attempt: 2 })], ledger: ledger("3A", "held") };
    const early = planOf({ ...rows, now: "2026-11-25T10:59:59.999Z" });
    expect(early.steps).toEqual([]);
    expect(early.held).toMatchObject([
      { state: "held", attempt: 2, next: expect.stringContaining("2026-11-25 11:00 UTC") },
    ]);
    expect(planOf({ ...rows, now: TWO_DAYS_LATER }).steps).toMatchObject([{ attempt: 2 }]);
  });

  test("may not be changed without the next attempt", () => {
    expect(codes(planOf({ bonuses: [bonus("3A", { amount: usd(99) })], ledger: ledger("3A", "held") }))).toEqual([
      "paid-row-changed",
    ]);
    expect(codes(planOf({ bonuses: [bonus("3A", { amount: usd(99) })], ledger: ledger("3A") }))).toEqual([
      "paid-row-changed",
    ]);
  });

  test("is shown as open until an apply settles it", () => {
    expect(planOf({ bonuses: [bonus("3A")], ledger: ledger("3A") }).held).toMatchObject([{ state: "open" }]);
  });

  test("is refused while another run on this machine is at it", () => {
    const plan = planOf({ bonuses: [bonus("3A")], ledger: ledger("3A"), live: ["local/x/1/y"] });
    expect(codes(plan)).toEqual(["claim-open-elsewhere"]);
  });

  test("is settled once MTurk lists it", () => {
    for (const outcome of [undefined, "held"] as const) {
      const plan = planOf({
        bonuses: [bonus("3A")],
        ledger: ledger("3A", outcome),
        payments: [listed("3A", 150, ours("3A"))],
      });
      expect(plan.settled).toMatchObject([{ because: "listed" }]);
      expect(plan.held).toEqual([]);
    }
  });

  test("goes again by itself where it was given back untouched, under the same attempt and no other", () => {
    const again = (attempt: number) =>
      planOf({ bonuses: [bonus("3A", { attempt, amount: usd(99) })], ledger: ledger("3A", "not-sent") });
    expect(again(1).steps).toMatchObject([{ attempt: 1, amount: usd(99) }]);
    expect(codes(again(2))).toEqual(["attempt-wrong"]);
  });

  test("and was taken over is claimed anew at once, and after twelve hours waits until it would be listed", () => {
    const rows = { bonuses: [bonus("3A")], ledger: takenOver(ledger("3A", "not-sent")) };
    expect(planOf(rows).steps).toMatchObject([{ attempt: 1 }]);
    const late = planOf({ ...rows, now: "2026-11-23T23:00:00.000Z" });
    expect(late.steps).toEqual([]);
    expect(late.held).toMatchObject([
      { state: "held", why: expect.stringContaining("cut off"), next: expect.stringContaining("2026-11-25 11:00 UTC") },
    ]);
    expect(planOf({ ...rows, now: TWO_DAYS_LATER }).steps).toMatchObject([{ attempt: 1 }]);
  });

  function takenOver(records: readonly FiledRecord[]): FiledRecord[] {
    return records.map(({ record, ...filed }) => ({
      ...filed,
      record: record.record === "receipt" ? { ...record, run: "another run" } : record,
    }));
  }

  test("is not settled by a payment with its reference to another worker, or of another amount", () => {
    const payments = [{ ...listed("3A", 150, ours("3A")), worker: "A9SOMEBODY" }, listed("3A", 151, ours("3A"))];
    for (const payment of payments) {
      const plan = planOf({ bonuses: [bonus("3A")], ledger: ledger("3A"), payments: [payment] });
      expect(plan.held).toMatchObject([{ state: "open" }]);
      expect(plan.settled).toEqual([]);
    }
  });

  test("is held with all that a person needs to find it", () => {
    expect(planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", "held") }).held).toEqual([
      {
        kind: "pay",
        state: "held",
        file: "payments/pilot.yaml",
        line: 2,
        worker: "A2WORKER",
        assignment: "3A",
        label: "",
        attempt: 1,
        amount: usd(150),
        why: expect.stringContaining("2026-11-23T11:00:00.000Z"),
        next: expect.stringContaining("attempt: 2"),
        record: "receipt-path",
      },
    ]);
  });
});

describe("money", () => {
  test("totals are amount, fees and what is left", () => {
    const { totals } = planOf({ bonuses: [bonus("3A"), bonus("3B", { amount: usd(1) })], balance: 200 });
    expect(totals).toMatchObject({
      bonuses: 2,
      amount: usd(151),
      fees: usd(31),
      cost: usd(182),
      balanceAfter: usd(18),
    });
  });

  test("a plan that costs more than the balance is refused, and one that takes all of it is not", () => {
    expect(codes(planOf({ bonuses: [bonus("3A")], balance: 179 }))).toEqual(["balance-too-small"]);
    expect(codes(planOf({ bonuses: [bonus("3A")], balance: 180 }))).toEqual([]);
  });

  test("bonuses that were adopted count against the study's budget, those that were claimed as well only once", () => {
    const adopted = [{ ...bonus("3OLD"), paid: "2026-11-01T00:00:00.000Z" }];
    const budgets = (minor: number) => new Map([["pilot", usd(minor)]]);
    const over = planOf({ bonuses: [bonus("3B")], adopted, budgets: budgets(359) });
    expect(over.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        "budget-exceeded",
        "study pilot has claimed $0.00 and adopted $1.80; with these bonuses $3.60, over its budget of $3.59",
      ],
    ]);
    const within = planOf({ bonuses: [bonus("3B")], adopted, budgets: budgets(361) });
    expect(codes(within)).toEqual([]);
    expect(within.totals.budgetsLeft).toEqual(new Map([["pilot", usd(1)]]));
    for (const [outcome, left] of [
      ["held", 1],
      ["refused", 1],
      ["done", 1],
    ] as const) {
      const claimed = [{ ...bonus("3A"), paid: "2026-11-01T00:00:00.000Z" }];
      const world = { bonuses: [bonus("3B")], adopted: claimed, ledger: ledger("3A", outcome), budgets: budgets(361) };
      expect(planOf(world).totals.budgetsLeft, outcome).toEqual(new Map([["pilot", usd(left)]]));
    }
    const open = { bonuses: [bonus("3B")], adopted: [], ledger: ledger("3A", "refused"), budgets: budgets(361) };
    expect(planOf(open).totals.budgetsLeft).toEqual(new Map([["pilot", usd(181)]]));
  });

  test("a plan over the study's budget is refused, with what was claimed before counted", () => {
    const budgets = new Map([["pilot", usd(359)]]);
    expect(codes(planOf({ bonuses: [bonus("3B")], ledger: ledger("3A", "done"), budgets }))).toEqual([
      "budget-exceeded",
    ]);
    expect(codes(planOf({ bonuses: [bonus("3B")], ledger: ledger("3A", "refused"), budgets }))).toEqual([]);
    expect(codes(planOf({ bonuses: [bonus("3B")], ledger: ledger("3A", "held"), budgets }))).toEqual([
      "budget-exceeded",
    ]);
  });

  test("a plan over the day's limit is refused, and yesterday does not count", () => {
    expect(codes(planOf({ bonuses: [bonus("3B")], ledger: ledger("3A", "done"), day: 359 }))).toEqual([
      "day-over-limit",
    ]);
    const yesterday = ledger("3A", "done", { time: "2026-11-22T23:59:59.000Z" });
    expect(codes(planOf({ bonuses: [bonus("3B")], ledger: yesterday, day: 359 }))).toEqual([]);
  });

  test("a pause stops a plan that would do something", () => {
    expect(codes(planOf({ bonuses: [bonus("3A")], paused: true }))).toEqual(["paused"]);
    expect(codes(planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", "done"), paused: true }))).toEqual([]);
  });
});

describe("a qualification", () => {
  test("that is already so asks for nothing", () => {
    const plan = planOf({ blocks: [block({ grant: [["A1HELD", 85]], revoke: ["A2GONE"] })], groups: [TYPE] });
    expect(plan.steps).toEqual([]);
    expect(plan.settled.map(({ kind }) => kind)).toEqual(["grant", "revoke"]);
  });

  test("is granted, re-scored or revoked with the score that was seen", () => {
    const plan = planOf({
      blocks: [
        block({
          grant: [
            ["A1HELD", 90],
            ["A3NEW", 1],
          ],
        }),
      ],
      groups: [TYPE],
    });
    expect(plan.steps).toMatchObject([
      { kind: "rescore", was: 85, score: 90, group: "3T" },
      { kind: "grant", score: 1 },
    ]);
    expect(planOf({ blocks: [block({ revoke: ["A1HELD"] })], groups: [TYPE] }).steps).toMatchObject([
      { kind: "revoke", was: 85 },
    ]);
  });

  test("asked for twice is one step, and asked for with two scores is a problem, also by name and by id", () => {
    const twice = [block({ grant: [["A3NEW", 1]] }), block({ grant: [["A3NEW", 1]] })];
    expect(planOf({ blocks: twice, groups: [TYPE] }).steps).toHaveLength(1);
    const byId = { ...block({ grant: [["A3NEW", 2]] }), type: { id: "3T" } };
    const groups = [TYPE, { ...TYPE, ref: { id: "3T" } }];
    expect(codes(planOf({ blocks: [block({ grant: [["A3NEW", 1]] }), byId], groups }))).toEqual(["conflicting-rows"]);
  });

  test("sends no e-mail unless the manifest says so, and the plan counts them", () => {
    expect(planOf({ blocks: [block({ grant: [["A3NEW", 1]] })], groups: [TYPE] }).totals.emails).toBe(0);
    expect(planOf({ blocks: [block({ grant: [["A3NEW", 1]], notify: true })], groups: [TYPE] }).totals.emails).toBe(1);
  });

  test("of a type that does not exist is a problem, unless the manifest has it made, once", () => {
    expect(codes(planOf({ blocks: [block({ grant: [["A3NEW", 1]] })] }))).toEqual(["type-unknown"]);
    const made = block({ grant: [["A3NEW", 1]], create: { description: "Took part" } });
    expect(planOf({ blocks: [made, made] }).steps.map(({ kind }) => kind)).toEqual(["create-type", "grant"]);
  });
});

test("the same input gives the same plan, whatever is in it", () => {
  const rows = fc.uniqueArray(
    fc.record({ id: fc.constantFrom("3A", "3B", "3C", "3D"), minor: fc.integer({ min: 1, max: 2000 }) }),
    {
      selector: ({ id }) => id,
    },
  );
  fc.assert(
    fc.property(rows, fc.constantFrom(undefined, "done", "held", "refused", "not-sent"), (some, outcome) => {
      const world = {
        bonuses: some.map(({ id, minor }) => bonus(id, { amount: usd(minor) })),
        ledger: ledger("3A", outcome),
      };
      expect(planOf(world)).toEqual(planOf(world));
    }),
  );
});

/** After the claims of {@link ledger}. */
const TWO_DAYS_LATER = "2026-11-25T11:00:00.000Z";
