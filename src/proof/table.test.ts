import { expect, test } from "vitest";
import { tableRow } from "./table.ts";

test("a violation is told beneath its row, with how to play it again", () => {
  const row = tableRow({ scenario: "one run", cases: 1_234_567, violations: ["I1 paid twice: replay x"], ms: 65_000 });
  expect(row.split("\n")[0]).toMatch(/^ {2}one run +1,234,567 +1 +65 s$/);
  expect(row).toContain("\n      I1 paid twice: replay x\n");
});
