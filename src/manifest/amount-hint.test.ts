import { expect, test } from "vitest";
import { amountHint } from "./amount-hint.ts";

/** Each kind of slip, and its neighbours that are another one. */
const TEXTS = [
  ["1,5", "12,50", "x12,50", "12,50x", "1,2345"],
  ["1,500", "12,500", "1,234,567", "1,234,567.5", "1,500.50", "x1,500", "1,500x", "1,500.", "1234,500"],
  ["1e3", "1.5E+10", "10e-2", "12e12", "x1e3", "1e3x", "e3", "1e"],
  ["1.234", "12.3456", "x1.234", "1.234x", "1.2.345"],
  ["1.", "12.", "x1.", "1.x"],
  [".5", ".123456", "x.5"],
  ["00", "01.5", "x01"],
  ["12345678", "12345678.5", "12345678.55", "x12345678", "12345678x", "1234567x", "12345678.x"],
  ["-1.50", "1-50", "+1.50", "1+50"],
  ["１.50", "٣", "1٣", "½", "$1", "1 €", "2 euro", "1.50 USD", "50 cents"],
  ["1 000", "1\t50", "ten", ""],
];

test("whatever stands in place of an amount, it is said what to write", async () => {
  const page = TEXTS.map((texts) => texts.map((text) => `${JSON.stringify(text)}\n  ${amountHint(text)}\n`).join(""));
  await expect(page.join("\n")).toMatchFileSnapshot("expected/amount-hints.txt");
});
