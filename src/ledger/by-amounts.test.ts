import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import { hasShownUp, orderWords, paidAlike } from "./by-amounts.ts";
import type { PayClaim } from "./records.ts";
import { pay, SampleChain } from "./sample-chain.fixture.ts";
import type { BonusClaim } from "./state.ts";

const ACCOUNT = { platform: "prolific", environment: "production", currency: "GBP" } as const;
const gbp = (...amounts: number[]) => amounts.map((minor) => money(minor, "GBP"));

/** A bonus for the assignment s1, as the record with this number claimed it. */
function claimed(state: BonusClaim["state"], sequence: number, changes: Partial<PayClaim> = {}): BonusClaim {
  const row = pay("s1", { baseline: [], amount: "1.50", ...changes });
  const { path, record } = new SampleChain().filedClaim([row], ACCOUNT);
  return { state, row, claim: { path, record: { ...record, sequence } } };
}

describe("a bonus that no receipt calls paid has shown up", () => {
  const ours = claimed("held", 5, { baseline: ["1.00"] });
  const shows = (others: readonly BonusClaim[], ...listed: number[]) =>
    hasShownUp(ours, [ours, ...others], gbp(...listed), ACCOUNT);
  const extra = { label: "extra" };

  test("where its amount was added once to what was listed before its claim", () => {
    expect(shows([], 100, 150)).toBe(true);
    expect([shows([], 100), shows([], 150), shows([], 100, 150, 150)]).toEqual([false, false, false]);
  });

  test("beside an equal one that was given back, and not beside one that may be what was added", () => {
    expect(shows([claimed("free", 6, extra)], 100, 150)).toBe(true);
    for (const state of ["open", "held", "refused"] as const)
      expect(shows([claimed(state, 6, extra)], 100, 150)).toBe(false);
    expect(shows([claimed("held", 6, { ...extra, amount: "2.00" })], 100, 150)).toBe(true);
  });

  test("beside what was paid since, which is expected, and beside what was not", () => {
    expect(shows([claimed("settled", 6, extra)], 100, 150, 150)).toBe(true);
    expect(shows([claimed("settled", 6, extra)], 100, 150)).toBe(false);
    for (const state of ["free", "refused", "held"] as const)
      expect(shows([claimed(state, 6, { ...extra, amount: "2.00" })], 100, 150)).toBe(true);
  });

  test("where what was paid before its claim is part of what was listed then", () => {
    expect(shows([claimed("settled", 4, { ...extra, amount: "1.00" })], 100, 150)).toBe(true);
  });
});

test("only settled bonuses of the very amount account for payments that are alike", () => {
  const all = [claimed("settled", 1), claimed("settled", 2, { amount: "2.00" }), claimed("held", 3)];
  expect(paidAlike(all, money(150, "GBP"), ACCOUNT)).toBe(1);
});

test("an order is named with all that was listed before it", () => {
  const { claim, row } = claimed("open", 1, { baseline: ["1.00", "2.00"], handle: "order-1" });
  expect(orderWords(claim, row)).toBe(
    `order order-1, claimed at ${claim.record.time}, when the platform listed 1.00, 2.00`,
  );
});
