import { describe, expect, test } from "vitest";
import { hasOwner } from "./owners-check.ts";

describe("a file has an owner", () => {
  test.each([
    ["* @ada", "payments/policy.yaml"],
    ["/payments/policy.yaml @ada", "payments/policy.yaml"],
    ["payments/policy.yaml @lab/payers", "payments/policy.yaml"],
    ["policy.yaml ada@example.org", "payments/policy.yaml"],
    ["/.github/ @ada", ".github/workflows/payments.yml"],
    [".github @ada", ".github/workflows/payments.yml"],
    ["**/workflows/** @ada", ".github/workflows/payments.yml"],
    ["*.yml @ada # rules", ".github/workflows/payments.yml"],
    ["/payments/* @ada", "payments/policy.yaml"],
    ["/payments/\n/payments/policy.yaml @ada", "payments/policy.yaml"],
  ])("where CODEOWNERS says %j: %s", (text, path) => {
    expect(hasOwner(text, path)).toBe(true);
  });

  test.each([
    ["", "payments/policy.yaml"],
    ["# * @ada", "payments/policy.yaml"],
    ["/policy.yaml @ada", "payments/policy.yaml"],
    ["/payments/* @ada", "payments/2026/wave.yaml"],
    ["/.github/workflows @ada", ".github/workflows.yml"],
    ["* @ada\n/payments/", "payments/policy.yaml"],
    ["payments/policy_yaml @ada", "payments/policy.yaml"],
    ["docs/ @ada", "payments/policy.yaml"],
  ])("and not where it says %j: %s", (text, path) => {
    expect(hasOwner(text, path)).toBe(false);
  });
});
