import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareMoney, CURRENCIES, money } from "../money.ts";
import type { Currency } from "../money.ts";
import { hasAmountsIn, inCurrency } from "./in-currency.ts";
import type { Policy } from "./policy.ts";
import { DEFAULT_POLICY } from "./read-policy.ts";
import { stricter } from "./stricter.ts";

const usd = (minor: number) => money(minor, "USD");
const gbp = (minor: number) => money(minor, "GBP");

function policy(approvals: Partial<Policy["approvals"]>, rest: Partial<Policy> = {}): Policy {
  return { ...DEFAULT_POLICY, source: "file", ...rest, approvals: { ...DEFAULT_POLICY.approvals, ...approvals } };
}

describe("the stricter of two policies", () => {
  test("asks for the higher number of approvals", () => {
    expect(stricter(policy({ required: 1 }), policy({ required: 3 })).approvals.required).toBe(3);
    expect(stricter(policy({ required: 3 }), policy({ required: 1 })).approvals.required).toBe(3);
  });

  test.each<[Policy["approvals"]["by"], Policy["approvals"]["by"], Policy["approvals"]["by"]]>([
    ["everybody", "everybody", "everybody"],
    ["everybody", ["pi"], ["pi"]],
    [["pi"], "everybody", ["pi"]],
    [["pi", "ada"], ["ada", "lee"], ["ada"]],
    [["PI"], ["pi"], ["pi"]],
    [["pi"], ["ada"], []],
    [[], "everybody", []],
    ["everybody", [], []],
  ])("of approvers %j and %j lets %j count", (before, now, both) => {
    expect(stricter(policy({ by: before }), policy({ by: now })).approvals.by).toEqual(both);
  });

  test("takes the lower amount and the higher number for what is above it", () => {
    const low = policy({ above: { amount: usd(100_00), required: 2 } });
    const high = policy({ above: { amount: usd(900_00), required: 4 } });
    const both = { amount: usd(100_00), required: 4 };
    expect(stricter(low, high).approvals.above).toEqual(both);
    expect(stricter(high, low).approvals.above).toEqual(both);
    expect(stricter(low, policy({})).approvals.above).toEqual(low.approvals.above);
    expect(stricter(policy({}), low).approvals.above).toEqual(low.approvals.above);
  });

  test("lets a person pay from a checkout only where both do", () => {
    const [yes, no] = [policy({ local: true }), policy({ local: false })];
    expect([stricter(yes, yes), stricter(yes, no), stricter(no, yes)].map((each) => each.approvals.local)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("keeps the budget of a study that only one of them names, and the lower one of a study that both name", () => {
    const before = policy(
      {},
      {
        budgets: new Map([
          ["stroop", usd(10)],
          ["flanker", usd(30)],
        ]),
      },
    );
    const now = policy(
      {},
      {
        budgets: new Map([
          ["stroop", usd(20)],
          ["simon", usd(40)],
        ]),
      },
    );
    expect(stricter(before, now).budgets).toEqual(
      new Map([
        ["stroop", usd(10)],
        ["flanker", usd(30)],
        ["simon", usd(40)],
      ]),
    );
  });

  test("writes receipts where the policy of now says, whatever it was", () => {
    const [before, now] = [policy({}, { receipts: { branch: "old" } }), policy({}, { receipts: { branch: "new" } })];
    expect(stricter(before, now).receipts.branch).toBe("new");
  });

  test.each<[Policy["workers"], Policy["workers"], Policy["workers"]]>([
    ["show", "show", "show"],
    ["show", "mask", "mask"],
    ["mask", "alias", "alias"],
    ["alias", "show", "alias"],
  ])("of %s and %s shows workers by %s", (a, b, both) => {
    expect([stricter(policy({}, { workers: a }), policy({}, { workers: b })).workers]).toEqual([both]);
    expect([stricter(policy({}, { workers: b }), policy({}, { workers: a })).workers]).toEqual([both]);
  });

  test("pays nothing across a change of currency, and stays in the currency of now", () => {
    const pounds = policyIn("GBP", 500_00);
    const merged = stricter(policyIn("USD", 500_00), pounds);
    expect(Object.values(merged.limits)).toEqual([money(0, "GBP"), money(0, "GBP"), money(0, "GBP"), 5000]);
    expect(merged.budgets.get("stroop")).toEqual(money(0, "GBP"));
    expect(merged.approvals.above?.amount).toEqual(money(0, "GBP"));
  });

  test("is, in every further currency, the stricter one; and says nothing of a currency that either does not know", () => {
    const amounts = (minor: number, budgets: [string, number][] = []) => ({
      limits: { bonus: gbp(minor), manifest: gbp(2 * minor), day: gbp(3 * minor) },
      budgets: new Map(budgets.map(([study, budget]) => [study, gbp(budget)])),
    });
    const above = { amount: usd(100_00), required: 2 };
    const low = policy({ above }, { currencies: new Map([["GBP", { ...amounts(5, [["a", 9]]), above: gbp(70_00) }]]) });
    const high = policy(
      {},
      {
        currencies: new Map([
          [
            "GBP",
            amounts(7, [
              ["a", 8],
              ["b", 1],
            ]),
          ],
        ]),
      },
    );
    const both = {
      ...amounts(5, [
        ["a", 8],
        ["b", 1],
      ]),
      above: gbp(70_00),
    };
    expect(stricter(low, high).currencies).toEqual(new Map([["GBP", both]]));
    expect(stricter(high, low).currencies).toEqual(new Map([["GBP", both]]));
    for (const merged of [stricter(low, policy({})), stricter(policy({}), low)])
      expect(merged).not.toHaveProperty("currencies");
  });

  test("knows the amounts of a currency wherever a policy has them", () => {
    const pounds = { bonus: gbp(5), manifest: gbp(5), day: gbp(5) };
    const before = policy({}, { currencies: new Map([["GBP", { limits: pounds, budgets: new Map() }]]) });
    const now = policyIn("GBP", 3);
    expect(stricter(before, now).limits).toEqual({ bonus: gbp(3), manifest: gbp(3), day: gbp(3), rows: 5000 });
  });

  test("has what the lab has on a platform as the policy of now says", () => {
    const [before, now] = [100, 1].map((rows) =>
      policy({}, { platforms: new Map([["prolific", { rowsPerOrder: rows }]]) }),
    );
    if (!before || !now) throw new Error("two policies");
    expect(stricter(before, now).platforms).toBe(now.platforms);
    expect(stricter(before, policy({}))).not.toHaveProperty("platforms");
  });

  test("of itself is itself", () => {
    fc.assert(
      fc.property(anyPolicy, (a) => {
        expect(stricter(a, a)).toEqual(a);
      }),
    );
  });

  test("does not depend on which comes first, but for the receipts' branch and the spelling of logins", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (a, b) => {
        expect(plain(stricter(a, b))).toEqual(plain(stricter(b, a)));
      }),
    );
  });

  test("of three does not depend on which two are compared first", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyPolicy, (a, b, c) => {
        expect(plain(stricter(stricter(a, b), c))).toEqual(plain(stricter(a, stricter(b, c))));
      }),
    );
  });

  test("is never looser than either", () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, fc.nat({ max: 2000_00 }), (a, b, cost) => {
        const both = stricter(a, b);
        for (const one of [a, b])
          for (const currency of CURRENCIES.filter((each) => hasAmountsIn(both, each)))
            expect(loosenings(inCurrency(both, currency), inCurrency(one, currency), cost)).toEqual([]);
      }),
    );
  });
});

/** In what `candidate` lets happen that `rule` does not. */
function loosenings(candidate: Policy, rule: Policy, cost: number): string[] {
  const approvals = (each: Policy) =>
    Math.max(
      each.approvals.required,
      each.approvals.above && cost > each.approvals.above.amount.minor ? each.approvals.above.required : 0,
    );
  const lets = (each: Policy, login: string) =>
    each.approvals.by === "everybody" || each.approvals.by.some((name) => name.toLowerCase() === login);
  const hides = { alias: 2, mask: 1, show: 0 };
  return [
    ...(approvals(candidate) < approvals(rule) ? ["approvals"] : []),
    ...LOGINS.filter((login) => lets(candidate, login) && !lets(rule, login)),
    ...(candidate.approvals.local && !rule.approvals.local ? ["local"] : []),
    ...(["bonus", "manifest", "day"] as const).filter(
      (key) => compareMoney(candidate.limits[key], rule.limits[key]) > 0,
    ),
    ...(candidate.limits.rows > rule.limits.rows ? ["rows"] : []),
    ...[...rule.budgets].filter(([study, most]) => (candidate.budgets.get(study)?.minor ?? Infinity) > most.minor),
    ...(hides[candidate.workers] < hides[rule.workers] ? ["workers"] : []),
  ].map(String);
}

function policyIn(currency: Currency, minor: number): Policy {
  const amount = money(minor, currency);
  return policy(
    { above: { amount, required: 2 } },
    { limits: { bonus: amount, manifest: amount, day: amount, rows: 5000 }, budgets: new Map([["stroop", amount]]) },
  );
}

function plain(policy: Policy): unknown {
  const { by } = policy.approvals;
  const logins = by === "everybody" ? by : by.map((login) => login.toLowerCase()).sort();
  return { ...policy, receipts: undefined, approvals: { ...policy.approvals, by: logins } };
}

const LOGINS = ["pi", "ada", "lee", "mara"];
const anyMoney = fc.nat({ max: 2000_00 }).map(usd);
const anyRequired = fc.integer({ min: 1, max: 5 });
const anyLogins = fc.uniqueArray(fc.constantFrom(...LOGINS, "PI", "Ada"), { selector: (login) => login.toLowerCase() });

const anyPounds = fc.nat({ max: 2000_00 }).map(gbp);

const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    source: fc.constantFrom("file", "default"),
    approvals: fc
      .record({
        required: anyRequired,
        by: fc.oneof(fc.constant("everybody" as const), anyLogins),
        above: fc.option(fc.record({ amount: anyMoney, required: anyRequired }), { nil: undefined }),
        local: fc.boolean(),
      })
      .map(({ above, ...rest }) => (above ? { ...rest, above } : rest)),
    limits: fc.record({
      bonus: anyMoney,
      manifest: anyMoney,
      day: anyMoney,
      rows: fc.integer({ min: 1, max: 20_000 }),
    }),
    budgets: fc.array(fc.tuple(fc.constantFrom("stroop", "flanker", "simon"), anyMoney)).map((all) => new Map(all)),
    receipts: fc.record({ branch: fc.constantFrom("receipts", "main") }),
    workers: fc.constantFrom("mask", "alias", "show"),
    pounds: fc.option(
      fc.record({
        limits: fc.record({ bonus: anyPounds, manifest: anyPounds, day: anyPounds }),
        budgets: fc.array(fc.tuple(fc.constantFrom("stroop", "simon"), anyPounds)).map((all) => new Map(all)),
        above: fc.option(fc.integer({ min: 1, max: 2000_00 }).map(gbp), { nil: undefined }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ pounds, ...rest }): Policy => {
    if (!pounds) return rest;
    const { above, ...amounts } = pounds;
    const isCounted = above && "above" in rest.approvals;
    return { ...rest, currencies: new Map([["GBP", { ...amounts, ...(isCounted ? { above } : {}) }]]) };
  });

test("accounts and their ledgers are those of now", () => {
  const accounts = new Map([["memory-lab", { branch: "receipts-memory-lab" }]]);
  expect(stricter(policy({}), policy({}, { accounts })).accounts).toEqual(accounts);
  expect(stricter(policy({}, { accounts }), policy({})).accounts).toBeUndefined();
});
