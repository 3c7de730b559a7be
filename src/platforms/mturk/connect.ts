import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import { startPacer } from "../pacer.ts";
import type { Connection, PlatformOptions, PayingConnection, PlatformClock } from "../connect.ts";
import { PlatformFailure } from "../ports.ts";
import type { Account, Environment } from "../ports.ts";
import { AMAZON, payingClient, readingClient } from "./client.ts";
import type { MTurkEndpoint } from "./client.ts";
import { mturkPayer } from "./payer.ts";
import { mturkReader } from "./reader.ts";

export async function connect(account: Account, options: PlatformOptions): Promise<Connection> {
  const { endpoint, clock, close } = await reach(account, options);
  const reading = readingClient(endpoint, startPacer(options.callsPerSecond));
  return { reader: mturkReader(reading, endpoint, account.environment), clock, close: closing(close, reading) };
}

export async function connectToPay(account: Account, options: PlatformOptions): Promise<PayingConnection> {
  const { endpoint, clock, close } = await reach(account, options);
  const reading = readingClient(endpoint, startPacer(options.callsPerSecond));
  const orders = startPacer(options.callsPerSecond);
  const paying = payingClient(endpoint, orders);
  return {
    reader: mturkReader(reading, endpoint, account.environment),
    payer: mturkPayer(paying, orders),
    clock,
    close: closing(close, reading, paying),
  };
}

/** Ends calls whose answers nobody waits for any more, so that they do not keep the process alive. */
function closing(close: () => Promise<void>, ...clients: readonly MTurkClient[]): () => Promise<void> {
  return async () => {
    for (const client of clients) client.destroy();
    await close();
  };
}

interface Reached {
  readonly endpoint: MTurkEndpoint;
  readonly close: () => Promise<void>;
}

async function reach(
  { environment }: Account,
  options: PlatformOptions,
): Promise<Reached & { readonly clock: PlatformClock }> {
  const { endpoint, close } = await endpointOf(environment, options);
  return { endpoint, clock: clockOf(environment, endpoint.url), close };
}

export function clockOf(environment: Environment, url: string): PlatformClock {
  return environment === "simulator" ? simulatorClock(url) : MACHINE_CLOCK;
}

/** Where an environment's MTurk answers; an embedded one is started if none runs. */
export async function endpointOf(environment: Environment, options: PlatformOptions): Promise<Reached> {
  if (environment !== "simulator") return { endpoint: AMAZON[environment], close: async () => {} };
  const { SIMULATOR_CREDENTIALS } = await import("./simulator/example-world.ts");
  const { url, close } = options.simulatorUrl
    ? { url: addressOf(options.simulatorUrl), close: async () => {} }
    : await startEmbedded(options.stateFolder);
  return { endpoint: { url, credentials: SIMULATOR_CREDENTIALS }, close };
}

const MACHINE_CLOCK: PlatformClock = {
  now: async () => Date.now(),
  wait: async (ms, stop) => {
    await sleep(ms, undefined, { signal: stop }).catch(() => {});
  },
};

/** An embedded MTurk has a clock of its own: who waits there moves it on, and no time passes here. */
function simulatorClock(url: string): PlatformClock {
  const ask = async (init?: RequestInit): Promise<number> => {
    try {
      const answer = await fetch(`${url}/_simulator/clock`, init);
      const { now } = (await answer.json()) as { now: string };
      return Date.parse(now);
    } catch {
      throw new PlatformFailure(
        "unreachable",
        `the embedded MTurk cannot be reached at ${url}`,
        "start it with `mergepay simulator`, or unset MERGEPAY_SIMULATOR_URL to have one started for you",
      );
    }
  };
  return {
    now: () => ask(),
    wait: async (ms) => {
      await ask({ method: "POST", body: JSON.stringify({ advance: ms / 1000 }) });
    },
  };
}

/** One in this process, seeded with an example study or with `world.yaml` of the state folder at its first start. */
async function startEmbedded(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const { startSimulator } = await import("./simulator/server.ts");
  const { EXAMPLE_WORLD } = await import("./simulator/example-world.ts");
  await mkdir(folder, { recursive: true });
  // A pretend MTurk's books are nobody's business in the repository.
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => undefined);
  const world = await readFile(join(folder, "world.yaml"), "utf8").catch(() => EXAMPLE_WORLD);
  return startSimulator({ state: join(folder, "mturk.journal"), world }).catch((thrown: unknown) => {
    throw new PlatformFailure(
      "unreachable",
      `the embedded MTurk of this clone cannot start: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "where another mergepay is at work in this clone, run it again when that one has ended",
    );
  });
}

function addressOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new PlatformFailure(
    "unreachable",
    `MERGEPAY_SIMULATOR_URL is no address: ${text}`,
    "it looks like http://127.0.0.1:4600",
  );
}
