import { afterAll, beforeAll, expect, test } from "vitest";
import type { Measured } from "../../../calibration/calibration.ts";
import { startSimulator } from "../simulator/server.ts";
import type { Simulator } from "../simulator/server.ts";
import { mturkCalibrator } from "./calibrator.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world: "clock: 2026-11-02T09:00:00Z\nbalance: 500.00\n" });
});
afterAll(() => simulator.close());

async function measuredWith(switches: Readonly<Record<string, unknown>>, assignment?: string): Promise<Measured> {
  const body = JSON.stringify({ ...STANDARD, ...switches });
  await fetch(`${simulator.url}/_simulator/switches`, { method: "POST", body });
  return mturkCalibrator.calibrate({
    environment: "simulator",
    patienceMs: 60_000,
    simulatorUrl: simulator.url,
    stateFolder: "",
    say: () => {},
    ...(assignment === undefined ? {} : { assignment }),
  });
}

const STANDARD = {
  duplicateTokenCode: "AWS.MechanicalTurk.DuplicateCall",
  tokenScope: "operation",
  failedCallBurnsToken: false,
  bonusListingLagSeconds: 0,
  reason: "verbatim",
  reasonLengthMax: 4096,
};

const SCOPES = ["operation", "account", "parameters"] as const;
const REASONS = [
  ["verbatim", "verbatim"],
  ["collapsed-whitespace", "blanks collapsed"],
  ["uppercased", "upper case"],
  ["truncated 60", "cut off at 60"],
  ["truncated 200", "cut off at 200"],
] as const;
const LAGS = [
  [0, /^[01]$/],
  [45, /^(4[5-9]|5[0-9]|60|61)$/],
] as const;

const combinations = SCOPES.flatMap((tokenScope) =>
  [true, false].flatMap((failedCallBurnsToken) =>
    LAGS.flatMap(([bonusListingLagSeconds, lag]) =>
      REASONS.map(([reason, comesBack], n) => ({
        tokenScope,
        failedCallBurnsToken,
        bonusListingLagSeconds,
        lag,
        reason,
        comesBack,
        duplicateTokenCode: n % 2 === 0 ? "AWS.MechanicalTurk.DuplicateCall" : "AWS.TokenAlreadyUsed",
      })),
    ),
  ),
);

test.each(combinations)(
  "what is found is what is so: tokens of the $tokenScope, burned by failures $failedCallBurnsToken, lag $bonusListingLagSeconds, reason $reason",
  async ({ lag, comesBack, ...switches }) => {
    const found = await measuredWith(switches);
    const byParameters = switches.tokenScope === "parameters";
    expect(Object.fromEntries(found)).toEqual({
      "listed-after-seconds": expect.stringMatching(lag),
      "reason-comes-back": comesBack,
      "longest-reason": "4000",
      "same-order-again": "refused",
      "used-token-code": switches.duplicateTokenCode,
      "used-token-read-as": "unknown",
      "other-order-same-token": byParameters ? "paid" : "refused",
      "tokens-count-in": switches.tokenScope === "account" ? "account" : byParameters ? "unknown" : "operation",
      "failed-order-uses-token": byParameters ? "unknown" : switches.failedCallBurnsToken ? "yes" : "no",
    });
  },
);

test("a listing that takes hours is told as such, and what could not be seen is unknown", async () => {
  const found = await measuredWith({ bonusListingLagSeconds: 3 * 3600, tokenScope: "parameters" });
  expect(found.get("listed-after-seconds")).toBe("more than 900");
  expect(found.get("other-order-same-token")).toBe("unknown");
  expect(found.has("reason-comes-back")).toBe(false);
});

test("the longest reason that is taken is found", async () => {
  expect((await measuredWith({ reasonLengthMax: 600 })).get("longest-reason")).toBe("500");
});

test("a used token is read as one whatever code its refusal has: its words tell", async () => {
  const found = await measuredWith({ duplicateTokenCode: "AWS.MechanicalTurk.InvalidParameterValue" });
  expect(found.get("used-token-read-as")).toBe("unknown");
});

test("an assignment that was named is used, and no task is put up", async () => {
  const before = (await state()).hits.length;
  const [given] = (await state()).assignments;
  const found = await measuredWith({}, given?.id);
  expect(found.get("same-order-again")).toBe("refused");
  expect(found.get("tokens-count-in")).toBe("unknown");
  expect((await state()).hits).toHaveLength(before);
});

test("an account that nobody linked is told as what it is", async () => {
  await fetch(`${simulator.url}/_simulator/switches`, { method: "POST", body: '{"account":"not-linked"}' });
  await expect(measuredWith({})).rejects.toMatchObject({ code: "account-not-linked" });
  await fetch(`${simulator.url}/_simulator/switches`, { method: "POST", body: '{"account":"linked"}' });
});

async function state(): Promise<{ hits: readonly unknown[]; assignments: readonly { id: string }[] }> {
  const answer = await fetch(`${simulator.url}/_simulator/state`);
  return (await answer.json()) as { hits: readonly unknown[]; assignments: readonly { id: string }[] };
}
