import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Quote } from "../platforms/ports.ts";
import { priceFault, shares } from "./order-price.ts";
import type { Expected } from "./order-price.ts";

const gbp = (minor: number): Money => money(minor, "GBP");
const QUOTE: Quote = { amount: gbp(300), fee: gbp(100), tax: gbp(20), total: gbp(420) };
const EXPECTED: Expected = { amounts: [gbp(100), gbp(200)], planned: gbp(420), balance: gbp(420) };

describe("a price", () => {
  test("that is what was planned, or less, is paid", () => {
    expect(priceFault(QUOTE, EXPECTED)).toBeUndefined();
    expect(priceFault(QUOTE, { ...EXPECTED, planned: gbp(421), balance: "unknown" })).toBeUndefined();
  });

  test.each<[Partial<Quote>, Partial<Expected>, string, string]>([
    [{ amount: gbp(30000) }, {}, "price", "the platform would pay £300.00, and the rows add up to £3.00"],
    [{ amount: gbp(299) }, {}, "price", "the platform would pay £2.99, and the rows add up to £3.00"],
    [{ total: gbp(419) }, {}, "price", "the platform asks for £4.19, and its own parts add up to £4.20"],
    [{}, { planned: gbp(419) }, "price", "the platform asks for £4.20, and the plan allows £4.19"],
    [{}, { balance: gbp(419) }, "funds", "the account holds £4.19, and the next order costs £4.20"],
    [{ amount: money(300, "USD") }, {}, "price", "the platform asks for USD, and the plan is in GBP"],
  ])("of %j for %j is not paid", (quote, expected, cause, message) => {
    expect(priceFault({ ...QUOTE, ...quote }, { ...EXPECTED, ...expected })).toEqual({ cause, message });
  });
});

describe("shares of a charge", () => {
  test("go by amount", () => {
    expect(shares(gbp(120), [gbp(100), gbp(200)])).toEqual([gbp(40), gbp(80)]);
    expect(shares(gbp(1), [gbp(1), gbp(1), gbp(1)])).toEqual([gbp(0), gbp(0), gbp(1)]);
  });

  test("add up to it to the cent, however large, and none is a cent off", () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 999_999_999 }).map(gbp), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }).map(gbp), amounts, (charge, rows) => {
        const each = shares(charge, rows);
        const whole = sumMoney(rows, "GBP").minor;
        expect(sumMoney(each, "GBP")).toEqual(charge);
        for (const [n, { minor }] of each.entries())
          expect(Math.abs(minor - (charge.minor * (rows[n] as Money).minor) / whole)).toBeLessThan(1.01);
      }),
    );
  });
});
