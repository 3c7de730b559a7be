import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import { money } from "../money.ts";
import { memoryWorld, runOn } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import {
  ACCOUNT,
  bonus,
  grant,
  HOUR,
  outcomes,
  paidInReceipts,
  protocol,
  run,
  runOneByOne,
} from "./one-manifest.fixture.ts";

describe("a bonus", () => {
  test("is claimed before it is ordered, and its receipt follows", () => {
    const world = memoryWorld();
    const result = run(world, [bonus("3A")]);
    expect(world.paid).toHaveLength(1);
    expect(outcomes(result)).toEqual(["done"]);
    expect(world.records.map(({ record }) => record.record)).toEqual(["claim", "receipt"]);
    expect(world.log.indexOf("append")).toBeLessThan(world.log.indexOf("pay"));
  });

  test("that has a receipt is not paid again", () => {
    const world = memoryWorld();
    run(world, [bonus("3A")]);
    const again = run(world, [bonus("3A")]);
    expect(again.rows).toEqual([]);
    expect(world.paid).toHaveLength(1);
    expect(world.records).toHaveLength(2);
  });

  test("whose answer was lost is found by its reference and not ordered again", () => {
    const world = memoryWorld();
    world.fate.push("answer-lost");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
    expect(world.log.filter((op) => op === "pay")).toHaveLength(1);
  });

  test("whose order was lost is ordered again with the same token", () => {
    const world = memoryWorld();
    world.fate.push("request-lost");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
    expect(world.paid).toHaveLength(1);
  });

  test("that stays without an answer stays open, and the next run finds it", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost");
    const first = run(world, [bonus("3A")]);
    expect(first.rows.map(({ state }) => state)).toEqual(["open"]);
    world.now += HOUR;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["found"]);
    expect(world.paid).toHaveLength(1);
  });

  test("that a run left open and that does not show is claimed anew, and the books say why", () => {
    const world = claimedAndCutOff();
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
    expect(world.records.flatMap(({ record }) => (record.record === "receipt" ? record.rows : []))).toMatchObject([
      {
        outcome: "not-sent",
        code: "taken-over",
        message: "the run that claimed it was cut off, and it is not listed: it is claimed anew",
      },
      { outcome: "done" },
    ]);
  });

  test("that was taken over, and that the run does not come to claim, is told as left to the next one", () => {
    const world = claimedAndCutOff();
    world.balance = money(0, "USD");
    expect(run(world, [bonus("3A")]).rows).toMatchObject([
      {
        state: "open",
        seen: "the run that claimed it was cut off, and it is not listed",
        next: "nothing: the next run claims it anew",
      },
    ]);
  });

  test("that is not listed twelve hours after its claim is held, not ordered", () => {
    const world = memoryWorld();
    world.listingLagMs = 1000 * HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.now += 12 * HOUR;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["held"]);
    expect(world.paid).toHaveLength(1);
  });

  test("that was held and shows up after all gets its receipt", () => {
    const world = memoryWorld();
    world.listingLagMs = 1000 * HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.now += 13 * HOUR;
    run(world, [bonus("3A")]);
    world.listingLagMs = 0;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["found"]);
    expect(run(world, [bonus("3A")]).rows).toEqual([]);
  });

  test("that was held is tried again only with the next attempt", () => {
    const world = memoryWorld();
    world.fate.push("request-lost", "request-lost", "request-lost");
    run(world, [bonus("3A")]);
    world.now += 13 * HOUR;
    run(world, [bonus("3A")]);
    expect(run(world, [bonus("3A")]).rows).toEqual([]);
    world.now += 36 * HOUR;
    expect(outcomes(run(world, [bonus("3A", { attempt: 2 })]))).toEqual(["done"]);
    expect(world.paid).toHaveLength(1);
  });

  test("whose first attempt shows up after all is not paid by a second one, and is counted once", () => {
    const world = memoryWorld();
    world.listingLagMs = 1000 * HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.now += 13 * HOUR;
    run(world, [bonus("3A")]);
    world.now += 36 * HOUR;
    world.appendFate.push(() => {
      world.listingLagMs = 0;
    });
    expect(outcomes(run(world, [bonus("3A", { attempt: 2 })]))).toEqual(["found"]);
    expect(run(world, [bonus("3A", { attempt: 2 })]).rows).toEqual([]);
    expect(world.paid).toHaveLength(1);
    expect(paidInReceipts(world)).toBe(1);
  });

  test("that was refused waits for a reviewed change", () => {
    const world = memoryWorld();
    world.fate.push("refused");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["refused"]);
    expect(run(world, [bonus("3A")]).plan?.held.map(({ state }) => state)).toEqual(["refused"]);
    expect(world.paid).toEqual([]);
  });

  test("is not called refused while an earlier order of it may be under way", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost", "refused", "refused");
    expect(run(world, [bonus("3A")]).rows.map(({ state }) => state)).toEqual(["open"]);
  });

  test("that MTurk is too busy to take is ordered again after a pause", () => {
    const world = memoryWorld();
    world.fate.push("throttled", "throttled");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
  });

  test("that an equal one by hand came before is held, although the plan saw none", () => {
    const world = memoryWorld();
    world.appendFate.push(() => {
      world.paid.push({
        worker: "A2WORKER",
        assignment: "3A",
        amount: money(150, "USD"),
        reason: "by hand",
        token: "",
        at: new Date(world.now).toISOString(),
      });
    });
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["held"]);
    expect(world.paid).toHaveLength(1);
  });

  test("is not ordered where nobody can look whether it was paid", () => {
    const world = memoryWorld();
    world.listsToFail = 1;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["not-sent"]);
    expect(world.paid).toEqual([]);
  });

  test("that an earlier run claimed stays open where nobody can look", () => {
    const world = memoryWorld();
    world.fate.push("request-lost", "request-lost", "request-lost");
    run(world, [bonus("3A")]);
    world.listsToFail = 1;
    expect(run(world, [bonus("3A")]).rows.map(({ state }) => state)).toEqual(["open"]);
    expect(world.paid).toEqual([]);
  });

  test("that is listed twice with our reference stops the run", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.paid.push({ ...world.paid[0]! });
    world.listingLagMs = 0;
    const result = run(world, [bonus("3A"), bonus("3B")]);
    expect(result.stop?.cause).toBe("surplus");
    expect(outcomes(result)).toEqual(["held"]);
  });

  test("whose reference is listed for another worker is held", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.paid[0] = { ...world.paid[0]!, worker: "A9ANOTHER" };
    world.listingLagMs = 0;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["held"]);
  });

  test("whose reference is listed with another amount is held", () => {
    const world = memoryWorld();
    world.listingLagMs = 1000 * HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.paid[0] = { ...world.paid[0]!, amount: money(1, "USD") };
    world.listingLagMs = 0;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["held"]);
  });
});

/** The first run was cut off between claim and order. */
function claimedAndCutOff(): MemoryWorld {
  for (let cut = 1; ; cut++) {
    const world = memoryWorld();
    runOn(world, protocol(world, [bonus("3A")]), cut);
    if (world.records.length > 0) return world;
  }
}

describe("a run", () => {
  test("that is cut off anywhere is finished by the next one, and every bonus is paid once", () => {
    const rows = [bonus("3A"), bonus("3B"), bonus("3C", { label: "extra" })];
    for (let cut = 1; ; cut++) {
      const world = memoryWorld();
      const first = runOn(world, protocol(world, rows), cut);
      run(world, rows);
      expect(world.paid.map(({ assignment }) => assignment).sort(), `cut off before effect ${cut}`).toEqual([
        "3A",
        "3B",
        "3C",
      ]);
      expect(ledgerState(world.records, ACCOUNT).open).toEqual([]);
      if (first !== "crashed") break;
    }
  });

  test("stops at the first row without money, and the rest stays unclaimed", () => {
    const world = memoryWorld();
    world.fate.push("ok", "no-funds");
    const result = runOneByOne(world, [bonus("3A"), bonus("3B"), bonus("3C")], 1);
    expect(result.stop?.cause).toBe("funds");
    expect(outcomes(result)).toEqual(["done", "not-sent"]);
    expect(ledgerState(world.records, ACCOUNT).bonuses.size).toBe(2);
  });

  test("that stopped for money goes on when there is some", () => {
    const world = memoryWorld();
    world.fate.push("no-funds");
    runOneByOne(world, [bonus("3A"), bonus("3B")]);
    expect(outcomes(run(world, [bonus("3A"), bonus("3B")]))).toEqual(["done", "done"]);
  });

  test("stops after three bonuses in a row without a clear answer", () => {
    const world = memoryWorld();
    world.fate.push(...Array.from({ length: 9 }, () => "request-lost" as const));
    const result = run(
      world,
      ["3A", "3B", "3C", "3D"].map((id) => bonus(id)),
    );
    expect(result.stop?.cause).toBe("unknowns");
    expect(result.rows.filter(({ state }) => state === "open")).toHaveLength(3);
    expect(outcomes(result)).toEqual(["not-sent"]);
  });

  test("that is asked to stop writes the receipt of what it paid", () => {
    const world = memoryWorld();
    world.fate.push(() => {
      world.stop = true;
    });
    const result = runOneByOne(world, [bonus("3A"), bonus("3B")]);
    expect(outcomes(result)).toEqual(["done", "not-sent"]);
    expect(ledgerState(world.records, ACCOUNT).open).toEqual([]);
  });

  test("pays nobody where the ledger refuses the claim", () => {
    const world = memoryWorld();
    world.appendFate.push("refused");
    expect(run(world, [bonus("3A")]).stop?.cause).toBe("ledger");
    expect(world.paid).toEqual([]);
  });

  test("pays nobody on a claim whose push had no answer and which is not there", () => {
    const world = memoryWorld();
    world.appendFate.push("request-lost", "refused");
    run(world, [bonus("3A")]);
    expect(world.paid).toEqual([]);
  });

  test("goes on with a claim whose push had no answer and which is there", () => {
    const world = memoryWorld();
    world.appendFate.push("answer-lost");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
  });

  test("that loses the race for the ledger plans again and leaves the rival's rows alone", () => {
    const world = memoryWorld();
    world.appendFate.push(() => {
      const rival = protocol(world, [bonus("3A")], 100, "rival");
      runOn(world, rival, 13);
    });
    const result = run(world, [bonus("3A"), bonus("3B")]);
    expect(world.paid.map(({ assignment }) => assignment)).toEqual(["3B"]);
    expect(result.plan?.held.map(({ state }) => state)).toEqual(["open"]);
  });

  test("carries the receipt of one claim to the ledger together with the next claim", () => {
    const world = memoryWorld();
    runOneByOne(world, [bonus("3A"), bonus("3B"), bonus("3C")], 1);
    expect(world.records.map(({ record }) => record.record)).toEqual([
      "claim",
      "receipt",
      "claim",
      "receipt",
      "claim",
      "receipt",
    ]);
    expect(world.commits).toBe(4);
  });
});

describe("rows that are settled at once", () => {
  const many = Array.from({ length: 7 }, (_, n) => bonus(`3ROW${n}`));

  test("are ordered only where their claim was found in the ledger, and the next claim is pushed meanwhile", () => {
    const world = memoryWorld();
    expect(outcomes(run(world, many, 2))).toEqual(many.map(() => "done"));
    const claimed = world.log.flatMap((op, n) => (op === "append" ? [n] : []));
    expect(claimed[1]).toBeLessThan(world.log.indexOf("pay"));
    expect(paidInReceipts(world)).toBe(7);
  });

  test("are never more than two claims without a receipt", () => {
    const world = memoryWorld();
    run(world, many, 2);
    const open = world.records.map((_, n) => ledgerState(world.records.slice(0, n + 1), ACCOUNT).open.length);
    expect(Math.max(...open)).toBe(4);
  });

  test("are told and recorded in the order of the manifest, whichever ended first", () => {
    const world = memoryWorld();
    world.fate.push("request-lost");
    const { rows } = run(world, many, 4);
    const told = rows.flatMap(({ row }) => (row.kind === "pay" ? [row.assignment] : []));
    expect(told).toEqual(many.map(({ assignment }) => assignment));
    const [receipt] = world.records.filter(({ record }) => record.record === "receipt");
    expect(receipt?.record.rows.map((row) => row.kind === "pay" && row.assignment)).toEqual(told.slice(0, 4));
  });

  test("stop where one of them finds no money, and nothing more is ordered", () => {
    const world = memoryWorld();
    world.fate.push("no-funds");
    const result = run(world, many);
    expect(result.stop?.cause).toBe("funds");
    // Those whose order was on its way already may have been paid; all others are given back.
    expect(world.paid.length).toBeLessThan(3);
    expect(ledgerState(world.records, ACCOUNT).open).toEqual([]);
    expect(paidInReceipts(world)).toBe(world.paid.length);
  });

  test("do not make a claim that the account cannot pay beside what is under way", () => {
    const world = memoryWorld();
    world.appendFate.push(() => {
      world.balance = money(4_00, "USD");
    });
    const result = run(world, many.slice(0, 3), 1);
    expect(result.stop?.cause).toBe("funds");
    expect(outcomes(result)).toEqual(["done", "done"]);
    expect(world.records.filter(({ record }) => record.record === "claim")).toHaveLength(2);
  });

  test("leave no balance in the records that was read while orders were under way", () => {
    const world = memoryWorld();
    run(world, many, 2);
    const befores = world.records.flatMap(({ record }) => (record.record === "claim" ? [record.balance.before] : []));
    expect(befores).toEqual(["100.00", null, null, null]);
    const [last] = world.records.slice(-1);
    expect(last?.record.record === "receipt" && last.record.balance.after).toBe("87.40");
  });
});

describe("a qualification", () => {
  test("is granted without an e-mail unless the manifest says so", () => {
    const world = memoryWorld();
    expect(outcomes(run(world, [], 100, "run", [grant("A2WORKER", 85)]))).toEqual(["done", "done"]);
    expect(world.scores.get("3TYPE0 A2WORKER")).toBe(85);
    expect(world.emails).toEqual([]);
  });

  test("is not re-scored when somebody changed it after the plan", () => {
    const world = memoryWorld();
    world.types.set("wave-1", { id: "3TYPE0", listedFrom: 0 });
    world.scores.set("3TYPE0 A2WORKER", 70);
    world.appendFate.push(() => void world.scores.set("3TYPE0 A2WORKER", 71));
    expect(outcomes(run(world, [], 100, "run", [grant("A2WORKER", 85)]))).toEqual(["not-sent"]);
    expect(world.scores.get("3TYPE0 A2WORKER")).toBe(71);
  });

  test("type that exists but is not listed yet is waited for, not made twice", () => {
    const world = memoryWorld();
    const running = protocol(world, [], 100, "run", [grant("A2WORKER", 1)]);
    world.types.set("wave-1", { id: "3TYPE9", listedFrom: world.now + 20_000 });
    const result = runOn(world, running);
    if (result === "crashed") throw new Error("not asked to crash");
    expect(outcomes(result)).toEqual(["found", "done"]);
    expect(world.scores.get("3TYPE9 A2WORKER")).toBe(1);
  });
});
