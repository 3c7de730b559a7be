import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { money } from "../../../money.ts";
import type { Examination } from "../../doctor.ts";
import { GROUP, id, labAt, WORKSPACE, WORLD } from "../simulator/lab.fixture.ts";
import { startSimulator } from "../simulator/server.ts";
import type { Simulator } from "../simulator/server.ts";
import { prolificChecks } from "./checks.ts";
import { prolificDoctor } from "./doctor.ts";
import type { ProlificFacts } from "./facts.ts";

const NOW = "2026-11-26T09:00:00Z";
const LAB = { id: WORKSPACE, title: "Lab", available: money(500_00, "GBP") };
const US = { id: id("f9"), title: "US lab", available: money(10_00, "USD") };
const FINE: ProlificFacts = {
  environment: "production",
  host: "api.prolific.com",
  token: { kind: "there", name: "PROLIFIC_TOKEN" },
  answer: { kind: "known" },
  workspaces: [LAB],
  workspace: WORKSPACE,
  currencies: ["GBP"],
  feeRate: 33_300,
  vatRate: 0,
  leaks: [],
};

const stateOf = (facts: Partial<ProlificFacts>) =>
  Object.fromEntries(prolificChecks({ ...FINE, ...facts }).map((each) => [each.id, each.state]));
const seen = (check: string, facts: Partial<ProlificFacts>) => {
  const found = prolificChecks({ ...FINE, ...facts }).find((each) => each.id === check);
  return [found?.state, found?.found, found?.next].join(" | ");
};

describe("what the facts mean", () => {
  test("nothing is left to do where token, workspace, currency and balance are there", () => {
    expect(new Set(Object.values(stateOf({})))).toEqual(new Set(["done"]));
  });

  test.each<[Partial<ProlificFacts>, RegExp]>([
    [{ token: { kind: "missing" }, answer: undefined }, /^unknown .*none on this computer.*PROLIFIC_TOKEN/],
    [{ token: { kind: "bad", name: "token.txt" }, answer: undefined }, /^missing .*token\.txt.*without the word Token/],
    [{ answer: { kind: "wrong" } }, /^missing .*does not know the one in PROLIFIC_TOKEN/],
    [{ answer: { kind: "denied" } }, /^done/],
    [{ answer: { kind: "unreachable", cause: "ENOTFOUND" } }, /^unknown .*nobody answered/],
  ])("token: %j", (facts, says) => {
    expect(seen("token", facts)).toMatch(says);
  });

  test("that a token may pay is said, whatever else", () => {
    expect(seen("token-power", {})).toMatch(/no tokens that can only read/);
  });

  test.each<[ProlificFacts["answer"], RegExp]>([
    [undefined, /^unknown/],
    [{ kind: "wrong" }, /^unknown/],
    [{ kind: "denied" }, /^missing/],
    [{ kind: "unreachable", cause: "ENOTFOUND" }, /^missing .*ENOTFOUND/],
    [{ kind: "trouble", message: "503" }, /^missing .*503/],
  ])("answers: %j", (answer, says) => {
    expect(seen("answers-production", { answer })).toMatch(says);
  });

  test.each<[Partial<ProlificFacts>, RegExp]>([
    [{ workspace: undefined }, /^done .*the only one/],
    [{ workspaces: [] }, /^missing .*reaches none/],
    [{ workspaces: [LAB, US], workspace: undefined }, /^missing .*several.*Lab \(.*US lab.*as `workspace`/],
    [{ workspaces: [US] }, /^missing .*does not reach the policy's/],
    [{ answer: { kind: "wrong" } }, /^unknown/],
  ])("workspace: %j", (facts, says) => {
    expect(seen("workspace", facts)).toMatch(says);
  });

  test.each<[Partial<ProlificFacts>, RegExp]>([
    [{ currencies: ["USD"] }, /^missing .*pays in GBP.*lists in USD/],
    [{ currencies: ["USD"], workspaces: [LAB, US] }, /^done .*lists in USD are paid from US lab/],
    [{ workspaces: [{ ...LAB, available: undefined }] }, /^unknown/],
    [{ workspaces: [] }, /^unknown/],
  ])("currency: %j", (facts, says) => {
    expect(seen("currency", facts)).toMatch(says);
  });

  test.each<[Partial<ProlificFacts>, RegExp]>([
    [{}, /^done .*£500\.00 for bonuses, Prolific's fee on them and VAT together: about £375\.09 for participants/],
    [{ feeRate: 42_800, vatRate: 20_000 }, /about £330\.33 for participants/],
    [{ workspaces: [{ ...LAB, available: money(1, "GBP") }] }, /^missing .*pays nobody.*top it up/],
    [{ workspaces: [{ ...LAB, available: undefined }] }, /^unknown .*nothing can be compared/],
    [{ workspaces: [] }, /^unknown/],
  ])("balance: %j", (facts, says) => {
    expect(seen("balance", facts)).toMatch(says);
  });

  test.each<[ProlificFacts["leaks"], RegExp]>([
    ["not looked", /^unknown/],
    [[{ path: ".env", key: "x" }], /^missing .*\.env holds what looks like one \| take the file out/],
    [
      [
        { path: "run.sh", commit: "abc1234", key: "secret" },
        { path: "a", key: "y" },
      ],
      /^missing .*run\.sh in commit abc1234.*and 1 more \| revoke that token now/,
    ],
  ])("leaks: %j", (leaks, says) => {
    expect(seen("keys-history", { leaks })).toMatch(says);
    expect(seen("keys-history", { leaks })).not.toContain("secret");
  });
});

describe("what is asked", () => {
  let simulator: Simulator;
  const lab = labAt(() => simulator.url);
  beforeEach(async () => {
    simulator = await startSimulator({ world: WORLD });
  });
  afterEach(() => simulator.close());

  const examine = async (more: Partial<Examination> = {}) => {
    const checks = await prolificDoctor.examine({
      environment: "simulator",
      keyFiles: [],
      simulatorUrl: simulator.url,
      stateFolder: "",
      leaks: [],
      network: "not known",
      now: NOW,
      currencies: ["GBP"],
      ...more,
    });
    return Object.fromEntries(checks.map((each) => [each.id, `${each.state}: ${each.found}`]));
  };

  test("a pretend Prolific needs no account and no token, and tells its pretend money", async () => {
    expect(await examine()).toMatchObject({
      accounts: "done: the pretend Prolific inside of mergepay needs none",
      "answers-simulator": "done: the pretend Prolific is part of mergepay",
      workspace: `done: A lab (${WORKSPACE}), the only one that the token reaches`,
      currency: expect.stringMatching(/^done: GBP/),
      balance: expect.stringMatching(/^done: £10\.00 of pretend money/),
    });
  });

  test("nothing is changed, and no bonus is set up", async () => {
    await examine();
    const calls = (await lab.control("calls"))["list"] as { method: string; effect: boolean }[];
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ method, effect }) => method !== "GET" || effect)).toEqual([]);
  });

  test.each([
    [{ auth: "revoked" }, { "answers-simulator": "unknown" }],
    [{ balanceEndpoint: "404" }, { balance: "unknown", workspace: "done" }],
  ])("with %j: %j", async (switches, states) => {
    await lab.set(switches);
    const found = await examine();
    for (const [check, state] of Object.entries(states)) expect(found[check]).toMatch(new RegExp(`^${state}`));
  });

  test("a policy that names another workspace is found out", async () => {
    expect((await examine({ settings: { workspace: GROUP } }))["workspace"]).toMatch(
      /^missing: the token does not reach/,
    );
  });
});

test("what looks like a token is found, and the public one of the pretend Prolific is none", () => {
  const pattern = new RegExp(prolificDoctor.keyPattern);
  const token = "aB3_".repeat(20);
  for (const text of [`PROLIFIC_TOKEN=${token}`, `PROLIFIC_TOKEN: "${token}"`, `-H 'Authorization: Token ${token}'`])
    expect(pattern.exec(text)?.[0]).toContain(token);
  expect(pattern.test("PROLIFIC_TOKEN: ${{ secrets.PROLIFIC_TOKEN }}")).toBe(false);
  expect(prolificDoctor.isExampleKey("Authorization: Token the-simulators-token-is-public")).toBe(true);
});
