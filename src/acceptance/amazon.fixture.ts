import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands in for Amazon's addresses in processes of their own, so that what a person types for the sandbox can be run. */
export interface StandIn {
  /** Goes into the environment of the processes. */
  readonly nodeOptions: string;
  remove(): Promise<void>;
}

/**
 * Sends every request for a host of MTurk's to an embedded one: `urls` are by host. Where none is given the host cannot
 * be reached. Everything else of the program is as it is shipped: hosts, signatures and credentials included.
 */
export async function standInForAmazon(urls: Readonly<Record<string, string>>): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-amazon-"));
  const file = join(folder, "stand-in.mjs");
  await writeFile(file, script(urls));
  return {
    nodeOptions: `--import=${file}`,
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function script(urls: Readonly<Record<string, string>>): string {
  return `\
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
const urls = ${JSON.stringify(urls)};
const real = https.request;
https.request = (options, ...rest) => {
  const host = options.hostname ?? options.host ?? "";
  if (!/^mturk-requester/.test(host)) return real(options, ...rest);
  const { hostname, port } = new URL(urls[host] ?? "http://127.0.0.1:1");
  return http.request({ ...options, agent: undefined, protocol: "http:", host: hostname, hostname, port }, ...rest);
};
syncBuiltinESMExports();
const fetched = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(String(input));
  return fetched(/^mturk-requester/.test(url.host) ? (urls[url.host] ?? "http://127.0.0.1:1") : input, init);
};
`;
}
