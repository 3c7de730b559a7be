import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedPlatform, PlatformClock, PlatformOptions } from "./connect.ts";
import { PlatformFailure } from "./ports.ts";
import type { Environment } from "./ports.ts";

/** One platform's pretend twin, as messages and the state folder name it. */
export interface Twin {
  /** As in “the embedded MTurk”. */
  readonly title: string;
  /** What starts one by hand, and the variable that says where it runs. */
  readonly command: string;
  readonly variable: string;
  /** Files in the state folder. */
  readonly journal: string;
  readonly world: string;
  readonly load: () => Promise<EmbeddedPlatform & { readonly exampleWorld: string }>;
}

export interface Reached {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The one that a person started, or one in this process: seeded with its world file or an example at its first start. */
export function reachTwin(twin: Twin, { simulatorUrl, stateFolder }: PlatformOptions): Promise<Reached> {
  return simulatorUrl
    ? Promise.resolve({ url: addressOf(simulatorUrl, twin), close: async () => {} })
    : shared(twin, stateFolder);
}

export function clockOf(environment: Environment, url: string, twin: Twin): PlatformClock {
  return environment === "simulator" ? twinClock(url, twin) : MACHINE_CLOCK;
}

const MACHINE_CLOCK: PlatformClock = {
  now: async () => Date.now(),
  wait: async (ms, stop) => {
    await sleep(ms, undefined, { signal: stop }).catch(() => {});
  },
};

/** An embedded platform has a clock of its own: who waits there moves it on, and no time passes here. */
function twinClock(url: string, { title, command, variable }: Twin): PlatformClock {
  const ask = async (method: "GET" | "POST", body?: string): Promise<number> => {
    try {
      const call = request(`${url}/_simulator/clock`, { method, agent: CONNECTIONS }).end(body);
      const [answer] = (await once(call, "response")) as [IncomingMessage];
      const { now } = JSON.parse(await text(answer)) as { now: string };
      return Date.parse(now);
    } catch {
      throw new PlatformFailure(
        "unreachable",
        `the embedded ${title} cannot be reached at ${url}`,
        `start it with \`${command}\`, or unset ${variable} to have one started for you`,
      );
    }
  };
  return {
    now: () => ask("GET"),
    wait: async (ms) => {
      await ask("POST", JSON.stringify({ advance: ms / 1000 }));
    },
  };
}

/** The time is asked for twice for each payment: `fetch` would take a quarter of all that a run computes. */
const CONNECTIONS = new Agent({ keepAlive: true });

/** Those of this process, by journal: accounts in two currencies are one platform. */
const running = new Map<string, { readonly started: Promise<Reached>; users: number }>();

async function shared(twin: Twin, folder: string): Promise<Reached> {
  const journal = join(folder, twin.journal);
  const one = running.get(journal) ?? { started: start(twin, folder, journal), users: 0 };
  running.set(journal, one);
  one.users += 1;
  const leave = async (close: () => Promise<void>) => {
    one.users -= 1;
    if (one.users > 0) return;
    running.delete(journal);
    await close();
  };
  try {
    const { url, close } = await one.started;
    return { url, close: () => leave(close) };
  } catch (thrown) {
    await leave(async () => {});
    throw thrown;
  }
}

async function start({ title, world: file, load }: Twin, folder: string, state: string): Promise<Reached> {
  const { startSimulator, exampleWorld } = await load();
  await mkdir(folder, { recursive: true });
  // A pretend platform's books are nobody's business in the repository.
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => undefined);
  const world = await readFile(join(folder, file), "utf8").catch(() => exampleWorld);
  return startSimulator({ state, world }).catch((thrown: unknown) => {
    throw new PlatformFailure(
      "unreachable",
      `the embedded ${title} of this clone cannot start: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      "where another mergepay is at work in this clone, run it again when that one has ended",
    );
  });
}

function addressOf(text: string, { variable }: Twin): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new PlatformFailure("unreachable", `${variable} is no address: ${text}`, "it looks like http://127.0.0.1:4600");
}
