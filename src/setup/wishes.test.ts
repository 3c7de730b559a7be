import { describe, expect, test } from "vitest";
import { readPolicy } from "../policy/read-policy.ts";
import { money } from "../money.ts";
import { rulesOf } from "../platforms/rules.ts";
import { readPayments } from "../manifest/read-payments.ts";
import { policyText } from "./policy-text.ts";
import { templates } from "./templates.ts";
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
    [
      { platform: "prolific", currency: "usd", workspace: " 5f8d0d55b54764421b7156d2 ", bonus: "5" },
      {
        ...DEFAULT_WISHES,
        rules: rulesOf("prolific"),
        workspace: "5f8d0d55b54764421b7156d2",
        bonus: money(5_00, "USD"),
      },
    ],
    [
      { platform: "prolific", bonus: "£5", study: "panel", budget: "25" },
      {
        ...DEFAULT_WISHES,
        rules: rulesOf("prolific"),
        bonus: money(5_00, "GBP"),
        list: money(500_00, "GBP"),
        day: money(1000_00, "GBP"),
        budget: { study: "panel", amount: money(25_00, "GBP") },
      },
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
    [{ platform: "toloka" }, /platform: toloka is no platform/],
    [{ currency: "GBP" }, /currency: Amazon Mechanical Turk does not pay in GBP/],
    [{ workspace: "5f8d0d55b54764421b7156d2" }, /workspace: Amazon Mechanical Turk has none/],
    [{ platform: "prolific", currency: "EUR" }, /currency: Prolific does not pay in EUR/],
    [{ platform: "prolific", workspace: "lab" }, /workspace: lab is not the id of a workspace/],
    [{ study: "Wave 1", budget: "5" }, /study: Wave 1 is no name of a study/],
  ])("%j is refused, with what to do", (typed, words) => {
    expect(() => readWishes(typed)).toThrow(words);
  });

  test("is refused in a question with the same words, and an empty answer stands for the default", () => {
    expect(mistakeIn("bonus", "much")).toMatch(/much is no amount: write digits and a dot/);
    expect(mistakeIn("bonus", " ")).toBeUndefined();
    expect(mistakeIn("approvers", "ada bea")).toBeUndefined();
  });
});

test.each([
  [{ platform: "prolific" }, "GBP", undefined],
  [{ platform: "prolific", currency: "USD" }, "USD", undefined],
  [
    { platform: "prolific", workspace: "5f8d0d55b54764421b7156d2" },
    "GBP",
    new Map([["prolific", { workspace: "5f8d0d55b54764421b7156d2" }]]),
  ],
])("the policy and the example of %j fit together, in %s", (typed, currency, platforms) => {
  const files = templates(readWishes(typed)).filter(({ path }) => /^payments\/.*yaml$/.test(path));
  const { policy, manifests, problems } = readPayments(
    files.map(({ path, text }) => ({ path, kind: "file", bytes: new TextEncoder().encode(text) })),
  );
  expect(policy.limits.bonus).toEqual(money(20_00, currency as "GBP"));
  expect(policy.platforms).toEqual(platforms);
  expect(problems).toEqual([]);
  // The embedded platform pays in pounds: its example is nothing for a lab that pays in dollars.
  expect(manifests.map((each) => `${each.platform} ${each.environment}`)).toEqual(
    currency === "GBP" ? ["prolific simulator"] : [],
  );
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
