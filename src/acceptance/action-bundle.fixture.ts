import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gitIn } from "./lab.fixture.ts";
import { buildInto, start } from "./program.fixture.ts";

/** The Action as it is shipped, and a remote whose ledger `init` has begun. */
export interface ActionBundle {
  /** `dist/action.js` */
  readonly main: string;
  /** `action.yml` */
  readonly action: string;
  /** Gives this bundle's Node a network without Amazon, and pauses that do not last. */
  readonly guard: string;
  /** Copies the remote. */
  found(bare: string): void;
  remove(): void;
}

export const POLICY = "limits: { bonus: 20.00, manifest: 1000.00, day: 2000.00, rows: 5000 }\n";

export async function buildAction(): Promise<ActionBundle> {
  const folder = mkdtempSync(join(tmpdir(), "mergepay-action-"));
  buildInto(join(folder, "dist"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  const guard = join(folder, "guard.cjs");
  writeFileSync(guard, GUARD);
  const remote = join(folder, "remote.git");
  await begin(folder, remote);
  return {
    main: join(folder, "dist/action.js"),
    action: fileURLToPath(new URL("../../action.yml", import.meta.url)),
    guard,
    found: (bare) => cpSync(remote, bare, { recursive: true }),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function begin(folder: string, remote: string): Promise<void> {
  const clone = join(folder, "clone");
  mkdirSync(join(clone, "payments"), { recursive: true });
  await gitIn(folder, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  await gitIn(clone, ["init", "--quiet", "--initial-branch=main"]);
  await gitIn(clone, ["remote", "add", "origin", remote]);
  writeFileSync(join(clone, "payments/policy.yaml"), POLICY);
  await gitIn(clone, ["add", "--all"]);
  await gitIn(clone, ["commit", "--quiet", "--message", "Begin"]);
  await gitIn(clone, ["push", "--quiet", "origin", "main"]);
  const program = { cli: join(folder, "dist/cli.js"), remove: async () => {} };
  const { exit, stderr } = await start(program, ["init", "--json"], { cwd: clone }).ended;
  if (exit !== 0) throw new Error(`init: ${stderr}`);
}

/**
 * The bundle stays byte for byte what is shipped; its Node is told (`NODE_OPTIONS`) that Amazon is an embedded MTurk on
 * loopback, and Prolific an embedded Prolific, and that a pause between two tries is over at once. Any other https address
 * is refused.
 */
const GUARD = `
const http = require("node:http");
const https = require("node:https");
const timers = require("node:timers/promises");
const { syncBuiltinESMExports } = require("node:module");
const mturk = new URL(process.env.TEST_AMAZON);
https.request = (options, done) => {
  if (options instanceof URL) {
    const made = http.request(inProlific(options), done);
    return made.on("socket", (socket) => socket.once("connect", () => socket.emit("secureConnect")));
  }
  const host = options.hostname ?? options.host;
  if (host !== "mturk-requester.us-east-1.amazonaws.com") throw new Error("a test must not reach " + host);
  const { agent, port, protocol, host: _, ...rest } = options;
  return http.request({ ...rest, hostname: mturk.hostname, port: mturk.port }, done);
};
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const url = new URL(String(input));
  return fetch(url.protocol === "https:" ? inProlific(url) : input, init);
};
function inProlific(url) {
  if (url.host !== "api.prolific.com" || !process.env.TEST_PROLIFIC) throw new Error("a test must not reach " + url.host);
  return new URL(url.pathname + url.search, process.env.TEST_PROLIFIC);
}
const pause = timers.setTimeout;
timers.setTimeout = (ms, ...rest) => pause(Math.min(ms, 5), ...rest);
syncBuiltinESMExports();
`;
