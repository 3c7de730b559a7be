import { describe, expect, test } from "vitest";
import { newPace, nextTurn, sent, taken, turnedAway } from "./pace.ts";

describe("the pace finds the platform's limit by itself", () => {
  for (const limit of [2, 5, 20, 100])
    test(`of ${limit} calls a second, kept by a window`, () => {
      const { part, turnedAway } = onAverage({ kind: "window", limits: [limit], rows: Math.max(180, 60 * limit) });
      expect(part).toBeGreaterThan(0.96);
      expect(turnedAway).toBeLessThanOrEqual(0.02);
    });

  for (const limit of [2, 5, 20, 100])
    test(`of ${limit} calls a second, kept by a bucket that lends a second's worth before it says no`, () => {
      const { part, turnedAway } = onAverage({ kind: "bucket", limits: [limit], rows: Math.max(300, 60 * limit) });
      expect(part).toBeGreaterThan(0.955);
      expect(turnedAway).toBeLessThanOrEqual(0.05);
    });

  for (const limits of [
    [20, 10],
    [20, 40],
    [20, 5],
    [100, 20],
    [50, 100],
  ])
    test(`that changes half-way from ${limits[0]} to ${limits[1]}`, () => {
      const { part, turnedAway } = onAverage({ kind: "window", limits });
      expect(part).toBeGreaterThan(0.955);
      expect(turnedAway).toBeLessThanOrEqual(0.02);
    });
});

test("a person's cap is kept from the first call on", () => {
  const { perSecond } = simulate({ kind: "window", limits: [100], rows: 60, cap: 3 }, 1);
  expect(perSecond).toBeLessThanOrEqual(3.1);
});

test("nothing is sent while the platform asks to be left alone", () => {
  const pace = turnedAway(newPace(0), 0, 10, 5_000);
  expect(pace.next).toBeGreaterThanOrEqual(5_010);
});

interface Scene {
  readonly kind: "window" | "bucket";
  /** The second holds from a minute after the first payment on. */
  readonly limits: readonly number[];
  /** Payments: where it is left out, as many as a minute under each limit lets through. */
  readonly rows?: number;
  readonly cap?: number;
}

interface Simulated {
  /** Of what the limits would have let through between the first payment and the last. */
  readonly part: number;
  readonly turnedAway: number;
  readonly perSecond: number;
}

/** Over some machines that differ in when they are late. */
function onAverage(scene: Scene): Pick<Simulated, "part" | "turnedAway"> {
  const all = Array.from({ length: 8 }, (_, seed) => simulate(scene, seed + 1));
  const mean = (of: "part" | "turnedAway") => all.reduce((sum, each) => sum + each[of], 0) / all.length;
  return { part: mean("part"), turnedAway: mean("turnedAway") };
}

const CHANGE_MS = 60_000;
const BUSY_MS = 200;

/**
 * Orders that take 100 ms on their way there and back, after a look that takes as long, on a machine whose timers are up to
 * a millisecond late and which once a second does nothing for up to 8 ms; all in pretended time. An order that is turned
 * away takes another turn.
 */
function simulate({ kind, limits, cap, rows = 60 * limits.reduce((a, b) => a + b) }: Scene, seed: number): Simulated {
  const random = seeded(seed);
  const latency = () => 100 + random() * 3;
  const isTaken = kind === "window" ? slidingWindow() : bucket();
  const limitAt = (now: number) => limits[now - (paid[0] ?? now) < CHANGE_MS ? 0 : limits.length - 1] ?? 0;
  const paid: number[] = [];
  let [all, begun, pace] = [0, 0, newPace(0)];
  const stallAfter = (end: number) => {
    const from = end + random() * 2_000;
    return { from, until: from + random() * 8 };
  };
  let stall = stallAfter(0);
  const events: { at: number; run: (now: number) => void }[] = [];
  const later = (at: number, run: (now: number) => void) => void events.push({ at, run });

  const order = (now: number) => {
    if (begun === rows) return;
    onTurn(now, order, () => {
      begun += 1;
      later(now, order);
    });
  };
  const onTurn = (now: number, again: (now: number) => void, then = () => {}) => {
    const turn = nextTurn(pace, now);
    if (now < turn) return later(Math.min(now + Math.ceil(turn - now) + random(), now + 5), again);
    pace = sent(pace, now, cap);
    then();
    later(now + latency(), send);
  };
  const retry = (now: number) => onTurn(now, retry);
  const send = (at: number) =>
    later(at + latency() / 2, (now) => {
      all += 1;
      const took = isTaken(now, limitAt(now));
      if (took) paid.push(now);
      later(now + latency() / 2, (answered) => {
        pace = took ? taken(pace, at, answered) : turnedAway(pace, at, answered);
        if (!took) later(answered + BUSY_MS, retry);
      });
    });

  later(0, order);
  while (paid.length < rows) {
    events.sort((a, b) => b.at - a.at);
    const next = events.pop();
    if (!next) throw new Error("nothing more happens, and not everybody is paid");
    while (next.at >= stall.until) stall = stallAfter(stall.until);
    if (next.at > stall.from) later(stall.until, next.run);
    else next.run(next.at);
  }
  const [first = 0, last = 0] = [paid[0], paid.at(-1)];
  const possible =
    limits.length === 1
      ? ((limits[0] ?? 0) * (last - first)) / 1000 + 1
      : ((limits[0] ?? 0) * CHANGE_MS + (limits[1] ?? 0) * (last - first - CHANGE_MS)) / 1000 + 1;
  return { part: rows / possible, turnedAway: 1 - rows / all, perSecond: (rows * 1000) / (last - first) };
}

function slidingWindow(): (now: number, limit: number) => boolean {
  const recent: number[] = [];
  return (now, limit) => {
    while (recent[0] !== undefined && recent[0] <= now - 1000) recent.shift();
    if (recent.length >= limit) return false;
    recent.push(now);
    return true;
  };
}

/** Fills at the limit, holds one second of it. */
function bucket(): (now: number, limit: number) => boolean {
  let [tokens, filled] = [Number.POSITIVE_INFINITY, 0];
  return (now, limit) => {
    tokens = Math.min(limit, tokens + ((now - filled) / 1000) * limit);
    filled = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
