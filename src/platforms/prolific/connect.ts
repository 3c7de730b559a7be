import type { Connection, PayingConnection, PlatformClock, PlatformOptions } from "../connect.ts";
import { clockOf, reachTwin } from "../embedded.ts";
import type { Twin } from "../embedded.ts";
import { PlatformFailure } from "../ports.ts";
import type { Account, Environment } from "../ports.ts";
import { PRODUCTION_URL, prolificClient } from "./client.ts";
import type { ProlificClient, ProlificEndpoint } from "./client.ts";
import { telling } from "../pacer.ts";
import { prolificPayer } from "./payer.ts";
import { prolificReader } from "./reader.ts";
import { steadyPacer } from "./steady-pacer.ts";

/** Prolific publishes no limits, and its web app has the same ones: a modest pace leaves room for people. */
const CALLS_PER_SECOND = 5;

export async function connect(account: Account, options: PlatformOptions): Promise<Connection> {
  const { reader, clock, close } = await open(account, options);
  return { reader, clock, close };
}

export async function connectToPay(account: Account, options: PlatformOptions): Promise<PayingConnection> {
  const { reader, clock, close, client, endpoint } = await open(account, options);
  const payer = prolificPayer(client, {
    endpoint,
    currency: account.currency,
    workspace: reader.workspace,
    reader,
    pacer: steadyPacer(callsPerSecond(account, options)),
  });
  return { reader, payer, clock, close };
}

async function open(account: Account, options: PlatformOptions) {
  const { endpoint, clock, close } = await reach(account, options);
  const client: ProlificClient = prolificClient(
    endpoint,
    telling(steadyPacer(callsPerSecond(account, options)), options.onAnswer),
  );
  const { environment, currency } = account;
  return {
    endpoint,
    client,
    reader: prolificReader(client, { environment, currency, workspace: options.settings?.workspace }),
    clock,
    close: async () => {
      client.close();
      await close();
    },
  };
}

/** A pretend Prolific is nobody else's. */
function callsPerSecond({ environment }: Account, options: PlatformOptions): number | undefined {
  return options.callsPerSecond ?? (environment === "simulator" ? undefined : CALLS_PER_SECOND);
}

interface Reached {
  readonly endpoint: ProlificEndpoint;
  readonly clock: PlatformClock;
  readonly close: () => Promise<void>;
}

async function reach({ environment }: Account, options: PlatformOptions): Promise<Reached> {
  const token = environment === "simulator" ? "" : tokenIn(process.env);
  const { url, embeddedToken, close } = await endpointOf(environment, options);
  return { endpoint: { url, token: embeddedToken ?? token }, clock: clockOf(environment, url, TWIN), close };
}

/** Where Prolific answers; an embedded one is started if none runs. */
export async function endpointOf(
  environment: Environment,
  options: PlatformOptions,
): Promise<{ url: string; embeddedToken?: string; close: () => Promise<void> }> {
  if (environment !== "simulator") return { url: PRODUCTION_URL, close: async () => {} };
  const { SIMULATOR_TOKEN } = await import("./simulator/example-world.ts");
  // A real token is not shown to a pretend Prolific, which may be anybody's.
  return { ...(await reachTwin(TWIN, options)), embeddedToken: SIMULATOR_TOKEN };
}

/** Throws {@link PlatformFailure} where there is none, or where it cannot be one. */
export function tokenIn(variables: Readonly<Record<string, string | undefined>>): string {
  const token = variables["PROLIFIC_TOKEN"]?.trim();
  if (!token)
    throw new PlatformFailure(
      "no-credentials",
      "there is no token for Prolific",
      "make one in Prolific's web app under Settings, “API tokens”, and set PROLIFIC_TOKEN",
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new PlatformFailure(
      "no-credentials",
      "PROLIFIC_TOKEN is no token: it has spaces or unusual characters in it",
      "copy the token alone, without the word Token before it",
    );
  return token;
}

const TWIN: Twin = {
  title: "Prolific",
  command: "mergepay simulator --platform prolific",
  variable: "MERGEPAY_PROLIFIC_URL",
  journal: "prolific.journal",
  world: "prolific-world.yaml",
  load: async () => {
    const [{ startSimulator }, { EXAMPLE_WORLD }] = await Promise.all([
      import("./simulator/server.ts"),
      import("./simulator/example-world.ts"),
    ]);
    return { startSimulator, exampleWorld: EXAMPLE_WORLD };
  },
};
