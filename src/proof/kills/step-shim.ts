import childProcess from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { writeSync } from "node:fs";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded into the built command line before anything of its own (`node --import`). It counts the moments at which the
 * run touches something outside its process, and strikes at one of them: before a request or a git process, while it is
 * under way, and after its end but before the run has heard of it. What it did is written to file descriptor 3.
 */
interface Strike {
  /** 1, 2, 3 … of all moments, or of those called `on`, such as `after call SendBonus`. 0 only counts. */
  readonly moment: number;
  readonly on?: string;
  /** `group`: the run and every git process under it at once. `full-disk`: no git process can write a file from there on. */
  readonly how: NodeJS.Signals | "group" | "full-disk";
}

const strike = JSON.parse(process.env["MERGEPAY_PROOF_STRIKE"] ?? '{"moment":0,"how":"SIGKILL"}') as Strike;
let moments = 0;
let matching = 0;
let diskIsFull = false;

function moment(what: string): void {
  moments++;
  if (strike.on !== undefined && strike.on !== what) return;
  if (++matching !== strike.moment) return;
  writeSync(3, `${moments} ${what}\n`);
  if (strike.how === "full-disk") diskIsFull = true;
  else if (strike.how === "group") process.kill(-process.pid, "SIGKILL");
  else process.kill(process.pid, strike.how);
}

process.on("exit", () => {
  writeSync(3, `end ${moments}\n`);
});

const { spawn } = childProcess;
childProcess.spawn = function spawnCounted(command: string, args: readonly string[], options: object): ChildProcess {
  if (command !== "git") return spawn(command, args, options);
  const what = `git ${args.find((each, n) => !each.startsWith("-") && args[n - 1] !== "-c") ?? ""}`;
  moment(`before ${what}`);
  // A write beyond the limit then fails with EFBIG, as one onto a full disk fails with ENOSPC.
  const child = diskIsFull
    ? spawn("sh", ["-c", "trap '' XFSZ; ulimit -f 0; exec git \"$@\"", "git", ...args], options)
    : spawn(command, args, options);
  moment(`during ${what}`);
  child.prependOnceListener("exit", () => moment(`after ${what}`));
  return child;
} as typeof spawn;

const { request } = http;
http.request = function requestCounted(...args: Parameters<typeof request>) {
  const [options] = args;
  const headers = typeof options === "object" && "headers" in options ? (options.headers as object) : {};
  const target = new Map<string, unknown>(Object.entries(headers)).get("x-amz-target");
  const address = typeof options === "string" ? new URL(options) : options;
  const what = address instanceof URL ? callOf("POST", address) : `call ${String(target).split(".").at(-1)}`;
  moment(`before ${what}`);
  const made = request(...args);
  made.prependOnceListener("finish", () => moment(`during ${what}`));
  made.prependOnceListener("response", () => moment(`after ${what}`));
  return made;
} as typeof request;

/** `call POST bulk-bonus-payments/…/pay/`, whichever order it is, or `clock`: the embedded platform's. */
function callOf(method: string, { pathname }: URL): string {
  if (pathname.startsWith("/_simulator/")) return "clock";
  return `call ${method} ${pathname.replace(/^\/api\/v1\//, "").replaceAll(/[0-9a-f]{24}/g, "…")}`;
}

const { fetch } = globalThis;
globalThis.fetch = async (url, init) => {
  const address = new URL(url instanceof Request ? url.url : url);
  const what = callOf(init?.method ?? "GET", address);
  moment(`before ${what}`);
  const asked = fetch(url, init);
  moment(`during ${what}`);
  const answer = await asked;
  moment(`after ${what}`);
  return answer;
};

syncBuiltinESMExports();
