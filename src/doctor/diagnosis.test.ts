import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TOPICS } from "./check.ts";
import type { Check } from "./check.ts";
import { inOrderOfSetUp, verdictOf } from "./diagnosis.ts";

const checks = fc.array(
  fc.record<Check>({
    id: fc.string(),
    topic: fc.constantFrom(...TOPICS),
    title: fc.string(),
    state: fc.constantFrom("done", "missing", "unknown"),
    needed: fc.boolean(),
    found: fc.string(),
  }),
);

describe("the verdict", () => {
  test("is ready only if everything that a payment needs is done", () => {
    fc.assert(
      fc.property(checks, (some) => {
        const needed = some.filter((each) => each.needed);
        const all = needed.length > 0 && needed.every(({ state }) => state === "done");
        expect(verdictOf(some) === "ready").toBe(all);
      }),
    );
  });

  test("does not hang on what only makes it safer", () => {
    fc.assert(
      fc.property(checks, (some) => {
        expect(verdictOf(some)).toBe(verdictOf(some.filter(({ needed }) => needed)));
      }),
    );
  });

  test("is not ready as soon as one thing is known to be missing, whatever could not be seen", () => {
    fc.assert(
      fc.property(checks, (some) => {
        const lacks = some.some(({ needed, state }) => needed && state === "missing");
        expect(verdictOf(some) === "not-ready").toBe(lacks);
      }),
    );
  });
});

test("setting up has an order, and no check is lost in it", () => {
  fc.assert(
    fc.property(checks, (some) => {
      const ordered = inOrderOfSetUp(some);
      expect(new Set(ordered)).toEqual(new Set(some));
      const places = ordered.map(({ topic }) => TOPICS.indexOf(topic));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
  );
});
