/**
 * How fast a platform takes calls. No platform says, so it is found out: the rate doubles until the platform turns a call
 * away, and what it took in the second before that is its limit. From then on the rate creeps from a little below the
 * limit up to it, and falls back whenever a call is turned away (additive increase, multiplicative decrease). Where it
 * gets past the limit unharmed, the limit has risen and is looked for again. Pure: times are handed in, in milliseconds.
 */
export interface Pace {
  /** Calls a second. */
  readonly rate: number;
  /** What the platform was last seen to take in a second; undefined while that is being found out. */
  readonly limit: number | undefined;
  /** When the next call may go. */
  readonly next: number;
  /** When the calls of the last second were taken. */
  readonly taken: readonly number[];
  /** Calls turned away since one was taken, of those that had their turn at the present rate. */
  readonly refusals: number;
  /** When the rate was last lowered: calls that had their turn before tell nothing about it. */
  readonly lowered: number;
  /** Calls sent since then. */
  readonly calls: number;
  /** When the rate last grew. */
  readonly grown: number;
  /** How long the last call was under way. */
  readonly latency: number;
}

const FIRST_RATE = 3;
const LOWEST_RATE = 0.2;
const HIGHEST_RATE = 1_000;
const SECOND_MS = 1_000;
/** While the limit is being found out, the rate doubles in this time: slowly where a single call too many counts. */
const DOUBLING_MS = { below10: 1_000, above: 400, beyond: 2_000 } as const;
/** Where the rate begins again after a call was turned away, and where the limit is doubted: as parts of the limit. */
const BELOW = 0.98;
const BEYOND = 1.01;
/** How much the rate creeps up at most with each call, and within a second, as parts of itself. */
const CREEP = { call: 0.0002, second: 0.008 } as const;
/** A call turned away after so few others says that the limit was taken for much more than it is. */
const SOON = 15;
/** Timers are late: what goes this much late does not delay what comes after it. */
const LATE_MS = 15;
/** So many calls turned away in a row say that the limit has fallen: nothing is sent for a second, and then half as much. */
const FALLEN = 3;

export function newPace(now: number): Pace {
  return {
    rate: FIRST_RATE,
    limit: undefined,
    next: now,
    taken: [],
    refusals: 0,
    lowered: now,
    calls: 0,
    grown: now,
    latency: 0,
  };
}

/** A call goes now, which is not before `pace.next`. `cap`: the most calls a second that a person allows. */
export function sent(pace: Pace, now: number, cap = HIGHEST_RATE): Pace {
  const rate = Math.min(pace.rate * growth(pace, now), HIGHEST_RATE);
  const next = Math.max(pace.next, now - LATE_MS) + SECOND_MS / Math.min(rate, cap);
  return { ...pace, rate, calls: pace.calls + 1, grown: now, next };
}

function growth({ rate, limit, grown }: Pace, now: number): number {
  const doublings = (ms: number) => 2 ** (Math.min(Math.max(now - grown, 0), SECOND_MS) / ms);
  if (limit === undefined) return doublings(rate < 10 ? DOUBLING_MS.below10 : DOUBLING_MS.above);
  // Past the limit and unharmed: it has risen.
  if (rate > limit * BEYOND) return doublings(DOUBLING_MS.beyond);
  return 1 + Math.min(CREEP.call, CREEP.second / rate);
}

export function taken(pace: Pace, sentAt: number, now: number): Pace {
  return { ...pace, refusals: 0, taken: [...lastSecond(pace, now), now], latency: now - sentAt };
}

/** A call that was sent at `sentAt` was turned away. `pauseMs`: for how long the platform asked to be left alone. */
export function turnedAway(pace: Pace, sentAt: number, now: number, pauseMs = 0): Pace {
  const next = Math.max(pace.next, now + pauseMs);
  // A look as long as a call may lie between the turn of a call and its sending.
  if (sentAt < pace.lowered + pace.latency) return { ...pace, next };
  const refusals = pace.refusals + 1;
  const seen = lastSecond(pace, now);
  if (refusals >= FALLEN) {
    const after = Math.max(next, now + SECOND_MS);
    const rate = Math.max(pace.rate / 2, LOWEST_RATE);
    return { ...pace, refusals: 0, rate, limit: undefined, lowered: after, calls: 0, grown: after, next: after };
  }
  const limit = Math.max(limitSeen(pace, seen.length), LOWEST_RATE);
  // The second that was full empties as it filled: ever faster, while the limit was being found out.
  const emptier = (seen[pace.limit === undefined ? Math.floor(seen.length / 4) : 0] ?? now) + SECOND_MS - pace.latency;
  const rate = limit * BELOW;
  return { ...pace, refusals, rate, limit, lowered: now, calls: 0, grown: now, next: Math.max(next, emptier) };
}

/** The limit, once `seen` calls were taken within a second and the next was turned away. */
function limitSeen({ limit, rate, calls }: Pace, seen: number): number {
  // Far from what it was, it has changed; close to it, a count of one second is coarser than what was known.
  if (limit === undefined || seen < limit * 0.9 - 1) return seen;
  if (rate > limit * BEYOND) return Math.max(seen, limit);
  if (rate > limit * 0.99) return limit;
  return Math.max(seen, limit * (calls < SOON ? 0.8 : BELOW));
}

function lastSecond({ taken: times }: Pace, now: number): number[] {
  return times.filter((time) => time > now - SECOND_MS);
}
