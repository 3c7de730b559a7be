import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Check } from "../../../doctor/check.ts";
import type { Examination } from "../../doctor.ts";
import { SIMULATOR_CREDENTIALS } from "../simulator/example-world.ts";
import { startSimulator } from "../simulator/server.ts";
import { mturkDoctor } from "./doctor.ts";
import { AUDIT_READS, ORDERS, READS } from "./facts.ts";

const PLAN = { accessKeyId: "AKIAPLANPLANPEXAMPLE", secretAccessKey: "plan".repeat(10) };
const PAY = { accessKeyId: "AKIAPAYSPAYSPEXAMPLE", secretAccessKey: "pays".repeat(10) };
const ALL = { accessKeyId: "AKIAEVERYEVEREXAMPLE", secretAccessKey: "ever".repeat(10) };

let simulator: Awaited<ReturnType<typeof startSimulator>>;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** As Amazon does: unknown keys are turned away, and keys may do what their policies say. */
beforeEach(async () => {
  await control("DELETE", "faults");
  await switchTo({
    auth: "strict",
    account: "linked",
    permission: "before-input",
    sessionTokens: "accepted",
    funding: "prepaid",
    billingAllowanceCents: 2,
    keys: [{ ...PLAN, denied: ["*"] }, { ...PAY, denied: ["NotifyWorkers", "CreateHIT"] }, ALL],
  });
});

describe("doctor, with both keys of MTurk in place,", () => {
  test("finds everything done", async () => {
    const checks = await examine([PLAN, PAY]);
    expect(checks.filter(({ state }) => state !== "done")).toEqual([]);
    expect(found(checks, "keys")).toBe("AWS takes key-1.csv (AKIA…MPLE) and key-2.csv (AKIA…MPLE)");
    expect(found(checks, "balance")).toBe("$10,000.00 of pretend money");
    expect(found(checks, "can-pay")).toMatch(/^key-2\.csv .* may pay/);
    expect(found(checks, "plan-cannot-pay")).toMatch(/^key-1\.csv .* is denied every order/);
    expect(found(checks, "keys-root")).toMatch(/key-1\.csv .* is the user simulator's/);
    expect(found(checks, "aws-account")).toMatch(/account …9012$/);
  });

  test("never shows a key or a secret whole", async () => {
    const text = JSON.stringify([
      ...(await examine([PLAN, PAY])),
      ...(await examine([{ ...PLAN, secretAccessKey: "x".repeat(40) }])),
      ...(await examine([PLAN], { leaks: [{ path: ".env", commit: "abc1234", key: PLAN.accessKeyId }] })),
    ]);
    for (const { accessKeyId, secretAccessKey } of [PLAN, PAY]) {
      expect(text).not.toContain(accessKeyId);
      expect(text).not.toContain(secretAccessKey);
    }
    expect(text).not.toContain("x".repeat(40));
  });
});

describe("doctor can pay nobody:", () => {
  test.each(["before-input", "after-input"])(
    "its orders are empty, with permissions looked at %s",
    async (permission) => {
      await switchTo({ permission });
      const before = await books();
      await control("DELETE", "calls");
      for (const keys of [[PLAN], [PAY], [ALL], [PLAN, PAY]]) await examine(keys);
      const calls = (await control("GET", "calls")) as { operation: string; input: unknown; effect: boolean }[];
      const orders = calls.filter(({ operation }) => !/^(Get|List)/.test(operation) && operation !== "");
      expect(orders.length).toBeGreaterThanOrEqual(20);
      for (const { operation, input, effect } of orders)
        expect({ operation, input, effect }).toEqual({ operation, input: {}, effect: false });
      expect(await books()).toEqual(before);
    },
  );
});

describe("doctor says what to do where", () => {
  test("the accounts are not linked", async () => {
    await switchTo({ account: "not-linked" });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({
      "requester-account": "unknown",
      "aws-account": "done",
      "linked-simulator": "missing",
      keys: "done",
      "can-pay": "done",
      balance: "unknown",
    });
    const linked = checks.find(({ id }) => id === "linked-simulator");
    expect(linked).toMatchObject({ address: "https://requester.mturk.com/developer" });
    expect(linked?.found).toMatch(/AWS\.AccountNotLinked/);
    expect(linked?.next).toMatch(/root user/);
  });

  test("AWS does not know the key", async () => {
    const checks = await examine([{ ...PLAN, accessKeyId: "AKIANOBODYNOBEXAMPLE" }]);
    expect(states(checks)).toMatchObject({
      keys: "missing",
      "aws-account": "unknown",
      "answers-simulator": "unknown",
      "can-pay": "unknown",
    });
    expect(found(checks, "keys")).toMatch(/does not know this key/);
  });

  test("the secret is another key's", async () => {
    const checks = await examine([{ ...PLAN, secretAccessKey: PAY.secretAccessKey }]);
    expect(states(checks)).toMatchObject({ keys: "missing", "aws-account": "done" });
    expect(found(checks, "keys")).toMatch(/secret does not belong/);
  });

  test("the session has expired", async () => {
    await switchTo({ keys: [{ ...PLAN, expires: "2020-01-01T00:00:00Z" }] });
    expect(found(await examine([PLAN]), "keys")).toMatch(/session has expired/);
  });

  test("this computer's clock is wrong", async () => {
    await fault(
      "GetAccountBalance",
      "InvalidSignatureException",
      "Signature expired: 20261102T090000Z is now earlier than 20261102T091000Z",
    );
    expect(found(await examine([PLAN]), "keys")).toMatch(/clock is wrong/);
  });

  test.each([
    ["cannot be read", undefined, /cannot be read/],
    ["is empty", "", /nothing in it/],
    ["holds the console's password", "User name,Password\nada,x", /password of the console/],
    ["was opened in Excel", "Access key ID,Secret access key\n1.5E+10,x", /Access key ID/],
  ])("a key file %s", async (_how, text, words) => {
    const checks = await mturkDoctor.examine({ ...asked(), keyFiles: [{ path: "plan.csv", text }] });
    expect(states(checks)).toMatchObject({ keys: "missing", "keys-root": "unknown", "can-pay": "unknown" });
    expect(found(checks, "keys")).toMatch(words);
  });

  test("several key files hold none: every one of them is named", async () => {
    const keyFiles = ["plan.csv", "pay.csv"].map((path) => ({ path, text: "" }));
    const checks = await mturkDoctor.examine({ ...asked(), keyFiles });
    expect(found(checks, "keys")).toMatch(/^plan\.csv: .*; pay\.csv: /);
  });

  test("only the reading key was shown", async () => {
    const checks = await examine([PLAN]);
    expect(states(checks)).toMatchObject({ "can-plan": "done", "can-pay": "unknown", "plan-cannot-pay": "done" });
    expect(next(checks, "can-pay")).toMatch(/--keys plan\.csv pay\.csv/);
  });

  test("only the paying key was shown", async () => {
    const checks = await examine([PAY]);
    expect(states(checks)).toMatchObject({ "can-plan": "done", "can-pay": "done", "plan-cannot-pay": "unknown" });
  });

  test("the plan's key can pay", async () => {
    await switchTo({
      keys: [
        { ...PLAN, denied: ["NotifyWorkers"] },
        { ...PAY, denied: ["NotifyWorkers"] },
      ],
    });
    expect(states(await examine([PLAN, PAY]))).toMatchObject({ "can-pay": "done", "plan-cannot-pay": "missing" });
  });

  test("the plan's key can still grant qualifications", async () => {
    await switchTo({
      keys: [
        { ...PLAN, denied: ["SendBonus", "NotifyWorkers"] },
        { ...PAY, denied: ["NotifyWorkers"] },
      ],
    });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ "can-pay": "done", "plan-cannot-pay": "missing" });
    expect(found(checks, "plan-cannot-pay")).toMatch(/may still AssociateQualificationWithWorker/);
    expect(found(checks, "plan-cannot-pay")).not.toMatch(/SendBonus/);
  });

  test.each(READS)("a key may not %s", async (operation) => {
    await switchTo({ keys: [{ ...PLAN, denied: ["*", operation] }] });
    const checks = await examine([PLAN]);
    expect(states(checks)).toMatchObject({ "can-plan": "missing" });
    expect(found(checks, "can-plan")).toBe(`key-1.csv (AKIA…MPLE) may not mechanicalturk:${operation}`);
    expect(next(checks, "can-plan")).toMatch(/mergepay-plan\.json/);
  });

  test("no key may list what an audit of everything looks at, which no payment needs", async () => {
    await switchTo({ keys: [{ ...PLAN, denied: ["*", "ListHITs"] }] });
    expect(states(await examine([PLAN]))).toMatchObject({ "can-audit": "missing", "can-plan": "done" });
  });

  test.each(ORDERS)("the paying key may not %s", async (operation) => {
    await switchTo({
      keys: [
        { ...PLAN, denied: ["*"] },
        { ...PAY, denied: [operation, "NotifyWorkers"] },
      ],
    });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ "can-pay": "missing" });
    expect(found(checks, "can-pay")).toBe(`key-2.csv (AKIA…MPLE) may not mechanicalturk:${operation}`);
  });

  test("a key is denied nothing, and may be the root user's", async () => {
    const checks = await examine([ALL]);
    expect(states(checks)).toMatchObject({
      keys: "done",
      "can-plan": "done",
      "keys-root": "unknown",
      "can-pay": "unknown",
      "plan-cannot-pay": "unknown",
    });
    expect(next(checks, "keys-root")).toMatch(/root user has keys/);
  });

  test("MTurk looks at orders first, so that no key can be told from another", async () => {
    await switchTo({ permission: "after-input" });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ "can-plan": "done", "can-pay": "unknown" });
    expect(states(checks)["plan-cannot-pay"]).not.toBe("done");
  });

  test("the file is the root user's", async () => {
    const checks = await mturkDoctor.examine({ ...asked(), keyFiles: [{ path: "rootkey.csv", text: csv(ALL) }] });
    expect(states(checks)).toMatchObject({ "keys-root": "missing" });
    expect(found(checks, "keys-root")).toMatch(/owns the whole AWS account/);
  });

  test("there is no money", async () => {
    await switchTo({ funding: "aws-billing", billingAllowanceCents: 0 });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ balance: "missing" });
    expect(found(checks, "balance")).toMatch(/^\$0\.00, which pays nobody/);
  });

  test("AWS Billing allows what it allows every new account", async () => {
    await switchTo({ funding: "aws-billing" });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ balance: "missing" });
    expect(next(checks, "balance")).toMatch(/Monthly Usage.*L-EC45676A/);
  });

  test("MTurk is in trouble", async () => {
    await control("POST", "faults", {
      operation: "GetAccountBalance",
      times: 9,
      fault: { kind: "error-before", status: 500, body: "{}" },
    });
    const checks = await examine([PLAN, PAY]);
    expect(states(checks)).toMatchObject({ "answers-simulator": "missing", balance: "unknown" });
    expect(found(checks, "answers-simulator")).toMatch(/500/);
  });

  test("an operation gives no clear answer", async () => {
    await control("POST", "faults", {
      operation: "SendBonus",
      times: 9,
      fault: { kind: "error-before", status: 500, body: "{}" },
    });
    expect(states(await examine([PLAN, PAY]))).toMatchObject({ "can-pay": "unknown" });
  });

  test("nothing answers at all", async () => {
    const gone = await startSimulator();
    await gone.close();
    const checks = await examine([PLAN, PAY], { simulatorUrl: gone.url });
    expect(states(checks)).toMatchObject({
      "answers-simulator": "missing",
      balance: "unknown",
      "can-pay": "unknown",
      keys: "unknown",
    });
  });

  test("a key stands in the repository", async () => {
    const leaks = [{ path: "notes/keys.txt", commit: "abc1234", key: PAY.accessKeyId }];
    const checks = await examine([PLAN, PAY], { leaks });
    expect(states(checks)).toMatchObject({ "keys-history": "missing" });
    expect(found(checks, "keys-history")).toBe(
      "notes/keys.txt in commit abc1234 holds the key AKIA…MPLE, which is the one in key-2.csv",
    );
    expect(next(checks, "keys-history")).toMatch(/deactivate that key now/);
  });
});

test.each<[string, () => Promise<readonly Check[]>]>([
  ["both keys", () => examine([PLAN, PAY])],
  ["one key", () => examine([PLAN])],
  ["a key that AWS does not know", () => examine([{ ...PLAN, accessKeyId: "AKIANOBODYNOBEXAMPLE" }])],
  ["no key", () => mturkDoctor.examine({ ...asked(), keyFiles: [{ path: "x", text: undefined }] })],
  ["nothing that answers", () => examine([PLAN], { simulatorUrl: "http://127.0.0.1:1" })],
])("with %s, every check says what was seen, and what to do unless it is done", async (_what, checks) => {
  for (const { id, state, found: seen, next: todo, after } of await checks()) {
    expect(seen, id).not.toBe("");
    expect(state === "done" || (todo ?? after ?? "") !== "", id).toBe(true);
    expect(seen + (todo ?? ""), id).not.toMatch(/undefined|\[object/);
  }
});

describe("the pretend MTurk", () => {
  test("needs no key of anybody's", async () => {
    await switchTo({ auth: "strict", keys: [] });
    const checks = await mturkDoctor.examine(asked());
    expect(checks.filter(({ state }) => state !== "done")).toEqual([]);
    expect(JSON.stringify(checks)).not.toContain(SIMULATOR_CREDENTIALS.accessKeyId);
  });
});

test("what is tried is what the policies of docs/iam allow", () => {
  const allowed = (name: string) => {
    const text = readFileSync(new URL(`../../../../docs/iam/${name}.json`, import.meta.url), "utf8");
    return new Set([...text.matchAll(/"mechanicalturk:(\w+)"/g)].map(([, operation]) => operation));
  };
  expect(allowed("mergepay-plan")).toEqual(new Set([...READS, ...AUDIT_READS]));
  expect(allowed("mergepay-apply")).toEqual(new Set([...READS, ...AUDIT_READS, ...ORDERS]));
});

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function asked(): Examination {
  return {
    environment: "simulator",
    keyFiles: [],
    simulatorUrl: simulator.url,
    stateFolder: "",
    leaks: [],
    network: "works",
    now: "2026-11-02T09:00:00Z",
  };
}

function examine(keys: readonly Key[], more: Partial<Examination> = {}): Promise<readonly Check[]> {
  const keyFiles = keys.map((key, index) => ({ path: `key-${index + 1}.csv`, text: csv(key) }));
  return mturkDoctor.examine({ ...asked(), keyFiles, ...more });
}

function csv({ accessKeyId, secretAccessKey }: Key): string {
  return `Access key ID,Secret access key\r\n${accessKeyId},${secretAccessKey}\r\n`;
}

function states(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, state }) => [id, state]));
}

function found(checks: readonly Check[], id: string): string | undefined {
  return checks.find((each) => each.id === id)?.found;
}

function next(checks: readonly Check[], id: string): string | undefined {
  return checks.find((each) => each.id === id)?.next;
}

function switchTo(switches: object): Promise<unknown> {
  return control("POST", "switches", switches);
}

function fault(operation: string, type: string, message: string): Promise<unknown> {
  return control("POST", "faults", { operation, times: 9, fault: { kind: "code-before", type, message, status: 400 } });
}

/** Everything that money and qualifications could have changed. */
async function books(): Promise<unknown> {
  const { balance, bonuses, debits, qualificationTypes } = (await control("GET", "state")) as Record<string, unknown>;
  return { balance, bonuses, debits, qualificationTypes };
}

async function control(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${simulator.url}/_simulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value: unknown = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(value));
  return value;
}
