import { expect, test } from "vitest";
import { money } from "../money.ts";
import { hasAmountsIn, inCurrency } from "./in-currency.ts";
import type { Policy } from "./policy.ts";
import { DEFAULT_POLICY } from "./read-policy.ts";

const gbp = (minor: number) => money(minor, "GBP");
const usd = (minor: number) => money(minor, "USD");

const LIMITS = { bonus: gbp(15_00), manifest: gbp(800_00), day: gbp(1500_00) };
const ABOVE = { amount: usd(500_00), required: 2 };
const POLICY: Policy = {
  ...DEFAULT_POLICY,
  approvals: { ...DEFAULT_POLICY.approvals, above: ABOVE },
  budgets: new Map([["stroop", usd(2500_00)]]),
  currencies: new Map([["GBP", { limits: LIMITS, budgets: new Map([["panel", gbp(9_00)]]), above: gbp(400_00) }]]),
};

test("a policy is itself in its own currency", () => {
  expect(inCurrency(POLICY, "USD")).toBe(POLICY);
  expect([hasAmountsIn(POLICY, "USD"), hasAmountsIn(POLICY, "GBP"), hasAmountsIn(DEFAULT_POLICY, "GBP")]).toEqual([
    true,
    true,
    false,
  ]);
});

test("in another currency it has that one's amounts, and all else as it is", () => {
  expect(inCurrency(POLICY, "GBP")).toEqual({
    ...POLICY,
    approvals: { ...POLICY.approvals, above: { amount: gbp(400_00), required: 2 } },
    limits: { ...LIMITS, rows: 5000 },
    budgets: new Map([["panel", gbp(9_00)]]),
  });
});

test("where a currency has no amount of its own from which on more must approve, they must for every list in it", () => {
  const currencies = new Map([["GBP", { limits: LIMITS, budgets: new Map() }] as const]);
  expect(inCurrency({ ...POLICY, currencies }, "GBP").approvals.above).toEqual({ amount: gbp(0), required: 2 });
  expect(inCurrency({ ...DEFAULT_POLICY, currencies }, "GBP").approvals).toEqual(DEFAULT_POLICY.approvals);
});

test("in a currency of which it says nothing, nothing may be paid", () => {
  const { limits, budgets } = inCurrency({ ...DEFAULT_POLICY, budgets: POLICY.budgets }, "GBP");
  expect(limits).toEqual({ bonus: gbp(0), manifest: gbp(0), day: gbp(0), rows: 5000 });
  expect(budgets).toEqual(new Map([["stroop", gbp(0)]]));
});
