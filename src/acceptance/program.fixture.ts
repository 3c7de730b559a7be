import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The bundle as it is shipped, in a folder in which nothing is installed. */
export interface Program {
  readonly cli: string;
  remove(): Promise<void>;
}

export async function buildProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-program-"));
  buildInto(join(folder, "dist"));
  // As in the repository, where `dist/` lies beside it.
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  return {
    cli: join(folder, "dist/cli.js"),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Builds as `npm run build` does, with Node alone: the module runner of the tests orders a module's exports otherwise. */
export function buildInto(folder: string): void {
  const build = fileURLToPath(new URL("../../scripts/build.ts", import.meta.url));
  const script = `
    import { mkdirSync, writeFileSync } from "node:fs";
    import { join } from "node:path";
    import { pathToFileURL } from "node:url";
    const [build, folder] = process.argv.slice(1);
    const { bundle } = await import(pathToFileURL(build).href);
    mkdirSync(folder, { recursive: true });
    for (const [name, contents] of await bundle()) writeFileSync(join(folder, name), contents);
  `;
  execFileSync(process.execPath, ["--input-type=module", "--eval", script, build, folder]);
}

/** The Node that runs this, and one of another major version that was installed apart from npm, if there is one. */
export const NODES: readonly string[] = [process.execPath, ...otherNodes().slice(0, 1)];

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly node?: string;
}

/** One process of the command line, still at work perhaps. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

export function start({ cli }: Program, args: readonly string[], { cwd, env, node }: RunOptions): Running {
  const child = spawn(node ?? process.execPath, [cli, ...args], {
    cwd,
    env: { ...PLAIN, HOME: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const heard = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    heard.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    heard.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, signal) => {
      running.delete(child);
      resolve({ exit, signal, ...heard });
    });
  });
  return { child, ended, stdout: () => heard.stdout, stderr: () => heard.stderr };
}

/** Ends what a test left running. */
export async function endAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.kill("SIGKILL");
  await Promise.all(left.map((child) => new Promise((resolve) => void child.once("close", resolve))));
}

/** Asks again and again, with a bound, until the answer is not undefined. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  patienceMs = 60_000,
): Promise<T> {
  const giveUp = Date.now() + patienceMs;
  while (Date.now() < giveUp) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  throw new Error(`it never came to this: ${what}`);
}

/** Nothing of the person's own settings, credentials or terminal. */
const PLAIN = {
  PATH: process.env["PATH"],
  TMPDIR: process.env["TMPDIR"],
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  AWS_EC2_METADATA_DISABLED: "true",
  // The home of a run is its clone, in which nothing is to appear.
  NODE_DISABLE_COMPILE_CACHE: "1",
};

function otherNodes(): string[] {
  const major = (version: string) => version.split(".")[0];
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.includes("node_modules"))
    .map((folder) => join(folder, "node"))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        const version = execFileSync(file, ["--version"], { encoding: "utf8" }).trim();
        return major(version) !== major(process.version);
      } catch {
        return false;
      }
    });
}
