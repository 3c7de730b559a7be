import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { evaluate } from "./evaluate.ts";
import type { Value } from "./evaluate.ts";
import { parseExpression } from "./expression.ts";

const STYLE = { currency: "USD", decimalComma: false } as const;

function valueOf(text: string, cells: Readonly<Record<string, string>> = {}): Value {
  const parsed = parseExpression(text);
  if (parsed.kind === "wrong") throw new Error(parsed.message);
  return evaluate(parsed.expression, (name) => ({ cell: cells[name] ?? "", style: STYLE }));
}

function shown(text: string, cells?: Readonly<Record<string, string>>): string {
  const value = valueOf(text, cells);
  return value.kind === "number" ? value.value.toFixed() : String(value.value);
}

test.each([
  ["0.1 + 0.2", "0.3"],
  ["0.50 + 0.10 * 3", "0.8"],
  ["(1 + 2) * 3 - -1", "10"],
  ["round(10 / 3, 2)", "3.33"],
  ["round(2.675, 2)", "2.68"],
  ["floor(-1.5) + ceil(1.2) + abs(-3)", "3"],
  ["min(5, 2.5, 3) + max(1, 0)", "3.5"],
  ["2 > 1 && !(1 == 2) ? 1.5 : 0", "1.5"],
])("%s is %s", (text, value) => {
  expect(shown(text)).toBe(value);
});

describe("columns", () => {
  test("go by their names: with dots, and with blanks and signs in brackets", () => {
    expect(
      shown("Answer.score * 2 + [Duration (in seconds)] / 60", { "Answer.score": "3", "Duration (in seconds)": "90" }),
    ).toBe("7.5");
  });

  test("compare as numbers where both are numbers, and letter by letter otherwise", () => {
    expect(shown('Progress == 100 && Status != "Survey Preview"', { Progress: "100.0", Status: "IP Address" })).toBe(
      "true",
    );
    expect(shown('Status == "Survey Preview"', { Status: "Survey Preview" })).toBe("true");
    expect(shown("[Finished] && score > 10", { Finished: "True", score: "9" })).toBe("false");
  });
});

test.each([
  ["process.exit(1)", /no function/],
  ["constructor.constructor('x')()", /no function/],
  ["a[b]", /follow each other/],
  ["this", /no arithmetic/],
  ["2 ** 3", /cannot stand|cannot be read/],
  ["1 | 2", /cannot stand/],
  ["0,50", /follow each other/],
  ["score 2", /follow each other/],
  ["", /./],
  ["1 +", /cannot be read/],
  ["1e9", /plain number/],
  ["a = 1", /cannot be read/],
])("%s is no formula", (text, message) => {
  const parsed = parseExpression(text);
  expect(parsed).toMatchObject({ kind: "wrong", message: expect.stringMatching(message) as string });
  expect(parsed).toHaveProperty("hint", expect.stringMatching(/./));
});

test("sums and products of amounts are exact, to any number of rows", () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(cents, cents, fc.integer({ min: 0, max: 1000 }), (base, rate, score) => {
      const text = (amount: number) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
      const value = valueOf(`${text(base)} + ${text(rate)} * score`, { score: String(score) });
      expect(value.kind === "number" && value.value.toFixed(2)).toBe(text(base + rate * score));
    }),
  );
});

test("no text makes a formula do more than fail", () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
      expect(["expression", "wrong"]).toContain(parseExpression(text).kind);
    }),
    { numRuns: 2000 },
  );
});
