import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SIMULATOR_TOKEN } from "./example-world.ts";
import { id, labAt, labForEachTest, STUDY, WORLD } from "./lab.fixture.ts";
import { startSimulator } from "./server.ts";

const lab = labForEachTest();
const D1 = id("d1");

describe("who may call", () => {
  const me = async (authorization?: string) =>
    (await fetch(`${lab.url}/api/v1/users/me/`, authorization ? { headers: { authorization } } : {})).status;

  test("lenient: anybody with a token", async () => {
    expect(await me()).toBe(401);
    expect(await me("Bearer something")).toBe(401);
    expect(await me("Token something")).toBe(200);
  });

  test("strict: tokens that are known", async () => {
    await lab.set({ auth: "strict", tokens: [{ token: "ada" }] });
    expect([await me("Token something"), await me("Token ada"), await me(`Token ${SIMULATOR_TOKEN}`)]).toEqual([
      401, 200, 200,
    ]);
  });

  test("nobody, once the tokens are revoked", async () => {
    await lab.set({ auth: "revoked" });
    expect(await me(`Token ${SIMULATOR_TOKEN}`)).toBe(401);
  });

  test("a token that may not pay can still ask", async () => {
    await lab.set({ tokens: [{ token: SIMULATOR_TOKEN, denied: ["pay-bonuses"] }] });
    expect(await lab.pay(await lab.setUp(`${D1},1.00`))).toMatchObject({ status: 403 });
    await lab.set({ tokens: [{ token: SIMULATOR_TOKEN, denied: ["*"] }] });
    expect(await lab.ask("GET", `submissions/${D1}/`)).toMatchObject({ status: 200 });
    await expect(lab.setUp(`${D1},1.00`)).rejects.toThrow("403");
  });

  test("nobody too often, where there is a rate; bonuses have one of their own", async () => {
    await lab.set({ bonusCallsPerSecond: 1, retryAfterSeconds: 3 });
    await lab.setUp(`${D1},1.00`);
    const told = await lab.pay(id("aa"));
    expect(told.status).toBe(429);
    expect(told.headers.get("retry-after")).toBe("3");
    expect(await lab.ask("GET", `submissions/${D1}/`)).toMatchObject({ status: 200 });
    await lab.set({ callsPerSecond: 1, retryAfterSeconds: 0 });
    const asked = await Promise.all([1, 2, 3].map(() => lab.ask("GET", `submissions/${D1}/`)));
    expect(asked.filter((each) => each.status === 429).length).toBeGreaterThan(0);
    expect(asked.every((each) => each.headers.get("retry-after") === null)).toBe(true);
  });
});

describe("wire", () => {
  test("an address without its last slash is nowhere, or elsewhere", async () => {
    expect(await lab.ask("GET", `submissions/${D1}`)).toMatchObject({ status: 404 });
    await lab.set({ missingSlash: "301" });
    const told = await lab.ask("GET", `submissions/${D1}?a=b`);
    expect(told.status).toBe(301);
    expect(told.headers.get("location")).toBe(`/api/v1/submissions/${D1}/?a=b`);
    expect(await lab.ask("GET", "nowhere")).toMatchObject({ status: 404 });
  });

  test("a body that is no JSON is refused", async () => {
    const answer = await fetch(`${lab.url}/api/v1/submissions/bonus-payments/`, {
      method: "POST",
      headers: { authorization: "Token t" },
      body: "study_id=1",
    });
    expect(answer.status).toBe(400);
  });

  const error = { status: 404, error_code: 140_404, title: "Not found" };
  const setUp = { study_id: id("aa"), csv_bonuses: `${D1},1.00` };
  test.each([
    ["documented", { error }, error],
    ["wrapped", { error }, { error }],
    ["flat", error, error],
    ["message", { message: "Not found" }, { message: "Not found" }],
  ])("errors have the form %s", async (errorForm, most, some) => {
    await lab.set({ errorForm });
    expect((await lab.ask("POST", "submissions/bonus-payments/", setUp)).json).toMatchObject(most);
    expect((await lab.ask("GET", `studies/${id("aa")}/cost/`)).json).toMatchObject(some);
  });

  test("errors may come from something in between that speaks HTML", async () => {
    await lab.set({ errorForm: "html" });
    const told = await lab.ask("GET", `submissions/${id("aa")}/`);
    expect(told.text).toBe("<html><body><h1>404 Not found</h1></body></html>");
    expect(told.headers.get("content-type")).toBe("text/html");
  });

  test("a switch that does not exist, or a value that it does not take, is refused", async () => {
    await expect(lab.set({ honesty: "yes" })).rejects.toThrow("no switch honesty");
    await expect(lab.set({ shortage: "ignored" })).rejects.toThrow("202-and-first-rows");
    await expect(lab.set({ processingSeconds: "soon" })).rejects.toThrow("a whole number or never");
  });
});

describe("faults", () => {
  const pay = async () => {
    const bulk = await lab.setUp(`${D1},1.00`);
    const signal = AbortSignal.timeout(400);
    const init = { method: "POST", headers: { authorization: "Token t" }, signal };
    const ended = await fetch(`${lab.url}/api/v1/bulk-bonus-payments/${bulk}/pay/`, init)
      .then(async (answer) => `${answer.status} ${await answer.text()}`)
      .catch(() => "no answer");
    return ended.slice(0, 30);
  };

  test.each([
    [{ kind: "throttle" }, /^429 /, 0],
    [{ kind: "drop-before" }, /^no answer/, 0],
    [{ kind: "drop-after" }, /^no answer/, 1],
    [{ kind: "delay", ms: 1 }, /^202 /, 1],
    [{ kind: "delay", ms: 1000 }, /^no answer/, 1],
    [{ kind: "error-before", status: 503 }, /^503 /, 0],
    [{ kind: "error-after", status: 502, body: "<html>" }, /^502 <html>/, 1],
    [{ kind: "error-after", status: 429 }, /^429 /, 1],
    [{ kind: "truncate-after" }, /^202 "Successfully[^"]*$/, 1],
    [{ kind: "garbage-after" }, /^202 <html>/, 1],
    [{ kind: "hang-before" }, /^no answer/, 0],
    [{ kind: "hang-after" }, /^no answer/, 1],
    [{ kind: "duplicate" }, /^202 /, 2],
    [{ kind: "code-before", status: 400, detail: "No." }, /^400 \{"error"/, 0],
  ])("%j: the caller sees %s, and %i orders are there", async (fault, seen, orders) => {
    await lab.control("faults", { operation: "pay-bonuses", fault });
    expect(await pay()).toMatch(seen);
    await expect.poll(() => lab.truth("orders"), { timeout: 5000 }).toHaveLength(orders);
  });

  test("every call is recorded, and no token", async () => {
    await lab.pay(await lab.setUp(`${D1},1.00`));
    const calls = JSON.stringify(await lab.control("calls"));
    expect(calls).not.toContain(SIMULATOR_TOKEN);
    expect(await lab.control("calls")).toMatchObject({
      list: [
        { n: 1, operation: "set-up-bonuses", status: 201, effect: true, input: { study_id: STUDY } },
        { n: 2, operation: "pay-bonuses", status: 202, effect: true, method: "POST", input: null },
      ],
    });
  });
});

describe("other clients", () => {
  const run = promisify(execFile);

  test("curl is told the same as fetch", async ({ skip }) => {
    const version = await run("curl", ["--version"]).catch(() => undefined);
    if (!version) return skip();
    const url = `${lab.url}/api/v1/submissions/${D1}/`;
    const { stdout } = await run("curl", ["-sS", "-H", `Authorization: Token ${SIMULATOR_TOKEN}`, url]);
    expect(stdout).toBe((await lab.ask("GET", `submissions/${D1}/`)).text);
  });

  test("python's requests pays, takes a member out by a DELETE with a body, and reads pence as doubles", async ({
    skip,
  }) => {
    const program = `
import requests, sys
url, submission, study, group, member = sys.argv[1:]
s = requests.Session(); s.headers["Authorization"] = "Token t"
bulk = s.post(url + "/api/v1/submissions/bonus-payments/", json={"study_id": study, "csv_bonuses": submission + ",1.50"})
paid = s.post(url + "/api/v1/bulk-bonus-payments/" + bulk.json()["id"] + "/pay/")
requests.post(url + "/_simulator/clock", json={"advance": 90})
seen = s.get(url + "/api/v1/submissions/" + submission + "/").json()["bonus_payments"]
left = s.delete(url + "/api/v1/participant-groups/" + group + "/participants/", json={"participant_ids": [member]})
print(bulk.status_code, bulk.json()["total_amount"], paid.status_code, paid.json(), seen, left.json()["results"])`;
    const args = ["-c", program, lab.url, D1, STUDY, id("c1"), id("e1")];
    const ran = await run("python3", args).catch((error: unknown) => {
      if (/No module named|ENOENT/.test(String(error))) return undefined;
      throw error;
    });
    if (!ran) return skip();
    expect(ran.stdout.trim()).toBe("201 200.0 202 Successfully processed bonus payments. [150.0] []");
  });
});

describe("memory", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "simulator-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("a server that was killed has lost nothing that it had answered, and goes on with its orders", async () => {
    const state = join(folder, "state.jsonl");
    const program = `import { startSimulator } from ${JSON.stringify(join(import.meta.dirname, "server.ts"))};
      const { url } = await startSimulator({ state: ${JSON.stringify(state)}, world: ${JSON.stringify(WORLD)} });
      console.log(url);`;
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program]);
    let killed = "";
    for await (const chunk of child.stdout) {
      killed = String(chunk).trim();
      break;
    }
    const first = labAt(() => killed);
    await first.pay(await first.setUp(`${D1},1.00`));
    const before = await first.control("state");
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;

    await appendFile(state, '[{"table":"payments","key":"half');
    const again = await startSimulator({ state, world: "clock: nonsense" });
    try {
      const second = labAt(() => again.url);
      expect(await second.control("state")).toEqual(before);
      await second.later(90);
      expect(await second.entries(D1)).toEqual([100]);
      expect(await readFile(state, "utf8")).not.toContain('"half');
    } finally {
      await again.close();
    }
  });

  test("two servers cannot share a file", async () => {
    const state = join(folder, "state.jsonl");
    const one = await startSimulator({ state });
    await expect(startSimulator({ state })).rejects.toThrow("in use");
    await one.close();
    await (await startSimulator({ state })).close();
  });
});

describe("worlds", () => {
  test("without one there is a small example, in pounds", async () => {
    const example = await startSimulator();
    try {
      const { json } = await labAt(() => example.url).ask("GET", "studies/60cccccccccccccccccccc01/submissions/");
      expect(json).toMatchObject({ meta: { count: 4 } });
    } finally {
      await example.close();
    }
  });

  test("a generated one has as many submissions as it was asked for, and bonuses may be there before", async () => {
    await lab.control("world", { yaml: "generate: { studies: 3, submissions: 100, currency: USD }" });
    expect(await lab.truth("submissions")).toHaveLength(105);
    const yaml = `workspaces: [{ studies: [{ submissions: [{ id: ${id("d9")}, participant: x, bonuses: [1.50, 0.20] }] }] }]`;
    await lab.control("world", { yaml });
    expect(await lab.entries(id("d9"))).toEqual([150, 20]);
  });

  test.each([
    ["workspaces: [{ currency: EUR }]", "EUR is not one of GBP, USD"],
    ["workspaces: [{ studies: [{ submissions: [{}] }] }]", "participant is missing"],
    ["hits: []", "no key hits"],
  ])("%s is refused: %s", async (yaml, words) => {
    await expect(lab.control("world", { yaml })).rejects.toThrow(words);
  });
});
