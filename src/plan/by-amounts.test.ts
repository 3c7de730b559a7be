import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import type { FiledRecord, PayClaim, RowEnd, RowOutcome } from "../ledger/records.ts";
import { SampleChain, answered, pay } from "../ledger/sample-chain.fixture.ts";
import type { AdoptedRow, BonusRow } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import { makePlan } from "./make-plan.ts";
import { bonus as dollars, codes, inputOf } from "./plan-world.fixture.ts";
import type { Plan } from "./plan.ts";

const ACCOUNT: Account = { platform: "prolific", environment: "production", currency: "GBP" };
const gbp = (minor: number) => money(minor, "GBP");
const bonus = (assignment: string, more: Partial<BonusRow> = {}) =>
  dollars(assignment, { amount: gbp(150), worker: "A2WORKEREXAMPLE", ...more });

interface World {
  readonly bonuses: BonusRow[];
  /** Assignment → the amounts that the platform lists. */
  readonly listed?: Record<string, number[]>;
  readonly ledger?: FiledRecord[];
  readonly adopted?: AdoptedRow[];
  readonly now?: string;
}

function planOf({ bonuses, listed = {}, ledger = [], adopted = [], now = "2026-12-01T12:00:00.000Z" }: World): Plan {
  const input = inputOf({ bonuses });
  const [manifest] = input.manifests;
  if (!manifest) throw new Error("no manifest");
  return makePlan({
    ...input,
    account: ACCOUNT,
    rules: prolificRules,
    manifests: [{ ...manifest, ...ACCOUNT, adopted }],
    policy: {
      ...input.policy,
      limits: { bonus: gbp(20_00), manifest: gbp(500_00), day: gbp(1000_00), rows: 100 },
    },
    ledger: ledgerState(ledger, ACCOUNT),
    observed: {
      wallet: { available: gbp(100_00) },
      assignments: new Map(
        bonuses.map(({ assignment, worker }) => [
          assignment,
          { assignment, worker, container: "study", currency: "GBP" },
        ]),
      ),
      payments: new Map(
        bonuses.map(({ assignment }) => [
          assignment,
          (listed[assignment] ?? []).map((minor) => ({ amount: gbp(minor) })),
        ]),
      ),
      groups: new Map(),
    },
    now,
  });
}

interface Claimed extends Partial<PayClaim> {
  readonly outcome?: RowOutcome;
  readonly end?: Partial<RowEnd>;
}

/** Claims of one row each, one after the other, and their receipts. */
function ledger(...rows: (Claimed & { assignment: string })[]): FiledRecord[] {
  const chain = new SampleChain();
  for (const { outcome, end, assignment, ...changes } of rows) {
    const row = pay(assignment, { baseline: [], ...changes });
    const claim = chain.claim([row], ACCOUNT);
    if (outcome) chain.receipt(claim, [answered(row, outcome, end)], ACCOUNT);
  }
  return chain.records.map((record) => ({ path: `record-${record.sequence}`, hash: "", record }));
}

const extra = { label: "extra" } as const;

describe("an equal amount on the list", () => {
  test("that nobody knows stops the row, unless it says that it is to be paid once more", () => {
    const world = { bonuses: [bonus("s1")], listed: { s1: [20, 150] } };
    expect(planOf(world).problems).toMatchObject([
      { message: "an equal bonus (£1.50) was already paid for this submission outside of mergepay" },
    ]);
    expect(planOf({ ...world, bonuses: [bonus("s1", { repeat: true })] }).steps).toMatchObject([
      { others: 1, known: 0, container: "study" },
    ]);
  });

  test("that a receipt knows under another label is no surprise, and one more is", () => {
    const world = {
      bonuses: [bonus("s1"), bonus("s1", extra)],
      ledger: ledger({ assignment: "s1", outcome: "done" }),
    };
    expect(planOf({ ...world, listed: { s1: [150] } }).steps).toMatchObject([{ label: "extra", others: 0, known: 1 }]);
    expect(codes(planOf({ ...world, listed: { s1: [150, 150] } }))).toEqual(["equal-bonus-exists"]);
    // The list lags behind the receipt.
    expect(planOf({ ...world, listed: {} }).steps).toMatchObject([{ others: 0, known: 1 }]);
  });

  test("that was adopted is accounted for", () => {
    const { at } = bonus("s1");
    const row = { at, worker: "A2WORKEREXAMPLE", assignment: "s1", amount: gbp(150), label: "old", paid: "" };
    const world = { bonuses: [bonus("s1")], listed: { s1: [150] } };
    expect(planOf({ ...world, adopted: [row] }).steps).toHaveLength(1);
    expect(planOf({ ...world, adopted: [{ ...row, assignment: "s2" }] }).steps).toEqual([]);
    expect(planOf({ ...world, adopted: [{ ...row, amount: gbp(149) }] }).steps).toEqual([]);
  });
});

describe("a row that was claimed", () => {
  test.each(["held", "refused"] as const)(
    "and %s is settled once its amount was added to what was listed before",
    (outcome) => {
      const world = {
        bonuses: [bonus("s1")],
        ledger: ledger({ assignment: "s1", outcome, baseline: ["1.50"] }),
      };
      expect(planOf({ ...world, listed: { s1: [150] } }).held).toMatchObject([{ state: outcome }]);
      expect(planOf({ ...world, listed: { s1: [150, 150] } }).settled).toMatchObject([{ because: "listed" }]);
      expect(planOf({ ...world, listed: { s1: [150, 150, 150] } }).held).toMatchObject([{ state: outcome }]);
    },
  );

  test("and given back was never ordered: what was added is somebody else's", () => {
    const world = { bonuses: [bonus("s1")], ledger: ledger({ assignment: "s1", outcome: "not-sent" }) };
    expect(codes(planOf({ ...world, listed: { s1: [150] } }))).toEqual(["equal-bonus-exists"]);
  });

  test("and is open is left to the next apply, which looks", () => {
    const world = { bonuses: [bonus("s1")], ledger: ledger({ assignment: "s1" }) };
    expect(planOf(world).held).toMatchObject([
      {
        state: "open",
        why: "order HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH, claimed at 2026-11-30T23:40:00.000Z, when the platform listed nothing; nobody wrote down yet how it ended",
      },
    ]);
  });

  test("is not taken for listed where a later bonus of the assignment was what was added", () => {
    const world = {
      bonuses: [bonus("s1")],
      listed: { s1: [150] },
      ledger: ledger({ assignment: "s1", outcome: "refused" }, { assignment: "s1", ...extra, outcome: "done" }),
    };
    expect(planOf(world).held).toMatchObject([{ state: "refused" }]);
    expect(planOf({ ...world, listed: { s1: [150, 150] } }).settled).toMatchObject([{ because: "listed" }]);
  });

  test("nor where it could be another one that is not settled", () => {
    const world = (amount: string) => ({
      bonuses: [bonus("s1")],
      listed: { s1: [150] },
      ledger: ledger(
        { assignment: "s1", ...extra, outcome: "refused", amount },
        { assignment: "s1", outcome: "refused" },
      ),
    });
    expect(planOf(world("1.50")).settled).toEqual([]);
    expect(planOf(world("1.49")).settled).toMatchObject([{ because: "listed" }]);
  });
});

describe("a row beside another one for the same assignment", () => {
  test.each([undefined, "held"] as const)("that is not settled (%s) waits: what shows could be either", (outcome) => {
    const world = {
      bonuses: [bonus("s1", extra), bonus("s2")],
      ledger: ledger({ assignment: "s1", ...(outcome ? { outcome } : {}) }),
    };
    const plan = planOf(world);
    expect(plan.steps).toMatchObject([{ assignment: "s2" }]);
    expect(plan.held).toMatchObject([
      {
        state: "held",
        label: "extra",
        why: "the bonus without a label for the same assignment is not settled yet, and the platform lists nothing but amounts: what shows could be either",
        next: "nothing now: the first apply after that one is settled pays this one",
        record: "record-1",
      },
    ]);
  });

  test("names its label, and waits for no other assignment", () => {
    const world = { bonuses: [bonus("s1")], ledger: ledger({ assignment: "s1", ...extra }, { assignment: "s2" }) };
    expect(planOf(world).held[0]?.why).toContain("the bonus with the label extra");
  });

  test("that was refused or given back does not wait", () => {
    for (const outcome of ["refused", "not-sent"] as const)
      expect(
        planOf({ bonuses: [bonus("s1", extra)], ledger: ledger({ assignment: "s1", outcome }) }).steps,
      ).toHaveLength(1);
  });
});

test("the next attempt of a held row waits until the horizon, and not longer", () => {
  const world = {
    bonuses: [bonus("s1", { attempt: 2 })],
    ledger: ledger({ assignment: "s1", outcome: "held" }),
  };
  const claimedAt = Date.parse("2026-11-30T23:40:00.000Z");
  const after = (hours: number, ms: number) => new Date(claimedAt + hours * 3_600_000 + ms).toISOString();
  expect(planOf({ ...world, now: after(72, -1) }).held).toMatchObject([
    {
      why: "attempt 1 may have been paid after all: the platform can take a while to list a payment",
      next: expect.stringContaining("after 2026-12-03 23:40 UTC"),
    },
  ]);
  expect(planOf({ ...world, now: after(72, 0) }).steps).toHaveLength(1);
});
