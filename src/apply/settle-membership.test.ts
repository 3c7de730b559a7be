import { describe, expect, test } from "vitest";
import type { MembershipClaim } from "../ledger/records.ts";
import { grant } from "../ledger/sample-chain.fixture.ts";
import type { Sent } from "../platforms/ports.ts";
import { played } from "./played.fixture.ts";
import type { Script } from "./played.fixture.ts";
import { membershipKey, settleMembership, settleType } from "./settle-membership.ts";

const DONE: Sent = { kind: "done", requestId: "r-1" };
const REFUSED: Sent = { kind: "refused", code: "NoSuch", message: "no such worker" };
const STOPPED: Sent = { kind: "stopped", cause: "credentials", code: "Denied", message: "not allowed" };
const BUSY: Sent = { kind: "busy", code: "Slow" };
const UNKNOWN: Sent = { kind: "unknown", cause: "no answer" };

const FRESH = () => ({ fresh: true, unclear: new Set<string>() });
const notSent = (code: string, message: string) => ({ end: { outcome: "not-sent", code, message } });

function scores(...values: (number | undefined | "fails")[]): Pick<Script, "score"> {
  return {
    score: values.map((value) =>
      value === "fails" ? { ok: false, cause: "no answer to the question" } : { ok: true, value },
    ),
  };
}

function settle(script: Script = {}, row: Partial<MembershipClaim> = {}, fresh = true) {
  return played(settleMembership(grant("A1", row), "3G", { fresh, unclear: new Set() }), script);
}

describe("a grant", () => {
  test("is ordered where the worker holds nothing, after a look and its turn", () => {
    const { asked, effects, result } = settle({ member: [DONE] });
    expect(asked).toBe("turn, score, member");
    expect(effects.slice(1)).toEqual([
      { op: "score", group: "3G", worker: "A1" },
      { op: "member", order: { kind: "grant", group: "3G", worker: "A1", score: 85, notify: false } },
    ]);
    expect(result).toEqual({ end: { outcome: "done", requestId: "r-1" } });
  });

  test("is found where the worker holds that score, and done where it was ordered", () => {
    expect(settle(scores(85))).toMatchObject({ asked: "turn, score", result: { end: { outcome: "found" } } });
    expect(settle(scores(undefined, 85)).result).toEqual({ end: { outcome: "done" } });
  });

  test.each<Sent>([{ kind: "accepted" }, { kind: "doubtful", code: "Odd", message: "no, it says" }])(
    "whose answer is %j is looked for, and done where it is so",
    (answer) => {
      const { asked, result } = settle({ ...scores(undefined, 85), member: [answer] });
      expect(asked).toBe("turn, score, member, wait 1000, turn, score");
      expect(result).toEqual({ end: { outcome: "done" } });
    },
  );

  test("that never left this machine and is so all the same was somebody else's", () => {
    const { result } = settle({ ...scores(undefined, 85), member: [{ kind: "not-sent", cause: "no connection" }] });
    expect(result).toEqual({ end: { outcome: "found" } });
  });

  test("whose answer was lost is remembered, and one with a clear answer is not", () => {
    const rememberedAfter = (...member: Sent[]) => {
      const memory = FRESH();
      played(settleMembership(grant("A1"), "3G", memory), { ...scores(undefined, 85), member });
      return [...memory.unclear];
    };
    expect(rememberedAfter(UNKNOWN)).toEqual([membershipKey(grant("A1"))]);
    expect(rememberedAfter({ kind: "not-sent", cause: "no connection" })).toEqual([]);
    expect(rememberedAfter(DONE)).toEqual([]);
    expect(membershipKey(grant("A2"))).not.toBe(membershipKey(grant("A1")));
  });

  test("says whether the platform is to write to the worker", () => {
    expect(settle({ member: [DONE] }, { notify: true }).effects.at(-1)).toMatchObject({ order: { notify: true } });
  });

  test("whose claim names no score gives the platform's usual one", () => {
    const { score: _, ...row } = grant("A1", { was: 3 });
    const { effects } = played(settleMembership(row, "3G", FRESH()), { ...scores(3), member: [DONE] });
    expect(effects.at(-1)).toMatchObject({ order: { score: 1 } });
  });

  test("is not ordered where somebody changed the score meanwhile", () => {
    expect(settle(scores(3)).result).toEqual(
      notSent("changed-since-plan", "somebody changed it meanwhile: the plan saw no score, now it is score 3"),
    );
    expect(settle(scores(undefined), { kind: "rescore", was: 70 }).result).toEqual(
      notSent("changed-since-plan", "somebody changed it meanwhile: the plan saw score 70, now it is no score"),
    );
  });

  test("is given back where nobody can look, and stays open where it was ordered", () => {
    expect(settle(scores("fails")).result).toEqual(notSent("cannot-look", "no answer to the question"));
    expect(settle(scores(undefined, "fails")).result).toEqual({ open: "no answer to the question" });
  });

  test("without an answer is ordered three times, with a look before each and one after, and stays open", () => {
    const { asked, result } = settle();
    expect(asked).toBe(
      "turn, score, member, wait 1000, turn, score, member, wait 5000, turn, score, member, wait 15000, score",
    );
    expect(result).toEqual({ open: "ordered three times, and still not so" });
  });

  test("that is refused or stopped ends so", () => {
    expect(settle({ member: [REFUSED] }).result).toEqual({
      end: { outcome: "refused", code: "NoSuch", message: "no such worker" },
    });
    expect(settle({ member: [STOPPED] }).result).toEqual({
      ...notSent("Denied", "not allowed"),
      stop: { cause: "credentials", message: "not allowed" },
    });
  });

  test("that may be under way is not called refused, and a stop leaves it open", () => {
    expect(settle({ member: [UNKNOWN, REFUSED, REFUSED] }).result).toEqual({
      open: "ordered three times, and still not so",
    });
    expect(settle({ member: [UNKNOWN, STOPPED] }).result).toEqual({
      open: "not allowed",
      stop: { cause: "credentials", message: "not allowed" },
    });
    expect(settle({ member: [UNKNOWN, DONE] }).result).toEqual({ end: { outcome: "done", requestId: "r-1" } });
  });

  test("for which the platform is busy is ordered again after growing pauses, each after a look", () => {
    const { asked, result } = settle({ member: [BUSY, BUSY, BUSY, BUSY, DONE] });
    expect(asked).toBe(
      "turn, score, member, wait 200, turn, score, member, wait 1000, turn, score, member, wait 2000, turn, score, member, wait 4000, turn, score, member",
    );
    expect(result).toMatchObject({ end: { outcome: "done" } });
  });

  test("for which the platform stays busy is given back, or stays open where it may be under way", () => {
    const busy = Array.from({ length: 9 }, () => BUSY);
    expect(settle({ member: busy }).result).toEqual(
      notSent("Slow", "the platform stayed too busy to take it; run again"),
    );
    expect(settle({ member: [UNKNOWN, ...busy] }).result).toEqual({ open: "the platform stayed too busy" });
  });

  test("that exists already is looked for again, and was not ordered by that", () => {
    expect(settle({ ...scores(undefined, 85), member: [{ kind: "exists" }] }).result).toEqual({
      end: { outcome: "found" },
    });
  });

  test("that an earlier run left open is looked at and never ordered", () => {
    expect(settle({}, {}, false)).toMatchObject({
      asked: "score",
      result: notSent("claim-left-open", "an earlier run stopped before this; the plan asks for it again"),
    });
    expect(settle(scores(85), {}, false).result).toEqual({ end: { outcome: "found" } });
    expect(settle(scores(3), {}, false).result).toMatchObject({ end: { code: "changed-since-plan" } });
  });
});

describe("a revocation", () => {
  const row = (reason?: string) => {
    const { score: _, ...rest } = grant("A1", { kind: "revoke", was: 3 });
    return reason === undefined ? rest : { ...rest, reason };
  };

  test("is ordered where the worker still holds the score, with the reason where there is one", () => {
    const order = (reason?: string) =>
      played(settleMembership(row(reason), "3G", FRESH()), { ...scores(3), member: [DONE] }).effects.at(-1);
    expect(order()).toEqual({ op: "member", order: { kind: "revoke", group: "3G", worker: "A1" } });
    expect(order("Asked")).toEqual({
      op: "member",
      order: { kind: "revoke", group: "3G", worker: "A1", reason: "Asked" },
    });
  });

  test("is found where the worker holds nothing any more", () => {
    expect(played(settleMembership(row(), "3G", FRESH()), scores(undefined)).result).toEqual({
      end: { outcome: "found" },
    });
  });
});

describe("a type", () => {
  const row = { kind: "create-type", name: "wave-1", description: "Took part" } as const;
  const make = (script: Script = {}, fresh = true, more: object = {}) =>
    played(settleType({ ...row, ...more }, fresh), script);
  const listed = (...values: (string | undefined)[]): Pick<Script, "group-id"> => ({
    "group-id": values.map((value) => (value === "fails" ? { ok: false, cause: "no answer" } : { ok: true, value })),
  });
  const notListed = notSent(
    "type-not-listed",
    "a type of this name may exist but is not listed yet; run again in a few minutes",
  );

  test("is made with its words, and ends with its id", () => {
    const made = { kind: "done", requestId: "r-1", group: "3NEW" } as const;
    const { asked, effects, result } = make({ "create-group": [made] });
    expect(asked).toBe("turn, create-group");
    expect(effects[1]).toEqual({ op: "create-group", name: "wave-1", description: "Took part" });
    expect(result).toEqual({ end: { outcome: "done", requestId: "r-1", group: "3NEW" } });
    expect(make({ "create-group": [made] }, true, { keywords: "stroop" }).effects[1]).toEqual({
      op: "create-group",
      name: "wave-1",
      description: "Took part",
      keywords: "stroop",
    });
  });

  test("that was made without telling its id ends so, and one that is refused or stopped as well", () => {
    expect(make({ "create-group": [{ kind: "done", requestId: "r-1" }] }).result).toEqual({
      end: { outcome: "done", requestId: "r-1" },
    });
    expect(make({ "create-group": [{ ...REFUSED, group: "3NEW" }] }).result).toEqual({
      end: { outcome: "refused", code: "NoSuch", message: "no such worker", group: "3NEW" },
    });
    expect(make({ "create-group": [STOPPED] }).result).toEqual({
      ...notSent("Denied", "not allowed"),
      stop: { cause: "credentials", message: "not allowed" },
    });
    expect(make({ "create-group": [BUSY] }).result).toEqual(
      notSent("Slow", "the platform was too busy to make the type; run again"),
    );
  });

  test.each([{ kind: "exists" } as const, UNKNOWN])("of which %j is known is waited for, not made twice", (sent) => {
    const { asked, effects, result } = make({
      "create-group": [sent],
      ...listed(undefined, "fails", undefined, "3NEW"),
    });
    expect(asked).toBe(
      "turn, create-group, group-id, asked-to-stop, wait 2000, group-id, asked-to-stop, wait 5000, group-id, asked-to-stop, wait 15000, group-id",
    );
    expect(effects[2]).toEqual({ op: "group-id", name: "wave-1" });
    expect(result).toEqual({ end: { outcome: "found", group: "3NEW" } });
  });

  test("that is not listed within two minutes is given back", () => {
    const { asked, result } = make();
    expect(asked.match(/wait \d+/g)).toEqual(["wait 2000", "wait 5000", "wait 15000", "wait 30000", "wait 60000"]);
    expect(result).toEqual(notListed);
  });

  test("is not waited for once the run is asked to stop", () => {
    const { asked, result } = make({ "asked-to-stop": [false, true] });
    expect(asked).toBe("turn, create-group, group-id, asked-to-stop, wait 2000, group-id, asked-to-stop");
    expect(result).toEqual(notListed);
  });

  test("that an earlier run left open is looked for once and not made", () => {
    expect(make({}, false)).toMatchObject({ asked: "group-id", result: notListed });
    expect(make(listed("3NEW"), false).result).toEqual({ end: { outcome: "found", group: "3NEW" } });
  });
});
