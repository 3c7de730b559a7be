import { describe, expect, test } from "vitest";
import { ledgerState } from "../ledger/state.ts";
import type { ClaimRow } from "../ledger/records.ts";
import { answered, grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { forgetAnswered, newWork, note, placeIn, resultOf } from "./work.ts";

const TIME = "2026-12-01T00:00:00.000Z";
const ACCOUNT = { platform: "mturk", environment: "production", currency: "USD" } as const;
const DONE = { end: { outcome: "done" } } as const;

describe("what a run notes of a row", () => {
  const rows = [pay("3A"), pay("3B"), pay("3C"), pay("3D"), grant("A1")];
  const claim = new SampleChain().filedClaim(rows);
  const at = (n: number) => rows[n] as ClaimRow;

  test("that ended goes into the result and into the claim's receipt", () => {
    const work = newWork();
    note(work, claim, at(1), DONE, TIME);
    note(work, claim, at(0), { end: { outcome: "held", code: "c", message: "m" } }, TIME);
    const held = { ...at(0), outcome: "held", code: "c", message: "m", time: TIME };
    const done = { ...at(1), outcome: "done", time: TIME };
    expect(resultOf(work)).toEqual({
      rows: [
        { state: "ended", claim: claim.path, row: held },
        { state: "ended", claim: claim.path, row: done },
      ],
      receipts: [],
      balance: { before: "unknown", after: "unknown" },
    });
    expect(work.pending).toEqual([{ claim, rows: [done, held] }]);
  });

  test("that stays open says what was seen, and what to do where that is known, and awaits no receipt", () => {
    const work = newWork();
    note(work, claim, at(0), { open: "seen", next: "do" }, TIME);
    note(work, claim, at(1), { open: "seen" }, TIME);
    note(work, claim, at(2), {}, TIME);
    const open = { state: "open", claim: claim.path };
    expect(resultOf(work).rows).toEqual([
      { ...open, row: at(0), seen: "seen", next: "do" },
      { ...open, row: at(1), seen: "seen" },
      { ...open, row: at(2), seen: "" },
    ]);
    expect(work.pending).toEqual([]);
  });

  test("and two grants that stay open are two rows", () => {
    const work = newWork();
    const both = new SampleChain().filedClaim([grant("A1"), grant("A2")]);
    for (const row of both.record.rows) note(work, both, row, { open: "seen" }, TIME);
    expect(resultOf(work).rows).toHaveLength(2);
  });

  test("of two claims goes into two receipts, and is told in the order of the claims", () => {
    const work = newWork();
    const chain = new SampleChain();
    const [one, two] = [chain.filedClaim([pay("3A")]), chain.filedClaim([pay("3B")])];
    note(work, two, pay("3B"), DONE, TIME);
    note(work, one, pay("3A"), DONE, TIME);
    expect(work.pending.map((each) => each.claim)).toEqual([two, one]);
    expect(resultOf(work).rows.map((each) => ("claim" in each ? each.claim : ""))).toEqual([one.path, two.path]);
  });

  test("again is told as it is now, at its old place", () => {
    const work = newWork();
    note(work, claim, at(0), { open: "seen" }, TIME);
    note(work, claim, at(1), DONE, TIME);
    note(work, claim, at(0), DONE, TIME);
    expect(resultOf(work).rows.map((each) => each.state)).toEqual(["ended", "ended"]);
    expect(resultOf(work).rows.map(({ row }) => row.kind === "pay" && row.assignment)).toEqual(["3A", "3B"]);
  });
});

describe("three bonuses in a row without a clear answer end the run", () => {
  const rows = ["3A", "3B", "3C", "3D"].map((each) => pay(each));
  const claim = new SampleChain().filedClaim([...rows, grant("A1"), grant("A2"), grant("A3")]);
  const [a, b, c, d] = rows as [ClaimRow, ClaimRow, ClaimRow, ClaimRow];
  const open = { open: "no answer" };

  test("and two do not", () => {
    const work = newWork();
    note(work, claim, a, open, TIME);
    note(work, claim, b, open, TIME);
    expect(work.stop).toBeUndefined();
    note(work, claim, c, open, TIME);
    expect(work.stop).toEqual({ cause: "unknowns", message: "3 bonuses in a row stayed without a clear answer" });
  });

  test("and one that ended between them begins the count anew", () => {
    const work = newWork();
    note(work, claim, a, open, TIME);
    note(work, claim, b, open, TIME);
    note(work, claim, c, DONE, TIME);
    note(work, claim, d, open, TIME);
    expect(work.stop).toBeUndefined();
  });

  test("but the same one three times, or three grants, do not", () => {
    const work = newWork();
    for (const row of [a, a, a, grant("A1"), grant("A2"), grant("A3")]) note(work, claim, row, open, TIME);
    expect(work.stop).toBeUndefined();
  });

  test("and a grant that ended is no clear answer of a bonus", () => {
    const work = newWork();
    for (const row of [a, b]) note(work, claim, row, open, TIME);
    note(work, claim, grant("A1"), DONE, TIME);
    note(work, claim, c, open, TIME);
    expect(work.stop?.cause).toBe("unknowns");
  });

  test("unless there was a reason to stop before", () => {
    const work = newWork();
    const funds = { cause: "funds", message: "m" } as const;
    note(work, claim, a, { open: "x", stop: funds }, TIME);
    note(work, claim, b, { open: "x", stop: { cause: "busy", message: "m" } }, TIME);
    note(work, claim, c, open, TIME);
    expect(work.stop).toBe(funds);
    expect(resultOf(work)).toMatchObject({ stop: funds });
  });
});

describe("where a rival wrote the receipt first", () => {
  const state = (chain: SampleChain) => ledgerState(chain.filed(), ACCOUNT);

  function noted(outcome: "done" | "found" | "held" | "refused") {
    const chain = new SampleChain();
    const claim = chain.filedClaim([pay("3A"), pay("3B")]);
    const work = newWork();
    note(work, claim, pay("3A"), { end: { outcome } }, TIME);
    note(work, claim, pay("3B"), DONE, TIME);
    return { chain, work, outcomes: () => work.pending.map((each) => each.rows.map((row) => row.outcome)) };
  }

  test("rows that are still open stay as they are", () => {
    const { chain, work, outcomes } = noted("held");
    forgetAnswered(work, state(chain));
    expect(outcomes()).toEqual([["held", "done"]]);
  });

  test("rows that it paid, and rows that neither paid, are left out", () => {
    for (const [mine, theirs] of [
      ["done", "done"],
      ["held", "held"],
      ["refused", "held"],
    ] as const) {
      const { chain, work, outcomes } = noted(mine);
      chain.receipt(1, [answered(pay("3A"), theirs)]);
      forgetAnswered(work, state(chain));
      expect(outcomes(), mine).toEqual([["done"]]);
    }
  });

  test.each([
    ["held", "done"],
    ["held", "found"],
    ["refused", "done"],
    ["not-sent", "done"],
  ] as const)("a row that it calls %s and that was %s is found", (theirs, outcome) => {
    const { chain, work, outcomes } = noted(outcome);
    chain.receipt(1, [answered(pay("3A"), theirs)]);
    forgetAnswered(work, state(chain));
    expect(outcomes()).toEqual([["found", "done"]]);
  });

  test.each([
    ["held", [["found"]]],
    ["refused", []],
    ["not-sent", []],
  ] as const)(
    "an amount that was found for a row that was %s meanwhile may be another bonus's, unless it is held",
    (theirs, left) => {
      const chain = new SampleChain();
      const ordered = pay("3A", { baseline: [] });
      const claim = chain.filedClaim([ordered]);
      const work = newWork();
      note(work, claim, ordered, { end: { outcome: "found" } }, TIME);
      chain.receipt(1, [answered(ordered, theirs)]);
      forgetAnswered(work, state(chain));
      expect(work.pending.map((each) => each.rows.map((row) => row.outcome))).toEqual(left);
    },
  );

  test("a claim of which nothing is left awaits no receipt", () => {
    const { chain, work } = noted("done");
    chain.receipt(1, [answered(pay("3A"), "done"), answered(pay("3B"), "done")]);
    forgetAnswered(work, state(chain));
    expect(work.pending).toEqual([]);
  });
});

test("a row's place in its claim is found by what it is, also where it was read anew", () => {
  const claim = new SampleChain().filedClaim([pay("3A"), grant("A1"), pay("3A", { label: "extra" })]);
  expect(claim.record.rows.map((row) => placeIn(claim, row))).toEqual([0, 1, 2]);
  expect([placeIn(claim, pay("3A", { label: "extra" })), placeIn(claim, grant("A1"))]).toEqual([2, 1]);
});
