import { describe, expect, test } from "vitest";
import { ask } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import { sideBySide } from "./side-by-side.ts";

/** Waits as often as it is told, and notes each answer that it gets. */
function* waiting(name: string, times: number, notes: string[]): Protocol<void> {
  for (let n = 1; n <= times; n++) {
    yield* ask({ op: "wait", ms: n });
    notes.push(`${name}${n}`);
  }
}

/** Hands out the given ones, one by one. */
function from(...all: Protocol<void>[]): () => Protocol<void> | undefined {
  return () => all.shift();
}

const wait = (id: number, ms: number) => ({ op: "begin", id, effect: { op: "wait", ms } });
const answered = (id: number) => ({ id, answer: undefined });

describe("protocols side by side", () => {
  test("begin at once, and each goes on when its own effect is answered, whichever that is", () => {
    const notes: string[] = [];
    const both = sideBySide(from(waiting("a", 2, notes), waiting("b", 1, notes)));
    expect(both.next().value).toEqual(wait(0, 1));
    expect(both.next().value).toEqual(wait(1, 1));
    expect(both.next().value).toEqual({ op: "next" });
    expect(both.next(answered(1)).value).toEqual({ op: "next" });
    expect(notes).toEqual(["b1"]);
    expect(both.next(answered(0)).value).toEqual(wait(0, 2));
    expect(both.next().value).toEqual({ op: "next" });
    expect(both.next(answered(0))).toEqual({ done: true, value: undefined });
    expect(notes).toEqual(["b1", "a1", "a2"]);
  });

  test("are asked for whenever one has moved, under a number of their own", () => {
    const notes: string[] = [];
    let asked = 0;
    const more = [waiting("a", 1, notes), undefined, waiting("b", 1, notes)];
    const both = sideBySide(() => {
      asked += 1;
      return more.shift();
    });
    expect(both.next().value).toEqual(wait(0, 1));
    expect(both.next().value).toEqual({ op: "next" });
    expect(asked).toBe(2);
    expect(both.next(answered(0)).value).toEqual(wait(1, 1));
    expect(both.next().value).toEqual({ op: "next" });
    expect(both.next(answered(1)).done).toBe(true);
    expect(notes).toEqual(["a1", "b1"]);
  });

  test("get from the machine itself what it answers at once, in between", () => {
    const heard: unknown[] = [];
    function* local(): Protocol<void> {
      heard.push(yield* ask({ op: "now" }), yield* ask({ op: "asked-to-stop" }));
      heard.push(yield* ask({ op: "asked-to-stop" }));
      yield* ask({ op: "progress", done: 1, of: 2 });
    }
    const one = sideBySide(from(local()));
    expect(one.next().value).toEqual({ op: "now" });
    expect(one.next(7).value).toEqual({ op: "asked-to-stop" });
    expect(one.next(true).value).toEqual({ op: "asked-to-stop" });
    expect(one.next(false).value).toEqual({ op: "progress", done: 1, of: 2 });
    expect(one.next(undefined).done).toBe(true);
    expect(heard).toEqual([7, true, false]);
  });

  test("that ask for nothing end at once, and of none nothing is waited for", () => {
    function* nothing(): Protocol<void> {
      // Ends as it begins.
    }
    expect(sideBySide(from(nothing(), nothing())).next().done).toBe(true);
    expect(sideBySide(from()).next().done).toBe(true);
  });

  test("do not take an answer to what nobody asked", () => {
    const one = sideBySide(from(waiting("a", 1, [])));
    one.next();
    one.next();
    expect(() => one.next(answered(7))).toThrow("an answer for a protocol that is not running: 7");
  });

  test("do not nest", () => {
    const nested = () => sideBySide(from(sideBySide(from(waiting("a", 1, [])))));
    expect(() => nested().next()).toThrow("protocols that run side by side do not nest");
    function* next(): Protocol<void> {
      yield* ask({ op: "next" });
    }
    expect(() => sideBySide(from(next())).next()).toThrow("do not nest");
  });
});
