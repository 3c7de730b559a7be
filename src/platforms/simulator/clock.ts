import { type JsonObject, numberOf, textOf } from "./json.ts";
import { timeOf } from "./times.ts";

/** `real` runs with the host's clock, so far ahead of it. */
export type Clock =
  | { readonly mode: "real"; readonly aheadMs: number }
  | { readonly mode: "frozen"; readonly at: number };

export const RUNNING: Clock = { mode: "real", aheadMs: 0 };

/** Milliseconds since 1970, as the clock shows them while the host's shows `hostNow`. */
export function shownBy(clock: Clock, hostNow: number): number {
  return clock.mode === "frozen" ? clock.at : hostNow + clock.aheadMs;
}

/** `{advance: seconds}`, `{set: time}`, `{mode: "real" | "frozen"}`, or several of them. Changing the mode moves no time. */
export function movedClock(clock: Clock, wanted: JsonObject, hostNow: number): Clock {
  const now = shownBy(clock, hostNow);
  const mode = textOf(wanted, "mode") ?? clock.mode;
  const set = textOf(wanted, "set");
  const at = (set === undefined ? now : timeOf(set, now, "set")) + (numberOf(wanted, "advance") ?? 0) * 1000;
  switch (mode) {
    case "real":
      return { mode, aheadMs: at - hostNow };
    case "frozen":
      return { mode, at };
    default:
      throw new Error(`mode: ${mode} is not real or frozen`);
  }
}

/** What a world file's `clock` sets: it stands still there, or runs (`real`). */
export function worldClock(text: string, now: number): Clock {
  return text === "real" ? RUNNING : { mode: "frozen", at: now };
}
