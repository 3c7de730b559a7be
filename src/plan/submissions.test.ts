import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { AdoptedRow, BonusRow } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import type { Account, ObservedAssignment, PlatformSettings } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";
import { planMarkdown } from "../report/plan-markdown.ts";
import { planText } from "../report/plan-text.ts";
import { makePlan } from "./make-plan.ts";
import { assumed } from "./observed.ts";
import { block, bonus as dollars, codes, inputOf } from "./plan-world.fixture.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Plan } from "./plan.ts";

const ACCOUNT: Account = { platform: "prolific", environment: "production", currency: "GBP" };
const gbp = (minor: number) => money(minor, "GBP");
const ADA = "60fd9b2ae6f1a2b3c4d5e001";
const BEA = "60fd9b2ae6f1a2b3c4d5e002";
const STUDY = "61d2f0c4aaaaaaaaaaaa0001";
const at = { file: "payments/pilot.yaml", line: 2, column: 5 };

/** Rows that leave out whose they are. */
const bonus = (assignment: string, more: Partial<BonusRow> = {}) =>
  dollars(assignment, { amount: gbp(1_50), worker: "", ...more });

interface World {
  readonly bonuses?: BonusRow[];
  /** Those of another list. */
  readonly second?: BonusRow[];
  readonly adopted?: AdoptedRow[];
  readonly observed?: Readonly<Record<string, Partial<ObservedAssignment>>>;
  readonly unknown?: readonly string[];
  readonly ledger?: FiledRecord[];
  readonly settings?: PlatformSettings;
  readonly groups?: Parameters<typeof block>[0];
  readonly offline?: boolean;
}

function planOf(world: World): Plan {
  const { bonuses = [], adopted = [], observed = {}, unknown = [], ledger = [], settings = {}, groups } = world;
  const file = "payments/second.yaml";
  const second = (world.second ?? []).map((row) => ({ ...row, at: { ...row.at, file } }));
  const input = inputOf({ bonuses });
  const first = input.manifests.map((each) => ({
    ...each,
    ...ACCOUNT,
    adopted,
    qualifications: groups ? [block(groups)] : [],
  }));
  const manifests =
    second.length === 0 ? first : [...first, ...first.map((each) => ({ ...each, file, bonuses: second }))];
  const asked: PlanInput["observed"] = {
    wallet: { available: gbp(100_00) },
    assignments: new Map(
      [...bonuses, ...second]
        .filter(({ assignment }) => !unknown.includes(assignment))
        .map(({ assignment }) => [
          assignment,
          { assignment, worker: ADA, container: STUDY, currency: "GBP", ...observed[assignment] },
        ]),
    ),
    payments: new Map(),
    groups: new Map(),
  };
  return makePlan({
    ...input,
    account: ACCOUNT,
    rules: rulesOf("prolific", new Map([["prolific", settings]])),
    manifests,
    policy: { ...input.policy, limits: { bonus: gbp(20_00), manifest: gbp(500_00), day: gbp(1000_00), rows: 100 } },
    ledger: ledgerState(ledger, ACCOUNT),
    observed: world.offline ? assumed(manifests) : asked,
  });
}

function paid(assignment: string): FiledRecord[] {
  const chain = new SampleChain();
  const row = pay(assignment, { worker: ADA, baseline: [] });
  chain.receipt(chain.claim([row], ACCOUNT), [answered(row, "done")], ACCOUNT);
  return chain.records.map((record) => ({ path: `record-${record.sequence}`, hash: "", record }));
}

const payees = ({ steps }: Plan) => steps.flatMap((step) => (step.kind === "pay" ? [step.worker] : []));

describe("a bonus that does not say whose it is", () => {
  test("goes to whom the platform names, in what it belongs to", () => {
    const plan = planOf({ bonuses: [bonus("s1"), bonus("s2")], observed: { s2: { worker: BEA, container: "other" } } });
    expect(plan.problems).toEqual([]);
    expect(plan.steps).toMatchObject([
      { worker: ADA, container: STUDY },
      { worker: BEA, container: "other" },
    ]);
  });

  test("is checked where it does say so", () => {
    expect(codes(planOf({ bonuses: [bonus("s1", { worker: ADA })] }))).toEqual([]);
    expect(planOf({ bonuses: [bonus("s1", { worker: BEA })] }).problems).toMatchObject([
      { code: "worker-mismatch", message: "another worker did this submission" },
    ]);
  });

  test("is settled by a receipt that names somebody", () => {
    for (const unknown of [[], ["s1"]]) {
      const plan = planOf({ bonuses: [bonus("s1")], ledger: paid("s1"), unknown });
      expect([plan.problems, plan.steps]).toEqual([[], []]);
      expect(plan.settled).toMatchObject([{ because: "receipt", worker: ADA }]);
    }
  });

  test("is settled where it was adopted, whoever of the two names the worker", () => {
    const adopted = { at, assignment: "s1", amount: gbp(1_50), label: "", paid: "2026-01-01T00:00:00.000Z" };
    const settled = (row: string, taken: string) =>
      planOf({ bonuses: [bonus("s1", { worker: row })], adopted: [{ ...adopted, worker: taken }] });
    for (const [row, taken] of [
      ["", ""],
      [ADA, ""],
      ["", ADA],
      [ADA, ADA],
    ] as const) {
      expect(codes(settled(row, taken))).toEqual([]);
      expect(settled(row, taken).settled.map(({ because }) => because)).toEqual(["adopted", "adopted"]);
    }
    expect(codes(settled(BEA, ADA))).toEqual(["paid-row-changed"]);
  });

  test("is nobody's in a plan that asks nobody", () => {
    const plan = planOf({ bonuses: [bonus("s1")], offline: true });
    expect([plan.problems, payees(plan)]).toEqual([[], [""]]);
    expect(planText(plan, { workers: "mask", style: { color: false, width: 100 } })).toContain("not named");
    expect(planMarkdown(plan, { policy: inputOf({}).policy })).toContain("not named");
  });
});

test("a change of a group that is still open holds no bonus up", () => {
  const chain = new SampleChain();
  chain.claim([grant(ADA)], ACCOUNT);
  const ledger = chain.records.map((record) => ({ path: `record-${record.sequence}`, hash: "", record }));
  expect(payees(planOf({ bonuses: [bonus("s1")], ledger }))).toEqual([ADA]);
});

describe("what the platform says of a submission", () => {
  test("that it knows none of this id comes with where to look", () => {
    const [found] = planOf({ bonuses: [bonus("s1")], unknown: ["s1"] }).problems;
    expect(found).toMatchObject({
      code: "assignment-unknown",
      message: "Prolific (production) knows no submission of this id",
    });
    expect(found?.hint).toContain("they all look alike");
  });

  test("that it is not finished stops the row", () => {
    const plan = planOf({ bonuses: [bonus("s1")], observed: { s1: { state: { payable: false, words: "ACTIVE" } } } });
    expect(plan.problems).toMatchObject([
      {
        code: "assignment-not-payable",
        message: "this submission cannot get a bonus now: Prolific says ACTIVE",
        hint: "wait until the worker has finished, and plan again; or take the row out",
      },
    ]);
    expect(plan.steps).toEqual([]);
    const done = planOf({ bonuses: [bonus("s1")], observed: { s1: { state: { payable: true, words: "RETURNED" } } } });
    expect([done.problems, payees(done)]).toEqual([[], [ADA]]);
  });

  test("that it is paid in another currency stops the list, and is told once", () => {
    const dollars = { currency: "USD" } as const;
    const plan = planOf({ bonuses: [bonus("s1"), bonus("s2"), bonus("s3")], observed: { s1: dollars, s2: dollars } });
    expect(plan.problems).toMatchObject([
      {
        code: "wrong-currency",
        severity: "error",
        message: "this list is in GBP, and the Prolific study of this submission pays in USD",
        hint: "write `currency: USD` at its top, with every amount in USD; rows of other currencies go into a list of their own",
      },
    ]);
    expect(plan.steps).toHaveLength(1);
  });

  test("without its currency is a warning: amounts of the list are taken for right", () => {
    const plan = planOf({ bonuses: [bonus("s1")], observed: { s1: { currency: undefined as never } } });
    expect(plan.problems).toMatchObject([
      {
        code: "wrong-currency",
        severity: "warning",
        message: "Prolific does not tell in which currency the Prolific study of this submission pays",
        hint: "look it up there before you approve: every amount of this list is in GBP",
      },
    ]);
    expect(plan.steps).toHaveLength(1);
  });

  test("of its currency is told once for each list, whatever else is told of it", () => {
    const observed = {
      s1: { currency: "USD" },
      s2: { currency: undefined as never },
      s3: { currency: "USD" },
    } as const;
    const plan = planOf({ bonuses: [bonus("s1"), bonus("s2")], second: [bonus("s3")], observed });
    expect(plan.problems.map(({ file, severity }) => `${file} ${severity}`)).toEqual([
      "payments/pilot.yaml warning",
      "payments/pilot.yaml error",
      "payments/second.yaml error",
    ]);
  });
});

test("the reason is kept as it is written, since nobody but the lab reads it", () => {
  expect(planOf({ bonuses: [bonus("s1")] }).steps).toMatchObject([{ reason: "Thank you" }]);
});

test("fees are the most that they should come to, and the plan says what they are made of", () => {
  const { totals } = planOf({ bonuses: [bonus("s1")], settings: { feeRate: 42_800, vatRate: 20_000 } });
  expect(totals).toMatchObject({ amount: gbp(150), fees: gbp(65 + 13), cost: gbp(228) });
  expect(totals.feeBasis).toBe(
    "about 42.8 % platform fee and 20 % VAT on it, by the policy; Prolific tells the exact price before paying",
  );
});

test("a plan is told in the platform's words", async () => {
  const plan = planOf({
    bonuses: [bonus("5f8d0d55b54764421b7156d1"), bonus("5f8d0d55b54764421b7156d2", { label: "extra" })],
    groups: { create: { description: "Took part" }, grant: [[ADA, 1]] },
  });
  const text = planText(plan, { workers: "mask", style: { color: false, width: 100 } });
  await expect(text).toMatchFileSnapshot("expected/submissions.txt");
  await expect(planMarkdown(plan, { policy: inputOf({}).policy })).toMatchFileSnapshot("expected/submissions.md");
});

test("a group that is not there is called a group", () => {
  expect(planOf({ groups: { grant: [[ADA, 1]] } }).problems).toMatchObject([
    { message: "the account (production) has no participant group with the name wave-1" },
  ]);
});
