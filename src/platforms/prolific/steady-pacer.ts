import { setTimeout as sleep } from "node:timers/promises";
import type { Pacer } from "../pacer.ts";

/** The first pause after a call that was turned away; twice as long after each one that follows. */
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Lets calls go at an even pace, and backs off twice as far each time one is turned away. Prolific has no fixed limits to
 * find out: how much it takes depends on all that a workspace does. Source: Prolific's guide “Managing high loads”.
 */
export function steadyPacer(callsPerSecond = Infinity): Pacer {
  const spacing = 1000 / callsPerSecond;
  const now = () => performance.now();
  let next = now();
  let refusals = 0;
  let last = Promise.resolve();

  return {
    now,
    turn: (stop) => {
      last = last.then(() => ownTurn(stop));
      return last;
    },
    taken: () => {
      refusals = 0;
    },
    turnedAway: (_sentAt, pauseMs = 0) => {
      const pause = Math.min(PAUSE_MS * 2 ** refusals, LONGEST_PAUSE_MS);
      refusals += 1;
      next = Math.max(next, now() + Math.max(pause, pauseMs));
    },
  };

  async function ownTurn(stop = NEVER): Promise<void> {
    for (let wait = next - now(); wait > 0; wait = next - now()) {
      if (stop.aborted) return;
      // Timers go off up to a millisecond early.
      await sleep(Math.ceil(wait), undefined, { signal: stop }).catch(() => {});
    }
    next = Math.max(next, now()) + spacing;
  }
}

const NEVER = new AbortController().signal;
