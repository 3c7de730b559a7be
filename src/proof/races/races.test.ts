import { expect, test } from "vitest";
import { runRaces } from "./section.ts";

test("of two that append from the same commit at the same time, exactly one wins", async () => {
  const { violations, cases } = await runRaces("two pushers, the second a little later", 20, 1);
  expect(violations).toEqual([]);
  expect(cases).toBe(20);
});
