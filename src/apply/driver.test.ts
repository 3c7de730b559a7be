import { afterEach, describe, expect, test, vi } from "vitest";
import { money } from "../money.ts";
import { PlatformFailure } from "../platforms/ports.ts";
import type { PayBatch, PayOrder, Prepared, Sent } from "../platforms/ports.ts";
import { drive } from "./driver.ts";
import type { World } from "./driver.ts";
import { ask } from "./effects.ts";
import type { Answer, Begun, Local, Protocol } from "./effects.ts";

const DONE: Sent = { kind: "done", requestId: "r" };
const ROW = { worker: "A1", assignment: "3A", amount: money(1, "USD"), reason: "r" };
const ORDER: PayOrder = { handle: "H", rows: [ROW] };
const BATCH: PayBatch = {
  container: undefined,
  rows: [{ platform: "mturk", environment: "sandbox", label: "", attempt: 1, ...ROW }],
};
const PREPARED: Prepared = { kind: "prepared", handles: ["H"] };
const never = () => new Promise<never>(() => {});

/** A world that answers everything at once and notes what it was asked. */
function world(more: { reader?: object; payer?: object; stop?: AbortSignal } = {}) {
  const heard: unknown[] = [];
  const hear =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]) => {
      heard.push([name, ...args]);
      return answer;
    };
  const stop = more.stop ?? new AbortController().signal;
  const made: World = {
    ledger: {
      read: hear("read", { kind: "unusable", message: "m", hint: "h" } as const),
      append: hear("append", { kind: "pushed" } as const),
    },
    reader: {
      endpoint: "host",
      wallet: hear("wallet", { available: money(5, "USD") }),
      assignments: async () => new Map(),
      payments: async () => new Map(),
      paymentsIn: async () => [],
      containers: async () => [],
      submittedTo: async () => [],
      paymentsOf: hear("paymentsOf", []),
      groups: async () => [],
      score: hear("score", 85),
      groupId: hear("groupId", "3G"),
      evidence: hear("evidence", { sum: "1" }),
      ...more.reader,
    },
    payer: {
      prepare: hear("prepare", PREPARED),
      turn: hear("turn", undefined),
      pay: hear("pay", DONE),
      member: hear("member", DONE),
      createGroup: hear("createGroup", { ...DONE, group: "3G" }),
      ...more.payer,
    },
    clock: { now: async () => 7, wait: hear("wait", undefined) },
    stop,
    onProgress: (done, of) => heard.push(["progress", done, of]),
  };
  return { world: made, heard };
}

function* asking(effect: Begun | Local): Protocol<unknown> {
  return yield effect;
}

/** Begins all of them, and gives back the answers in the order in which they come. */
function* begun(...effects: Begun[]): Protocol<unknown[]> {
  const answers: unknown[] = [];
  for (const [id, effect] of effects.entries()) yield* ask({ op: "begin", id, effect });
  for (const _ of effects) answers.push(yield* ask({ op: "next" }));
  return answers;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("each effect is performed on the one thing that can, and answered with what that says", () => {
  const files = [{ path: "receipts/x", text: "t" }];
  const grant = { kind: "grant", group: "3G", worker: "A1", score: 1, notify: false } as const;
  test.each<[Begun | Local, unknown[], Answer]>([
    [{ op: "read-ledger" }, ["read"], { kind: "unusable", message: "m", hint: "h" }],
    [{ op: "append", parent: "p", files, message: "m" }, ["append", files, "p", "m"], { kind: "pushed" }],
    [{ op: "wallet" }, ["wallet"], { ok: true, value: money(5, "USD") }],
    [{ op: "evidence", containers: ["3H"] }, ["evidence", ["3H"]], { ok: true, value: { sum: "1" } }],
    [{ op: "prepare", batch: BATCH }, ["prepare", BATCH], PREPARED],
    [{ op: "turn" }, ["turn", expect.any(AbortSignal)], undefined],
    [{ op: "list", assignment: "3A" }, ["paymentsOf", "3A"], { ok: true, value: [] }],
    [{ op: "pay", order: ORDER }, ["pay", ORDER], DONE],
    [{ op: "score", group: "3G", worker: "A1" }, ["score", "3G", "A1"], { ok: true, value: 85 }],
    [{ op: "group-id", name: "n" }, ["groupId", "n"], { ok: true, value: "3G" }],
    [{ op: "member", order: grant }, ["member", grant], DONE],
    [
      { op: "create-group", name: "n", description: "d" },
      ["createGroup", expect.objectContaining({ name: "n", description: "d" })],
      { ...DONE, group: "3G" },
    ],
    [{ op: "wait", ms: 5 }, ["wait", 5, expect.any(AbortSignal)], undefined],
    [{ op: "progress", done: 1, of: 2 }, ["progress", 1, 2], undefined],
  ])("$op", async (effect, heard, answer) => {
    const place = world();
    expect(await drive(asking(effect), place.world)).toEqual(answer);
    expect(place.heard).toEqual([heard]);
  });

  test("the clock and the wish to stop are asked anew each time", async () => {
    const stopper = new AbortController();
    const place = world({ stop: stopper.signal });
    expect(await drive(asking({ op: "now" }), place.world)).toBe(7);
    expect(await drive(asking({ op: "asked-to-stop" }), place.world)).toBe(false);
    stopper.abort();
    expect(await drive(asking({ op: "asked-to-stop" }), place.world)).toBe(true);
  });
});

test("a run is asked to stop from the time on that was set, by the platform's clock", async () => {
  let now = 99;
  const { world: made } = world();
  const place = { ...made, clock: { ...made.clock, now: async () => now }, stopAt: 100 };
  expect(await drive(asking({ op: "asked-to-stop" }), place)).toBe(false);
  now = 100;
  expect(await drive(asking({ op: "asked-to-stop" }), place)).toBe(true);
});

describe("what was begun", () => {
  test("goes on side by side, and whichever is answered first comes first", async () => {
    let answer: (score: number) => void = () => {};
    const slow = new Promise<number>((resolve) => (answer = resolve));
    const place = world({ reader: { score: () => slow, groupId: async () => "3G" } });
    const protocol = begun({ op: "score", group: "3G", worker: "A1" }, { op: "group-id", name: "n" });
    const driven = drive(protocol, place.world);
    await new Promise((resolve) => setImmediate(resolve));
    answer(3);
    expect(await driven).toEqual([
      { id: 1, answer: { ok: true, value: "3G" } },
      { id: 0, answer: { ok: true, value: 3 } },
    ]);
  });

  test("and throws is thrown when it is waited for", async () => {
    const place = world({ payer: { pay: () => Promise.reject(new Error("ours")) } });
    await expect(drive(begun({ op: "pay", order: ORDER }), place.world)).rejects.toThrow("ours");
  });

  test("and throws is no fault of the process before it is waited for", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    const place = world({
      payer: { pay: () => Promise.reject(new Error("ours")), prepare: () => new Promise(setImmediate) },
    });
    const protocol = (function* (): Protocol<unknown> {
      yield* ask({ op: "begin", id: 0, effect: { op: "pay", order: ORDER } });
      for (let turns = 0; turns < 3; turns++) yield* ask({ op: "prepare", batch: BATCH });
      return yield* ask({ op: "next" });
    })();
    await expect(drive(protocol, place.world)).rejects.toThrow("ours");
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe("a question that the platform does not answer", () => {
  test("has no answer, for the platform's reason", async () => {
    const fails = () => Promise.reject(new PlatformFailure("down", "it is down", "wait"));
    const place = world({ reader: { paymentsOf: fails } });
    expect(await drive(asking({ op: "list", assignment: "3A" }), place.world)).toEqual({
      ok: false,
      cause: "it is down",
    });
  });

  test("for a fault of ours is thrown", async () => {
    const place = world({ reader: { wallet: () => Promise.reject(new TypeError("a fault")) } });
    await expect(drive(asking({ op: "wallet" }), place.world)).rejects.toThrow("a fault");
  });
});

describe("a run that is asked to stop", () => {
  const asked = { ok: false, cause: "it was asked to stop" };
  const left = { kind: "unknown", cause: "it was asked to stop, and did not wait" };
  test.each<[Begun, number, unknown]>([
    [{ op: "list", assignment: "3A" }, 1000, asked],
    [{ op: "pay", order: ORDER }, 3000, left],
  ])("waits for what is under way a moment longer, and no more: $op", async (effect, graceMs, answer) => {
    for (const before of [true, false]) {
      vi.useFakeTimers();
      const stopper = new AbortController();
      const place = world({ stop: stopper.signal, reader: { paymentsOf: never }, payer: { pay: never } });
      if (before) stopper.abort();
      let ended: unknown = "still waiting";
      void drive(asking(effect), place.world).then((result) => (ended = result));
      await vi.advanceTimersByTimeAsync(60_000);
      if (!before) expect(ended).toBe("still waiting");
      stopper.abort();
      await vi.advanceTimersByTimeAsync(before ? 0 : graceMs - 1);
      expect(ended).toEqual(before ? answer : "still waiting");
      await vi.advanceTimersByTimeAsync(1);
      expect(ended).toEqual(answer);
      vi.useRealTimers();
    }
  });

  test("takes an answer that comes in time, and leaves no timer behind", async () => {
    vi.useFakeTimers();
    const stopper = new AbortController();
    let answer: (sent: Sent) => void = () => {};
    const place = world({ stop: stopper.signal, payer: { pay: () => new Promise<Sent>((done) => (answer = done)) } });
    const driven = drive(asking({ op: "pay", order: ORDER }), place.world);
    await vi.advanceTimersByTimeAsync(10);
    stopper.abort();
    expect(vi.getTimerCount()).toBe(1);
    answer(DONE);
    expect(await driven).toEqual(DONE);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("after all was answered begins no timer", async () => {
    vi.useFakeTimers();
    const stopper = new AbortController();
    const place = world({ stop: stopper.signal });
    await drive(asking({ op: "pay", order: ORDER }), place.world);
    await vi.advanceTimersByTimeAsync(0);
    stopper.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
