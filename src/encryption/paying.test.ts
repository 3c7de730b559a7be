import { describe, expect, test } from "vitest";
import { memoryWorld, runOn } from "../apply/memory-world.fixture.ts";
import type { MemoryWorld } from "../apply/memory-world.fixture.ts";
import { bonus, grant, protocol } from "../apply/one-manifest.fixture.ts";
import { isPaid } from "../ledger/record-text.ts";
import { labKey } from "./lab.fixture.ts";

const ROWS = ["3FIRST00000000001", "3SECOND0000000002", "3THIRD00000000003"].map((assignment, n) =>
  bonus(assignment, { worker: `A2WORKER0000${n}`, label: n === 2 ? "extra" : "" }),
);
const GRANTS = [grant("A2WORKER00000", 5)];
const SECRET = [...ROWS.flatMap(({ assignment, worker }) => [assignment, worker]), "A2WORKER00000"];

function sealedWorld(): MemoryWorld {
  const key = labKey();
  return { ...memoryWorld(), keys: new Map([[key.id, key]]) };
}

const run = (world: MemoryWorld, name: string, crashBefore?: number) =>
  runOn(world, protocol(world, ROWS, 2, name, GRANTS), crashBefore);

describe("paying from encrypted lists", () => {
  test("pays every bonus once and seals every record, wherever a run is cut off", () => {
    for (let crash = 1, isOver = false; !isOver; crash++) {
      const world = sealedWorld();
      isOver = run(world, "first", crash) !== "crashed";
      run(world, "second");
      run(world, "third");
      expect(
        world.paid.map(({ assignment }) => assignment).sort((a, b) => (a < b ? -1 : 1)),
        `cut off at ${crash}`,
      ).toEqual(ROWS.map(({ assignment }) => assignment));
      expect(bonusesPaidInReceipts(world)).toBe(ROWS.length);
      const written = world.records.map(({ text }) => text).join("");
      expect(SECRET.filter((each) => written.includes(each))).toEqual([]);
      expect(world.records.every(({ record }) => record.sealed === labKey().id)).toBe(true);
    }
  });

  test("finds a payment whose answer was lost by the reference that only its key opens", () => {
    const world = sealedWorld();
    world.fate.push("answer-lost", "answer-lost", "answer-lost");
    run(world, "first");
    run(world, "second");
    expect(world.paid).toHaveLength(ROWS.length);
    expect(bonusesPaidInReceipts(world)).toBe(ROWS.length);
  });
});

function bonusesPaidInReceipts({ records }: MemoryWorld): number {
  return records.flatMap(({ record }) => record.rows.filter(isPaid)).length;
}
