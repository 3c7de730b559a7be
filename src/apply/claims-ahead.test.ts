import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import { money } from "../money.ts";
import { memoryWorld } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { ACCOUNT, bonus, outcomes, run } from "./one-manifest.fixture.ts";

const many = Array.from({ length: 7 }, (_, n) => bonus(`3ROW${n}`));

describe("while rows of one claim are slow", () => {
  test("no third claim is made", () => {
    const world = memoryWorld();
    world.fate.push(...Array.from({ length: 12 }, () => "throttled" as const));
    run(world, many, 1);
    const open = world.records.map((_, n) => ledgerState(world.records.slice(0, n + 1), ACCOUNT).open.length);
    expect(Math.max(...open)).toBe(2);
  });

  test.each([
    [0, 2],
    [1, 2],
    [1, 3],
    [2, 3],
    [3, 3],
  ])("each claim has one receipt, for all its rows: order %s is slow, of %s at once", (slow, atOnce) => {
    const world = memoryWorld();
    world.fate.push(...Array.from({ length: slow }, () => "ok" as const), "throttled");
    expect(outcomes(run(world, many, 2, "run", [], atOnce))).toEqual(many.map(() => "done"));
    expect(rowsOf(world, "receipt")).toEqual(rowsOf(world, "claim"));
  });

  test("no balance is written that was read while one row was under way and one waited", () => {
    const world = memoryWorld();
    run(world, many, 2, "run", [], 2);
    const before = world.records.flatMap(({ record }) => (record.record === "claim" ? [record.balance.before] : []));
    expect(before).toEqual(["100.00", null, null, null]);
  });

  test("and there is not money for all, the account is asked again only when all have ended", () => {
    const world = memoryWorld();
    world.appendFate.push(() => {
      world.balance = money(2_00, "USD");
    });
    world.fate.push("throttled", "throttled", "throttled");
    expect(run(world, many.slice(0, 3), 1).stop?.cause).toBe("funds");
    const asked = world.log.filter((op) => op === "wallet").length;
    expect(asked).toBe(4);
  });
});

describe("after a lost race", () => {
  test("the last receipt is written all the same", () => {
    const world = memoryWorld();
    world.appendFate.push("ok", "rejected");
    const { receipts, stop } = run(world, [bonus("3A")]);
    expect([receipts.length, stop]).toEqual([1, undefined]);
    expect(ledgerState(world.records, ACCOUNT).open).toEqual([]);
  });

  test("held bonuses are not looked for once more", () => {
    const looked = [false, true].map((race) => {
      const world = heldFirst();
      if (race) world.appendFate.push("rejected");
      const before = world.log.length;
      expect(outcomes(run(world, [bonus("3A"), bonus("3B")]))).toEqual(["done"]);
      return world.log.slice(before).filter((op) => op === "list").length;
    });
    expect(looked[1]).toBe(looked[0]);
  });

  /** 3A was paid, is never listed, and is held. */
  function heldFirst(): MemoryWorld {
    const world = memoryWorld();
    world.listingLagMs = 1000 * 60 * 60 * 1000;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.now += 13 * 60 * 60 * 1000;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["held"]);
    return world;
  }
});

test("a claim whose push had no answer and did not arrive is made again", () => {
  const world = memoryWorld();
  world.appendFate.push("request-lost");
  const result = run(world, [bonus("3A")]);
  expect([result.stop, outcomes(result)]).toEqual([undefined, ["done"]]);
  expect(world.paid).toHaveLength(1);
});

/** How many rows each claim, or each receipt, holds, in the order of the claims. */
function rowsOf({ records }: MemoryWorld, kind: "claim" | "receipt"): number[] {
  return records.flatMap(({ record }) => (record.record === kind ? [record.rows.length] : []));
}
