import { execFile, fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Answered, Sighting } from "./mturk-host.ts";

const exec = promisify(execFile);

/** Nothing of the person's own settings. */
const PLAIN = {
  PATH: process.env["PATH"],
  LC_ALL: "C",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  AWS_EC2_METADATA_DISABLED: "true",
};

export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await exec("git", [...args], { cwd, env: PLAIN, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** What a stroke does to a run, and at which moment of it. See step-shim.ts. */
export interface Stroke {
  /** Of all moments, or of those called `on`. */
  readonly moment: number;
  /** Such as `after call SendBonus`. */
  readonly on?: string;
  readonly how: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "group" | "full-disk";
}

export interface RunnerOptions {
  readonly cli: string;
  /** The clone. */
  readonly cwd: string;
  /** Where the platform answers, whichever it is. */
  readonly mturk: string;
  /** V8's cache of compiled code: a run starts in half the time. */
  readonly cache: string;
  readonly stroke?: Stroke;
}

export interface Runner {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once the stroke has fallen: what was under way then. Undefined where the run ended without it. */
  readonly struck: Promise<string | undefined>;
}

export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Moments that the run counted; undefined where it was killed. */
  readonly moments: number | undefined;
}

const SHIM = fileURLToPath(new URL("step-shim.ts", import.meta.url));

/** The built command line, as a process group of its own. */
export function startApply({ cli, cwd, mturk, cache, stroke }: RunnerOptions): Runner {
  const env = {
    ...PLAIN,
    HOME: cwd,
    MERGEPAY_SIMULATOR_URL: mturk,
    MERGEPAY_PROLIFIC_URL: mturk,
    NODE_COMPILE_CACHE: cache,
    MERGEPAY_PROOF_STRIKE: JSON.stringify(stroke ?? { moment: 0, how: "SIGKILL" }),
  };
  const child = spawn(process.execPath, ["--import", SHIM, cli, "apply", "--json"], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, notes] = child.stdio.map((stream) => (stream && "on" in stream ? stream : undefined));
  const heard = { stdout: "", stderr: "", notes: "" };
  const listen = (name: keyof typeof heard, from: typeof stdout) =>
    from?.on("data", (bytes: Buffer) => {
      heard[name] += bytes.toString("utf8");
    });
  listen("stdout", stdout);
  listen("stderr", stderr);
  const struckNote = () => /^\d+ (.*)\n/.exec(heard.notes)?.[1];
  const struck = new Promise<string | undefined>((resolve) => {
    listen("notes", notes)?.on("data", () => struckNote() !== undefined && resolve(struckNote()));
    child.on("close", () => resolve(struckNote()));
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    // Not `close`: a git process that outlives its run holds the run's output open.
    child.on("exit", (exit, signal) => {
      const settle = () => {
        const moments = /^end (\d+)$/m.exec(heard.notes)?.[1];
        const { stdout: out, stderr: err } = heard;
        resolve({
          exit,
          signal,
          stdout: out,
          stderr: err,
          moments: moments === undefined ? undefined : Number(moments),
        });
      };
      if (signal === null) child.once("close", settle);
      else settle();
    });
  });
  return { child, ended, struck };
}

/** The process that holds the embedded MTurks. */
export interface MTurkHost {
  start(at: { readonly state: string; readonly world: string; readonly remote: string }): Promise<string>;
  sightings(url: string): Promise<readonly Sighting[]>;
  close(url: string): Promise<readonly Sighting[]>;
  end(): void;
}

export function startMTurkHost(): MTurkHost {
  const child = fork(fileURLToPath(new URL("mturk-host.ts", import.meta.url)), [], { stdio: "inherit" });
  const waiting = new Map<number, (answered: Answered) => void>();
  let asked = 0;
  child.on("message", (answered: Answered) => {
    waiting.get(answered.ask)?.(answered);
    waiting.delete(answered.ask);
  });
  const ask = (what: { start: object } | { sightings: string } | { close: string }) =>
    new Promise<Answered>((resolve, reject) => {
      const id = ++asked;
      waiting.set(id, (answered) =>
        answered.error === undefined ? resolve(answered) : reject(new Error(answered.error)),
      );
      child.send({ ask: id, ...what });
    });
  return {
    start: async (start) => (await ask({ start })).url ?? "",
    sightings: async (sightings) => (await ask({ sightings })).sightings ?? [],
    close: async (close) => (await ask({ close })).sightings ?? [],
    end: () => child.disconnect(),
  };
}

export async function control(
  mturk: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${mturk}/_simulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

/** Waits until no process is left in any of these groups: a git process may outlive the run that began it. */
export async function gone(groups: readonly number[]): Promise<void> {
  const giveUp = performance.now() + 20_000;
  for (const group of groups) {
    while (isThere(group)) {
      if (performance.now() > giveUp) throw new Error(`the processes of ${group} do not end`);
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
  }
}

function isThere(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
