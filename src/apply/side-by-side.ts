import { ask, isLocal } from "./effects.ts";
import type { Answer, Finished, Protocol } from "./effects.ts";

/**
 * Runs protocols side by side, as one protocol: each goes on as soon as its own effect is answered. `more` is asked for
 * another one at the start and whenever one of them has moved; it ends when none runs and `more` has none to give.
 */
export function* sideBySide(more: () => Protocol<void> | undefined): Protocol<void> {
  const running = new Map<number, Protocol<void>>();
  for (let id = 0; ;) {
    for (let one = more(); one; one = more()) {
      running.set(id, one);
      yield* advance(running, id++, undefined);
    }
    if (running.size === 0) return;
    const { id: finished, answer } = yield* ask({ op: "next" });
    yield* advance(running, finished, answer);
  }
}

/** Lets one of them run to its next effect that takes a while, or to its end. */
function* advance(running: Map<number, Protocol<void>>, id: number, answer: Answer | Finished): Protocol<void> {
  const one = running.get(id);
  if (!one) throw new Error(`an answer for a protocol that is not running: ${id}`);
  for (let step = one.next(answer); ;) {
    if (step.done) {
      running.delete(id);
      return;
    }
    const effect = step.value;
    if (effect.op === "begin" || effect.op === "next") throw new Error("protocols that run side by side do not nest");
    if (!isLocal(effect)) {
      yield* ask({ op: "begin", id, effect });
      return;
    }
    step = one.next(yield effect);
  }
}
