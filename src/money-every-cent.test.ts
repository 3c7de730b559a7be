import { expect, test } from "vitest";
import { formatMoney, money, parseMoney, sumMoney } from "./money.ts";

const usd = (minor: number) => money(minor, "USD");

test("every cent up to 10,000.00 comes back from its text as it went", () => {
  const wrong: number[] = [];
  for (let minor = 0; minor <= 1_000_000; minor++)
    if (parseMoney(formatMoney(usd(minor)), "USD")?.minor !== minor) wrong.push(minor);
  expect(wrong).toEqual([]);
});

test("every cent up to 10,000.00 is read as its digits say", () => {
  const wrong: string[] = [];
  for (let minor = 0; minor <= 1_000_000; minor++) {
    const digits = String(minor).padStart(3, "0");
    const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
    if (parseMoney(text, "USD")?.minor !== minor) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test("ten cents a million times are exactly 100,000 dollars", () => {
  expect(
    formatMoney(
      sumMoney(
        Array.from({ length: 1_000_000 }, () => usd(10)),
        "USD",
      ),
    ),
  ).toBe("100000.00");
});
