import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMoney, money, parseMoney } from "../../money.ts";
import { mturkRules } from "./rules.ts";

describe("the fee", () => {
  test.each([
    ["0.01", "0.01"],
    ["0.02", "0.01"],
    ["0.05", "0.01"],
    ["0.07", "0.01"],
    ["0.08", "0.02"],
    ["0.12", "0.02"],
    ["0.13", "0.03"],
    ["0.25", "0.05"],
    ["1.00", "0.20"],
    ["1.50", "0.30"],
    ["1.52", "0.30"],
    ["1.53", "0.31"],
    ["20.00", "4.00"],
    ["9999999.99", "2000000.00"],
  ])("of a bonus of %s is %s", (amount, fee) => {
    expect(feeOf(amount)).toBe(fee);
  });

  test("is 20 % to the nearest cent, never nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (minor) => {
        const fee = mturkRules.fee(money(minor, "USD")).minor;
        expect(fee).toBeGreaterThanOrEqual(1);
        // In fifths of a cent, so that nothing is rounded here.
        expect(Math.abs(5 * fee - Math.max(minor, 5))).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe("ids", () => {
  test.each(["A2EXAMPLE00001", "A1B2C3D4E5F6G", "AAAAAAAAAAAA"])("%s can be a worker", (id) => {
    expect(mturkRules.workerProblem(id)).toBeUndefined();
  });

  test.each([
    "",
    "A",
    "a2example00001",
    "B2EXAMPLE00001",
    "A2EXAMPLE-0001",
    " A2EXAMPLE00001",
    "A2EXAMPLE00001\n",
    `A${"B".repeat(64)}`,
  ])("%j cannot be a worker", (id) => {
    expect(mturkRules.workerProblem(id)?.severity).toBe("error");
  });

  test.each([
    ["a worker", mturkRules.workerProblem("A2EXAMPLE0000001")],
    ["an assignment", mturkRules.assignmentProblem("3E12")],
    ["a HIT", mturkRules.containerProblem("3E12")],
    ["a qualification type", mturkRules.groupProblem("3E12")],
  ])("an unusual length of %s id is pointed out, not refused", (_what, problem) => {
    expect(problem?.severity).toBe("warning");
  });

  test("an id of an assignment is capital letters and digits", () => {
    expect(mturkRules.assignmentProblem("3EXAMPLEASSIGNMENT000000000001")).toBeUndefined();
    for (const id of ["", "3e12", "3E 12", "3E12\n", "3".repeat(65)])
      expect(mturkRules.assignmentProblem(id)?.severity).toBe("error");
  });
});

function feeOf(amount: string): string {
  const parsed = parseMoney(amount, "USD");
  return parsed ? formatMoney(mturkRules.fee(parsed)) : "unreadable";
}
