import { basename } from "node:path";
import { GetAccountBalanceCommand } from "@aws-sdk/client-mturk";
import type { Examination } from "../../doctor.ts";
import type { Environment } from "../../ports.ts";
import { examiningClient } from "../client.ts";
import type { MTurkEndpoint } from "../client.ts";
import { endpointOf } from "../connect.ts";
import { balanceErrorOf, balanceOf, permissionOf } from "./answers.ts";
import { AUDIT_READS, NEVER_ALLOWED, ORDERS, READS } from "./facts.ts";
import type { BalanceAnswer, KeyFacts, MTurkFacts, Operation, Permission, Settings } from "./facts.ts";
import { readKeyFile } from "./key-file.ts";
import type { KeyPair } from "./key-file.ts";
import { PROBES } from "./probes.ts";

/** Asks MTurk with every key there is. Pays nobody: see {@link PROBES}. */
export async function gather(asked: Examination): Promise<MTurkFacts> {
  const read = asked.keyFiles.map(({ path, text }) => ({
    path,
    key: text === undefined ? ("cannot-be-read" as const) : readKeyFile(path, text),
  }));
  const files = read.flatMap(({ path, key }) => (typeof key === "string" ? [] : [{ name: basename(path), pair: key }]));
  const bad = read.flatMap(({ path, key }) => (typeof key === "string" ? [{ path, fault: key }] : []));
  const places = await reach(asked);
  try {
    const found = files.length > 0 || bad.length > 0 ? files : [{ name: "this machine's AWS settings" }];
    const keys: KeyFacts[] = [];
    for (const each of found) keys.push(await factsOfKey(each, places.endpoints, asked.environment));
    return {
      environment: asked.environment,
      hosts: await hosts(places.endpoints),
      keys,
      badFiles: bad,
      leaks: asked.leaks,
      settings: settings(process.env),
      network: asked.network,
      now: asked.now,
    };
  } finally {
    await places.close();
  }
}

/** Whoever asks without a key is turned away, by somebody who is there. */
async function hosts(endpoints: Endpoints): Promise<MTurkFacts["hosts"]> {
  const asked = [...endpoints].map(async ([environment, { url }]) => {
    const answers = await fetch(url, { method: "POST", body: "{}", signal: AbortSignal.timeout(10_000) }).then(
      () => true,
      () => false,
    );
    return [environment, { host: new URL(url).host, answers }] as const;
  });
  return new Map(await Promise.all(asked));
}

type Endpoints = ReadonlyMap<Environment, MTurkEndpoint>;

/** Real money's MTurk and its test site are looked at together, since keys work in both; a pretend one by itself. */
async function reach(asked: Examination): Promise<{ endpoints: Endpoints; close: () => Promise<void> }> {
  const wanted: readonly Environment[] = asked.environment === "simulator" ? ["simulator"] : ["production", "sandbox"];
  const reached = await Promise.all(wanted.map(async (each) => [each, await endpointOf(each, asked)] as const));
  return {
    endpoints: new Map(reached.map(([each, { endpoint }]) => [each, endpoint])),
    close: async () => {
      for (const [, { close }] of reached) await close();
    },
  };
}

async function factsOfKey(
  { name, pair }: { readonly name: string; readonly pair?: KeyPair },
  endpoints: Endpoints,
  environment: Environment,
): Promise<KeyFacts> {
  const withKey = [...endpoints].map(
    ([each, endpoint]) => [each, pair ? { ...endpoint, credentials: pair } : endpoint] as const,
  );
  const balances = new Map(
    await Promise.all(withKey.map(async ([each, endpoint]) => [each, await balance(endpoint)] as const)),
  );
  const here = withKey.find(([each]) => each === environment)?.[1];
  const known = ["balance", "not-linked", "denied"].includes(balances.get(environment)?.kind ?? "");
  const own = here && (await ownKey(here));
  return {
    name: !pair && process.env["AWS_ACCESS_KEY_ID"] !== undefined ? "AWS_ACCESS_KEY_ID" : name,
    source: pair ? "file" : environment === "simulator" ? "embedded" : "machine",
    ...(own ? { accessKeyId: own.accessKeyId } : {}),
    isSession: own?.sessionToken !== undefined,
    looksLikeRoot: pair?.looksLikeRoot ?? false,
    balances,
    permissions: here && known ? await permissions(here) : new Map<Operation, Permission>(),
  };
}

async function ownKey(endpoint: MTurkEndpoint): Promise<{ accessKeyId: string; sessionToken?: string } | undefined> {
  const client = examiningClient(endpoint);
  try {
    return await client.config.credentials();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

async function balance(endpoint: MTurkEndpoint): Promise<BalanceAnswer> {
  const client = examiningClient(endpoint);
  try {
    const { AvailableBalance } = await client.send(new GetAccountBalanceCommand({}));
    return balanceOf(AvailableBalance);
  } catch (thrown) {
    return balanceErrorOf(thrown, new URL(endpoint.url).host);
  } finally {
    client.destroy();
  }
}

/** One after the other: MTurk slows down whoever asks much at once. */
async function permissions(endpoint: MTurkEndpoint): Promise<ReadonlyMap<Operation, Permission>> {
  const client = examiningClient(endpoint);
  const found = new Map<Operation, Permission>();
  try {
    for (const operation of [...READS, ...AUDIT_READS, ...ORDERS, NEVER_ALLOWED] as const) {
      const thrown = await PROBES[operation](client).then(
        () => undefined,
        (error: unknown) => error ?? new Error("nothing was thrown"),
      );
      found.set(operation, permissionOf(operation, thrown));
    }
  } finally {
    client.destroy();
  }
  return found;
}

function settings(environment: NodeJS.ProcessEnv): Settings {
  return {
    region: environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"],
    endpointVariables: ["AWS_ENDPOINT_URL_MTURK", "AWS_ENDPOINT_URL"].filter((name) => environment[name]),
  };
}
