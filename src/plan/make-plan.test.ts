import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reasonWithReference, referenceOf } from "../ledger/identity.ts";
import { ledgerState } from "../ledger/state.ts";
import type { ClaimRecord, FiledRecord, PayClaim, ReceiptRecord, RowOutcome } from "../ledger/records.ts";
import type { AdoptedRow, BonusRow, Manifest, QualificationBlock } from "../manifest/manifest.ts";
import { formatMoney, money } from "../money.ts";
import type { Account, ObservedGroup, ObservedPayment } from "../platforms/ports.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Policy } from "../policy/policy.ts";
import { makePlan } from "./make-plan.ts";
import type { PlanInput } from "./plan-input.ts";
import { groupKey } from "./observed.ts";
import type { Plan } from "./plan.ts";

const ACCOUNT: Account = { platform: "mturk", environment: "simulator", currency: "USD" };
const usd = (minor: number) => money(minor, "USD");

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
    expect(plan.settled).toMatchObject([{ because: "receipt", receipt: "receipt-path" }]);
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
      const again = planOf({ bonuses: [bonus("3A", { attempt: 2, amount: usd(99) })], ledger: ledger("3A", outcome) });
      expect(again.steps).toMatchObject([{ attempt: 2 }]);
      expect(codes(planOf({ bonuses: [bonus("3A", { attempt: 3 })], ledger: ledger("3A", outcome) }))).toEqual([
        "attempt-wrong",
      ]);
    },
  );

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

  test("goes again by itself where it was given back untouched", () => {
    expect(planOf({ bonuses: [bonus("3A")], ledger: ledger("3A", "not-sent") }).steps).toHaveLength(1);
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
  const type: ObservedGroup = { ref: { name: "wave-1" }, id: "3T", name: "wave-1", members: new Map([["A1HELD", 85]]) };

  test("that is already so asks for nothing", () => {
    const plan = planOf({ blocks: [block({ grant: [["A1HELD", 85]], revoke: ["A2GONE"] })], groups: [type] });
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
      groups: [type],
    });
    expect(plan.steps).toMatchObject([
      { kind: "rescore", was: 85, score: 90, group: "3T" },
      { kind: "grant", score: 1 },
    ]);
    expect(planOf({ blocks: [block({ revoke: ["A1HELD"] })], groups: [type] }).steps).toMatchObject([
      { kind: "revoke", was: 85 },
    ]);
  });

  test("asked for twice is one step, and asked for with two scores is a problem, also by name and by id", () => {
    const twice = [block({ grant: [["A3NEW", 1]] }), block({ grant: [["A3NEW", 1]] })];
    expect(planOf({ blocks: twice, groups: [type] }).steps).toHaveLength(1);
    const byId = { ...block({ grant: [["A3NEW", 2]] }), type: { id: "3T" } };
    const groups = [type, { ...type, ref: { id: "3T" } }];
    expect(codes(planOf({ blocks: [block({ grant: [["A3NEW", 1]] }), byId], groups }))).toEqual(["conflicting-rows"]);
  });

  test("sends no e-mail unless the manifest says so, and the plan counts them", () => {
    expect(planOf({ blocks: [block({ grant: [["A3NEW", 1]] })], groups: [type] }).totals.emails).toBe(0);
    expect(planOf({ blocks: [block({ grant: [["A3NEW", 1]], notify: true })], groups: [type] }).totals.emails).toBe(1);
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

interface World {
  readonly bonuses?: BonusRow[];
  readonly blocks?: QualificationBlock[];
  readonly ledger?: FiledRecord[];
  readonly payments?: (ObservedPayment & { assignment: string })[];
  readonly groups?: ObservedGroup[];
  readonly unknown?: string[];
  readonly adopted?: AdoptedRow[];
  readonly workerOf?: Record<string, string>;
  readonly live?: string[];
  readonly balance?: number;
  readonly budgets?: Policy["budgets"];
  readonly day?: number;
  readonly paused?: boolean;
}

function planOf(world: World): Plan {
  const { bonuses = [], blocks = [], payments = [], unknown = [] } = world;
  const manifest: Manifest = {
    file: "payments/pilot.yaml",
    digest: "d".repeat(64),
    study: "pilot",
    ...ACCOUNT,
    bonuses,
    qualifications: blocks,
    adopted: world.adopted ?? [],
  };
  const known = bonuses.filter(({ assignment }) => !unknown.includes(assignment));
  const input: PlanInput = {
    account: ACCOUNT,
    rules: mturkRules,
    manifests: [manifest],
    policy: policy(world),
    ledger: ledgerState(world.ledger ?? [], ACCOUNT),
    observed: {
      wallet: { available: usd(world.balance ?? 100_00) },
      assignments: new Map(
        known.map(({ assignment }) => [
          assignment,
          { assignment, worker: world.workerOf?.[assignment] ?? "A2WORKER", container: "3HIT" },
        ]),
      ),
      payments: new Map(
        known.map(({ assignment }) => [assignment, payments.filter((each) => each.assignment === assignment)]),
      ),
      groups: new Map((world.groups ?? []).map((group) => [groupKey(group.ref), group])),
    },
    liveRuns: new Set(world.live),
    now: "2026-11-23T12:00:00.000Z",
    problems: [],
    ...(world.paused ? { paused: { file: "payments/PAUSED", line: 1, column: 1 } } : {}),
  };
  return makePlan(input);
}

function policy({ budgets = new Map(), day = 1000_00 }: World): Policy {
  return {
    source: "file",
    approvals: { required: 1, by: [], local: false },
    limits: { bonus: usd(20_00), manifest: usd(500_00), day: usd(day), rows: 100 },
    budgets,
    receipts: { branch: "receipts" },
    workers: "mask",
  };
}

function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  const at = { file: "payments/pilot.yaml", line: 2, column: 5 };
  return {
    at,
    worker: "A2WORKER",
    assignment,
    amount: usd(150),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

function block(more: {
  grant?: [string, number][];
  revoke?: string[];
  notify?: boolean;
  create?: { description: string };
}): QualificationBlock {
  const at = { file: "payments/pilot.yaml", line: 9, column: 5 };
  return {
    at,
    type: { name: "wave-1" },
    notify: more.notify ?? false,
    grant: (more.grant ?? []).map(([worker, score]) => ({ at, worker, score })),
    revoke: (more.revoke ?? []).map((worker) => ({ at, worker })),
    ...(more.create ? { create: more.create } : {}),
  };
}

function ours(assignment: string, label = ""): string {
  return reasonWithReference("Thank you", referenceOf({ ...ACCOUNT, assignment, label }));
}

function listed(assignment: string, minor: number, reason: string): ObservedPayment & { assignment: string } {
  return { assignment, worker: "A2WORKER", amount: usd(minor), reason, at: "2026-11-20T00:00:00.000Z" };
}

/** A claim of one bonus of 1.50, and its receipt where an outcome is given. */
function ledger(
  assignment: string,
  outcome?: RowOutcome,
  more: Partial<Pick<ClaimRecord, "environment" | "time">> = {},
): FiledRecord[] {
  const row: PayClaim = {
    kind: "pay",
    assignment,
    label: "",
    attempt: 1,
    worker: "A2WORKER",
    amount: formatMoney(usd(150)),
    fee: "0.30",
    reason: ours(assignment),
    reference: referenceOf({ ...ACCOUNT, assignment, label: "" }),
    handle: "T",
    others: 0,
  };
  const totals = { rows: 1, amount: "1.50", fee: "0.30", cost: "1.80" };
  const claim: ClaimRecord = {
    record: "claim",
    version: 1,
    sequence: 1,
    previous: "",
    ...ACCOUNT,
    endpoint: "memory",
    study: "pilot",
    manifest: { file: "payments/pilot.yaml", digest: "", commit: "" },
    pullRequest: null,
    author: null,
    approvers: [],
    actor: "test",
    run: "local/x/1/y",
    tool: "test",
    time: "2026-11-23T11:00:00.000Z",
    balance: { before: null },
    totals,
    rows: [row],
    ...more,
  };
  const filed: FiledRecord[] = [{ path: "claim-path", text: "", record: claim }];
  if (outcome === undefined) return filed;
  const receipt: ReceiptRecord = {
    ...claim,
    record: "receipt",
    sequence: 2,
    claim: 1,
    balance: { before: null, after: null },
    rows: [{ ...row, outcome, time: claim.time }],
  };
  return [...filed, { path: "receipt-path", text: "", record: receipt }];
}

function codes({ problems }: Plan): string[] {
  return problems.map(({ code }) => code);
}
