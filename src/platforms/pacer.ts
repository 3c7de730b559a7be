import { setTimeout as sleep } from "node:timers/promises";
import { newPace, sent, taken, turnedAway } from "./pace.ts";

/** Lets calls go at the pace that a platform takes them. One for questions, one for orders: their limits are apart. */
export interface Pacer {
  /** Ends when one more call may go, or when `stop` is aborted: then nothing may. */
  turn(stop?: AbortSignal): Promise<void>;
  /** Milliseconds, for the two below. */
  now(): number;
  taken(sentAt: number): void;
  /** `pauseMs`: for how long the platform asked to be left alone. */
  turnedAway(sentAt: number, pauseMs?: number): void;
}

/** `cap`: the most calls a second, where a person sets one. */
export function startPacer(cap?: number): Pacer {
  const now = () => performance.now();
  let pace = newPace(now());
  let last = Promise.resolve();

  return {
    now,
    turn: (stop) => {
      last = last.then(() => ownTurn(stop));
      return last;
    },
    taken: (sentAt) => {
      pace = taken(pace, sentAt, now());
    },
    turnedAway: (sentAt, pauseMs) => {
      pace = turnedAway(pace, sentAt, now(), pauseMs);
    },
  };

  /** The pace may change while a call waits, so that it is looked at again after each wait. */
  async function ownTurn(stop: AbortSignal | undefined): Promise<void> {
    for (let wait = pace.next - now(); wait > 0; wait = pace.next - now()) {
      if (stop?.aborted) return;
      // Timers go off up to a millisecond early.
      await sleep(Math.ceil(wait), undefined, stop ? { signal: stop } : {}).catch(() => {});
    }
    pace = sent(pace, now(), cap);
  }
}
