import { describe, expect, test } from "vitest";
import { brokenText, copySources } from "./broken-copy.ts";
import { SABOTAGES } from "./sabotages.ts";
import { hunt } from "./section.ts";

describe("the sabotage", () => {
  test.each(SABOTAGES.map((each) => [each.name, each] as const))("fits the code as it is: %s", (_, { edits }) => {
    for (const { file } of edits) expect(() => brokenText(file, edits)).not.toThrow();
  });

  test("has a name for each way to break something", () => {
    expect(new Set(SABOTAGES.map(({ name }) => name)).size).toBe(SABOTAGES.length);
    expect(SABOTAGES.length).toBeGreaterThanOrEqual(40);
  });

  test.each([
    "a claim is not read back",
    "a reason carries no reference",
    "who asks to stop is not heard",
    "the SDK gives an order again behind our back",
  ])("is noticed: %s", async (name) => {
    const sabotage = SABOTAGES.find((each) => each.name === name);
    if (!sabotage) throw new Error(`there is no sabotage of this name: ${name}`);
    const copy = copySources();
    try {
      expect((await hunt(sabotage, copy, 1)).violations).toEqual([]);
    } finally {
      copy.remove();
    }
  });
});
