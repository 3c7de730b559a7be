import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import type { Effect, Protocol } from "./effects.ts";
import { machineOf, memoryWorld } from "./memory-world.fixture.ts";
import type { AppendFate, MemoryWorld, PayFate } from "./memory-world.fixture.ts";
import { ACCOUNT, bonus, grant, HOUR, outcomes, paidInReceipts, protocol, run } from "./one-manifest.fixture.ts";
import type { ApplyResult } from "./work.ts";

/** Schedules that once broke a promise, and a search for others. The world refuses a ledger that contradicts itself. */

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

test("a row that is looked at again after a lost race is told once", () => {
  const world = memoryWorld();
  world.listingLagMs = 1000 * HOUR;
  world.fate.push("answer-lost");
  world.appendFate.push("ok", "rejected");
  const { rows } = run(world, [bonus("3A"), bonus("3B")], 1);
  expect(rows.filter(({ row }) => row.kind === "pay" && row.assignment === "3A")).toHaveLength(1);
});

test("two runs cut off anywhere, amid every fault, are finished by the next ones: each bonus once, in books and receipts", () => {
  const random = seeded(1);
  for (let n = 0; n < 1_000; n++) {
    const world = memoryWorld();
    const rows = [bonus("3A"), bonus("3B"), bonus("3A", { label: "extra" })];
    const chunk = 1 + random(3);
    world.listingLagMs = [0, 10_000, HOUR][random(3)] ?? 0;
    for (let k = random(6); k > 0; k--) world.fate.push(PAY_FATES[random(PAY_FATES.length)] ?? "ok");
    for (let k = random(5); k > 0; k--) world.appendFate.push(APPEND_FATES[random(APPEND_FATES.length)] ?? "ok");
    interleave(world, [protocol(world, rows, chunk, "one"), protocol(world, rows, chunk, "two")], random);
    world.fate.length = 0;
    world.appendFate.length = 0;
    for (const hours of [1, 1, 13]) {
      world.now += hours * HOUR;
      run(world, rows, chunk, `healing ${hours} ${world.log.length}`);
    }
    const orders = world.paid.map(({ assignment, reason }) => `${assignment} ${reason}`);
    expect(new Set(orders).size, `paid twice in schedule ${n}`).toBe(orders.length);
    expect(paidInReceipts(world), `receipts of schedule ${n}`).toBe(world.paid.length);
    expect(ledgerState(world.records, ACCOUNT).open, `open after schedule ${n}`).toEqual([]);
  }
});

const PAY_FATES: readonly PayFate[] = [
  "ok",
  "request-lost",
  "answer-lost",
  "throttled",
  "refused",
  "no-funds",
  "token-used",
];
const APPEND_FATES: readonly AppendFate[] = ["ok", "rejected", "request-lost", "answer-lost"];

/** Attempt 1 of 3A was paid, is not listed, and is held. */
function heldOnce(): MemoryWorld {
  const world = memoryWorld();
  world.listingLagMs = 1000 * HOUR;
  world.fate.push("answer-lost");
  run(world, [bonus("3A")]);
  world.now += 13 * HOUR;
  run(world, [bonus("3A")]);
  return world;
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
    end: () => {
      while (!next.done) step();
    },
  };
}

/** Lets runs take turns at random; each may be cut off. */
function interleave(
  world: MemoryWorld,
  runs: readonly Protocol<ApplyResult>[],
  random: (below: number) => number,
): void {
  const states = runs.map((running) => ({
    running,
    machine: machineOf(world),
    next: undefined as IteratorResult<Effect, ApplyResult> | undefined,
    cut: false,
  }));
  const alone = random(40);
  for (let n = 0; n < 400; n++) {
    const one = states[n > alone ? random(states.length) : 0];
    if (!one || one.cut || one.next?.done) continue;
    one.cut = random(150) === 0;
    if (one.cut) continue;
    one.next = one.next === undefined ? one.running.next() : one.running.next(one.machine.answer(one.next.value));
  }
}

/** Numbers that look random and are the same every time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
}
