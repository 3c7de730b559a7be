import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { AssignmentRef, GroupRef, ObservedAssignment, PlatformReader } from "../platforms/ports.ts";
import { assumed, groupKey, observe } from "./observed.ts";
import { ACCOUNT, block, bonus, ledger, listed, TYPE, usd } from "./plan-world.fixture.ts";

const NOTHING = ledgerState([], ACCOUNT);

/** A reader over a world of one HIT, which notes what it was asked. */
function reading(unknown: readonly string[] = []) {
  const seen = { assignments: [] as AssignmentRef[], payments: [] as ObservedAssignment[], groups: [] as GroupRef[] };
  const reader: PlatformReader = {
    endpoint: "memory",
    wallet: async () => ({ available: usd(500) }),
    assignments: async (wanted) => {
      seen.assignments.push(...wanted);
      const known = wanted.filter(({ assignment }) => !unknown.includes(assignment));
      return new Map(
        known.map(({ assignment }) => [assignment, { assignment, worker: "A2WORKER", container: "3HIT" }]),
      );
    },
    payments: async (of) => {
      seen.payments.push(...of);
      return new Map(of.map(({ assignment }) => [assignment, [listed(assignment, 150, "Thanks")]]));
    },
    evidence: async () => ({}),
    groups: async (refs) => {
      seen.groups.push(...refs);
      return refs.map((ref) => ("name" in ref && ref.name === "wave-1" ? TYPE : undefined));
    },
    paymentsOf: async () => [],
    submittedTo: async () => undefined,
    paymentsIn: async () => [],
    containers: async () => [],
    score: async () => undefined,
    groupId: async () => undefined,
  };
  return { reader, seen };
}

function manifest(more: Partial<Manifest>): Manifest {
  return {
    file: "payments/a.yaml",
    digest: "d".repeat(64),
    study: "pilot",
    ...ACCOUNT,
    bonuses: [],
    qualifications: [],
    adopted: [],
    ...more,
  };
}

describe("a plan asks", () => {
  test("about each assignment once, with the HIT wherever a row names it, and about bonuses of those that exist", async () => {
    const { reader, seen } = reading(["3B"]);
    const bonuses = [
      bonus("3A", { container: "3HIT" }),
      bonus("3A", { label: "extra" }),
      bonus("3B"),
      bonus("3C", { label: "x" }),
      bonus("3C", { container: "3HIT" }),
    ];
    const observed = await observe(reader, ACCOUNT, [manifest({ bonuses })], NOTHING);
    expect(seen.assignments).toStrictEqual([
      { assignment: "3A", container: "3HIT" },
      { assignment: "3B" },
      { assignment: "3C", container: "3HIT" },
    ]);
    expect(seen.payments.map(({ assignment }) => assignment)).toEqual(["3A", "3C"]);
    expect(observed.wallet).toEqual({ available: usd(500) });
    expect([...observed.assignments.keys()]).toEqual(["3A", "3C"]);
    expect(observed.payments.get("3A")).toEqual([listed("3A", 150, "Thanks")]);
  });

  test("nothing about a bonus that the ledger has settled, and about one that it has not", async () => {
    const about = async (state: ReturnType<typeof ledgerState>) => {
      const { reader, seen } = reading();
      await observe(reader, ACCOUNT, [manifest({ bonuses: [bonus("3A")] })], state);
      return seen.assignments;
    };
    expect(await about(ledgerState(ledger("3A", "done"), ACCOUNT))).toEqual([]);
    expect(await about(ledgerState(ledger("3A", "held"), ACCOUNT))).toEqual([{ assignment: "3A" }]);
  });

  test("about each type once, by the name or the id that the manifest gives, and knows which are not there", async () => {
    const { reader, seen } = reading();
    const qualifications = [block({}), block({}), block({ type: { id: "3GONE" } }), block({ type: { name: "3GONE" } })];
    const observed = await observe(reader, ACCOUNT, [manifest({ qualifications })], NOTHING);
    expect(seen.groups).toEqual([{ name: "wave-1" }, { id: "3GONE" }, { name: "3GONE" }]);
    expect(observed.groups).toEqual(new Map([[groupKey({ name: "wave-1" }), TYPE]]));
  });
});

test("what may not be asked is taken to be as the manifests have it, and the balance to be unknown", () => {
  const bonuses = [bonus("3A", { container: "3HIT" }), bonus("3B")];
  const qualifications = [block({}), block({ type: { id: "3T" } })];
  expect(assumed([manifest({ bonuses, qualifications })])).toEqual({
    wallet: { available: "unknown" },
    assignments: new Map([
      ["3A", { assignment: "3A", worker: "A2WORKER", container: "3HIT", currency: "USD" }],
      ["3B", { assignment: "3B", worker: "A2WORKER", container: "", currency: "USD" }],
    ]),
    payments: new Map(),
    groups: new Map([
      [groupKey({ name: "wave-1" }), { ref: { name: "wave-1" }, id: "wave-1", name: "wave-1", members: new Map() }],
      [groupKey({ id: "3T" }), { ref: { id: "3T" }, id: "3T", name: "3T", members: new Map() }],
    ]),
  });
});

test("a type's name is never taken for another type's id, nor one id for another", () => {
  const refs = [{ name: "3T" }, { id: "3T" }, { id: "3U" }, { name: "3U" }];
  expect(new Set(refs.map(groupKey)).size).toBe(refs.length);
});
