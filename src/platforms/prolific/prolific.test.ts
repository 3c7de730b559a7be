import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { money, parseMoney } from "../../money.ts";
import type { Money } from "../../money.ts";
import type { PayingConnection } from "../connect.ts";
import type { Account, ObservedAssignment, PayBatch } from "../ports.ts";
import { tokenIn } from "./connect.ts";
import { connectToPay } from "./connect.ts";
import { GROUP, id, labAt, OTHER_STUDY, STUDY, WORKSPACE, WORLD } from "./simulator/lab.fixture.ts";
import { startSimulator } from "./simulator/server.ts";
import type { Simulator } from "./simulator/server.ts";

const ACCOUNT: Account = { platform: "prolific", environment: "simulator", currency: "GBP" };
const [D1, D2, D3, D5] = [id("d1"), id("d2"), id("d3"), id("d5")];

let simulator: Simulator;
let prolific: PayingConnection;
const lab = labAt(() => simulator.url);
beforeEach(async () => {
  simulator = await startSimulator({ world: WORLD });
  prolific = await connectToPay(ACCOUNT, { simulatorUrl: simulator.url, stateFolder: "" });
});
afterEach(async () => {
  await prolific.close();
  await simulator.close();
});

const pounds = (text: string): Money => parseMoney(text, "GBP") ?? money(0, "GBP");

function batch(rows: Readonly<Record<string, string>>, container = STUDY): PayBatch {
  return {
    container,
    rows: Object.entries(rows).map(([assignment, amount]) => ({
      platform: "prolific",
      environment: "simulator",
      label: "bonus",
      attempt: 1,
      worker: id("e1"),
      assignment,
      amount: pounds(amount),
      reason: "Thanks",
    })),
  };
}

async function handleOf(rows: Readonly<Record<string, string>>): Promise<string> {
  const prepared = await prolific.payer.prepare(batch(rows));
  if (prepared.kind !== "prepared") throw new Error(JSON.stringify(prepared));
  return prepared.handles[0] ?? "";
}

const payCalls = async () => {
  const { list } = await lab.control("calls");
  return (list as { operation: string }[]).filter(({ operation }) => operation === "pay-bonuses");
};

describe("prepare", () => {
  test("sets a bulk up by submissions, in pounds with two decimals, and tells its price to the penny", async () => {
    const prepared = await prolific.payer.prepare(batch({ [D1]: "1.50", [D2]: "30" }));
    expect(prepared).toEqual({
      kind: "prepared",
      handles: [expect.stringMatching(/^[0-9a-f]{24}$/), expect.any(String)],
      quote: { amount: pounds("31.50"), fee: pounds("10.49"), tax: pounds("0"), total: pounds("41.99") },
    });
    expect(await lab.control("calls")).toMatchObject({
      list: [{ input: { study_id: STUDY, csv_bonuses: `${D1},1.50\n${D2},30.00` } }],
    });
    expect(await lab.truth("orders")).toEqual([]);
  });

  test("rounds fractions of a penny of Prolific's own charge up", async () => {
    await lab.set({ rounding: "none", vatPercent: "20" });
    const prepared = await prolific.payer.prepare(batch({ [D1]: "0.05" }));
    expect(prepared).toMatchObject({ quote: { fee: pounds("0.02"), tax: pounds("0.01"), total: pounds("0.08") } });
  });

  test("names the rows that are not of the study", async () => {
    const prepared = await prolific.payer.prepare(batch({ [D1]: "1.00", [D3]: "1.00" }));
    expect(prepared).toMatchObject({ kind: "refused", code: "400", assignments: [D3] });
    await lab.set({ foreignIds: "unnamed" });
    expect(await prolific.payer.prepare(batch({ [D3]: "1.00" }))).toMatchObject({ kind: "refused", assignments: [] });
  });

  test("says that there is not enough money where the balance bears it out", async () => {
    await lab.set({ shortage: "400-at-set-up" });
    const big = batch({ [D1]: "9.00" });
    expect(await prolific.payer.prepare(big)).toMatchObject({ kind: "stopped", cause: "funds" });
    await lab.set({ balanceEndpoint: "404" });
    expect(await prolific.payer.prepare(big)).toMatchObject({ kind: "refused", assignments: [] });
  });

  test.each([
    [{ amount: 99 }, "pence"],
    [{ amount: 100.5 }, "fractions"],
    [{ total_amount: 135 }, "a total that is not the sum"],
    [{ study: OTHER_STUDY }, "another study"],
    [{ fees: "33" }, "a text"],
  ])("a price with %j is not paid: %s", async (change, _why) => {
    const body = JSON.stringify({
      id: id("aa"),
      study: STUDY,
      amount: 100,
      fees: 34,
      vat: 0,
      total_amount: 134,
      ...change,
    });
    await lab.control("faults", { operation: "set-up-bonuses", fault: { kind: "error-after", status: 201, body } });
    expect(await prolific.payer.prepare(batch({ [D1]: "1.00" }))).toMatchObject({
      kind: "refused",
      code: "quote-differs",
    });
  });

  test("a price without its parts is their sum", async () => {
    const body = JSON.stringify({ id: id("aa"), total_amount: 134 });
    await lab.control("faults", { operation: "set-up-bonuses", fault: { kind: "error-after", status: 201, body } });
    expect(await prolific.payer.prepare(batch({ [D1]: "1.00" }))).toMatchObject({
      kind: "prepared",
      quote: { amount: pounds("1.00"), fee: pounds("0.34"), total: pounds("1.34") },
    });
  });

  test.each([
    [{ kind: "throttle" }, { kind: "busy", code: "429" }],
    [
      { kind: "code-before", status: 409 },
      { kind: "busy", code: "409" },
    ],
    [
      { kind: "code-before", status: 401 },
      { kind: "stopped", cause: "credentials" },
    ],
    [
      { kind: "code-before", status: 403 },
      { kind: "stopped", cause: "credentials" },
    ],
    [
      { kind: "code-before", status: 404, title: "Gone" },
      { kind: "refused", code: "404", assignments: [] },
    ],
    [{ kind: "error-before" }, { kind: "unknown" }],
    [{ kind: "drop-after" }, { kind: "unknown" }],
    [{ kind: "garbage-after" }, { kind: "unknown" }],
  ])("with %j it is %j", async (fault, kind) => {
    await lab.control("faults", { operation: "set-up-bonuses", fault });
    expect(await prolific.payer.prepare(batch({ [D1]: "1.00" }))).toMatchObject(kind);
  });

  test("a submission that is named twice is never sent", async () => {
    const { rows } = batch({ [D1]: "1.00" });
    await expect(prolific.payer.prepare({ container: STUDY, rows: [...rows, ...rows] })).rejects.toThrow("twice");
  });
});

describe("pay", () => {
  const pay = async () => prolific.payer.pay({ handle: await handleOf({ [D1]: "1.00" }), rows: [] });

  test("is accepted, and shows later", async () => {
    expect(await pay()).toEqual({ kind: "accepted" });
    expect(await prolific.reader.paymentsOf(D1)).toEqual([]);
    await prolific.clock.wait(90_000, new AbortController().signal);
    expect(await prolific.reader.paymentsOf(D1)).toEqual([{ amount: pounds("1.00") }]);
  });

  test.each([
    [{ kind: "throttle" }, "doubtful"],
    [{ kind: "code-before", status: 400, title: "No" }, "doubtful"],
    [{ kind: "code-before", status: 401 }, "doubtful"],
    [{ kind: "code-before", status: 403 }, "doubtful"],
    [{ kind: "code-before", status: 404 }, "doubtful"],
    [{ kind: "error-after", status: 429 }, "doubtful"],
    [{ kind: "error-before", status: 400, body: "<html>" }, "unknown"],
    [{ kind: "error-before", status: 409 }, "unknown"],
    [{ kind: "error-before", status: 503 }, "unknown"],
    [{ kind: "error-after", status: 502, body: "" }, "unknown"],
    [{ kind: "error-after", status: 200, body: '"done"' }, "unknown"],
    [{ kind: "truncate-after" }, "unknown"],
    [{ kind: "garbage-after" }, "unknown"],
    [{ kind: "drop-before" }, "unknown"],
    [{ kind: "drop-after" }, "unknown"],
  ])("with %j it is %s, and one call was made", async (fault, kind) => {
    await lab.control("faults", { operation: "pay-bonuses", fault });
    expect(await pay()).toMatchObject({ kind });
    expect(await payCalls()).toHaveLength(1);
  });

  test("an error in any of Prolific's forms is doubtful, and one that is not Prolific's leaves it open", async () => {
    for (const [n, errorForm] of ["wrapped", "flat", "message"].entries()) {
      await lab.set({ errorForm });
      expect(await prolific.payer.pay({ handle: id(`a${n}`), rows: [] })).toMatchObject({
        kind: "doubtful",
        code: "404",
      });
      await lab.control("faults", { operation: "pay-bonuses", fault: { kind: "code-before", title: "No money" } });
      expect(await pay()).toMatchObject({ kind: "doubtful", code: "400", message: "No money" });
    }
    await lab.set({ errorForm: "html" });
    await lab.control("faults", { operation: "pay-bonuses", fault: { kind: "code-before" } });
    expect(await pay()).toMatchObject({ kind: "unknown" });
  });

  test("is never ordered twice with one bulk, whoever asks for it", async () => {
    const handle = await handleOf({ [D1]: "1.00" });
    expect(await prolific.payer.pay({ handle, rows: [] })).toEqual({ kind: "accepted" });
    expect(await prolific.payer.pay({ handle, rows: [] })).toMatchObject({ kind: "unknown" });
    expect(await payCalls()).toHaveLength(1);
  });

  test("a redirect is not followed", async () => {
    await lab.control("faults", { operation: "pay-bonuses", fault: { kind: "error-before", status: 301 } });
    expect(await pay()).toMatchObject({ kind: "unknown", cause: "HTTP 301" });
  });

  test("without a connection it was not sent, and may be ordered once more", async () => {
    const handle = await handleOf({ [D1]: "1.00" });
    const port = simulator.port;
    const world = await lab.control("state");
    await simulator.close();
    expect(await prolific.payer.pay({ handle, rows: [] })).toEqual({ kind: "not-sent", cause: "ECONNREFUSED" });
    expect(world["orders"]).toEqual([]);
    simulator = await startSimulator({ world: WORLD, port });
    // The new one does not know the bulk: but it was asked.
    expect(await prolific.payer.pay({ handle, rows: [] })).toMatchObject({ kind: "doubtful", code: "404" });
    expect(await payCalls()).toHaveLength(1);
  });

  test("a connection that is closed before an answer may have carried it", async () => {
    const closer = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => closer.listen(0, "127.0.0.1", resolve));
    const address = closer.address();
    const port = typeof address === "object" ? address?.port : 0;
    const other = await connectToPay(ACCOUNT, { simulatorUrl: `http://127.0.0.1:${port}`, stateFolder: "" });
    expect(await other.payer.pay({ handle: id("aa"), rows: [] })).toMatchObject({ kind: "unknown" });
    await other.close();
    closer.close();
  });
});

describe("reading", () => {
  const reader = () => prolific.reader;
  const observed = async (ids: readonly string[]): Promise<readonly ObservedAssignment[]> => [
    ...(await reader().assignments(ids.map((assignment) => ({ assignment })))).values(),
  ];

  test("submissions come with worker, study, currency and whether they can be paid", async () => {
    expect(await observed([D1, D5, id("aa")])).toEqual([
      {
        assignment: D1,
        worker: id("e1"),
        container: STUDY,
        state: { payable: true, words: "APPROVED" },
        currency: "GBP",
      },
      {
        assignment: D5,
        worker: id("e5"),
        container: STUDY,
        state: { payable: false, words: "ACTIVE" },
        currency: "GBP",
      },
    ]);
  });

  test("a study is listed once for all its submissions", async () => {
    await observed([D1, D2, D5]);
    const calls = (await lab.control("calls"))["list"] as { operation: string }[];
    expect(calls.map(({ operation }) => operation)).toEqual(["get-submission", "list-study-submissions", "study-cost"]);
  });

  test("everything that was submitted to a study, over pages of any size, or nothing where there is no study", async () => {
    await lab.set({ pageMax: 1 });
    expect((await reader().submittedTo(STUDY))?.map(({ assignment }) => assignment)).toEqual([D1, D2, D5]);
    expect(await reader().submittedTo(id("aa"))).toBeUndefined();
  });

  test.each([[{ noPayments: "list" }], [{ noPayments: "null" }], [{ noPayments: "missing" }]])(
    "no bonuses are none, with %j",
    async (switches) => {
      await lab.set(switches);
      expect(await reader().paymentsOf(D1)).toEqual([]);
    },
  );

  test("every bonus of a submission, whoever paid it, by submission or by study", async () => {
    await lab.control("console-bonus", { submission: D1, amount: "0.30" });
    await lab.control("console-bonus", { submission: D1, amount: "1.00" });
    const [first] = await observed([D1]);
    expect(await reader().payments(first ? [first] : [])).toEqual(
      new Map([[D1, [{ amount: pounds("0.30") }, { amount: pounds("1.00") }]]]),
    );
    expect(await reader().paymentsIn([STUDY, OTHER_STUDY])).toEqual([
      { amount: pounds("0.30"), worker: id("e1"), assignment: D1, container: STUDY },
      { amount: pounds("1.00"), worker: id("e1"), assignment: D1, container: STUDY },
    ]);
  });

  test("a bonus that is no whole number of pence, or a submission that is gone, is not passed over", async () => {
    await lab.set({ listedPayments: "cents" });
    const body = JSON.stringify({ id: D1, study_id: STUDY, status: "APPROVED", bonus_payments: [100, 0.5] });
    await lab.control("faults", { operation: "get-submission", fault: { kind: "error-before", status: 200, body } });
    await expect(reader().paymentsOf(D1)).rejects.toThrow("shows a bonus of 0.5");
    await expect(reader().paymentsOf(id("aa"))).rejects.toThrow("is there no more");
  });

  test("a listing that does not hold what it says is not relied on", async () => {
    const body = JSON.stringify({ results: [{ id: D1, participant_id: id("e1") }], meta: { count: 2 } });
    await lab.control("faults", {
      operation: "list-study-submissions",
      fault: { kind: "error-before", status: 200, body },
    });
    await expect(reader().submittedTo(STUDY)).rejects.toThrow("2 entries, and 1 were listed");
  });

  test("the balance is the workspace's, and unknown where it is not told", async () => {
    expect(await reader().wallet()).toEqual({ available: pounds("10.00") });
    await lab.set({ balanceEndpoint: "404" });
    expect(await reader().wallet()).toEqual({ available: "unknown" });
  });

  test("studies are those in the account's currency, and so is the balance", async () => {
    const yaml = `workspaces: [{ id: ${id("f8")}, currency: USD, balance: 7.00, studies: [{ id: ${id("b8")} }] }]`;
    await lab.control("world", { yaml });
    expect(await reader().containers()).toEqual([STUDY, OTHER_STUDY]);
    const dollars = await connectToPay(
      { ...ACCOUNT, currency: "USD" },
      { simulatorUrl: simulator.url, stateFolder: "" },
    );
    expect(await dollars.reader.containers()).toEqual([id("b8")]);
    expect(await dollars.reader.wallet()).toEqual({ available: money(700, "USD") });
    await dollars.close();
    const settings = { workspace: WORKSPACE };
    const mixed = await connectToPay(ACCOUNT, { simulatorUrl: simulator.url, stateFolder: "", settings });
    expect(await mixed.reader.wallet()).toEqual({ available: pounds("10.00") });
    await mixed.close();
  });

  test("the cost of a study is kept as evidence", async () => {
    await lab.control("console-bonus", { submission: D1, amount: "3.00" });
    expect(await reader().evidence([STUDY])).toEqual({
      [`bonuses of study ${STUDY}`]: "3.00 + 1.00 + 0.00 GBP (rewards, fees, tax)",
    });
  });

  test("questions are asked again where Prolific is too busy, breaks off or fails, and then given up", async () => {
    for (const fault of [{ kind: "throttle" }, { kind: "drop-before" }, { kind: "error-before", status: 502 }])
      await lab.control("faults", { operation: "get-submission", fault });
    expect(await reader().paymentsOf(D1)).toEqual([]);
  });

  test.each([
    [{ auth: "revoked" }, "does not accept the token", "API tokens"],
    [{ auth: "strict", tokens: [], errorForm: "html" }, undefined, ""],
  ])("with %j it says %s", async (switches, message, hint) => {
    await lab.set(switches);
    const asked = reader().paymentsOf(D1);
    if (message === undefined) return expect(await asked).toEqual([]);
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

describe("the policy's workspace", () => {
  const told = (workspace: string) =>
    connectToPay(ACCOUNT, { simulatorUrl: simulator.url, stateFolder: "", settings: { workspace } });

  test("is the one whose studies are paid: those of another are not paid from it unseen", async () => {
    const yaml = `workspaces: [{ id: ${id("f8")}, currency: GBP, balance: 7.00 }]`;
    await lab.control("world", { yaml });
    const right = await told(WORKSPACE);
    expect((await right.reader.assignments([{ assignment: D1 }])).size).toBe(1);
    await right.close();
    const wrong = await told(id("f8"));
    await expect(wrong.reader.assignments([{ assignment: D1 }])).rejects.toThrow(
      `study ${STUDY} is paid from the workspace ${WORKSPACE}, and the policy names ${id("f8")}`,
    );
    await wrong.close();
  });

  test("says nothing of studies in another currency", async () => {
    const yaml = `workspaces: [{ id: ${id("f8")}, currency: USD, balance: 7.00 }]`;
    await lab.control("world", { yaml });
    const dollars = await told(id("f8"));
    expect((await dollars.reader.assignments([{ assignment: D1 }])).size).toBe(1);
    await dollars.close();
  });
});

describe("groups", () => {
  const grant = (worker: string) =>
    prolific.payer.member({ kind: "grant", group: GROUP, worker, score: 1, notify: false });
  const revoke = (worker: string) => prolific.payer.member({ kind: "revoke", group: GROUP, worker });

  test("are found by name or id with everybody in them, and not where they are deleted", async () => {
    const refs = [{ name: "wave-1" }, { id: GROUP }, { name: "gone" }, { id: id("c2") }, { name: "WAVE-1" }];
    expect(await prolific.reader.groups(refs)).toEqual([
      { ref: refs[0], id: GROUP, name: "wave-1", members: new Map([[id("e1"), 1]]) },
      { ref: refs[1], id: GROUP, name: "wave-1", members: new Map([[id("e1"), 1]]) },
      undefined,
      undefined,
      undefined,
    ]);
    expect(await prolific.reader.groupId("wave-1")).toBe(GROUP);
  });

  test("that share a name are not told apart", async () => {
    await lab.ask("POST", "participant-groups/", { name: "wave-1", workspace_id: WORKSPACE });
    await expect(prolific.reader.groups([{ name: "wave-1" }])).rejects.toThrow("2 participant groups are called");
    expect(await prolific.reader.groups([{ id: GROUP }])).toHaveLength(1);
  });

  test("that are not listed whole are not relied on", async () => {
    await grant(id("e2"));
    await lab.set({ membersMax: 1 });
    await expect(prolific.reader.score(GROUP, id("e2"))).rejects.toThrow("2 members, and 1 were listed");
  });

  test("that change between two answers are looked at again", async () => {
    const body = JSON.stringify({ id: GROUP, name: "wave-1", participant_count: 2 });
    await lab.control("faults", { operation: "get-group", fault: { kind: "error-before", status: 200, body } });
    expect(await prolific.reader.score(GROUP, id("e1"))).toBe(1);
  });

  test("of more than a page are listed whole", async () => {
    const ids = Array.from({ length: 130 }, (_, n) => id(`9${String(n).padStart(3, "0")}`));
    await lab.control("world", { yaml: `participants: [${ids.join(", ")}]` });
    await lab.ask("POST", `participant-groups/${GROUP}/participants/`, { participant_ids: ids });
    expect((await prolific.reader.groups([{ id: GROUP }]))[0]?.members.size).toBe(131);
  });

  test("take members in and out, twice without harm", async () => {
    expect([await grant(id("e2")), await grant(id("e2"))]).toMatchObject([{ kind: "done" }, { kind: "done" }]);
    expect(await prolific.reader.score(GROUP, id("e2"))).toBe(1);
    expect([await revoke(id("e2")), await revoke(id("e2"))]).toMatchObject([{ kind: "done" }, { kind: "done" }]);
    expect(await prolific.reader.score(GROUP, id("e2"))).toBeUndefined();
  });

  test("take in nobody whom Prolific does not know, whether it says so or not", async () => {
    expect(await grant(id("aa"))).toMatchObject({ kind: "refused", code: "not-added" });
    await lab.set({ unknownMember: "400" });
    expect(await grant(id("aa"))).toMatchObject({ kind: "refused", code: "400" });
  });

  test.each([
    [{ kind: "throttle" }, { kind: "busy" }],
    [
      { kind: "code-before", status: 403 },
      { kind: "stopped", cause: "credentials" },
    ],
    [
      { kind: "code-before", status: 404 },
      { kind: "refused", code: "404" },
    ],
    [{ kind: "drop-after" }, { kind: "unknown" }],
    [{ kind: "error-after" }, { kind: "unknown" }],
  ])("with %j a change is %j", async (fault, sent) => {
    await lab.control("faults", { operation: "add-members", fault });
    expect(await grant(id("e2"))).toMatchObject(sent);
  });

  test("are made in the lab's workspace, and found where one of that name is there already", async () => {
    const make = (name: string) => prolific.payer.createGroup({ name, description: "Took part" });
    const made = await make("wave-2");
    expect(made).toMatchObject({ kind: "done" });
    expect(await prolific.reader.groupId("wave-2")).toBe(made.group);
    await lab.set({ groupNames: "400" });
    expect(await make("wave-2")).toEqual({ kind: "exists" });
    expect(await make("")).toMatchObject({ kind: "refused", code: "400" });
  });

  test("are in the workspace of the policy; without one, several workspaces are one too many", async () => {
    const yaml = `workspaces: [{ id: ${id("f8")}, currency: GBP, groups: [{ name: wave-1 }] }]`;
    await lab.control("world", { yaml });
    await expect(prolific.reader.groups([{ name: "wave-1" }])).rejects.toThrow("not clear in which workspace");
    expect(await prolific.payer.createGroup({ name: "x", description: "" })).toMatchObject({ code: "no-workspace" });
    const settings = { workspace: WORKSPACE };
    const told = await connectToPay(ACCOUNT, { simulatorUrl: simulator.url, stateFolder: "", settings });
    expect(await told.reader.groupId("wave-1")).toBe(GROUP);
    await told.close();
  });
});

test("two accounts of one process share the Prolific that is started for them, until both are done with it", async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), "prolific-"));
  const open = (currency: Account["currency"]) =>
    connectToPay({ ...ACCOUNT, currency }, { simulatorUrl: undefined, stateFolder });
  try {
    const [pounds_, dollars] = await Promise.all([open("GBP"), open("USD")]);
    expect(await pounds_.reader.wallet()).toEqual({ available: pounds("500.00") });
    await pounds_.close();
    expect(await dollars.reader.wallet()).toEqual({ available: "unknown" });
    await dollars.close();
    const again = await open("GBP");
    expect(await again.reader.wallet()).toEqual({ available: pounds("500.00") });
    await again.close();
  } finally {
    await rm(stateFolder, { recursive: true });
  }
});

test.each([
  [undefined, "no token"],
  [" ", "no token"],
  ["Token abc", "no token: it has spaces"],
])("PROLIFIC_TOKEN %j is refused: %s", (token, words) => {
  expect(() => tokenIn({ PROLIFIC_TOKEN: token })).toThrow(words);
});

test("a token loses the line break that copying adds, and is never in an error", () => {
  expect(tokenIn({ PROLIFIC_TOKEN: "abc\n" })).toBe("abc");
  expect(() => tokenIn({ PROLIFIC_TOKEN: "secret token" })).toThrow(/^(?!.*secret)/);
});
