import * as fc from "fast-check";
import { expect, test } from "vitest";
import { beside, columns, cut, displayWidth, wrap } from "./columns.ts";

test("columns stand under each other, numbers to the right, whatever the script", () => {
  const table = columns(
    [{ title: "Who" }, { title: "Much", align: "right" }, { title: "Why" }],
    [
      ["ab", "$1.00", "ok"],
      ["日本", "$10.00", "ok"],
      ["é", "$0.05", ""],
    ],
    80,
  );
  expect([table.header, ...table.lines]).toEqual([
    "  Who     Much  Why",
    "  ab     $1.00  ok",
    "  日本  $10.00  ok",
    "  é      $0.05",
  ]);
});

test("the last column is cut so that the line keeps to the width", () => {
  const { lines } = columns([{ title: "A" }, { title: "Why" }], [["x", "w".repeat(90)]], 40);
  expect(lines.map(displayWidth)).toEqual([40]);
  expect(lines[0]).toMatch(/w…$/);
});

test("a cut text is never wider than asked", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(displayWidth(cut(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test("wrapping keeps every word, and keeps lines to the width where words allow it", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "日"), minLength: 1, maxLength: 8 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (list) => {
      const text = wrap(list.join(" "), 30, { first: 4, indent: 4 });
      expect(text.split(/\s+/).filter((word) => word !== "")).toEqual(list);
      const [first = "", ...rest] = text.split("\n");
      expect(4 + displayWidth(first)).toBeLessThanOrEqual(30);
      for (const line of rest) expect(displayWidth(line)).toBeLessThanOrEqual(30);
    }),
  );
});

test("an endless width wraps nothing", () => {
  expect(wrap("word ".repeat(100), Infinity)).not.toContain("\n");
});

test("two texts share a line only where they fit", () => {
  expect(beside("left", "right", 10)).toBe("left right");
  expect(beside("left", "right", 9)).toBe("left\nright");
});
