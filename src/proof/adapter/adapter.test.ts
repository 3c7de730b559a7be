import { expect, test } from "vitest";
import { tryAdapter } from "./campaign.ts";

test("one order is one request, and whatever comes back, nothing is made of it that may not be", async () => {
  const { cases, violations } = await tryAdapter();
  expect(violations).toEqual([]);
  expect(cases).toBeGreaterThan(100);
});
