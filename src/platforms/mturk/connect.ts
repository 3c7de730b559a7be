import type { MTurkClient } from "@aws-sdk/client-mturk";
import { clockOf, reachTwin } from "../embedded.ts";
import type { Twin } from "../embedded.ts";
import { startPacer, telling } from "../pacer.ts";
import type { Connection, PlatformOptions, PayingConnection, PlatformClock } from "../connect.ts";
import type { Account, Environment } from "../ports.ts";
import { AMAZON, clockBy, payingClient, readingClient } from "./client.ts";
import type { MTurkEndpoint } from "./client.ts";
import { mturkPayer } from "./payer.ts";
import { mturkReader } from "./reader.ts";

export async function connect(account: Account, options: PlatformOptions): Promise<Connection> {
  const { endpoint, close } = await endpointOf(account.environment, options);
  const reading = readingOf(endpoint, options);
  return {
    reader: mturkReader(reading, endpoint, account.environment),
    clock: clockOfConnection(account, endpoint, reading),
    close: closing(close, reading),
  };
}

export async function connectToPay(account: Account, options: PlatformOptions): Promise<PayingConnection> {
  const { endpoint, close } = await endpointOf(account.environment, options);
  const reading = readingOf(endpoint, options);
  const orders = startPacer(options.callsPerSecond);
  const paying = payingClient(endpoint, orders);
  return {
    reader: mturkReader(reading, endpoint, account.environment),
    payer: mturkPayer(paying, orders),
    clock: clockOfConnection(account, endpoint, reading),
    close: closing(close, reading, paying),
  };
}

function readingOf(endpoint: MTurkEndpoint, { callsPerSecond, onAnswer }: PlatformOptions): MTurkClient {
  return readingClient(endpoint, telling(startPacer(callsPerSecond), onAnswer));
}

/** Ends calls whose answers nobody waits for any more, so that they do not keep the process alive. */
function closing(close: () => Promise<void>, ...clients: readonly MTurkClient[]): () => Promise<void> {
  return async () => {
    for (const client of clients) client.destroy();
    await close();
  };
}

/** An embedded MTurk is asked for its time, which may be moved. */
function clockOfConnection({ environment }: Account, { url }: MTurkEndpoint, reading: MTurkClient): PlatformClock {
  const clock = mturkClock(environment, url);
  return environment === "simulator" ? clock : clockBy(reading, clock);
}

export function mturkClock(environment: Environment, url: string): PlatformClock {
  return clockOf(environment, url, TWIN);
}

interface Reached {
  readonly endpoint: MTurkEndpoint;
  readonly close: () => Promise<void>;
}

/** Where an environment's MTurk answers; an embedded one is started if none runs. */
export async function endpointOf(environment: Environment, options: PlatformOptions): Promise<Reached> {
  if (environment !== "simulator") return { endpoint: AMAZON[environment], close: async () => {} };
  const { SIMULATOR_CREDENTIALS } = await import("./simulator/example-world.ts");
  const { url, close } = await reachTwin(TWIN, options);
  return { endpoint: { url, credentials: SIMULATOR_CREDENTIALS }, close };
}

const TWIN: Twin = {
  title: "MTurk",
  command: "mergepay simulator",
  variable: "MERGEPAY_SIMULATOR_URL",
  journal: "mturk.journal",
  world: "world.yaml",
  load: async () => {
    const [{ startSimulator }, { EXAMPLE_WORLD }] = await Promise.all([
      import("./simulator/server.ts"),
      import("./simulator/example-world.ts"),
    ]);
    return { startSimulator, exampleWorld: EXAMPLE_WORLD };
  },
};
