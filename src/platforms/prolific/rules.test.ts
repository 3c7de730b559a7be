import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMoney, money, parseMoney } from "../../money.ts";
import type { PlatformSettings } from "../ports.ts";
import { rulesOf } from "../rules.ts";

const ID = "5f8d0d55b54764421b7156d2";
const under = (settings: PlatformSettings) => rulesOf("prolific", new Map([["prolific", settings]]));
const rules = rulesOf("prolific");

describe("the fee that is planned", () => {
  test.each([
    [{}, "0.01", "0.01"],
    [{}, "1.00", "0.34"],
    [{}, "3.00", "1.00"],
    [{}, "10.00", "3.33"],
    [{ feeRate: 42_800 }, "10.00", "4.28"],
    [{ vatRate: 20_000 }, "10.00", "4.00"],
    [{ feeRate: 0 }, "10.00", "0.00"],
  ])("under %j, of a bonus of %s, is %s", (settings, amount, fee) => {
    expect(formatMoney(under(settings).fee(parseMoney(amount, "GBP") ?? money(0, "GBP")))).toBe(fee);
  });

  test("is never less than fee and tax rounded in any way, by row or in all", () => {
    const rate = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1 }), rate, rate, (rows, fee, vat) => {
        const planned = rows.map((minor) => under({ feeRate: fee, vatRate: vat }).fee(money(minor, "GBP")).minor);
        const roundings = [Math.ceil, Math.round, Math.floor].flatMap((round) => {
          const of = (minor: number) => {
            const charge = round((minor * fee) / 100_000);
            return charge + round((charge * vat) / 100_000);
          };
          return [sum(rows.map(of)), of(sum(rows))];
        });
        for (const asked of roundings) expect(sum(planned)).toBeGreaterThanOrEqual(asked);
      }),
    );
  });

  test("is told with its source", () => {
    expect(rules.feeBasis).toBe(
      "about 33.3 % platform fee, by the policy; Prolific tells the exact price before paying",
    );
    expect(under({ feeRate: 42_800, vatRate: 20_000 }).feeBasis).toContain(
      "about 42.8 % platform fee and 20 % VAT on it",
    );
  });
});

test("the policy says how many rows an order has, and how long a payment is waited for", () => {
  expect(rules.traits.batch.rows).toBe(100);
  expect(under({ rowsPerOrder: 1 }).traits.batch).toEqual({ rows: 1, perContainer: true });
  const horizon = (settings: PlatformSettings) => {
    const { completion } = under(settings).traits;
    return completion.kind === "later" ? completion.horizonMs / 3_600_000 : 0;
  };
  expect([horizon({}), horizon({ horizonHours: 24 })]).toEqual([72, 24]);
});

test("what the policy says of one platform changes no other", () => {
  expect(rulesOf("mturk", new Map([["prolific", { feeRate: 0 }]]))).toBe(rulesOf("mturk"));
});

test("of every id it is only known that it is one, since all kinds look alike", () => {
  const kinds = [rules.workerProblem, rules.assignmentProblem, rules.containerProblem, rules.groupProblem];
  for (const problem of [...kinds, rules.workspaceProblem]) {
    expect(problem?.(ID)).toBeUndefined();
    expect(problem?.("5f8d")?.severity).toBe("error");
  }
});

test.each([
  ["5f8d0d55b54764421b7156d", "24 digits and letters"],
  ["5f8d0d55b54764421b7156dg", "24 digits and letters"],
  ["", "24 digits and letters"],
  ["A2EXAMPLE00001", "worker id of Amazon Mechanical Turk"],
  ["3EXAMPLEASSIGNMENT000000000001", "id of Amazon Mechanical Turk"],
  [`${ID}@email.prolific.com`, "the part before the @"],
  [`${ID}@email.prolific.co`, "the part before the @"],
  ["{{%PROLIFIC_PID%}}", "placeholder"],
  ["PROLIFIC_PID", "placeholder"],
])("%j is no id, and the hint says: %s", (id, hint) => {
  expect(rules.workerProblem(id)?.hint).toContain(hint);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
