import { describe, expect, test } from "vitest";
import { brokenPromises } from "./promises.ts";
import type { Order } from "./study.ts";

const PAID = { when: "the merge", bonuses: 300, rows: 318 };
const STUDY = { title: "MTurk", bonuses: 300, orders: 300 };
const NOTHING = { when: "paying again", bonuses: 0, rows: 0 };

function orders(count: number, lost = 1): Order[] {
  return Array.from({ length: count }, (_, n) => ({ assignments: [`3${n}`], effect: true, answerLost: n < lost }));
}

describe("the story's promises", () => {
  test("are kept where one run pays everything, each bonus once, in spite of a lost answer", () => {
    expect(brokenPromises(STUDY, [PAID, NOTHING, NOTHING], orders(300))).toEqual([]);
  });

  test.each([
    ["a bonus was not paid", [{ ...PAID, bonuses: 299 }, NOTHING], orders(300)],
    ["a later run claims anything", [PAID, { ...NOTHING, rows: 1 }], orders(300)],
    ["a bonus was ordered twice", [PAID, NOTHING], orders(301)],
    ["no answer was lost, so that nothing was shown", [PAID, NOTHING], orders(300, 0)],
  ])("are broken where %s", (_what, runs, ordered) => {
    expect(brokenPromises(STUDY, runs, ordered)).toHaveLength(1);
  });
});
