import { describe, expect, test } from "vitest";
import type { ReceiptRow } from "../ledger/records.ts";
import type { Effect, Protocol } from "./effects.ts";
import { machineOf, memoryWorld } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { bonus, grant, HOUR, outcomes, paidInReceipts, protocol, run } from "./one-manifest.fixture.ts";
import type { ApplyResult } from "./work.ts";

/**
 * Schedules that once broke a promise. The search for others is in `src/proof/schedules/`. The world refuses a ledger
 * that contradicts itself.
 */

describe("a held bonus that shows up", () => {
  test("between the plan of its second attempt and the payment is not claimed again", () => {
    const world = heldOnce();
    const second = runner(world, protocol(world, [bonus("3A", { attempt: 2 })]));
    world.listingLagMs = 0;
    second.end();
    expect(paidInReceipts(world)).toBe(1);
    expect(world.paid).toHaveLength(1);
  });

  test("after two attempts were held has one receipt", () => {
    const world = heldOnce();
    world.fate.push("request-lost", "request-lost", "request-lost");
    run(world, [bonus("3A", { attempt: 2 })]);
    world.now += 13 * HOUR;
    run(world, [bonus("3A", { attempt: 2 })]);
    world.listingLagMs = 0;
    run(world, [bonus("3A", { attempt: 2 })]);
    expect(paidInReceipts(world)).toBe(1);
  });

  test.each(["no-funds", "refused"] as const)("after its second attempt ended in %s is settled, for ever", (fate) => {
    const world = heldOnce();
    world.fate.push(fate);
    run(world, [bonus("3A", { attempt: 2 })]);
    world.listingLagMs = 0;
    expect(outcomes(run(world, [bonus("3A", { attempt: 2 })]))).toEqual(["found"]);
    world.listingLagMs = 1000 * HOUR;
    const last = run(world, [bonus("3A", { attempt: 2 }), bonus("3B")]);
    expect(last.plan?.problems).toEqual([]);
    expect(outcomes(last)).toEqual(["done"]);
    expect(world.paid).toHaveLength(2);
  });
});

describe("a clock that goes back by an hour", () => {
  test("between two runs pays nobody and breaks nothing", () => {
    const world = memoryWorld();
    run(world, [bonus("3A")]);
    world.now -= HOUR;
    expect(run(world, [bonus("3A"), bonus("3B")]).stop?.cause).toBe("clock");
    world.now += 2 * HOUR;
    expect(outcomes(run(world, [bonus("3A"), bonus("3B")]))).toEqual(["done"]);
  });

  test("between an order and its receipt does not keep the receipt from being written", () => {
    const world = memoryWorld();
    world.fate.push(() => {
      world.now -= HOUR;
    });
    run(world, [bonus("3A")]);
    expect(paidInReceipts(world)).toBe(1);
  });
});

describe("two runs that do not see each other", () => {
  test.each(["no-funds", "refused", "no-credentials"] as const)(
    "agree in the end, where one paid what the other was told %s about",
    (fate) => {
      const world = memoryWorld();
      world.listingLagMs = HOUR;
      const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
      one.until("list");
      runner(world, protocol(world, [bonus("3A")], 100, "two")).after("pay");
      expect(world.paid).toHaveLength(1);
      world.fate.push(fate);
      one.end();
      world.listingLagMs = 0;
      run(world, [bonus("3A")], 100, "three");
      expect(paidInReceipts(world)).toBe(1);
    },
  );

  test("agree in the end, where one was stopped before a row that the other paid", () => {
    const world = memoryWorld();
    const rows = [bonus("3A"), bonus("3B")];
    const one = runner(world, protocol(world, rows, 100, "one"));
    one.after("pay");
    runner(world, protocol(world, rows, 100, "two")).after("pay");
    world.stop = true;
    one.end();
    world.stop = false;
    run(world, rows, 100, "three");
    expect(world.paid).toHaveLength(2);
    expect(paidInReceipts(world)).toBe(2);
  });

  test("agree in the end, where the row that one gave back and the other paid was taken out of the list since", () => {
    const world = memoryWorld();
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one", [grant("A2WORKER", 85)]));
    one.until("create-group");
    runner(world, protocol(world, [bonus("3A")], 100, "two")).after("pay");
    world.stop = true;
    one.end();
    world.stop = false;
    run(world, [bonus("3B")], 100, "three");
    const receipts = world.records.flatMap(({ record }) => (record.record === "receipt" ? record.rows : []));
    expect(receipts).toContainEqual(expect.objectContaining({ kind: "pay", assignment: "3A", outcome: "found" }));
  });

  test("agree in the end, where the list was copied since, and asks twice for what one gave back and the other paid", () => {
    const world = memoryWorld();
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one", [grant("A2WORKER", 85)]));
    one.until("create-group");
    runner(world, protocol(world, [bonus("3A")], 100, "two")).after("pay");
    world.stop = true;
    one.end();
    world.stop = false;
    const { stop, rows } = run(world, [bonus("3A"), bonus("3A")], 100, "three");
    expect(stop).toBeUndefined();
    expect(rows).toMatchObject([{ row: { kind: "pay", assignment: "3A", outcome: "found" } }]);
  });

  test("pay once where the one gave back what the other had ordered, and it is listed a day and more later", () => {
    const world = memoryWorld();
    world.listingLagMs = 30 * HOUR;
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
    one.until("turn");
    runner(world, protocol(world, [bonus("3A")], 100, "two")).after("pay");
    world.stop = true;
    one.end();
    world.stop = false;
    world.now += 26 * HOUR;
    expect(run(world, [bonus("3A")], 100, "three").plan?.held).toMatchObject([{ state: "held" }]);
    world.now += 23 * HOUR;
    expect(outcomes(run(world, [bonus("3A")], 100, "four"))).toEqual(["found"]);
    expect(world.paid).toHaveLength(1);
  });

  test.each([
    ["alone", []],
    ["before one that need not wait", [bonus("3B")]],
  ])(
    "claim nothing anew once its first claim is too old, though it was not when the plan was made: %s",
    (_, others) => {
      const world = memoryWorld();
      world.listingLagMs = 30 * HOUR;
      runner(world, protocol(world, [bonus("3A")], 100, "one")).after("pay");
      const two = runner(world, protocol(world, [bonus("3A"), ...others], 100, "two"));
      two.after("append");
      two.until("wallet");
      world.now += 13 * HOUR;
      expect(two.end().plan?.held).toMatchObject([{ state: "held", next: expect.stringContaining("nothing now") }]);
      expect(world.paid.map(({ assignment }) => assignment)).toEqual(["3A", ...others.map((each) => each.assignment)]);
      world.now += 36 * HOUR;
      expect(outcomes(run(world, [bonus("3A"), ...others], 100, "three"))).toEqual(["found"]);
      expect(world.paid).toHaveLength(1 + others.length);
    },
  );

  test("do not call refused what one has ordered, and the other has claimed anew in the same moment", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    runner(world, protocol(world, [bonus("3A")], 100, "one")).after("pay");
    world.fate.push("refused");
    const second = run(world, [bonus("3A")], 100, "two");
    expect(outcomes(second)).toEqual([]);
    world.now += HOUR;
    expect(outcomes(run(world, [bonus("3A")], 100, "three"))).toEqual(["found"]);
  });

  test("do not both order what one settled before the other had read its claim back", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
    one.after("append");
    run(world, [bonus("3A")], 100, "two");
    one.end();
    expect(world.log.filter((op) => op === "pay")).toHaveLength(1);
  });

  test.each([1, 3])("read and plan again where one has written after the other's claim (%i rows at once)", (atOnce) => {
    const world = memoryWorld();
    const rows = [bonus("3A"), bonus("3B")];
    const one = runner(world, protocol(world, rows, 1, "one", [], atOnce));
    for (let claims = 1; claims <= atOnce; claims += 2) one.after("append");
    run(world, rows, 1, "two");
    const { stop, plan } = one.end();
    expect(stop).toBeUndefined();
    expect(plan?.settled).toHaveLength(2);
    expect(world.paid).toHaveLength(2);
    expect(paidInReceipts(world)).toBe(2);
  });

  test("write one receipt for a bonus that one gave back and another claimed again, although a third had found it", () => {
    const world = memoryWorld();
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
    one.until("turn");
    const third = runner(world, protocol(world, [bonus("3A")], 100, "third"));
    third.until("list");
    world.stop = true;
    one.end();
    world.stop = false;
    run(world, [bonus("3A")], 100, "two");
    third.end();
    expect(world.paid).toHaveLength(1);
    expect(paidInReceipts(world)).toBe(1);
  });

  test("do not call refused what one has ordered without an answer, given back by the other and claimed again", () => {
    const world = memoryWorld();
    world.fate.push("request-lost", "request-lost", "request-lost", "refused");
    const one = runner(world, protocol(world, [bonus("3A"), bonus("3B")], 1, "one", [], 1));
    one.after("append");
    one.until("append");
    runner(world, protocol(world, [bonus("3A")], 100, "two")).after("append");
    expect(outcomes(one.end())).toEqual(["done", "done"]);
  });
});

describe("a run that sleeps while the platform is busy", () => {
  test("does not pay what another run paid meanwhile", () => {
    const world = memoryWorld();
    world.fate.push("throttled");
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
    one.after("wait");
    world.now += HOUR;
    run(world, [bonus("3A")], 100, "two");
    world.now += 25 * HOUR;
    one.end();
    expect(world.paid).toHaveLength(1);
  });

  test("does not pay once its own window has passed", () => {
    const world = memoryWorld();
    world.fate.push("throttled");
    const one = runner(world, protocol(world, [bonus("3A")], 100, "one"));
    one.after("wait");
    world.now += 25 * HOUR;
    one.end();
    expect(world.paid).toEqual([]);
  });
});

test("a grant whose first order may have landed is not called refused", () => {
  const world = memoryWorld();
  world.types.set("wave-1", { id: "3TYPE0", listedFrom: 0 });
  const no = { kind: "refused", code: "x", message: "no" } as const;
  world.memberFate.push({ kind: "unknown", cause: "lost" }, no, no);
  expect(outcomes(run(world, [], 100, "run", [grant("A2WORKER", 85)]))).toEqual([]);
});

test("a grant that one run has ordered without an answer, and a rival gave back, is not called refused once it is claimed again", () => {
  const ended = orderedAndGivenBackByARival();
  expect(ended.map(({ outcome }) => outcome)).toEqual(["not-sent", "found", "not-sent", "found"]);
});

test("a score that one run has ordered anew without an answer, and a rival gave back, is not called refused once it is claimed again", () => {
  const ended = orderedAndGivenBackByARival(50);
  expect(ended.map(({ kind, outcome }) => `${kind} ${outcome}`)).not.toContain("rescore refused");
});

test("a row that is looked at again after a lost race is told once", () => {
  const world = memoryWorld();
  world.listingLagMs = 1000 * HOUR;
  world.fate.push("answer-lost");
  world.appendFate.push("ok", "rejected");
  const { rows } = run(world, [bonus("3A"), bonus("3B")], 1);
  expect(rows.filter(({ row }) => row.kind === "pay" && row.assignment === "3A")).toHaveLength(1);
});

/** Attempt 1 of 3A was paid, is not listed, and is held; its second attempt may be ordered now. */
function heldOnce(): MemoryWorld {
  const world = memoryWorld();
  world.listingLagMs = 1000 * HOUR;
  world.fate.push("answer-lost");
  run(world, [bonus("3A")]);
  world.now += 13 * HOUR;
  run(world, [bonus("3A")]);
  world.now += 36 * HOUR;
  return world;
}

/** Every receipt's rows, where A2WORKER is to have 85, perhaps in place of another score. */
function orderedAndGivenBackByARival(before?: number): ReceiptRow[] {
  const world = memoryWorld();
  world.types.set("wave-1", { id: "3TYPE0", listedFrom: 0 });
  if (before !== undefined) world.scores.set("3TYPE0 A2WORKER", before);
  const grants = [grant("A2WORKER", 85), grant("A3WORKER", 70)];
  const lost = { kind: "unknown", cause: "lost" } as const;
  world.memberFate.push(lost, lost, lost);
  const one = runner(world, protocol(world, [], 100, "one", grants, 1));
  one.after("append");
  one.until("append");
  const two = runner(world, protocol(world, [], 100, "two", grants, 1));
  two.after("append");
  world.stop = true;
  two.end();
  world.stop = false;
  world.memberFate.push({ kind: "refused", code: "x", message: "no" });
  one.end();
  return world.records.flatMap(({ record }) => (record.record === "receipt" ? record.rows : []));
}

/** A run that is led step by step. */
function runner(world: MemoryWorld, running: Protocol<ApplyResult>) {
  const machine = machineOf(world);
  let next = running.next();
  const step = () => {
    if (!next.done) next = running.next(machine.answer(next.value));
  };
  const until = (op: Effect["op"]) => {
    while (!next.done && machine.upcoming(next.value) !== op) step();
  };
  return {
    until,
    after: (op: Effect["op"]) => {
      until(op);
      step();
    },
    end: (): ApplyResult => {
      while (!next.done) step();
      return next.value;
    },
  };
}
