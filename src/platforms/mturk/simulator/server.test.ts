import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type MTurkClientConfig,
  MTurkClient,
  MTurkServiceException,
  DeleteQualificationTypeCommand,
  GetAccountBalanceCommand,
  ListBonusPaymentsCommand,
  SendBonusCommand,
} from "@aws-sdk/client-mturk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SIMULATOR_CREDENTIALS } from "./example-world.ts";
import type { JsonObject } from "../../simulator/json.ts";
import { controlStep, sdkClient, STUDY } from "./rehearsal.fixture.ts";
import { type Simulator, startSimulator } from "./server.ts";

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ world: STUDY });
});
afterEach(() => simulator.close());

const BONUS = {
  WorkerId: "A1FIRST",
  AssignmentId: "3ASSIGNMENT1",
  BonusAmount: "1.00",
  Reason: "Thanks",
  UniqueRequestToken: "token",
};
const pay = (client: MTurkClient, change = {}) => ended(client.send(new SendBonusCommand({ ...BONUS, ...change })));
const control = (path: string, input: JsonObject, method?: string) => controlStep(simulator.url, path, input, method);
const bonusesPaid = async () => (await control("/state", {}, "GET"))["bonuses"];

/** "done", or the name of the error. */
async function ended(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
}

function clientWith(change: MTurkClientConfig): MTurkClient {
  return new MTurkClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: SIMULATOR_CREDENTIALS,
    maxAttempts: 1,
    ...change,
  });
}

describe("wire", () => {
  const post = (headers: Record<string, string>, body: string, method = "POST") =>
    fetch(simulator.url, {
      method,
      headers: {
        "X-Amz-Target": "MTurkRequesterServiceV20170117.SendBonus",
        Authorization: `AWS4-HMAC-SHA256 Credential=AKIAOTHER/20261102/us-east-1/mturk-requester/aws4_request, SignedHeaders=host, Signature=00`,
        ...headers,
      },
      ...(method === "POST" ? { body } : {}),
    });

  test("every answer has a request id and the content type of AWS JSON 1.1", async () => {
    const answers = await Promise.all([
      post({}, JSON.stringify(BONUS)),
      post({}, "{}"),
      post({ "X-Amz-Target": "MTurkRequesterServiceV20170117.Nothing" }, "{}"),
      post({}, "", "GET"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 400]);
    const ids = answers.map(({ headers }) => headers.get("x-amzn-requestid"));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(4);
    for (const { headers } of answers) expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
  });

  test("a success without output has no body, unless that is switched", async () => {
    expect(await (await post({}, JSON.stringify(BONUS))).text()).toBe("");
    await control("/switches", { emptyBody: "object" });
    expect(await (await post({}, JSON.stringify({ ...BONUS, UniqueRequestToken: "u" }))).text()).toBe("{}");
  });

  test.each([
    ["MTurkRequesterServiceV20170117.PayEverybody", "{}", "UnknownOperationException"],
    ["OtherService.SendBonus", "{}", "UnknownOperationException"],
    ["MTurkRequesterServiceV20170117.SendBonus", "{", "SerializationException"],
    ["MTurkRequesterServiceV20170117.SendBonus", '{"WorkerId": 7}', "SerializationException"],
    ["MTurkRequesterServiceV20170117.ListReviewableHITs", "{}", "AccessDeniedException"],
  ])("%s with %s is a %s", async (target, body, type) => {
    expect(await (await post({ "X-Amz-Target": target }, body)).json()).toMatchObject({ __type: type });
  });

  test("a number where a text belongs is told from a missing one", async () => {
    const answer = await post({}, '{"WorkerId": 7}');
    expect(await answer.json()).toEqual({
      __type: "SerializationException",
      message: "NUMBER_VALUE can not be converted to a String",
    });
  });

  test.each([
    [{}, { Message: "Assignment 3NONE does not exist. (1793610000250)" }],
    [{ timeSuffix: "ms-s" }, { Message: "Assignment 3NONE does not exist. (1793610000250 s)" }],
    [{ timeSuffix: "none", messageMember: "lower" }, { message: "Assignment 3NONE does not exist." }],
  ])("with %j an error of MTurk's says %j", async (switches, said) => {
    await control("/switches", switches);
    const answer = await post({}, JSON.stringify({ ...BONUS, AssignmentId: "3NONE" }));
    expect(await answer.json()).toEqual({
      __type: "RequestError",
      TurkErrorCode: "AWS.MechanicalTurk.AssignmentDoesNotExist",
      ...said,
    });
  });

  test("an unknown worker is named together with the parameter", async () => {
    const answer = await post({}, JSON.stringify({ ...BONUS, WorkerId: "A1STRANGER" }));
    expect(await answer.json()).toMatchObject({ __type: "ParameterValidationError", Parameter: "WorkerId" });
  });

  test("it can only be reached from this machine", () => {
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`);
  });
});

describe("who may call", () => {
  const balance = (change: MTurkClientConfig) => ended(clientWith(change).send(new GetAccountBalanceCommand({})));
  const stranger = { accessKeyId: "AKIASTRANGER", secretAccessKey: "s" };
  const liar = { ...SIMULATOR_CREDENTIALS, secretAccessKey: "guessed" };

  test("lenient: anybody who does not pretend to be a known key", async () => {
    expect(await balance({ credentials: stranger })).toBe("done");
    expect(await balance({ credentials: liar })).toBe("InvalidSignatureException");
    expect((await fetch(simulator.url, { method: "POST" })).status).toBe(400);
  });

  test("strict: known keys with a right signature, of this service and of now", async () => {
    await control("/switches", { auth: "strict" });
    expect(await balance({})).toBe("done");
    expect(await balance({ credentials: stranger })).toBe("UnrecognizedClientException");
    expect(await balance({ credentials: liar })).toBe("InvalidSignatureException");
    expect(await balance({ region: "eu-west-1" })).toBe("InvalidSignatureException");
    expect(await balance({ systemClockOffset: -6 * 60_000 })).toBe("InvalidSignatureException");
    expect(await balance({ systemClockOffset: 6 * 60_000 })).toBe("InvalidSignatureException");
    expect(await balance({ systemClockOffset: 4 * 60_000 })).toBe("done");
  });

  test("temporary credentials need their token, in time", async () => {
    const role = { accessKeyId: "ASIAROLE", secretAccessKey: "s", sessionToken: "t" };
    const key = { ...role, expires: "2099-01-01T00:00:00Z" };
    await control("/switches", { auth: "strict", keys: [key] });
    expect(await balance({ credentials: role })).toBe("done");
    expect(await balance({ credentials: { ...role, sessionToken: "other" } })).toBe("UnrecognizedClientException");
    await control("/switches", { keys: [{ ...key, expires: "2020-01-01T00:00:00Z" }] });
    expect(await balance({ credentials: role })).toBe("ExpiredTokenException");
    await control("/switches", { keys: [key], sessionTokens: "refused" });
    expect(await balance({ credentials: role })).toBe("UnrecognizedClientException");
  });

  test("a key for planning can ask but not pay", async () => {
    const planner = { accessKeyId: "AKIAPLANNER", secretAccessKey: "p" };
    await control("/switches", { keys: [{ ...planner, denied: ["*"] }] });
    expect(await balance({ credentials: planner })).toBe("done");
    expect(await pay(clientWith({ credentials: planner }))).toBe("AccessDeniedException");
    await control("/switches", { keys: [{ ...planner, denied: ["GetAccountBalance"] }] });
    expect(await balance({ credentials: planner })).toBe("AccessDeniedException");
    expect(await pay(clientWith({ credentials: planner }))).toBe("done");
  });

  test("nobody, while the account is not linked", async () => {
    await control("/switches", { account: "not-linked" });
    const error = await sdkClient(simulator.url)
      .send(new GetAccountBalanceCommand({}))
      .catch((each: unknown) => each);
    expect(error).toMatchObject({ name: "RequestError", TurkErrorCode: "AWS.AccountNotLinked" });
  });

  test("nobody too often, where there is a rate", async () => {
    await control("/switches", { callsPerSecond: 2 });
    const client = sdkClient(simulator.url);
    const ends = await Promise.all([1, 2, 3, 4].map(() => ended(client.send(new GetAccountBalanceCommand({})))));
    expect(ends.filter((each) => each === "ThrottlingException").length).toBeGreaterThan(0);
    expect(ends.filter((each) => each === "done").length).toBeGreaterThan(1);
  });

  test("no orders too often, where they have a rate of their own, and questions all the same", async () => {
    await control("/switches", { ordersPerSecond: 1 });
    const client = sdkClient(simulator.url);
    const order = () => ended(client.send(new DeleteQualificationTypeCommand({ QualificationTypeId: "3NONE" })));
    expect((await Promise.all([order(), order()])).filter((each) => each === "ThrottlingException")).toHaveLength(1);
    const ask = () => ended(client.send(new GetAccountBalanceCommand({})));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["done", "done", "done"]);
  });
});

describe("faults", () => {
  const impatient = () =>
    clientWith({ requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true }, maxAttempts: 1 });

  test.each([
    [{ kind: "throttle" }, "ThrottlingException", 0],
    [{ kind: "drop-before" }, "TimeoutError", 0],
    [{ kind: "drop-after" }, "TimeoutError", 1],
    [{ kind: "delay", ms: 1 }, "done", 1],
    [{ kind: "delay", ms: 1000 }, "TimeoutError", 1],
    [{ kind: "error-before", status: 500 }, "ServiceFault", 0],
    [{ kind: "error-before", status: 503, body: "<html>" }, "SyntaxError", 0],
    [{ kind: "error-after", status: 500 }, "ServiceFault", 1],
    [{ kind: "truncate-after" }, "SyntaxError", 1],
    [{ kind: "garbage-after" }, "SyntaxError", 1],
    [{ kind: "hang-before" }, "TimeoutError", 0],
    [{ kind: "hang-after" }, "TimeoutError", 1],
    [{ kind: "duplicate" }, "done", 1],
    [{ kind: "code-before", type: "RequestError", turkErrorCode: "AWS.X", message: "no" }, "RequestError", 0],
  ])("%j: the caller sees %s, and %i bonuses are paid", async (fault, name, count) => {
    await control("/faults", { operation: "SendBonus", fault });
    expect(await pay(impatient())).toBe(name);
    await expect.poll(bonusesPaid, { timeout: 5000 }).toHaveLength(count);
    expect(await pay(impatient())).toBe(count === 0 ? "done" : "RequestError");
  });

  test("a call delivered twice pays twice without a token, and once with one", async () => {
    await control("/faults", { times: 2, fault: { kind: "duplicate" } });
    await pay(impatient());
    expect(await bonusesPaid()).toHaveLength(1);
    await pay(impatient(), { UniqueRequestToken: undefined });
    expect(await bonusesPaid()).toHaveLength(3);
  });

  test("a fault can spare the first calls, strike several times, and be called off", async () => {
    await control("/faults", { operation: "SendBonus", after: 1, times: 2, fault: { kind: "throttle" } });
    const client = impatient();
    await ended(client.send(new GetAccountBalanceCommand({})));
    const ends: string[] = [];
    for (const token of ["a", "b", "c", "d"]) ends.push(await pay(client, { UniqueRequestToken: token }));
    expect(ends).toEqual(["done", "ThrottlingException", "ThrottlingException", "done"]);
    await control("/faults", { times: 9, fault: { kind: "throttle" } });
    await control("/faults", {}, "DELETE");
    expect(await pay(client, { UniqueRequestToken: "e" })).toBe("done");
  });

  test("a fault that does not exist is refused", async () => {
    await expect(control("/faults", { fault: { kind: "explode" } })).rejects.toThrow("explode");
  });

  test("the SDK's own retry of a lost answer shows in the calls as one invocation", async () => {
    await control("/faults", { operation: "SendBonus", fault: { kind: "drop-after" } });
    expect(await pay(clientWith({ maxAttempts: 2 }))).toBe("RequestError");
    const calls = await control("/calls", {}, "GET");
    expect(calls["list"]).toMatchObject([
      { n: 1, operation: "SendBonus", attempt: 1, status: 0, effect: true, fault: "drop-after" },
      { n: 2, attempt: 2, status: 400, effect: false, errorCode: "AWS.MechanicalTurk.DuplicateCall", input: BONUS },
    ]);
    expect(JSON.stringify(calls).match(/"sdkInvocationId":"[^"]+"/g)).toHaveLength(2);
    expect(new Set(JSON.stringify(calls).match(/"sdkInvocationId":"[^"]+"/g)).size).toBe(1);
    await control("/calls", {}, "DELETE");
    expect(await control("/calls", {}, "GET")).toEqual({ list: [] });
  });
});

describe("clock", () => {
  test("stands still where the world says so, and moves when it is told to", async () => {
    expect(await control("/clock", {}, "GET")).toEqual({ now: "2026-11-02T09:00:00.250Z" });
    expect(await control("/clock", { advance: 90 })).toEqual({ now: "2026-11-02T09:01:30.250Z" });
    expect(await control("/clock", { set: "2027-01-01T00:00:00Z" })).toEqual({ now: "2027-01-01T00:00:00.000Z" });
    await expect(control("/clock", { set: "tomorrow" })).rejects.toThrow("tomorrow");
    await expect(control("/clock", { mode: "fast" })).rejects.toThrow("fast");
  });

  test("runs with the host's, ahead of it, where it is real", async () => {
    let host = Date.UTC(2026, 0, 1);
    const running = await startSimulator({ now: () => host });
    try {
      const now = async () => (await controlStep(running.url, "/clock", {}, "GET"))["now"];
      expect(await now()).toBe("2026-01-01T00:00:00.000Z");
      await controlStep(running.url, "/clock", { advance: 3600 });
      host += 60_000;
      expect(await now()).toBe("2026-01-01T01:01:00.000Z");
      await controlStep(running.url, "/clock", { mode: "frozen" });
      host += 60_000;
      expect(await now()).toBe("2026-01-01T01:01:00.000Z");
      await controlStep(running.url, "/clock", { mode: "real" });
      host += 1000;
      expect(await now()).toBe("2026-01-01T01:01:01.000Z");
    } finally {
      await running.close();
    }
  });
});

describe("memory", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const truthAt = (url: string) => controlStep(url, "/state", {}, "GET");

  test("a server that was killed has lost nothing that it had answered", async () => {
    const state = join(folder, "state.jsonl");
    const program = `import { startSimulator } from ${JSON.stringify(join(import.meta.dirname, "server.ts"))};
      const { url } = await startSimulator({ state: ${JSON.stringify(state)}, world: ${JSON.stringify(STUDY)} });
      console.log(url);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once("data", (line) => resolve(String(line).trim())),
    );
    const ends = ["a", "b", "c"].map((token) => pay(clientWith({ endpoint: url }), { UniqueRequestToken: token }));
    expect(await Promise.all(ends)).toEqual(["done", "done", "done"]);
    await controlStep(url, "/faults", { operation: "SendBonus", fault: { kind: "hang-after" } });
    const lost = pay(clientWith({ endpoint: url }), { UniqueRequestToken: "lost" });
    await expect.poll(async () => (await truthAt(url))["bonuses"]).toHaveLength(4);
    const before = await truthAt(url);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await lost).toBe("TimeoutError");

    const again = await startSimulator({ state });
    expect(await truthAt(again.url)).toEqual(before);
    expect(await pay(clientWith({ endpoint: again.url }), { UniqueRequestToken: "lost" })).toBe("RequestError");
    await again.close();
  });

  test("a line that was being written when the server died is dropped, and writing goes on after it", async () => {
    const state = join(folder, "state.jsonl");
    const first = await startSimulator({ state, world: STUDY });
    await pay(clientWith({ endpoint: first.url }));
    const before = await truthAt(first.url);
    await first.close();
    await appendFile(state, '[{"table":"numbers","key":"balance","row":99');
    const second = await startSimulator({ state });
    expect(await truthAt(second.url)).toEqual(before);
    await pay(clientWith({ endpoint: second.url }), { UniqueRequestToken: "u" });
    const after = await truthAt(second.url);
    await second.close();
    const third = await startSimulator({ state, world: "balance: 1.00" });
    expect(await truthAt(third.url)).toEqual(after);
    await third.close();
  });

  test("a damaged line in the middle is not passed over", async () => {
    const state = join(folder, "state.jsonl");
    await (await startSimulator({ state, world: STUDY })).close();
    await appendFile(state, "nonsense\n[]\n");
    const lines = (await readFile(state, "utf8")).split("\n").length - 2;
    await expect(startSimulator({ state })).rejects.toThrow(`${state}:${lines} `);
  });

  test("two servers cannot share one memory", async () => {
    const state = join(folder, "state.jsonl");
    const first = await startSimulator({ state });
    await expect(startSimulator({ state })).rejects.toThrow("in use");
    await first.close();
    await (await startSimulator({ state })).close();
  });

  test("switches, the clock and request ids survive as well", async () => {
    const state = join(folder, "state.jsonl");
    const first = await startSimulator({ state, world: STUDY });
    await controlStep(first.url, "/switches", { amountForm: "1.5" });
    await controlStep(first.url, "/clock", { advance: 60 });
    const client = clientWith({ endpoint: first.url });
    await pay(client);
    const { $metadata: one } = await client.send(new ListBonusPaymentsCommand({ AssignmentId: "3ASSIGNMENT1" }));
    await first.close();
    const second = await startSimulator({ state });
    const { $metadata: two, BonusPayments } = await clientWith({ endpoint: second.url }).send(
      new ListBonusPaymentsCommand({ AssignmentId: "3ASSIGNMENT1" }),
    );
    expect(BonusPayments).toMatchObject([{ BonusAmount: "1.0", GrantTime: new Date("2026-11-02T09:01:00.250Z") }]);
    expect(two.requestId).not.toBe(one.requestId);
    await second.close();
  });
});

test("errors keep the status, the request id and MTurk's code for the SDK", async () => {
  const error = await sdkClient(simulator.url)
    .send(new SendBonusCommand({ ...BONUS, AssignmentId: "3NONE" }))
    .catch((each: unknown) => each);
  expect(error).toBeInstanceOf(MTurkServiceException);
  expect(error).toMatchObject({
    name: "RequestError",
    TurkErrorCode: "AWS.MechanicalTurk.AssignmentDoesNotExist",
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/-/) },
  });
});
