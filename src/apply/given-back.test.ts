import { expect, test } from "vitest";
import { memoryWorld } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { money } from "../money.ts";
import { bonus, HOUR, run } from "./one-manifest.fixture.ts";

const MINUTE = HOUR / 60;

test.each(["refused", "no-funds"] as const)(
  "a bonus that ended in %s, that another run had ordered and that nobody asks for any more is found for four days",
  (fate) => {
    expect(foundAfter(fate, 96 * HOUR - 1)).toBe(true);
    expect(foundAfter(fate, 96 * HOUR)).toBe(false);
  },
);

test.each(["refused", "no-funds"] as const)(
  "a bonus that ended in %s, that another run had ordered and that is still asked for is found by the next run",
  (fate) => {
    const world = memoryWorld();
    world.fate.push(fate);
    run(world, [bonus("3A")]);
    world.paid.push(...paidElsewhere());
    run(world, [bonus("3A")]);
    expect(foundIn(world)).toEqual(["1.50"]);
  },
);

test.each(["token-used", "refused"] as const)(
  "a bonus that was given back, that another run had ordered and that was claimed with another amount since is found for four days: %s",
  (fate) => {
    expect(foundBesides(fate, 20 * MINUTE)).toEqual(["1.50"]);
    expect(foundBesides(fate, 96 * HOUR)).toEqual([]);
  },
);

test("a bonus that was given back and claimed for another worker since is looked for under both", () => {
  const world = memoryWorld();
  world.fate.push("no-funds", "refused");
  run(world, [bonus("3A")]);
  run(world, [bonus("3A", { worker: "A3WORKER" })]);
  world.paid.push(...paidElsewhere());
  run(world, []);
  expect(foundIn(world)).toEqual(["1.50"]);
});

test("a bonus that was given back twice and claimed with another amount since is found once", () => {
  const world = memoryWorld();
  world.fate.push("no-funds", "no-funds", "refused");
  run(world, [bonus("3A")]);
  run(world, [bonus("3A")]);
  run(world, [bonus("3A", { amount: money(2_00, "USD") })]);
  world.paid.push(...paidElsewhere());
  run(world, []);
  run(world, []);
  expect(foundIn(world)).toEqual(["1.50"]);
});

test("a bonus that was given back and claimed again as it was is looked for once", () => {
  const world = memoryWorld();
  world.fate.push("no-funds", "no-funds");
  run(world, [bonus("3A")]);
  run(world, [bonus("3A")]);
  world.log.length = 0;
  run(world, []);
  expect(world.log.filter((line) => line.startsWith("list"))).toHaveLength(1);
});

/** The amounts with which 3A is found, so long after its first claim, once a second one of it came to nothing as well. */
function foundBesides(fate: "token-used" | "refused", ms: number): string[] {
  const world = memoryWorld();
  world.fate.push("no-funds", fate, fate, fate);
  const began = world.now;
  run(world, [bonus("3A")]);
  world.listingLagMs = 10 * MINUTE;
  world.paid.push(...paidElsewhere());
  run(world, [bonus("3A", { amount: money(2_00, "USD") })]);
  world.now = began + ms;
  for (let n = 0; n < 2; n++) run(world, [bonus("3A", { amount: money(2_00, "USD") })]);
  return foundIn(world);
}

function foundIn({ records }: MemoryWorld): string[] {
  return records.flatMap(({ record }) =>
    record.record === "receipt"
      ? record.rows.flatMap((row) => (row.kind === "pay" && row.outcome === "found" ? [row.amount] : []))
      : [],
  );
}

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
