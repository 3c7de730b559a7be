import { describe, expect, test } from "vitest";
import { newPace, nextTurn, sent, taken, turnedAway } from "./pace.ts";

describe("the pace finds the platform's limit by itself", () => {
  for (const kind of ["window", "bucket"] as const)
    for (const limit of [2, 5, 20, 100])
      test(`of ${limit} calls a second, kept by a ${kind}`, () => {
        const { perSecond, turnedAwayPart } = simulate({ kind, limits: [limit], seconds: 120 });
        expect(perSecond[0]).toBeGreaterThan(0.95 * limit);
        // A bucket lends a second's worth before it says no, so that its limit shows later.
        expect(turnedAwayPart).toBeLessThanOrEqual(kind === "window" ? 0.02 : 0.03);
      });

  for (const limits of [
    [20, 10],
    [20, 40],
    [20, 5],
    [100, 20],
    [50, 100],
  ])
    test(`that changes half-way from ${limits[0]} to ${limits[1]}`, () => {
      const { perSecond, turnedAwayPart } = simulate({ kind: "window", limits, seconds: 120 });
      for (const [n, limit] of limits.entries()) expect(perSecond[n]).toBeGreaterThan(0.95 * limit);
      expect(turnedAwayPart).toBeLessThanOrEqual(0.02);
    });
});

test("a person's cap is kept from the first call on", () => {
  const { perSecond } = simulate({ kind: "window", limits: [100], seconds: 20, cap: 3 });
  expect(perSecond[0]).toBeLessThanOrEqual(3.1);
});

test("nothing is sent while the platform asks to be left alone", () => {
  const pace = turnedAway(newPace(0), 0, 10, 5_000);
  expect(pace.next).toBeGreaterThanOrEqual(5_010);
});

interface Scene {
  readonly kind: "window" | "bucket";
  /** Each holds for `seconds`. */
  readonly limits: readonly number[];
  readonly seconds: number;
  readonly cap?: number;
}

/** Calls that take 95 to 105 ms on their way there and back, after a look that takes as long; all in pretended time. */
function simulate({ kind, limits, seconds, cap }: Scene): { perSecond: number[]; turnedAwayPart: number } {
  const end = limits.length * seconds * 1000;
  const random = seeded(7);
  const latency = () => 95 + random() * 10;
  const limiter = kind === "window" ? slidingWindow() : bucket();
  const counts = limits.map(() => 0);
  let [all, away, pace] = [0, 0, newPace(0)];
  const events: { at: number; run: (now: number) => void }[] = [];
  const later = (at: number, run: (now: number) => void) => void events.push({ at, run });
  const order = (now: number) => {
    const turn = nextTurn(pace, now);
    if (now < turn) return later(Math.min(turn, now + 1), order);
    pace = sent(pace, now, cap);
    later(now, order);
    later(now + latency(), (at) => {
      all += 1;
      const half = Math.min(limits.length - 1, Math.floor(at / seconds / 1000));
      const took = limiter(at, limits[half] ?? 1);
      if (took) counts[half] = (counts[half] ?? 0) + 1;
      else away += 1;
      later(at + latency(), (answered) => {
        pace = took ? taken(pace, at, answered) : turnedAway(pace, at, answered);
      });
    });
  };
  later(0, order);
  while (events.length > 0) {
    events.sort((a, b) => b.at - a.at);
    const next = events.pop();
    if (!next || next.at > end) break;
    next.run(next.at);
  }
  return { perSecond: counts.map((count) => count / seconds), turnedAwayPart: away / all };
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
