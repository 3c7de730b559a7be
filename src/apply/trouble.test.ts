import { describe, expect, test } from "vitest";
import { RowHistory } from "../ledger/chain-rows.ts";
import { NO_RECORD } from "../ledger/record-text.ts";
import { ledgerState } from "../ledger/state.ts";
import { money } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Answer, Answers, Begun, Finished, Local, Protocol } from "./effects.ts";
import { machineOf, memoryWorld, runOn } from "./memory-world.fixture.ts";
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
import { applyProtocol } from "./protocol.ts";
import type { ApplyInput } from "./protocol.ts";

type Op = (Begun | Local)["op"];
/** The answers of one kind of effect, changed: the n-th of them, counted from 1, was `answer`. */
type Twist = { readonly [O in Op]?: (n: number, answer: Answers[O]) => Answers[O] };

/** Runs a protocol on a world of which some answers arrive otherwise than they were given. */
function twisted<T>(world: MemoryWorld, running: Protocol<T>, twist: Twist): T {
  const machine = machineOf(world);
  const counts = new Map<Op, number>();
  const begun = new Map<number, Op>();
  const changed = (op: Op, answer: Answer): Answer => {
    const n = (counts.get(op) ?? 0) + 1;
    counts.set(op, n);
    const change = twist[op] as ((n: number, answer: Answer) => Answer) | undefined;
    return change ? change(n, answer) : answer;
  };
  let next = running.next();
  while (!next.done) {
    const effect = next.value;
    const answer = machine.answer(effect);
    if (effect.op === "begin") begun.set(effect.id, effect.effect.op);
    if (effect.op === "begin") next = running.next(answer);
    else if (effect.op === "next") {
      const finished = answer as Finished;
      const op = begun.get(finished.id) as Op;
      next = running.next({ id: finished.id, answer: changed(op, finished.answer) });
    } else next = running.next(changed(effect.op, answer as Answer));
  }
  return next.value;
}

const gone = { kind: "unusable", message: "no branch", hint: "make it" } as const;

describe("a platform that will not prepare", () => {
  test("is claimed from nothing, and the run says why", () => {
    const world = memoryWorld();
    const refused = { kind: "refused", code: "Odd", message: "not now", assignments: [] } as const;
    const result = twisted(world, protocol(world, [bonus("3A")]), { prepare: () => refused });
    expect(result).toMatchObject({
      rows: [],
      stop: { cause: "refused", message: "the platform would not prepare it (Odd): not now" },
    });
    expect(world.records).toEqual([]);
  });

  test("for a reason that stops every order ends the run under that reason", () => {
    const world = memoryWorld();
    const stopped = { kind: "stopped", cause: "credentials", code: "Denied", message: "not allowed" } as const;
    const result = twisted(world, protocol(world, [bonus("3A")]), { prepare: () => stopped });
    expect(result).toMatchObject({ rows: [], stop: { cause: "credentials", message: "not allowed" } });
    expect(world.records).toEqual([]);
  });
});

describe("a ledger", () => {
  test("that cannot be read stops the run before anything", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A")]), { "read-ledger": () => gone });
    expect(result).toEqual({
      rows: [],
      receipts: [],
      balance: { before: "unknown", after: "unknown" },
      stop: { cause: "ledger", message: "no branch: make it" },
    });
    expect(world.log).toEqual(["read-ledger"]);
  });

  test("that cannot be read back after the claim pays nobody", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A")]), {
      "read-ledger": (n, answer) => (n === 2 ? gone : answer),
    });
    expect(result.stop).toEqual({ cause: "ledger", message: "no branch: make it" });
    expect([world.paid, result.rows, result.receipts]).toEqual([[], [], []]);
  });

  test("that says a claim was pushed, and does not show it, stops the run, and nobody is paid", () => {
    const world = memoryWorld();
    world.appendFate.push("request-lost");
    const result = twisted(world, protocol(world, [bonus("3A")]), { append: () => ({ kind: "pushed" }) });
    expect(result.stop).toEqual({
      cause: "ledger",
      message: "what was pushed to the ledger is not there on reading it back",
    });
    expect(world.paid).toEqual([]);
  });

  test("that shows a claim only after its push seemed lost has it settled by the run that made it", () => {
    const world = memoryWorld();
    world.appendFate.push("answer-lost");
    const result = twisted(world, protocol(world, [bonus("3A")]), {
      "read-ledger": (n, answer) =>
        n === 2 && answer.kind === "ledger"
          ? { ...answer, records: [], commit: "0", head: { sequence: 0, hash: NO_RECORD } }
          : answer,
    });
    expect([result.stop, outcomes(result)]).toEqual([undefined, ["done"]]);
    expect([world.paid.length, world.records.length]).toEqual([1, 2]);
  });

  test("that shows another record where the claim was pushed pays nobody", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A")]), {
      "read-ledger": (n, answer) =>
        n === 2 && answer.kind === "ledger"
          ? { ...answer, records: answer.records.map((each) => ({ ...each, hash: NO_RECORD })) }
          : answer,
    });
    expect(result.stop?.cause).toBe("ledger");
    expect(world.paid).toEqual([]);
  });

  test("that refuses says so, in its words", () => {
    const world = memoryWorld();
    world.appendFate.push("refused");
    expect(run(world, [bonus("3A")]).stop).toEqual({
      cause: "ledger",
      message: "the ledger cannot be written: protected branch",
    });
  });

  test("that refuses the last receipt leaves the row open, and what was paid is told", () => {
    const world = memoryWorld();
    world.appendFate.push("ok", "refused");
    const result = run(world, [bonus("3A")]);
    expect(result).toMatchObject({ receipts: [], stop: { cause: "ledger" }, rows: [{ row: { outcome: "done" } }] });
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["found"]);
    expect(world.paid).toHaveLength(1);
  });

  test("that refuses the receipts of earlier runs stops before anything new is paid", () => {
    const world = memoryWorld();
    runOn(world, protocol(world, [bonus("3A")]), 13);
    world.appendFate.push("refused");
    const result = run(world, [bonus("3A"), bonus("3B")]);
    expect([result.stop?.cause, result.receipts]).toEqual(["ledger", []]);
    expect(world.paid.map(({ assignment }) => assignment)).not.toContain("3B");
  });

  test("to which others keep writing is given up after nine races", () => {
    const world = memoryWorld();
    world.appendFate.push(...Array.from({ length: 20 }, () => "rejected" as const));
    const result = run(world, [bonus("3A")]);
    expect(result.stop).toEqual({
      cause: "ledger",
      message: "other runs kept writing to the ledger; run again when they have ended",
    });
    expect(world.log.filter((op) => op === "append")).toHaveLength(9);
    expect(world.paid).toEqual([]);
  });

  test("of which eight races are lost is written in the ninth", () => {
    const world = memoryWorld();
    world.appendFate.push(...Array.from({ length: 8 }, () => "rejected" as const));
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
  });

  test.each([false, true])("is never given a record that contradicts it (its history at hand: %s)", (history) => {
    const world = memoryWorld();
    run(world, [bonus("3A")]);
    let paying: Plan | undefined;
    const always: ApplyInput["plan"] = () => {
      const fresh = memoryWorld();
      return (paying ??= run(fresh, [bonus("3A")]).plan as Plan);
    };
    const result = twisted(world, applyProtocol({ ...input(), plan: always, provenance: KNOWN }), {
      "read-ledger": (_n, answer) => (history ? withHistory(answer) : answer),
    });
    expect(result.stop?.cause).toBe("ledger");
    expect(result.stop?.message).toMatch(/^refused to write a record that contradicts the ledger: .*which was paid$/);
    expect([world.paid.length, world.records.length]).toEqual([1, 2]);
  });

  test("whose history is at hand is written as any other", () => {
    const world = memoryWorld();
    run(world, [bonus("3A")]);
    const result = twisted(world, protocol(world, [bonus("3A"), bonus("3B")]), {
      "read-ledger": (_n, answer) => withHistory(answer),
    });
    expect(outcomes(result)).toEqual(["done"]);
  });
});

describe("a claim", () => {
  test("is not made where nobody knows who let its manifest in", () => {
    const world = memoryWorld();
    const plan = run(memoryWorld(), [bonus("3A")]).plan as Plan;
    expect(() => twisted(world, applyProtocol({ ...input(), plan: () => plan }), {})).toThrow(
      "a claim needs to know where payments/pilot.yaml comes from",
    );
    expect(world.paid).toEqual([]);
  });

  test("is not made where the plan has a single problem, whatever else it could pay", () => {
    const world = memoryWorld();
    const result = run(world, [bonus("3A"), bonus("3B", { attempt: 2 })]);
    expect(result.plan?.steps).toHaveLength(1);
    expect([result.rows, world.records, world.paid]).toEqual([[], [], []]);
  });

  test("of which a rival answered a row before it was read back is settled without that row", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A"), bonus("3B")]), {
      append: (n, answer) => {
        if (n === 1) run(world, [bonus("3A"), bonus("3C")], 100, "rival");
        return answer;
      },
    });
    expect(result.stop).toBeUndefined();
    expect(outcomes(result)).toEqual(["done"]);
    expect(world.paid.map(({ assignment }) => assignment).sort()).toEqual(["3A", "3B", "3C"]);
    expect(paidInReceipts(world)).toBe(3);
  });

  test("is not made once the run is asked to stop", () => {
    const world = memoryWorld();
    world.stop = true;
    expect(run(world, [bonus("3A")])).toMatchObject({ rows: [], stop: { cause: "asked" } });
    expect(world.records).toEqual([]);
  });

  test("is not made where the account holds less than it costs, and is made where it holds just that", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A")]), {
      wallet: () => ({ ok: true, value: money(179, "USD") }),
    });
    expect(result).toMatchObject({
      rows: [],
      stop: { cause: "funds", message: "the account holds $1.79, and the next rows cost $1.80" },
      balance: { before: money(179, "USD"), after: money(179, "USD") },
    });
    world.balance = money(180, "USD");
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["done"]);
  });

  test("is made where the platform does not tell its balance", () => {
    const world = memoryWorld();
    const result = twisted(world, protocol(world, [bonus("3A")]), { wallet: () => ({ ok: false, cause: "down" }) });
    expect(outcomes(result)).toEqual(["done"]);
    expect(result.balance).toEqual({ before: "unknown", after: "unknown" });
  });

  test("is not made where the clock is more than five minutes behind the last record", () => {
    const world = memoryWorld();
    run(world, [bonus("3A")]);
    world.now -= 5 * 60_000;
    expect(outcomes(run(world, [bonus("3A"), bonus("3B")]))).toEqual(["done"]);
    world.now -= 1;
    const before = world.records.length;
    expect(run(world, [bonus("3C")]).stop).toEqual({
      cause: "clock",
      message: "this machine's clock is behind the last record of the ledger",
    });
    expect(world.records).toHaveLength(before);
  });

  test("of grants alone costs nothing beside what is under way", () => {
    const world = memoryWorld();
    world.balance = money(0, "USD");
    const grants = ["A1", "A2", "A3"].map((worker) => grant(worker, 1));
    expect(outcomes(run(world, [], 1, "run", grants))).toEqual(["done", "done", "done", "done"]);
  });

  test("names types first, then bonuses, then who is to hold what", () => {
    const world = memoryWorld();
    run(world, [bonus("3A"), bonus("3B")], 100, "run", [grant("A1", 1)]);
    expect(world.records[0]?.record.rows.map(({ kind }) => kind)).toEqual(["create-type", "pay", "pay", "grant"]);
  });

  test("holds as many rows as it may, and the next one the rest", () => {
    const world = memoryWorld();
    run(world, [bonus("3A"), bonus("3B"), bonus("3C")], 2);
    const claims = world.records.flatMap(({ record }) => (record.record === "claim" ? [record.rows.length] : []));
    expect(claims).toEqual([2, 1]);
  });
});

describe("a run tells", () => {
  test("the receipts that it wrote, and what the account held before and after", () => {
    const world = memoryWorld();
    const { receipts, balance } = run(world, [bonus("3A"), bonus("3B")], 1);
    expect(receipts).toEqual(world.records.flatMap(({ path, record }) => (record.record === "receipt" ? [path] : [])));
    expect(receipts).toHaveLength(2);
    expect(balance).toEqual({ before: money(100_00, "USD"), after: money(96_40, "USD") });
  });
});

describe("what belongs to somebody else makes no difference", () => {
  const paying = () => run(memoryWorld(), [bonus("3A")]).plan as Plan;

  test("another account's records, to the clock", () => {
    const world = memoryWorld();
    run(world, [bonus("3B")]);
    world.now -= HOUR;
    const plan = paying();
    for (const account of [{ ...ACCOUNT, environment: "sandbox" } as const, { ...ACCOUNT, platform: "elsewhere" }]) {
      const { stop } = twisted(world, applyProtocol({ ...input(), account, plan: () => plan, provenance: KNOWN }), {});
      expect(stop?.cause).not.toBe("clock");
    }
    expect(paidInReceipts(world)).toBe(3);
  });

  test("another manifest of the plan, to what is claimed of the first", () => {
    const world = memoryWorld();
    const { manifests, ...plan } = paying();
    const both = { ...plan, manifests: [...manifests, { file: "payments/other.yaml", digest: "e", study: "other" }] };
    const result = twisted(world, applyProtocol({ ...input(), plan: () => both, provenance: KNOWN }), {});
    expect([result.stop, outcomes(result)]).toEqual([undefined, ["done"]]);
    expect(world.records).toHaveLength(2);
  });
});

describe("what an earlier run left open", () => {
  const open = (world: MemoryWorld, ...rows: string[]) => {
    world.fate.push(...rows.flatMap(() => ["request-lost", "request-lost", "request-lost"] as const));
    return run(
      world,
      rows.map((each) => bonus(each)),
      100,
      "earlier",
    );
  };

  test("is looked for and not ordered where the plan is refused", () => {
    const world = memoryWorld();
    open(world, "3A");
    world.balance = money(0, "USD");
    const result = run(world, [bonus("3A"), bonus("3B")]);
    expect(result.plan?.problems.map(({ code }) => code)).toEqual(["balance-too-small"]);
    expect(result.rows).toMatchObject([{ state: "open", next: expect.stringContaining("mend what keeps the plan") }]);
    expect(world.paid).toEqual([]);
  });

  test("is looked for and not ordered where it was taken out, or its amount changed", () => {
    const world = memoryWorld();
    open(world, "3A");
    for (const rows of [[], [bonus("3B", { label: "x" })]]) {
      const [row] = run(world, rows).rows;
      expect(row).toMatchObject({ state: "open", seen: expect.stringContaining("taken out or changed") });
    }
    expect(world.paid.map(({ assignment }) => assignment)).toEqual(["3B"]);
  });

  test("is ordered where the tip still asks for it, and its neighbour that was taken out is not", () => {
    const world = memoryWorld();
    open(world, "3A", "3B");
    const { rows } = run(world, [bonus("3B")]);
    expect(rows.map(({ state }) => state)).toEqual(["open", "ended"]);
    expect(world.paid.map(({ assignment }) => assignment)).toEqual(["3B"]);
  });

  test("is looked for once, although the race for its receipt was lost", () => {
    const world = found("3A");
    world.appendFate.push("rejected");
    const before = world.log.length;
    expect(outcomes(run(world, [bonus("3A")]))).toEqual(["found"]);
    expect(world.log.slice(before).filter((op) => op === "list")).toHaveLength(1);
    expect(paidInReceipts(world)).toBe(1);
  });

  test("and a rival wrote down first, is not written down twice", () => {
    const world = found("3A");
    world.appendFate.push(() => void run(world, [bonus("3A")], 100, "rival"));
    const { stop, receipts } = run(world, [bonus("3A"), bonus("3B")]);
    expect([stop, receipts.length]).toEqual([undefined, 1]);
    expect(paidInReceipts(world)).toBe(2);
  });

  /** A bonus that was paid, whose answer was lost, and that is listed by now. */
  function found(assignment: string): MemoryWorld {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus(assignment)], 100, "earlier");
    world.listingLagMs = 0;
    return world;
  }

  test("is left alone while its run may be at work", () => {
    const world = memoryWorld();
    open(world, "3A");
    const before = world.log.length;
    const live = { ...input(), plan: planOfNothing, liveRuns: new Set(["earlier"]) };
    expect(twisted(world, applyProtocol(live), {}).rows).toEqual([]);
    expect(world.log.slice(before)).not.toContain("list");
    expect(twisted(world, applyProtocol({ ...live, liveRuns: new Set() }), {}).rows).toHaveLength(1);
  });

  test("is written down before anything new is claimed, and the plan is made again", () => {
    const world = memoryWorld();
    world.listingLagMs = HOUR;
    world.fate.push("answer-lost");
    run(world, [bonus("3A")]);
    world.listingLagMs = 0;
    run(world, [bonus("3A"), bonus("3B")]);
    expect(world.records.map(({ record }) => record.record)).toEqual(["claim", "receipt", "claim", "receipt"]);
    expect(world.commits).toBe(4);
    expect(paidInReceipts(world)).toBe(2);
  });
});

describe("held bonuses", () => {
  const names = ["3A", "3B", "3C"];
  const held = () => {
    const world = memoryWorld();
    world.listingLagMs = 1000 * HOUR;
    for (const name of names) {
      world.fate.push("answer-lost");
      run(world, [bonus(name)]);
    }
    world.now += 13 * HOUR;
    run(
      world,
      names.map((name) => bonus(name)),
    );
    expect(ledgerState(world.records, ACCOUNT).held).toHaveLength(names.length);
    world.listingLagMs = 0;
    return world;
  };

  test("that show up get their receipts, however many, no more than a few looked for at once", () => {
    const world = held();
    const under: number[] = [];
    let now = 0;
    const running = protocol(
      world,
      names.map((name) => bonus(name)),
      100,
      "later",
      [],
      2,
    );
    const counted = (function* (): Protocol<unknown> {
      let answer: Answer | Finished;
      for (let next = running.next(); ; next = running.next(answer)) {
        if (next.done) return next.value;
        if (next.value.op === "begin" && next.value.effect.op === "list") under.push(++now);
        answer = yield next.value;
        if (next.value.op === "next") now = Math.max(0, now - 1);
      }
    })();
    runOn(world, counted);
    expect(Math.max(...under)).toBe(2);
    expect(paidInReceipts(world)).toBe(names.length);
    expect(world.paid).toHaveLength(names.length);
    const found = world.records.flatMap(({ record }) => record.rows.flatMap((row) => ("message" in row ? [row] : [])));
    expect(found.at(-1)).toMatchObject({ outcome: "found", message: expect.stringMatching(/^listed at 2026-/) });
  });

  test("are not looked for once the run has a reason to stop", () => {
    const world = held();
    world.fate.push("request-lost", "request-lost", "request-lost");
    world.listingLagMs = 1000 * HOUR;
    run(
      world,
      [...names, "3Z"].map((name) => bonus(name)),
      100,
      "leaves one open",
    );
    world.listingLagMs = 0;
    world.stop = true;
    expect(
      run(
        world,
        [...names, "3Z"].map((name) => bonus(name)),
      ).stop?.cause,
    ).toBe("asked");
    expect(paidInReceipts(world)).toBe(0);
    world.stop = false;
    run(
      world,
      [...names, "3Z"].map((name) => bonus(name)),
    );
    expect(paidInReceipts(world)).toBe(names.length + 1);
  });

  test("that nobody can look for stay as they are", () => {
    const world = held();
    world.listsToFail = 100;
    expect(
      run(
        world,
        names.map((name) => bonus(name)),
      ).rows,
    ).toEqual([]);
    expect(paidInReceipts(world)).toBe(0);
  });
});

test("progress counts every row that was claimed, of all that were planned", () => {
  const world = memoryWorld();
  const seen: string[] = [];
  const running = protocol(world, [bonus("3A"), bonus("3B"), bonus("3C")], 2);
  const counted = (function* (): Protocol<unknown> {
    let answer: Answer | Finished;
    for (let next = running.next(); ; next = running.next(answer)) {
      if (next.done) return next.value;
      if (next.value.op === "progress") seen.push(`${next.value.done} of ${next.value.of}`);
      answer = yield next.value;
    }
  })();
  runOn(world, counted);
  expect(seen).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
});

test("one row after another makes no claim ahead", () => {
  const world = memoryWorld();
  runOneByOne(world, [bonus("3A"), bonus("3B")], 1);
  const order = world.log.filter((op) => op === "append" || op === "pay");
  expect(order).toEqual(["append", "pay", "append", "pay", "append"]);
});

const KNOWN: ApplyInput["provenance"] = new Map([
  [
    "payments/pilot.yaml",
    {
      manifest: { file: "payments/pilot.yaml", digest: "d".repeat(64), commit: "c".repeat(40) },
      pullRequest: null,
      author: null,
      approvers: [],
    },
  ],
]);

const planOfNothing: ApplyInput["plan"] = () => ({ ...(run(memoryWorld(), []).plan as Plan), problems: [] });

function input(): ApplyInput {
  return {
    account: ACCOUNT,
    traits: mturkRules.traits,
    plan: planOfNothing,
    provenance: new Map(),
    run: { actor: "test", run: "run-2", tool: "mergepay test", endpoint: "memory" },
    chunk: 100,
    atOnce: 3,
    liveRuns: new Set(),
  };
}

function withHistory(answer: Answers["read-ledger"]): Answers["read-ledger"] {
  if (answer.kind !== "ledger") return answer;
  const rows = new RowHistory();
  for (const each of answer.records) rows.add(each);
  return { ...answer, rows };
}
