import { newPace, nextTurn, sent, taken, turnedAway } from "./pace.ts";
import type { Pace } from "./pace.ts";

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

/** The same pacer, that tells of each call that was taken. */
export function telling(pacer: Pacer, onTaken: (() => void) | undefined): Pacer {
  if (!onTaken) return pacer;
  return {
    ...pacer,
    taken: (sentAt) => {
      pacer.taken(sentAt);
      onTaken();
    },
  };
}

/** `cap`: the most calls a second, where a person sets one. */
export function startPacer(cap?: number): Pacer {
  const now = () => performance.now();
  let pace = newPace(now());
  let last = Promise.resolve();
  let wake = () => {};

  return {
    now,
    turn: (stop) => {
      last = last.then(() => ownTurn(stop));
      return last;
    },
    taken: (sentAt) => become(taken(pace, sentAt, now())),
    turnedAway: (sentAt, pauseMs) => become(turnedAway(pace, sentAt, now(), pauseMs)),
  };

  /** What becomes of a call may bring the next one's turn nearer. */
  function become(next: Pace): void {
    pace = next;
    wake();
  }

  async function ownTurn(stop: AbortSignal | undefined): Promise<void> {
    for (let wait = untilTurn(); wait > 0; wait = untilTurn()) {
      if (stop?.aborted) return;
      // Timers go off up to a millisecond early.
      await untilWoken(Math.ceil(wait), stop);
    }
    pace = sent(pace, now(), cap);
  }

  /** Or for so long. Signals and errors made for each wait would take as long as a call does. */
  async function untilWoken(ms: number, stop: AbortSignal | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((woken) => {
      timer = setTimeout(woken, ms);
      wake = woken;
      stop?.addEventListener("abort", wake);
    });
    clearTimeout(timer);
    stop?.removeEventListener("abort", wake);
  }

  function untilTurn(): number {
    return nextTurn(pace, now()) - now();
  }
}
