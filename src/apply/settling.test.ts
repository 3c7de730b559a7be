import { describe, expect, test } from "vitest";
import type { ClaimRow } from "../ledger/records.ts";
import { grant, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { ApplyInput } from "./protocol.ts";
import { played } from "./played.fixture.ts";
import type { Script } from "./played.fixture.ts";
import { nextToSettle, settlingOf } from "./settling.ts";
import type { ClaimedRow, Settling } from "./settling.ts";
import { newWork, resultOf } from "./work.ts";
import type { Work } from "./work.ts";

const TYPE = { kind: "create-type", name: "wave-1", description: "d" } as const;
const FUNDS = { cause: "funds", message: "not enough money" } as const;
const TIME = Date.parse("2026-11-30T23:45:00.000Z");

function input(atOnce = 3): ApplyInput {
  return {
    account: { platform: "mturk", environment: "production", currency: "USD" },
    traits: mturkRules.traits,
    plan: () => {
      throw new Error("settling plans nothing");
    },
    provenance: new Map(),
    run: { actor: "ada", run: "local/1", tool: "mergepay", endpoint: "host" },
    chunk: 100,
    atOnce,
    liveRuns: new Set(),
  };
}

function claimed(rows: readonly ClaimRow[], wanted: ClaimedRow["wanted"] = "fresh"): ClaimedRow[] {
  const claim = new SampleChain().filedClaim(rows);
  return rows.map((row) => ({ claim, row, wanted }));
}

/** Settles one after another until none is left. */
function settled(rows: ClaimedRow[], script: Script = {}, work: Work = newWork()) {
  const settling = settlingOf(rows);
  const now = Array.from({ length: 50 }, () => TIME);
  const asked: string[] = [];
  for (let one = nextToSettle(input(), work, settling); one; one = nextToSettle(input(), work, settling))
    asked.push(played(one, { now, ...script }).asked);
  expect(settling.begun.size).toBe(0);
  return { work, asked, rows: resultOf(work).rows };
}

const ends = (rows: ReturnType<typeof settled>["rows"]) =>
  rows.map((each) => (each.state === "open" ? each.seen : each.row.outcome));

describe("the next row", () => {
  const begin = (settling: Settling, atOnce?: number) => nextToSettle(input(atOnce), newWork(), settling) !== undefined;

  test("is begun while there is room for one more", () => {
    const settling = settlingOf(claimed([pay("3A"), pay("3B"), pay("3C")]));
    expect([begin(settling, 2), begin(settling, 2), begin(settling, 2)]).toEqual([true, true, false]);
    expect(settling.waiting.map(({ row }) => row)).toEqual([pay("3C")]);
    expect([...settling.begun].map(({ row }) => row)).toEqual([pay("3A"), pay("3B")]);
  });

  test("waits while a type is made", () => {
    const settling = settlingOf(claimed([TYPE, grant("A1", { group: "" })]));
    expect([begin(settling), begin(settling)]).toEqual([true, false]);
  });

  test("is none where none is left", () => {
    expect(begin(settlingOf())).toBe(false);
  });
});

describe("a row is settled as what it is", () => {
  test("a bonus, with its amount, the time of its claim and nothing paid twice", () => {
    const { work, rows } = settled(claimed([pay("3A")]), { pay: [{ kind: "done", requestId: "r" }] });
    expect(ends(rows)).toEqual(["done"]);
    expect(work.pending[0]?.rows[0]).toMatchObject({ requestId: "r", time: "2026-11-30T23:45:00.000Z" });
    const late = { now: Array.from({ length: 9 }, () => TIME + 13 * 60 * 60_000) };
    expect(ends(settled(claimed([pay("3A")]), late).rows)).toEqual(["not-sent"]);
  });

  test("a bonus of an earlier run, wanted or not, is not called fresh", () => {
    const refused: Script = { pay: Array.from({ length: 3 }, () => ({ kind: "refused", code: "c", message: "m" })) };
    expect(ends(settled(claimed([pay("3A")], "yes"), refused).rows)).toEqual([
      "it was ordered three times without a clear answer, and is not listed",
    ]);
    expect(settled(claimed([pay("3A")], "taken out")).asked).toEqual(["asked-to-stop, list, now, now"]);
  });

  test("a type, whose id serves the grants that did not know it", () => {
    const script: Script = { "create-group": [{ kind: "done", requestId: "r", group: "3NEW" }], member: [] };
    const { work, rows } = settled(claimed([TYPE, grant("A1", { group: "" })]), {
      ...script,
      member: [{ kind: "done", requestId: "r" }],
    });
    expect(ends(rows)).toEqual(["done", "done"]);
    expect(work.groups).toEqual(new Map([["wave-1", "3NEW"]]));
  });

  test("a grant, rescore or revoke of a type that was not made is given back", () => {
    const kinds = ["grant", "rescore", "revoke"] as const;
    const refused: Script = { "create-group": [{ kind: "refused", code: "c", message: "m" }] };
    const { work, rows } = settled(claimed([TYPE, ...kinds.map((kind) => grant(kind, { kind, group: "" }))]), refused);
    expect(ends(rows)).toEqual(["refused", "not-sent", "not-sent", "not-sent"]);
    expect(rows[1]).toMatchObject({ row: { code: "type-missing", message: "its qualification type was not made" } });
    expect(work.groups.size).toBe(0);
  });

  test("a grant, rescore or revoke of a type that is there, fresh or not", () => {
    const { asked } = settled(claimed([grant("A1"), grant("A2", { kind: "revoke", was: 1 })], "yes"));
    expect(asked).toEqual(["asked-to-stop, score, now", "asked-to-stop, score, now"]);
    expect(settled(claimed([grant("A1")]), { member: [{ kind: "done", requestId: "r" }] }).asked).toEqual([
      "asked-to-stop, turn, score, member, now",
    ]);
  });
});

describe("once the run must stop", () => {
  const stopped = () => Object.assign(newWork(), { stop: FUNDS });

  test("fresh rows are given back, and nothing is asked of the platform", () => {
    const { asked, rows } = settled(claimed([pay("3A"), grant("A1")]), {}, stopped());
    expect(asked).toEqual(["now", "now"]);
    expect(rows).toMatchObject([
      { row: { outcome: "not-sent", code: "not-reached", message: "the run stopped before it: not enough money" } },
      { row: { outcome: "not-sent" } },
    ]);
  });

  test("rows of an earlier run are left as they are", () => {
    const { asked, rows } = settled(claimed([pay("3A")], "yes"), {}, stopped());
    expect([asked, rows]).toEqual([[""], []]);
  });

  test("because it was asked to, it says so", () => {
    const { work, rows } = settled(claimed([pay("3A")]), { "asked-to-stop": [true] });
    expect(work.stop).toEqual({ cause: "asked", message: "it was asked to stop" });
    expect(ends(rows)).toEqual(["not-sent"]);
  });
});
