import { describe, expect, test } from "vitest";
import type { ClaimRecord, PayClaim, ReceiptRow } from "../ledger/records.ts";
import { ledgerState } from "../ledger/state.ts";
import { money } from "../money.ts";
import type { Prepared } from "../platforms/ports.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import { append } from "./memory-world.fixture.ts";
import { ACCOUNT, bonus, cutOff, ends, inReceipts, interrupted, run, studyWorld } from "./one-study.fixture.ts";
import type { StudyWorld } from "./one-study.fixture.ts";
import { payByHand, timesPaid } from "./order-platform.fixture.ts";
import type { OrderFate } from "./order-platform.fixture.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HORIZON = 72 * HOUR;
const { traits } = prolificRules;
const [S1, S2] = [bonus("s1"), bonus("s2")];

function claims({ records }: StudyWorld): ClaimRecord[] {
  return records.flatMap(({ record }) => (record.record === "claim" ? [record] : []));
}

/** Handle by handle, the assignments that were claimed under it. */
function orders(world: StudyWorld): string[] {
  return claims(world).map(({ rows }) => {
    const pays = rows.filter((row): row is PayClaim => row.kind === "pay");
    return `${pays[0]?.handle}: ${pays.map(({ assignment, label }) => assignment + label).join(" ")}`;
  });
}

function answers({ records }: StudyWorld): ReceiptRow[] {
  return records.flatMap(({ record }) => (record.record === "receipt" ? record.rows : []));
}

function open(world: StudyWorld): number {
  return ledgerState(world.records, ACCOUNT).open.length;
}

/** A world whose first order went so. */
function ordered(...fates: OrderFate[]): StudyWorld {
  const world = studyWorld();
  world.orders.payFate.push(...fates);
  return world;
}

describe("an order", () => {
  test("is prepared after a look at every list, claimed, looked at again, given once, and settled by reading", () => {
    const world = studyWorld();
    payByHand(world.orders, "s1", 900);
    payByHand(world.orders, "s1", 20);
    const result = run(world, [S1, S2]);
    expect(ends(result)).toEqual(["done", "done"]);
    expect(result.stop).toBeUndefined();
    expect(world.orders.arrived).toEqual(["order-1"]);
    const steps = world.log.filter((op) => ["list", "prepare", "append", "pay", "evidence"].includes(op)).join(" ");
    expect(steps).toBe("list list evidence prepare append list list pay list list list list list list evidence append");
    expect(claims(world)).toMatchObject([
      {
        container: "study",
        quote: { amount: "3.00", fee: "0.75", tax: "0.00", total: "3.75" },
        evidence: { "bonuses so far": "0" },
        totals: { amount: "3.00", fee: "0.75", cost: "3.75" },
        rows: [
          { assignment: "s1", handle: "order-1", fee: "0.37", baseline: ["0.20", "9.00"] },
          { assignment: "s2", handle: "order-1", fee: "0.38", baseline: [] },
        ],
      },
    ]);
    expect(answers(world)).toMatchObject([
      { outcome: "done", message: "£1.50 was added", listed: ["0.20", "1.50", "9.00"] },
      { outcome: "done", message: "£1.50 was added", listed: ["1.50"] },
    ]);
    expect(world.records.at(-1)?.record).toMatchObject({ evidence: { "bonuses so far": "1" } });
  });

  test("is waited for until all of it shows, and no longer", () => {
    const world = studyWorld();
    run(world, [S1, S2]);
    const after = world.log.slice(world.log.indexOf("pay") + 1).filter((op) => ["wait", "list"].includes(op));
    expect(after.join(" ")).toMatch(/^(wait list list ?)+$/);
  });

  test("is for one container, for no assignment twice, and for so many rows as the platform takes", () => {
    const world = studyWorld();
    const rows = [S1, bonus("s1", { label: "extra" }), S2, bonus("t1"), bonus("s3"), bonus("s4")];
    const rules = { ...prolificRules, traits: { ...traits, batch: { rows: 3, perContainer: true } } };
    const result = run(world, rows, { rules, containerOf: (assignment) => assignment.slice(0, 1) });
    expect(ends(result)).toEqual(["done", "done", "done", "done", "done", "done"]);
    expect(orders(world)).toEqual(["order-1: s1 s2 s3", "order-2: s1extra s4", "order-3: t1"]);
    expect(world.orders.arrived).toEqual(["order-1", "order-2", "order-3"]);
  });

  test("may be for several containers where the platform takes that, and names none then", () => {
    const world = studyWorld();
    const rules = { ...prolificRules, traits: { ...traits, batch: { rows: 9, perContainer: false } } };
    run(world, [S1, bonus("t1")], { rules, containerOf: (assignment) => assignment.slice(0, 1) });
    expect(orders(world)).toEqual(["order-1: s1 t1"]);
    expect(claims(world)[0]).not.toHaveProperty("container");
    expect(claims(world)[0]).not.toHaveProperty("evidence");
  });

  test("is not given before the one before it is settled", () => {
    const world = studyWorld();
    run(world, [S1, S2], { chunk: 1 });
    const steps = world.log.filter((op) => ["prepare", "pay", "append"].includes(op)).join(" ");
    expect(steps).toBe("prepare append pay prepare append pay append");
  });

  test("whose ids are sealed names no container and no figures about it", () => {
    const world = studyWorld();
    run(world, [S1], { sealed: "0123456789abcdef" });
    expect(claims(world)[0]).not.toHaveProperty("container");
    expect(claims(world)[0]).not.toHaveProperty("evidence");
  });

  test("goes on where the platform has no figures", () => {
    const world = studyWorld();
    world.orders.evidenceFails.push(true, true);
    expect(ends(run(world, [S1]))).toEqual(["done"]);
    for (const { record } of world.records) expect(record).not.toHaveProperty("evidence");
  });

  test("costs what was planned where the platform names no price, as its rules say", () => {
    const world = studyWorld();
    const rules = { ...prolificRules, traits: { ...traits, price: "rule" } as const };
    world.orders.prepareFate.push((usual) => ({ kind: "prepared", handles: handlesOf(usual) }));
    // The records of a platform that has a price are refused without one.
    expect(() => run(world, [S1], { rules })).toThrow("names no price for its order");
    expect(claims(world)).toMatchObject([{ totals: { fee: "0.50" } }]);
  });
});

function handlesOf(prepared: Prepared): readonly string[] {
  return prepared.kind === "prepared" ? prepared.handles : [];
}

describe("before it is claimed", () => {
  test("rows that the platform blames are turned away, and the others are prepared anew", () => {
    const world = studyWorld();
    world.orders.prepareFate.push(() => ({ kind: "refused", code: "400", message: "not of it", assignments: ["s1"] }));
    const result = run(world, [S1, S2]);
    expect(result.rows).toMatchObject([
      { state: "ended", row: { assignment: "s2", outcome: "done" } },
      { state: "turned-away", row: { assignment: "s1", outcome: "refused", code: "400", message: "not of it" } },
    ]);
    expect(result.stop).toBeUndefined();
    expect(orders(world)).toEqual(["order-2: s2"]);
    // Nothing was claimed, so that it is asked for again without another attempt.
    expect(ends(run(world, [S1, S2]))).toEqual(["done"]);
  });

  test("where all rows are blamed one by one nothing is claimed, and the next order follows", () => {
    const world = studyWorld();
    world.orders.prepareFate.push(() => ({ kind: "refused", code: "400", message: "no", assignments: ["s1"] }));
    const result = run(world, [S1, S2], { chunk: 1 });
    expect(ends(result)).toEqual(["done", "refused"]);
    expect(orders(world)).toEqual(["order-2: s2"]);
  });

  test.each([[[]], [["another"]]])("a refusal that blames %j of its rows ends the run", (assignments) => {
    const world = studyWorld();
    world.orders.prepareFate.push(() => ({ kind: "refused", code: "400", message: "paused", assignments }));
    const { stop, rows } = run(world, [S1]);
    expect(stop).toEqual({ cause: "refused", message: "the platform would not prepare an order (400): paused" });
    expect([rows, world.records]).toEqual([[], []]);
  });

  test("a busy platform is asked again, and a lost answer leaves an order behind that nobody gives", () => {
    const world = studyWorld();
    world.orders.prepareFate.push(
      () => ({ kind: "busy", code: "429" }),
      () => ({ kind: "unknown", cause: "no answer" }),
    );
    expect(ends(run(world, [S1]))).toEqual(["done"]);
    expect(world.orders.arrived).toEqual(["order-3"]);
  });

  test("what will stop every order ends the run", () => {
    const world = studyWorld();
    world.orders.prepareFate.push(() => ({ kind: "stopped", cause: "credentials", code: "401", message: "who?" }));
    expect(run(world, [S1]).stop).toEqual({ cause: "credentials", message: "who?" });
    expect(world.records).toEqual([]);
  });

  test.each<[string, (usual: Prepared) => Prepared, string]>([
    ["none", (usual) => ({ kind: "prepared", handles: handlesOf(usual) }), "the platform names no price for an order"],
    [
      "another",
      (usual) => ({ ...usual, quote: { ...quoteOf(usual), amount: money(15000, "GBP") } }) as Prepared,
      "the platform would pay £150.00, and the rows add up to £1.50",
    ],
  ])("a price of %s than was planned ends the run", (_, changed, message) => {
    const world = studyWorld();
    world.orders.prepareFate.push(changed);
    expect(run(world, [S1]).stop).toEqual({ cause: "price", message });
    expect([world.records, world.orders.arrived]).toEqual([[], []]);
  });

  test.each<[string, (usual: Prepared) => Prepared]>([
    ["one handle for two rows", (usual) => ({ kind: "prepared", handles: handlesOf(usual).slice(1) })],
    ["two handles for two rows", () => ({ kind: "prepared", handles: ["a", "b"] })],
    ["no handle", () => ({ kind: "prepared", handles: ["", ""] })],
  ])("a platform that gives %s is none that this is made for", (_, changed) => {
    const world = studyWorld();
    world.orders.prepareFate.push(changed);
    expect(() => run(world, [S1, S2])).toThrow("an order has one handle");
  });

  test("a row that nobody can look at is left for later", () => {
    const world = studyWorld();
    world.orders.listFails.push(true);
    expect(run(world, [S1, S2]).rows).toMatchObject([
      { row: { assignment: "s2", outcome: "done" } },
      { state: "turned-away", row: { assignment: "s1", outcome: "not-sent", code: "cannot-look" } },
    ]);
  });

  test("a row that was paid by hand after the plan was made is left alone", () => {
    const world = studyWorld();
    world.orders.prepareFate.push((usual) => {
      payByHand(world.orders, "s2", 150);
      return usual;
    });
    const { rows } = run(world, [S1, S2], { chunk: 1 });
    expect(rows).toMatchObject([
      { row: { assignment: "s1", outcome: "done" } },
      { state: "turned-away", row: { assignment: "s2", outcome: "not-sent", code: "list-moved" } },
    ]);
    expect(timesPaid(world.orders, "s2")).toBe(1);
  });

  test("a row waits while the platform does not list what receipts say was paid", () => {
    const world = studyWorld();
    const rows = [S1, bonus("s1", { label: "b" })];
    expect(ends(run(world, rows.slice(0, 1)))).toEqual(["done"]);
    const paid = world.orders.lists.get("s1") ?? [];
    world.orders.lists.set("s1", []);
    expect(run(world, rows).rows).toMatchObject([
      { state: "turned-away", row: { label: "b", outcome: "not-sent", code: "list-behind" } },
    ]);
    world.orders.lists.set("s1", paid);
    expect(ends(run(world, rows))).toEqual(["done"]);
  });

  test("equal bonuses that this run paid under other labels are no surprise", () => {
    const world = studyWorld();
    const rows = ["", "b", "c"].map((label) => bonus("s1", { label }));
    const others = [bonus("s1", { label: "d", amount: money(99, "GBP") }), bonus("s2")];
    expect(ends(run(world, [...others, ...rows]))).toEqual(["done", "done", "done", "done", "done"]);
    expect(timesPaid(world.orders, "s1")).toBe(4);
  });

  test("nor is one whose order had no answer and was found", () => {
    expect(ends(run(ordered("answer-lost"), [S1, bonus("s1", { label: "b" })]))).toEqual(["found", "done"]);
  });

  test("nor are those that the plan knows of, made anew after a lost race", () => {
    const world = studyWorld();
    world.appendFate.push("ok", "rejected");
    expect(ends(run(world, [S1, bonus("s1", { label: "b" })]))).toEqual(["done", "done"]);
    expect(timesPaid(world.orders, "s1")).toBe(2);
  });

  test("a bonus waits while another one for the same assignment is held", () => {
    const world = ordered(() => world.orders.lists.set("s1", []));
    payByHand(world.orders, "s1", 20);
    expect(run(world, [S1, bonus("s1", { label: "b" })]).rows).toMatchObject([
      { state: "ended", row: { label: "", outcome: "held" } },
      { state: "turned-away", row: { label: "b", code: "other-bonus-open" } },
    ]);
  });

  test("a bonus does not wait for another one for the same assignment that was refused", () => {
    const world = ordered({ kind: "refused", code: "Gone", message: "no such order" });
    expect(ends(run(world, [S1, bonus("s1", { label: "b" })]))).toEqual(["refused", "done"]);
  });

  test("a bonus waits while another one for the same assignment does not show", () => {
    const world = studyWorld();
    world.orders.silent.add("s1");
    const first = run(world, [S1, S2, bonus("s1", { label: "b" })]);
    expect(first.rows).toMatchObject([
      { state: "open", row: { assignment: "s1", label: "" } },
      { row: { assignment: "s2", outcome: "done" } },
      { state: "turned-away", row: { assignment: "s1", label: "b", outcome: "not-sent", code: "other-bonus-open" } },
    ]);
    const later = run(world, [S1, S2, bonus("s1", { label: "b" })]);
    expect(later.plan?.held.map(({ label, state }) => [label, state])).toEqual([
      ["", "open"],
      ["b", "held"],
    ]);
    expect(world.orders.arrived).toHaveLength(1);
  });

  test("a run that is asked to stop while it looks claims nothing", () => {
    const world = studyWorld();
    const result = interrupted(world, [S1, S2], "list", 2, () => "goes on");
    expect(result?.stop).toBeUndefined();
    const stopped = studyWorld();
    const running = interrupted(stopped, [S1, S2], "list", 1, () => (stopped.stop = true));
    expect(running?.stop?.cause).toBe("asked");
    expect([stopped.records, running?.rows]).toEqual([[], []]);
  });

  test("a run that is asked to stop after that gives back what it claimed", () => {
    const world = studyWorld();
    world.orders.prepareFate.push((usual) => {
      world.stop = true;
      return usual;
    });
    expect(run(world, [S1, S2]).stop?.cause).toBe("asked");
    expect(inReceipts(world)).toEqual(["s1 not-sent", "s2 not-sent"]);
    expect(world.orders.arrived).toEqual([]);
  });
});

function quoteOf(prepared: Prepared): object {
  return prepared.kind === "prepared" ? (prepared.quote ?? {}) : {};
}

describe("between claim and order", () => {
  test.each<[string, (world: StudyWorld) => void, string]>([
    ["another amount was listed", (world) => payByHand(world.orders, "s2", 5), "list-moved"],
    ["a list cannot be read", (world) => world.orders.listFails.push(true), "cannot-look"],
    ["the machine slept", (world) => (world.now += 30 * MINUTE), "window-passed"],
    ["the clock was set back", (world) => (world.now -= 6 * MINUTE), "clock"],
  ])("nothing is given where %s, and the next run begins anew", (_, happens, code) => {
    const world = studyWorld();
    world.appendFate.push(() => happens(world));
    const result = run(world, [S1, S2]);
    expect(answers(world)).toMatchObject([
      { outcome: "not-sent", code },
      { outcome: "not-sent", code },
    ]);
    expect(world.orders.arrived).toEqual([]);
    expect(result.stop?.cause).toBe(code === "clock" ? "clock" : undefined);
    world.now = Math.max(world.now, Date.parse("2026-11-23T12:00:00.000Z"));
    expect(ends(run(world, [S1, S2]))).toEqual(["done", "done"]);
    expect(world.orders.arrived).toEqual(["order-2"]);
  });

  test("nothing is given where another run has answered one of its rows", () => {
    const world = studyWorld();
    // The other run finds what somebody paid by hand, the moment after the claim was pushed and before it is read back.
    const result = interrupted(world, [S1, S2], "read-ledger", 2, () => {
      payByHand(world.orders, "s1", 150);
      run(world, [], { name: "rival" });
    });
    expect(answers(world)).toMatchObject([
      { assignment: "s1", outcome: "found" },
      { assignment: "s2", outcome: "not-sent", code: "answered-elsewhere" },
      { assignment: "s2", outcome: "done", handle: "order-2" },
    ]);
    expect(world.orders.arrived).toEqual(["order-2"]);
    expect(result && ends(result)).toEqual(["not-sent", "done"]);
  });

  test("a claim that reached the ledger late is given back: nobody can have ordered it", () => {
    const world = studyWorld();
    world.appendFate.push("request-lost");
    const result = interrupted(world, [S1], "read-ledger", 3, (before) => {
      for (const effect of before) if (effect.op === "append") append(world, effect);
    });
    expect(answers(world)).toMatchObject([{ outcome: "not-sent", code: "claim-late" }, { outcome: "done" }]);
    expect(world.orders.arrived).toEqual(["order-2"]);
    expect(result && ends(result)).toEqual(["not-sent", "done"]);
  });

  test("a claim that reached the ledger late is given back as well where the run was asked to stop meanwhile", () => {
    const world = studyWorld();
    world.appendFate.push("request-lost");
    const result = interrupted(world, [S1], "read-ledger", 3, (before) => {
      for (const effect of before) if (effect.op === "append") append(world, effect);
      world.stop = true;
    });
    expect(answers(world)).toMatchObject([{ outcome: "not-sent", code: "not-reached" }]);
    expect(result?.stop?.cause).toBe("asked");
  });
});

describe("an answer", () => {
  test.each<OrderFate>(["answer-lost", { kind: "unknown", cause: "x" }])(
    "that is lost (%j) is never asked for by another order",
    (fate) => {
      const world = ordered(fate);
      const isPaid = fate === "answer-lost";
      const result = run(world, [S1, S2]);
      expect(ends(result)).toEqual(isPaid ? ["found", "found"] : ["open", "open"]);
      expect(world.log.filter((op) => op === "pay")).toHaveLength(1);
      expect(result.stop).toEqual(
        isPaid
          ? undefined
          : { cause: "unknowns", message: "the order had no answer, and none of its bonuses shows yet" },
      );
      expect(world.orders.arrived).toEqual(isPaid ? ["order-1"] : []);
    },
  );

  test("that was taken, and nothing shows, ends the run: the claim stays open", () => {
    const world = studyWorld();
    world.orders.lagMs = HOUR;
    const result = run(world, [S1, S2], { chunk: 1 });
    expect(ends(result)).toEqual(["open"]);
    expect(result.stop?.message).toBe("the order was taken, and none of its bonuses shows yet");
    expect(result.rows).toMatchObject([
      {
        seen: "order order-1, claimed at 2026-11-23T12:00:00.000Z, when the platform listed nothing; it does not show yet",
      },
    ]);
    world.now += HOUR;
    expect(inReceipts(world)).toEqual([]);
    expect(ends(run(world, [S1, S2], { chunk: 1 }))).toEqual(["found", "open"]);
  });

  test("that was taken, and some rows show, does not end the run", () => {
    const world = studyWorld();
    world.orders.silent.add("s2");
    const result = run(world, [S1, S2, bonus("s3")], { chunk: 2 });
    expect(result.stop).toBeUndefined();
    expect(ends(result)).toEqual(["done", "open", "done"]);
  });

  test("that says no is believed once nothing shows to the end, and ends the run", () => {
    const world = ordered("doubtful");
    const result = run(world, [S1, S2], { chunk: 1 });
    expect(result.stop).toEqual({ cause: "refused", message: "the platform refused an order (400): not now" });
    expect(answers(world)).toMatchObject([{ outcome: "refused", code: "400", message: "not now" }]);
    expect(world.now - Date.parse("2026-11-23T12:00:00.000Z")).toBeGreaterThan(15 * MINUTE);
    // Only a reviewed change asks for another try.
    expect(run(world, [S1]).plan?.held).toMatchObject([{ state: "refused" }]);
    expect(ends(run(world, [bonus("s1", { attempt: 2 })]))).toEqual(["done"]);
    expect(world.orders.arrived).toEqual(["order-2"]);
  });

  test("that says no and pays days later is found, although its next attempt was given back and nobody asks any more", () => {
    const world = ordered("doubtful");
    run(world, [S1]);
    world.appendFate.push(() => (world.now += 30 * MINUTE));
    run(world, [bonus("s1", { attempt: 2 })]);
    payByHand(world.orders, "s1", 150);
    run(world, []);
    expect(inReceipts(world)).toEqual(["s1 refused", "s1 not-sent", "s1 found"]);
    expect(answers(world).at(-1)).toMatchObject({ attempt: 1, handle: "order-1" });
  });

  test("that says no and pays all the same is not believed", () => {
    const world = ordered("doubtful-but-paid");
    expect(ends(run(world, [S1, S2]))).toEqual(["found", "found"]);
  });

  test("that says no and pays some of it leaves the others open", () => {
    const world = ordered("doubtful-but-paid");
    world.orders.silent.add("s2");
    const result = run(world, [S1, S2]);
    expect(ends(result)).toEqual(["found", "open"]);
    expect(result.stop).toBeUndefined();
  });

  test("that says no is not believed where a look failed, or somebody asked the run to stop", () => {
    const world = ordered("doubtful");
    const looks = traits.completion.kind === "later" ? traits.completion.pollMs.length : 0;
    // Two rows are looked at before the order and in each round; in the last one the first of them fails.
    world.orders.listFails.push(...Array.from({ length: 2 * looks + 2 }, () => false), true);
    const result = run(world, [S1, S2]);
    expect(ends(result)).toEqual(["open", "open"]);
    expect(result.stop?.message).toBe(
      "the platform refused the order (400: not now), and none of its bonuses shows yet",
    );

    const stopped = ordered(() => (stopped.stop = true));
    stopped.orders.silent.add("s1");
    const { stop, rows } = run(stopped, [S1]);
    expect([stop?.cause, rows[0]?.state]).toEqual(["asked", "open"]);
  });

  test("that comes before any byte can have left is asked for again, by this run alone, after a look", () => {
    const never = { kind: "not-sent", cause: "no route" } as const;
    const world = ordered(never, never);
    expect(ends(run(world, [S1]))).toEqual(["done"]);
    expect(world.orders.arrived).toEqual(["order-1"]);

    const moved = ordered(never);
    const result = interrupted(moved, [S1], "wait", 1, () => payByHand(moved.orders, "s1", 7));
    expect(answers(moved)).toMatchObject([{ outcome: "not-sent", code: "list-moved" }]);
    expect([moved.orders.arrived, result?.stop]).toEqual([[], undefined]);
  });

  test("that never comes because there is no connection gives the rows back, and ends the run", () => {
    const never = { kind: "not-sent", cause: "no route" } as const;
    const without = ordered(...Array.from({ length: 20 }, () => never));
    const result = run(without, [S1]);
    expect(answers(without)).toMatchObject([{ outcome: "not-sent", code: "no-connection" }]);
    expect(result.stop).toEqual({ cause: "busy", message: "no connection to the platform: no route" });
  });

  test.each<[OrderFate, string, string | undefined]>([
    [{ kind: "refused", code: "Gone", message: "no such order" }, "refused", undefined],
    [{ kind: "stopped", cause: "funds", code: "402", message: "no money" }, "not-sent", "funds"],
    [{ kind: "busy", code: "429" }, "not-sent", "busy"],
  ])("that is definite (%j) is believed", (fate, outcome, cause) => {
    const world = ordered(fate);
    const result = run(world, [S1, S2]);
    expect(ends(result)).toEqual([outcome, outcome]);
    expect(result.stop?.cause).toBe(cause);
    expect(world.log.filter((op) => op === "pay")).toHaveLength(1);
  });

  test.each<[OrderFate, string]>([
    [{ kind: "done", requestId: "r" }, "the order was taken, and none of its bonuses shows yet"],
    [{ kind: "exists" }, "the order had no answer, and none of its bonuses shows yet"],
  ])("of any other kind (%j) is settled by reading", (fate, message) => {
    const world = ordered(fate);
    world.orders.silent.add("s1");
    const { rows, stop } = run(world, [S1]);
    expect([rows[0]?.state, stop?.message]).toEqual(["open", message]);
  });
});

test("a platform that pays at once is looked at a few times, and waited for two days", () => {
  const world = ordered("request-lost");
  const rules = { ...prolificRules, traits: { ...traits, completion: { kind: "immediate" } } as const };
  run(world, [S1], { rules });
  expect(world.now - Date.parse("2026-11-23T12:00:00.000Z")).toBe(20_000);
  world.now = Date.parse("2026-11-25T12:00:00.000Z") - 1;
  expect(ends(run(world, [S1], { rules }))).toEqual(["open"]);
  world.now += 1;
  expect(ends(run(world, [S1], { rules }))).toEqual(["held"]);
});

test("bonuses of two lists are in two orders, and what changes groups goes before them", () => {
  const world = studyWorld();
  const result = run(world, [S1], { beside: [S2], grants: ["w-s9"] });
  expect(claims(world).map(({ rows }) => rows.map(({ kind }) => kind).join())).toEqual(["grant", "pay", "pay"]);
  expect(ends(result)).toEqual(["done", "done", "done"]);
});

describe("a list", () => {
  test("to which our amount was added twice is an incident: the run ends", () => {
    const world = ordered("twice");
    const result = run(world, [S1, S2], { chunk: 1 });
    const message = "£1.50 was added more than once: more was paid than was ordered";
    expect(answers(world)).toMatchObject([{ outcome: "done", code: "surplus", message, listed: ["1.50", "1.50"] }]);
    expect(result.stop).toEqual({ cause: "surplus", message });
    expect(world.orders.arrived).toEqual(["order-1", "order-1"]);
  });

  test("to which other amounts were added says so", () => {
    const world = ordered(() => payByHand(world.orders, "s1", 20));
    run(world, [S1]);
    expect(answers(world)).toMatchObject([{ outcome: "done", message: "£1.50 was added, and £0.20 beside it" }]);
  });

  test("from which something vanished tells nothing: the row is held", () => {
    const world = ordered(() => world.orders.lists.set("s1", []));
    payByHand(world.orders, "s1", 20);
    expect(ends(run(world, [S1]))).toEqual(["held"]);
    expect(answers(world)).toMatchObject([
      {
        code: "list-changed",
        message: "what was listed before the order order-1 is no longer there",
      },
    ]);
  });
});

describe("a later run", () => {
  test.each([
    ["pay", 1],
    ["wait", 1],
    ["wait", 2],
  ] as const)("of one that was cut off before its %s number %i orders nothing again", (op, n) => {
    const world = studyWorld();
    cutOff(world, [S1, S2], op, n);
    const isOrdered = op !== "pay";
    world.now += 5 * MINUTE;
    const result = run(world, [S1, S2]);
    expect(ends(result)).toEqual(isOrdered ? ["found", "found"] : ["open", "open"]);
    expect(result.stop).toBeUndefined();
    expect(world.orders.arrived).toEqual(isOrdered ? ["order-1"] : []);
    expect(open(world)).toBe(isOrdered ? 0 : 2);
  });

  test("of one that was cut off before its claim begins anew", () => {
    const world = studyWorld();
    cutOff(world, [S1], "append");
    expect(ends(run(world, [S1]))).toEqual(["done"]);
    expect(world.orders.arrived).toEqual(["order-2"]);
  });

  test("holds what does not show until the horizon, and not a moment before", () => {
    const world = studyWorld();
    world.orders.silent.add("s1");
    payByHand(world.orders, "s1", 900);
    run(world, [S1]);
    payByHand(world.orders, "s1", 20);
    const claimedAt = Date.parse(claims(world)[0]?.time ?? "");
    world.now = claimedAt + HORIZON - 1;
    expect(ends(run(world, [S1]))).toEqual(["open"]);
    world.now = claimedAt + HORIZON;
    expect(ends(run(world, [S1]))).toEqual(["held"]);
    expect(answers(world)).toMatchObject([
      {
        code: "not-listed",
        message:
          "order order-1, claimed at 2026-11-23T12:00:00.000Z, when the platform listed 9.00; 72 hours later it lists 0.20, 9.00",
        listed: ["0.20", "9.00"],
      },
    ]);
  });

  test.each([[[]], [[true, true, true]]])("is not ended by what does not show, or cannot be looked at: %j", (fails) => {
    const world = studyWorld();
    const rows = [S1, S2, bonus("s3")];
    cutOff(world, rows, "pay");
    world.now += HOUR;
    world.orders.listFails.push(...fails);
    const { stop } = run(world, [...rows, bonus("s4")]);
    expect(stop).toBeUndefined();
    expect(inReceipts(world)).toEqual(["s4 done"]);
  });

  test("leaves open what it cannot look at, however late", () => {
    const world = studyWorld();
    cutOff(world, [S1], "pay");
    world.now += 2 * HORIZON;
    world.orders.listFails.push(true);
    expect(run(world, []).rows).toMatchObject([{ state: "open", seen: "no answer" }]);
  });

  test("finds what was held and shows after all, and does not pay another attempt", () => {
    const world = studyWorld();
    world.orders.lagMs = 80 * HOUR;
    run(world, [S1]);
    world.now += HORIZON;
    expect(ends(run(world, [S1]))).toEqual(["held"]);
    world.now += 20 * HOUR;
    const result = run(world, [bonus("s1", { attempt: 2 })]);
    expect(result.rows).toMatchObject([
      { row: { outcome: "found", message: "it is listed after all", listed: ["1.50"] } },
    ]);
    expect(timesPaid(world.orders, "s1")).toBe(1);
  });

  test("finds what was held by what its own assignment lists, whatever is held beside it", () => {
    const world = studyWorld();
    world.orders.lagMs = 80 * HOUR;
    const rows = [S1, bonus("s2", { label: "b" })];
    run(world, rows);
    world.now += HORIZON;
    expect(ends(run(world, rows))).toEqual(["held", "held"]);
    world.now += 20 * HOUR;
    expect(ends(run(world, rows))).toEqual(["found", "found"]);
  });

  test("finds what was refused and shows after all", () => {
    const world = ordered("doubtful-but-paid");
    world.orders.lagMs = HOUR;
    expect(ends(run(world, [S1]))).toEqual(["refused"]);
    world.now += HOUR;
    expect(ends(run(world, []))).toEqual(["found"]);
    expect(ends(run(world, [bonus("s1", { attempt: 2 })]))).toEqual([]);
    expect(timesPaid(world.orders, "s1")).toBe(1);
  });

  test("finds what was refused and shows after all, beside an equal one that was paid since", () => {
    const world = ordered("doubtful-but-paid");
    world.orders.lagMs = HOUR;
    expect(ends(run(world, [S1]))).toEqual(["refused"]);
    world.orders.lagMs = MINUTE;
    expect(ends(run(world, [bonus("s1", { label: "b" })]))).toEqual(["done"]);
    world.now += HOUR;
    expect(ends(run(world, []))).toEqual(["found"]);
  });

  test("looks for nothing that was given back, whatever was claimed since", () => {
    const world = studyWorld();
    world.orders.payFate.push(...Array.from({ length: 9 }, () => ({ kind: "not-sent", cause: "no network" }) as const));
    run(world, [bonus("s1", { amount: money(200, "GBP") })]);
    world.appendFate.push(() => payByHand(world.orders, "s1", 150));
    run(world, [S1]);
    run(world, []);
    expect(inReceipts(world)).toEqual(["s1 not-sent", "s1 not-sent"]);
  });

  test("looks for nothing that was given back", () => {
    const world = studyWorld();
    world.appendFate.push(() => payByHand(world.orders, "s1", 150));
    run(world, [S1]);
    expect(inReceipts(world)).toEqual(["s1 not-sent"]);
    expect(ends(run(world, []))).toEqual([]);
    expect(run(world, [S1]).plan?.problems.map(({ code }) => code)).toEqual(["equal-bonus-exists"]);
  });

  test("pays another attempt of what was held once the horizon has passed", () => {
    const world = ordered("request-lost");
    run(world, [S1]);
    world.now = Date.parse(claims(world)[0]?.time ?? "") + HORIZON;
    expect(ends(run(world, [S1]))).toEqual(["held"]);
    expect(ends(run(world, [bonus("s1", { attempt: 2 })]))).toEqual(["done"]);
    expect(world.orders.arrived).toEqual(["order-2"]);
  });

  test("does not pay another attempt of what is held for another reason before the horizon", () => {
    const world = ordered(() => world.orders.lists.set("s1", []));
    payByHand(world.orders, "s1", 20);
    run(world, [S1]);
    const again = bonus("s1", { attempt: 2 });
    world.now = Date.parse(claims(world)[0]?.time ?? "") + HORIZON - 1;
    expect(run(world, [again]).plan?.held).toMatchObject([
      {
        state: "held",
        why: "attempt 1 may have been paid after all: the platform can take a while to list a payment",
      },
    ]);
  });
});
