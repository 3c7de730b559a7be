import { expect, test } from "vitest";
import { tamperRows } from "./section.ts";

test("of a ledger of fifty records, no small change goes unseen", async () => {
  const rows = [];
  for await (const row of tamperRows({ long: false, only: "", stride: 97 })) rows.push(row);
  expect(rows.flatMap(({ violations }) => violations)).toEqual([]);
  expect(rows).toHaveLength(8);
  for (const { cases } of rows) expect(cases).toBeGreaterThan(5);
});
