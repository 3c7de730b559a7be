import { describe, expect, test } from "vitest";
import { brokenText, copySources } from "./broken-copy.ts";
import { ORDER_SABOTAGES } from "./order-sabotages.ts";
import { SABOTAGES } from "./sabotages.ts";
import { hunt } from "./section.ts";

describe("the sabotage", () => {
  test.each([...SABOTAGES, ...ORDER_SABOTAGES].map((each) => [each.name, each] as const))(
    "fits the code as it is: %s",
    (_, { edits }) => {
      for (const { file } of edits) expect(() => brokenText(file, edits)).not.toThrow();
    },
  );

  test("has a name for each way to break something", () => {
    const all = [...SABOTAGES, ...ORDER_SABOTAGES];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(SABOTAGES.length).toBeGreaterThanOrEqual(40);
  });

  test.each([
    "a claim is not read back",
    "a reason carries no reference",
    "who asks to stop is not heard",
    "the SDK gives an order again behind our back",
    "an order whose answer was lost is given again",
    "what has not shown by the horizon is given back",
  ])("is noticed: %s", async (name) => {
    const sabotage = [...SABOTAGES, ...ORDER_SABOTAGES].find((each) => each.name === name);
    if (!sabotage) throw new Error(`there is no sabotage of this name: ${name}`);
    const copy = copySources();
    try {
      expect((await hunt(sabotage, copy, 1)).violations).toEqual([]);
    } finally {
      copy.remove();
    }
  });
});
