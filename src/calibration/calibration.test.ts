import { describe, expect, test } from "vitest";
import { readPayments } from "../manifest/read-payments.ts";
import { judgeFacts } from "../platforms/mturk/calibration/judge-facts.ts";
import type { Measured } from "./calibration.ts";
import { readCalibration } from "./read-calibration.ts";
import { calibrationFile } from "./write-calibration.ts";

const WELL: Measured = new Map([
  ["listed-after-seconds", "12"],
  ["reason-comes-back", "blanks collapsed"],
  ["longest-reason", "4000"],
  ["same-order-again", "refused"],
  ["used-token-code", "AWS.MechanicalTurk.DuplicateCall"],
  ["used-token-read-as", "unknown"],
  ["other-order-same-token", "refused"],
  ["tokens-count-in", "operation"],
  ["failed-order-uses-token", "no"],
]);

function text(changes: Readonly<Record<string, string>> = {}): string {
  const facts = judgeFacts(new Map([...WELL, ...Object.entries(changes)]));
  return calibrationFile({ platform: "mturk", environment: "sandbox", measured: "2026-11-23T10:00:00.000Z", facts });
}

function file(path: string, content: string) {
  return { path, kind: "file" as const, bytes: Buffer.from(content) };
}

const PATH = "payments/mturk-calibration.yaml";
const NAMED = file("payments/policy.yaml", `calibration: ${PATH}\n`);

function codes(...files: readonly ReturnType<typeof file>[]): string[] {
  return readPayments(files).problems.map(({ code, severity, line }) => `${severity} ${code} ${line}`);
}

describe("a calibration file", () => {
  test("is read back as it was written", () => {
    const { calibration, problems } = readCalibration(file(PATH, text()));
    expect(problems).toEqual([]);
    expect(calibration?.facts).toEqual(judgeFacts(WELL));
    expect(calibration).toMatchObject({
      platform: "mturk",
      environment: "sandbox",
      measured: "2026-11-23T10:00:00.000Z",
    });
  });

  test.each([
    ["not a map", "- 1\n", "wrong-shape"],
    ["empty", "", "wrong-shape"],
    ["without facts", "platform: mturk\nenvironment: sandbox\nmeasured: x\n", "missing-key"],
    ["of production", text().replace("environment: sandbox", "environment: production"), "wrong-environment"],
    ["of another platform", text().replace("platform: mturk", "platform: prolific"), "unknown-platform"],
    ["with a fact that nobody knows", `${text()}  moon: full\n`, "unknown-key"],
    ["with a value that cannot be", text().replace(": refused\n", ": perhaps\n"), "unknown-key"],
    ["with a key too many", `${text()}owner: ada\n`, "unknown-key"],
  ])("%s is none", (_name, content, code) => {
    const { calibration, problems } = readCalibration(file(PATH, content));
    expect(calibration).toBeUndefined();
    expect(problems.map((each) => each.code)).toContain(code);
  });
});

describe("what is worse than assumed is a warning on its line, and stops nothing", () => {
  test.each([
    ["failed-order-uses-token", "yes"],
    ["same-order-again", "paid"],
    ["used-token-read-as", "refused"],
    ["listed-after-seconds", "45"],
    ["listed-after-seconds", "more than 900"],
    ["reason-comes-back", "cut off at 60"],
    ["reason-comes-back", "changed"],
  ])("%s: %s", (id, value) => {
    const content = text({ [id]: value });
    const line = content.split("\n").findIndex((each) => each.startsWith(`  ${id}:`)) + 1;
    expect(codes(NAMED, file(PATH, content))).toEqual([`warning platform-worse ${line}`]);
  });

  test.each(
    Object.entries({ "other-order-same-token": "paid", "tokens-count-in": "account", "same-order-again": "ignored" }),
  )("%s: %s is not worse", (id, value) => expect(codes(NAMED, file(PATH, text({ [id]: value })))).toEqual([]));

  test("a reason that is cut off names the length that is left", () => {
    const [fact] = judgeFacts(new Map([["reason-comes-back", "cut off at 60"]]));
    expect(fact?.worse?.hint).toContain("39 characters");
  });
});

describe("the policy names it", () => {
  test("one that nobody names is no list of payments, and says nothing", () => {
    const policy = file("payments/policy.yaml", "workers: mask\n");
    expect(codes(policy, file(PATH, text({ "same-order-again": "paid" })))).toEqual([]);
  });

  test("is read as one whatever its name is, and as no list of payments", () => {
    const path = "payments/measured.yaml";
    const policy = file("payments/policy.yaml", `calibration: ${path}\n`);
    const read = readPayments([policy, file(path, text())]);
    expect(read.problems).toEqual([]);
    expect(read.calibration?.facts).toEqual(judgeFacts(WELL));
    expect(read.files).toEqual(["payments/policy.yaml"]);
  });

  test("one that is not there is an error on the policy's line", () => {
    expect(codes(file("payments/policy.yaml", `workers: mask\ncalibration: ${PATH}\n`))).toEqual([
      "error calibration-missing 2",
    ]);
  });

  test("a list of payments is not hidden by calling it a calibration: it is told as none", () => {
    const list = "study: pilot\nenvironment: simulator\nreason: Thanks.\nbonuses: []\n";
    const policy = file("payments/policy.yaml", "calibration: payments/pilot.yaml\n");
    expect(codes(policy, file("payments/pilot.yaml", list))).toContain("error unknown-key 1");
  });

  test.each(["payments/policy.yaml", "calibration.yaml", "payments/../x.yaml", "payments/x.yml"])(
    "%s is no name for one",
    (name) => {
      expect(codes(file("payments/policy.yaml", `calibration: ${name}\n`))).toEqual(["error text-unsuitable 1"]);
    },
  );
});
