import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareMoney,
  displayMoney,
  formatMoney,
  isSameMoney,
  money,
  parseMoney,
  subtractMoney,
  sumMoney,
} from "./money.ts";

const usd = (minor: number) => money(minor, "USD");
const anyMinor = fc.nat({ max: 999_999_999 });

test("money is the same where amount and currency are", () => {
  expect(isSameMoney(usd(150), usd(150))).toBe(true);
  expect(isSameMoney(usd(150), usd(151))).toBe(false);
  expect(isSameMoney(usd(150), money(150, "GBP"))).toBe(false);
});

describe("text and money", () => {
  test("any amount that can be written comes back from its text as it went", () => {
    fc.assert(
      fc.property(anyMinor, (minor) => {
        expect(parseMoney(formatMoney(usd(minor)), "USD")?.minor).toBe(minor);
      }),
    );
  });

  test.each([
    ["0", 0],
    ["0.00", 0],
    ["0.01", 1],
    ["0.1", 10],
    ["1", 100],
    ["1.5", 150],
    ["1.50", 150],
    ["0.07", 7],
    ["1.15", 115],
    ["9999999.99", 999_999_999],
  ])("%s is %i cents", (text, minor) => {
    expect(parseMoney(text, "USD")).toEqual({ minor, currency: "USD" });
  });

  test.each([
    "",
    " ",
    "1 ",
    " 1",
    "1\n",
    "-1",
    "+1",
    "-0",
    "1e2",
    "1E2",
    "0x10",
    "1,50",
    "1,000",
    "1_000",
    "1.005",
    "1.000",
    ".5",
    "5.",
    "01",
    "00.50",
    "1.5.0",
    "1..5",
    "$1",
    "1$",
    "1 USD",
    "NaN",
    "Infinity",
    "null",
    "true",
    "10000000",
    "10000000.00",
    "9".repeat(400),
    "１",
    "١",
    "1.５",
    "1·50",
    "1\u00a0000",
    "\u22121",
    "½",
  ])("%j is not an amount", (text) => {
    expect(parseMoney(text, "USD")).toBeUndefined();
  });

  test("whatever is read is written in one form only", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("0123456789.,-+eE $_")), maxLength: 6 }), (text) => {
        const read = parseMoney(text, "USD");
        expect(read === undefined || Number(formatMoney(read)) === Number(text)).toBe(true);
      }),
    );
  });

  test("people read thousands with commas and the sign of the currency", () => {
    expect([usd(0), usd(5), usd(123_456), usd(123_456_789), money(150, "GBP")].map(displayMoney)).toEqual([
      "$0.00",
      "$0.05",
      "$1,234.56",
      "$1,234,567.89",
      "£1.50",
    ]);
  });
});

describe("sums", () => {
  test("a sum does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(anyMinor), (amounts) => {
        const forth = sumMoney(amounts.map(usd), "USD");
        expect(sumMoney(amounts.toReversed().map(usd), "USD")).toEqual(forth);
        expect(BigInt(forth.minor)).toBe(amounts.reduce((sum, each) => sum + BigInt(each), 0n));
      }),
    );
  });

  test("what is taken away and put back leaves what was there", () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (from, taken) => {
        const left = subtractMoney(usd(from), usd(taken));
        const again = left && sumMoney([left, usd(taken)], "USD");
        expect(again).toEqual(from < taken ? undefined : usd(from));
      }),
    );
  });

  test("what is taken away to the last cent leaves nothing, and a cent more cannot be taken", () => {
    expect(subtractMoney(usd(10), usd(10))).toEqual(usd(0));
    expect(subtractMoney(usd(10), usd(11))).toBeUndefined();
  });

  test("comparing is by amount", () => {
    expect([usd(10), usd(9), usd(100)].sort(compareMoney)).toEqual([usd(9), usd(10), usd(100)]);
  });

  test("two currencies are never counted together", () => {
    const pounds = money(1, "GBP");
    expect(() => sumMoney([usd(1), pounds], "USD")).toThrow("GBP and USD");
    expect(() => compareMoney(usd(1), pounds)).toThrow("cannot be counted together");
    expect(() => subtractMoney(usd(2), pounds)).toThrow("cannot be counted together");
  });

  test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])("%d is no money", (minor) => {
    expect(() => usd(minor)).toThrow("not a whole number of minor units");
  });

  test("a sum too large to be exact is refused", () => {
    expect(() => sumMoney([usd(Number.MAX_SAFE_INTEGER), usd(1)], "USD")).toThrow("not a whole number");
  });
});
