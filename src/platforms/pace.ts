/**
 * How fast a platform takes calls. No platform says, so it is found out. At first a few calls may be under way at once,
 * and more the more are taken, so that a platform without a limit holds nobody up. What was taken in the
 * second before the first call is turned away is the limit. From then on calls go one by one, at a rate that creeps from
 * a little below the limit up to it, and falls back whenever a call is turned away (additive increase, multiplicative
 * decrease). Past the limit and unharmed, the rate grows faster: the limit has risen. Pure: times are handed in, in
 * milliseconds.
 */
export interface Pace {
  /** What the platform was last seen to take in a second; undefined while that is being found out. */
  readonly limit: number | undefined;
  /** While the limit is being found out: how many calls may be under way, and when those were given their turn that are. */
  readonly window: number;
  readonly underWay: readonly number[];
  /** Once the limit is known: calls a second, and when the next one may go. */
  readonly rate: number;
  readonly next: number;
  /** When the calls of the last second, or a little more, were taken. */
  readonly taken: readonly number[];
  /** Calls turned away since one was taken, of those that had their turn at the present rate. */
  readonly refusals: number;
  /** When the rate was last lowered: calls that had their turn before tell nothing about it. */
  readonly lowered: number;
  /** Calls sent since then. */
  readonly calls: number;
  /** When that call was sent whose being turned away showed the limit: what was sent before it, and taken, is part of that. */
  readonly shown: number;
  /** When the rate last grew. */
  readonly grown: number;
  /** How long the last call was under way. */
  readonly latency: number;
}

const FIRST_WINDOW = 3;
/** With each call that is taken: wider windows sooner find out a high limit, and have more turned away at a low one. */
const WIDENS = 0.3;
const LOWEST_RATE = 0.2;
const SECOND_MS = 1_000;
/** Where the rate begins again after a call was turned away, and where the limit is doubted: as parts of the limit. */
const BELOW = 0.98;
const BEYOND = 1.006;
/** Past the limit, the rate doubles in this time. */
const DOUBLING_MS = 700;
/** How much the rate creeps up at most with each call (`doubting`: once it is past the limit), and within a second, as parts of itself. */
const CREEP = { call: 0.0002, doubting: 0.0008, second: 0.012 } as const;
/** A call turned away after so few others says that the limit was taken for much more than it is. */
const SOON = 15;
/** Timers are late: what goes this much late does not delay what comes after it. */
const LATE_MS = 15;
/** So many calls turned away in a row say that the limit has fallen: nothing is sent for a second, and it is found out anew. */
const FALLEN = 3;

export function newPace(now: number): Pace {
  return {
    limit: undefined,
    window: FIRST_WINDOW,
    underWay: [],
    rate: 0,
    next: now,
    taken: [],
    refusals: 0,
    lowered: now,
    calls: 0,
    shown: -Infinity,
    grown: now,
    latency: 0,
  };
}

/** When the next call may go, as far as is known now: it may be sooner once a call that is under way is answered. */
export function nextTurn(pace: Pace, now: number): number {
  if (pace.limit !== undefined) return pace.next;
  const [oldest = now] = pace.underWay;
  // A turn that was not used is given back after a second.
  return pace.underWay.length < Math.floor(pace.window) ? pace.next : Math.max(pace.next, oldest + SECOND_MS);
}

/** A call goes now, which is not before {@link nextTurn}. `cap`: the most calls a second that a person allows. */
export function sent(pace: Pace, now: number, cap = Infinity): Pace {
  const underWay = [...pace.underWay.filter((at) => at > now - SECOND_MS), now];
  const spacing = (rate: number) => SECOND_MS / Math.min(rate, cap);
  if (pace.limit === undefined)
    return { ...pace, underWay, next: Math.max(pace.next, now - LATE_MS) + spacing(Infinity) };
  const rate = pace.rate * growth(pace, now, pace.limit);
  const next = Math.max(pace.next, now - LATE_MS) + spacing(rate);
  return { ...pace, underWay, rate, calls: pace.calls + 1, grown: now, next };
}

function growth({ rate, grown }: Pace, now: number, limit: number): number {
  if (rate > limit * BEYOND) return 2 ** (Math.min(Math.max(now - grown, 0), SECOND_MS) / DOUBLING_MS);
  return 1 + Math.min(rate > limit ? CREEP.doubting : CREEP.call, CREEP.second / rate);
}

export function taken(pace: Pace, sentAt: number, now: number): Pace {
  const window = pace.limit === undefined ? pace.window + WIDENS : pace.window;
  const limit = pace.limit !== undefined && sentAt < pace.shown + LATE_MS ? pace.limit + 1 : pace.limit;
  return {
    ...pace,
    window,
    limit,
    rate: limit === pace.limit ? pace.rate : (limit ?? 0) * BELOW,
    underWay: pace.underWay.slice(1),
    refusals: 0,
    taken: [...pace.taken.filter((time) => time > now - SECOND_MS - LATE_MS), now],
    latency: now - sentAt,
  };
}

/** A call that was sent at `sentAt` was turned away. `pauseMs`: for how long the platform asked to be left alone. */
export function turnedAway(before: Pace, sentAt: number, now: number, pauseMs = 0): Pace {
  const pace = { ...before, underWay: before.underWay.slice(1), next: Math.max(before.next, now + pauseMs) };
  // A look as long as a call may lie between the turn of a call and its sending.
  if (sentAt < pace.lowered + pace.latency) return pace;
  const refusals = pace.refusals + 1;
  if (refusals >= FALLEN) {
    const next = Math.max(pace.next, now + SECOND_MS);
    return { ...pace, refusals: 0, limit: undefined, window: FIRST_WINDOW, lowered: next, calls: 0, next };
  }
  const seen = takenInSecond(pace.taken, now);
  const limit = Math.max(limitSeen(pace, seen.length), LOWEST_RATE);
  // The second that was full empties as it filled: ever faster, while the limit was being found out.
  const emptier = (seen[pace.limit === undefined ? Math.floor(seen.length / 8) : 0] ?? now) + SECOND_MS - pace.latency;
  const next = Math.max(pace.next, emptier);
  const shown = pace.limit === undefined ? sentAt : -Infinity;
  return { ...pace, refusals, rate: limit * BELOW, limit, lowered: now, calls: 0, shown, grown: now, next };
}

/** The limit, once `seen` calls were taken within a second and the next was turned away. */
function limitSeen({ limit, rate, calls }: Pace, seen: number): number {
  // Far from what it was, it has changed; close to it, a count of one second is coarser than what was known.
  if (limit === undefined || seen < limit * 0.9 - 1) return seen;
  if (rate > limit * BEYOND) return Math.max(seen, limit);
  if (rate > limit * 0.99) return limit;
  return Math.max(seen, limit * (calls < SOON ? 0.9 : BELOW));
}

/** Answers do not all take equally long: one that was a little early belongs to the second, where they are far apart. */
function takenInSecond(times: readonly number[], now: number): number[] {
  const within = (ms: number) => times.filter((time) => time > now - ms);
  const apart = SECOND_MS / (within(SECOND_MS).length + 1);
  return within(SECOND_MS + Math.min(LATE_MS, apart / 4));
}
