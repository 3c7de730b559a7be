import { expect, test } from "vitest";
import { memoryWorld } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { bonus, HOUR, run } from "./one-manifest.fixture.ts";

test.each(["refused", "no-funds"] as const)(
  "a bonus that ended in %s, that another run had ordered and that nobody asks for any more is found for four days",
  (fate) => {
    expect(foundAfter(fate, 96 * HOUR - 1)).toBe(true);
    expect(foundAfter(fate, 96 * HOUR)).toBe(false);
  },
);

/** Whether a run, so long after the claim, writes down that 3A is listed, which its list names no more. */
function foundAfter(fate: "refused" | "no-funds", ms: number): boolean {
  const world = memoryWorld();
  world.fate.push(fate);
  run(world, [bonus("3A")]);
  const claimedAt = Date.parse(world.records[0]?.record.time ?? "");
  world.paid.push(...paidElsewhere());
  world.now = claimedAt + ms;
  run(world, [bonus("3B")]);
  return world.records.some(
    ({ record }) =>
      record.record === "receipt" &&
      record.rows.some((row) => row.kind === "pay" && row.assignment === "3A" && row.outcome === "found"),
  );
}

/** What the platform lists of 3A where a run paid it. */
function paidElsewhere(): MemoryWorld["paid"] {
  const world = memoryWorld();
  run(world, [bonus("3A")]);
  return world.paid;
}
