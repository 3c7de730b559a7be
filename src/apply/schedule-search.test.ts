import { expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import type { Effect, Protocol } from "./effects.ts";
import { machineOf, memoryWorld } from "./memory-world.fixture.ts";
import type { AppendFate, MemoryWorld, PayFate } from "./memory-world.fixture.ts";
import { ACCOUNT, bonus, HOUR, paidInReceipts, protocol, run } from "./one-manifest.fixture.ts";
import type { ApplyResult } from "./work.ts";

/** A search for schedules that break a promise. Those that it found are in `schedules.test.ts`. */

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
