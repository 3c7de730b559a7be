import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlatformClock } from "../../connect.ts";
import { startPacer } from "../../pacer.ts";
import { payingClient } from "../client.ts";
import { SIMULATOR_CREDENTIALS } from "../simulator/example-world.ts";
import { startSimulator } from "../simulator/server.ts";
import type { Simulator } from "../simulator/server.ts";
import { openTestSite } from "./open-test-site.ts";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ world: "balance: 500.00\n" });
});
afterAll(() => simulator.close());

/** The sandbox, played by an embedded MTurk. Waiting passes by at once; `meanwhile` is what happens during each wait. */
function openSandbox(meanwhile: (waits: number) => Promise<void>, said: string[]) {
  const { url } = simulator;
  const client = payingClient({ url, credentials: SIMULATOR_CREDENTIALS }, startPacer(undefined));
  let [now, waits] = [0, 0];
  const clock: PlatformClock = {
    now: async () => now,
    wait: async (ms) => {
      now += ms;
      await meanwhile(++waits);
    },
  };
  const options = {
    environment: "sandbox",
    patienceMs: 60_000,
    simulatorUrl: undefined,
    stateFolder: "",
    say: (text: string) => void said.push(text),
  } as const;
  return openTestSite({ client, url, clock }, options, (name) => `token-${name}-${Math.floor(performance.now())}`);
}

async function ask(path: string, body?: unknown): Promise<{ hits: { id: string; expires: string }[] }> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(`${simulator.url}/_simulator/${path}`, init)).json()) as {
    hits: { id: string; expires: string }[];
  };
}

test("the person is told where to do the task, and what they submit is used", async () => {
  const said: string[] = [];
  const site = await openSandbox(async (waits) => {
    if (waits === 3) await ask("submit", { HITId: (await ask("state")).hits.at(-1)?.id, WorkerId: "A2PERSON" });
  }, said);
  expect(said.join()).toMatch(/https:\/\/workersandbox\.mturk\.com\/projects\/[A-Z0-9]+\/tasks/);
  expect(await site.order({ cents: 2, reason: "Thank you.", token: "one" })).toEqual({ kind: "paid" });
  expect(await site.listed()).toEqual([{ cents: 2, reason: "Thank you." }]);
});

test("a task that nobody does is taken down again", async () => {
  await expect(openSandbox(async () => {}, [])).rejects.toMatchObject({ code: "not-submitted" });
  const hit = (await ask("state")).hits.at(-1);
  expect(Date.parse(hit?.expires ?? "")).toBeLessThanOrEqual(Date.now());
});
