import { expect, test } from "vitest";
import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import type { Account } from "../platforms/ports.ts";
import { planChanges } from "./plan-changes.ts";
import { usd } from "./plans.fixture.ts";

const ACCOUNT: Account = { platform: "mturk", environment: "production", currency: "USD" };

function bonus(assignment: string, changes: Partial<BonusRow> = {}): BonusRow {
  return {
    at: { file: "payments/a.yaml", line: 5, column: 3 },
    worker: "A2WORKEREXAMPLE",
    assignment,
    amount: usd("1.50"),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...changes,
  };
}

function manifest(bonuses: BonusRow[], changes: Partial<Manifest> = {}): Manifest {
  return {
    file: "payments/a.yaml",
    digest: "d",
    study: "stroop",
    ...ACCOUNT,
    bonuses,
    qualifications: [],
    adopted: [],
    ...changes,
  };
}

const at = { file: "payments/a.yaml", line: 9, column: 3 };
const block = { at, type: { name: "wave-1" }, notify: false, grant: [], revoke: [] };

test("rows that came and went, and what that does to the sum", () => {
  const changes = planChanges(
    [manifest([bonus("3A"), bonus("3B")])],
    [manifest([bonus("3B"), bonus("3C", { amount: usd("4.00") })])],
  );
  expect(changes.added).toMatchObject([{ assignment: "3C" }]);
  expect(changes.removed).toMatchObject([{ assignment: "3A" }]);
  expect(changes.changed).toEqual([]);
  expect(changes.money).toEqual([{ account: ACCOUNT, before: usd("3.00"), after: usd("5.50") }]);
});

test("money of two platforms in one currency is told apart", () => {
  const elsewhere = manifest([bonus("5A")], { platform: "prolific" });
  const { money } = planChanges([manifest([bonus("3A")])], [manifest([bonus("3A"), bonus("3B")]), elsewhere]);
  expect(money.map(({ account, before, after }) => [account.platform, before, after])).toEqual([
    ["mturk", usd("1.50"), usd("3.00")],
    ["prolific", usd("0.00"), usd("1.50")],
  ]);
});

test("a row that moved, was renamed or re-ordered is no change", () => {
  const moved = bonus("3A", { at: { file: "payments/b.yaml", line: 77, column: 1 } });
  expect(
    planChanges([manifest([bonus("3A"), bonus("3B")])], [manifest([bonus("3B"), moved], { file: "payments/b.yaml" })]),
  ).toEqual({
    added: [],
    removed: [],
    changed: [],
    money: [],
  });
});

test.each<[string, Partial<BonusRow>]>([
  ["amount", { amount: usd("9.00") }],
  ["worker", { worker: "A3OTHER0000000" }],
  ["reason", { reason: "Something else" }],
  ["attempt", { attempt: 2 }],
  ["repeat", { repeat: true }],
])("another %s is a change of the same row", (_, change) => {
  const { added, removed, changed } = planChanges([manifest([bonus("3A")])], [manifest([bonus("3A", change)])]);
  expect([added, removed, changed.length]).toEqual([[], [], 1]);
  expect(changed[0]?.after).toMatchObject(change);
});

test("another label or environment is another row", () => {
  const { added, removed } = planChanges([manifest([bonus("3A")])], [manifest([bonus("3A", { label: "extra" })])]);
  expect([added.length, removed.length]).toEqual([1, 1]);
  const sandbox = manifest([bonus("3A")], { environment: "sandbox" });
  expect(planChanges([manifest([bonus("3A")])], [sandbox]).money).toHaveLength(2);
});

test("a grant that became a revocation is one changed row", () => {
  const worker = "A2WORKEREXAMPLE";
  const granted = manifest([], { qualifications: [{ ...block, grant: [{ at, worker, score: 85 }] }] });
  const revoked = manifest([], { qualifications: [{ ...block, revoke: [{ at, worker }] }] });
  const { added, removed, changed } = planChanges([granted], [revoked]);
  expect([added, removed]).toEqual([[], []]);
  expect(changed).toMatchObject([{ before: { kind: "grant", score: 85 }, after: { kind: "revoke" } }]);
});
