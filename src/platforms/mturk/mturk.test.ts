import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GetAccountBalanceCommand } from "@aws-sdk/client-mturk";
import { money } from "../../money.ts";
import { startPacer } from "../pacer.ts";
import { clockBy, readingClient } from "./client.ts";
import { connectToPay } from "./connect.ts";
import type { PayingConnection } from "../connect.ts";
import type { Account, AssignmentRef, PayOrder, PayRow } from "../ports.ts";
import { SIMULATOR_CREDENTIALS } from "./simulator/example-world.ts";
import { generateWorld } from "./simulator/generate-world.ts";
import { startSimulator } from "./simulator/server.ts";
import { bonusToken } from "./token.ts";

const ACCOUNT: Account = { platform: "mturk", environment: "simulator", currency: "USD" };

let simulator: Awaited<ReturnType<typeof startSimulator>>;
let mturk: PayingConnection;

beforeAll(async () => {
  simulator = await startSimulator({ world: generateWorld({ hits: 40, assignments: 300, seed: 1 }) });
  mturk = await connectToPay(ACCOUNT, { simulatorUrl: simulator.url, stateFolder: "" });
});
afterAll(async () => {
  await mturk.close();
  await simulator.close();
});

describe("reading in bulk", () => {
  test("300 bonuses over 40 HITs take at most 3·H + N/50 + 5 calls", async () => {
    const rows = await study();
    await forgetCalls();
    await mturk.reader.wallet();
    const found = await mturk.reader.assignments(rows.map(({ assignment }) => ({ assignment })));
    const payments = await mturk.reader.payments([...found.values()]);
    expect(found.size).toBe(300);
    expect(payments.size).toBe(300);
    expect(await calls()).toBeLessThanOrEqual(131);
  });

  test("rows that name their HIT take at most 2·H + 5 calls", async () => {
    const rows = await study();
    await forgetCalls();
    await mturk.reader.wallet();
    const found = await mturk.reader.assignments(rows);
    await mturk.reader.payments([...found.values()]);
    expect(found.size).toBe(300);
    expect(await calls()).toBeLessThanOrEqual(85);
  });

  test("HITs of one assignment take at most 2·H + 5 calls", async () => {
    const lone = await startSimulator({ world: generateWorld({ hits: 60, assignments: 60, seed: 2 }) });
    const connection = await connectToPay(ACCOUNT, { simulatorUrl: lone.url, stateFolder: "" });
    const rows = await study(lone.url);
    await connection.reader.wallet();
    const found = await connection.reader.assignments(rows.map(({ assignment }) => ({ assignment })));
    await connection.reader.payments([...found.values()]);
    expect(found.size).toBe(60);
    expect(await calls(lone.url)).toBeLessThanOrEqual(125);
    await lone.close();
  });

  test("an assignment that is not there is absent, and the others are not lost", async () => {
    const [first] = await study();
    const found = await mturk.reader.assignments([{ assignment: "3NOBODY" }, { assignment: first!.assignment }]);
    expect([...found.keys()]).toContain(first!.assignment);
    expect(found.has("3NOBODY")).toBe(false);
  });
});

describe("an order", () => {
  test("is one request, whatever goes wrong, and a lost answer is unknown", async () => {
    const order = await orderFor(0);
    for (const kind of ["drop-before", "drop-after", "truncate-after", "garbage-after"]) {
      await forgetCalls();
      await control("faults", { operation: "SendBonus", fault: { kind } });
      const sent = await mturk.payer.pay({ ...order, handle: `${order.handle.slice(0, 40)}${kind}` });
      expect(sent.kind, kind).toBe("unknown");
      expect(await calls(), kind).toBe(1);
    }
  });

  test("that is throttled is busy, and one that the server fails on is unknown", async () => {
    const order = await orderFor(1);
    await control("faults", { operation: "SendBonus", fault: { kind: "throttle" } });
    expect((await mturk.payer.pay(order)).kind).toBe("busy");
    await control("faults", { operation: "SendBonus", fault: { kind: "error-before", status: 500 } });
    expect((await mturk.payer.pay(order)).kind).toBe("unknown");
  });

  test("with a token that was used before is unknown, never paid and never refused", async () => {
    const order = await orderFor(2);
    expect((await mturk.payer.pay(order)).kind).toBe("done");
    expect((await mturk.payer.pay(order)).kind).toBe("unknown");
    expect(await mturk.reader.paymentsOf(order.rows[0]!.assignment)).toHaveLength(1);
  });

  test("for an assignment that is not there, or of another worker, is refused", async () => {
    const order = await orderFor(3);
    expect(await mturk.payer.pay(changed(order, "a", { assignment: "3NOBODY" }))).toMatchObject({ kind: "refused" });
    const other = await orderFor(4);
    expect(await mturk.payer.pay(changed(order, "b", { worker: other.rows[0]!.worker }))).toMatchObject({
      kind: "refused",
    });
  });

  test("that the account cannot pay stops the run", async () => {
    const order = await orderFor(5);
    expect(await mturk.payer.pay(changed(order, "c", { amount: money(9_999_999_00, "USD") }))).toMatchObject({
      kind: "stopped",
      cause: "funds",
    });
  });

  test("that the credentials may not give stops the run", async () => {
    const order = await orderFor(6);
    await control("faults", {
      operation: "SendBonus",
      fault: {
        kind: "code-before",
        type: "AccessDeniedException",
        message: "User is not authorized to perform: mechanicalturk:SendBonus",
      },
    });
    expect(await mturk.payer.pay(order)).toMatchObject({ kind: "stopped", cause: "credentials" });
  });
});

describe("a token", () => {
  test("is 52 letters of base32 and differs with everything that makes a bonus another one", () => {
    const identity = { platform: "mturk", environment: "production", assignment: "3A", label: "", attempt: 1 } as const;
    const tokens = [
      identity,
      { ...identity, environment: "sandbox" as const },
      { ...identity, assignment: "3B" },
      { ...identity, label: "extra" },
      { ...identity, attempt: 2 },
    ].map(bonusToken);
    for (const token of tokens) expect(token).toMatch(/^[A-Z2-7]{52}$/);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  test("stays what it is from version to version: another one could pay again", () => {
    expect(
      bonusToken({ platform: "mturk", environment: "production", assignment: "3A", label: "", attempt: 1 }),
    ).toMatchInlineSnapshot(`"AXW6WUKRRDTVZ7AR2RJK3ZCPFFWHQI5LAHGE7VVAILHRG2C7OIJQ"`);
  });
});

interface StudyRow extends AssignmentRef {
  readonly worker: string;
  readonly container: string;
}

async function study(url = simulator.url): Promise<StudyRow[]> {
  const state = (await (await fetch(`${url}/_simulator/state`)).json()) as {
    assignments: { id: string; worker: string; hit: string }[];
  };
  return state.assignments.map(({ id, worker, hit }) => ({ assignment: id, worker, container: hit }));
}

async function orderFor(n: number): Promise<PayOrder> {
  const { assignment, worker } = (await study())[n]!;
  const handle = bonusToken({ ...ACCOUNT, assignment, label: "", attempt: 1 });
  return { handle, rows: [{ assignment, worker, amount: money(150, "USD"), reason: "Thank you" }] };
}

function changed({ rows }: PayOrder, handle: string, changes: Partial<PayRow>): PayOrder {
  return { handle, rows: rows.map((row) => ({ ...row, ...changes })) };
}

async function control(path: string, body: unknown): Promise<void> {
  await fetch(`${simulator.url}/_simulator/${path}`, { method: "POST", body: JSON.stringify(body) });
}

async function calls(url = simulator.url): Promise<number> {
  return ((await (await fetch(`${url}/_simulator/calls`)).json()) as unknown[]).length;
}

async function forgetCalls(): Promise<void> {
  await fetch(`${simulator.url}/_simulator/calls`, { method: "DELETE" });
}

test("where this machine's clock is a day behind, the time is what MTurk's answers say", async () => {
  const DAY = 24 * 60 * 60_000;
  const ahead = await startSimulator({ now: () => Date.now() + DAY });
  const client = readingClient({ url: ahead.url, credentials: SIMULATOR_CREDENTIALS }, startPacer());
  const machine = { now: async () => Date.now(), wait: async () => {} };
  const clock = clockBy(client, machine);
  expect((await clock.now()) - Date.now()).toBeLessThan(DAY / 2);
  await client.send(new GetAccountBalanceCommand({}));
  expect((await clock.now()) - Date.now()).toBeGreaterThan(DAY / 2);
  client.destroy();
  await ahead.close();
});
