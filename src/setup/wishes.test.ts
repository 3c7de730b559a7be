import { describe, expect, test } from "vitest";
import { readPolicy } from "../policy/read-policy.ts";
import { money } from "../money.ts";
import { policyText } from "./policy-text.ts";
import { DEFAULT_WISHES, mistakeIn, readWishes } from "./wishes.ts";
import type { TypedWishes } from "./wishes.ts";

describe("what a lab wishes for", () => {
  test.each<[TypedWishes, object]>([
    [{}, DEFAULT_WISHES],
    [{ approvers: " ", required: "", bonus: "" }, DEFAULT_WISHES],
    [{ approvers: "ada, @bea  ada" }, { ...DEFAULT_WISHES, approvers: ["ada", "bea"] }],
    [
      { bonus: "$5", list: "7.5" },
      { ...DEFAULT_WISHES, bonus: money(5_00, "USD"), list: money(7_50, "USD") },
    ],
    [
      { study: "stroop", budget: "25" },
      { ...DEFAULT_WISHES, budget: { study: "stroop", amount: money(25_00, "USD") } },
    ],
    [
      { local: true, workflow: false, example: false },
      { ...DEFAULT_WISHES, local: true, workflow: false, example: false },
    ],
  ])("%j is understood", (typed, wishes) => {
    expect(readWishes(typed)).toEqual(wishes);
  });

  test.each<[TypedWishes, RegExp]>([
    [{ approvers: "ada lovelace!" }, /approvers: lovelace! is no login/],
    [{ required: "0" }, /required: 0 is no number/],
    [{ required: "2", approvers: "ada" }, /2 must agree, but only 1 may/],
    [{ bonus: "much" }, /bonus: much is no amount/],
    [{ day: "0.00" }, /day: 0\.00 is no amount/],
    [{ study: "Wave 1", budget: "5" }, /study: Wave 1 is no name of a study/],
  ])("%j is refused, with what to do", (typed, words) => {
    expect(() => readWishes(typed)).toThrow(words);
  });

  test("is refused in a question with the same words, and an empty answer stands for the default", () => {
    expect(mistakeIn("bonus", "much")).toMatch(/much is no amount: write dollars and cents/);
    expect(mistakeIn("bonus", " ")).toBeUndefined();
    expect(mistakeIn("approvers", "ada bea")).toBeUndefined();
  });
});

test("the policy that comes of it says exactly that", () => {
  const wishes = readWishes({
    approvers: "on 123 ada-bea",
    required: "3",
    local: true,
    bonus: "5",
    list: "50",
    day: "60",
    study: "no",
    budget: "70.25",
  });
  const bytes = new TextEncoder().encode(policyText(wishes));
  const { policy, problems } = readPolicy({ path: "payments/policy.yaml", kind: "file", bytes });
  expect(problems).toEqual([]);
  expect(policy).toMatchObject({
    approvals: { required: 3, by: ["on", "123", "ada-bea"], local: true },
    limits: { bonus: money(5_00, "USD"), manifest: money(50_00, "USD"), day: money(60_00, "USD") },
    budgets: new Map([["no", money(70_25, "USD")]]),
  });
});
