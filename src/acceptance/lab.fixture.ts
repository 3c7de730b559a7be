import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { formatMoney, money, parseMoney, sumMoney } from "../money.ts";
import { entityId, workerId } from "../platforms/mturk/simulator/ids.ts";
import { start, until } from "./program.fixture.ts";
import type { Ended, Program, Running, RunOptions } from "./program.fixture.ts";

/** A lab: a bare remote, clones of it, and an MTurk in a process of its own. */
export interface Lab {
  readonly folder: string;
  readonly remote: string;
  readonly mturk: MTurk;
  /** Folder of a person's clone. */
  clone(person: string): Promise<string>;
  /** Git as the person uses it, in the person's clone. */
  git(person: string, ...args: string[]): Promise<string>;
  write(person: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Writes, commits and pushes to the default branch. */
  publish(person: string, files: Readonly<Record<string, string>>): Promise<void>;
  start(person: string, args: readonly string[], options?: Partial<RunOptions>): Promise<Running>;
  run(person: string, args: readonly string[], options?: Partial<RunOptions>): Promise<Ended>;
  close(): Promise<void>;
}

export interface LabOptions {
  readonly world?: string;
  readonly policy?: string;
  /** Without a ledger, and with nothing on the remote. */
  readonly empty?: true;
}

const run = promisify(execFile);

export async function openLab(program: Program, options: LabOptions = {}): Promise<Lab> {
  const { world = STUDY, policy, empty } = options;
  const folder = await mkdtemp(join(tmpdir(), "mergepay-lab-"));
  const remote = join(folder, "remote.git");
  await writeFile(join(folder, "world.yaml"), world);
  const mturk = await startMTurk(program, folder, ["--world", join(folder, "world.yaml")]);
  const started: Running[] = [];
  const lab: Lab = {
    folder,
    remote,
    mturk,
    clone: async (person) => {
      const there = join(folder, person);
      if (!existsSync(there)) {
        await gitIn(folder, ["clone", "--quiet", remote, there]);
      }
      return there;
    },
    git: async (person, ...args) => gitIn(await lab.clone(person), args),
    write: async (person, files) => {
      const clone = await lab.clone(person);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(clone, path)), { recursive: true });
        await writeFile(join(clone, path), text);
      }
    },
    publish: async (person, files) => {
      await lab.write(person, files);
      await lab.git(person, "add", "--all");
      await lab.git(person, "commit", "--quiet", "--message", "a change");
      await lab.git(person, "push", "--quiet", "origin", "HEAD");
    },
    start: async (person, args, more = {}) => {
      const env = { MERGEPAY_SIMULATOR_URL: lab.mturk.url, ...more.env };
      const running = start(program, args, { cwd: await lab.clone(person), ...more, env });
      started.push(running);
      return running;
    },
    run: async (person, args, more) => (await lab.start(person, args, more)).ended,
    close: async () => {
      for (const { child } of started) child.kill("SIGKILL");
      await mturk.end("SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
  if (empty) {
    await gitIn(folder, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
    await lab.git("ada", "checkout", "--quiet", "-B", "main");
    return lab;
  }
  await cp(await founded(program), remote, { recursive: true });
  if (policy !== undefined) await lab.publish("ada", { "payments/policy.yaml": policy });
  return lab;
}

/** The remote of a lab that has begun its ledger. It is made once; every lab gets a copy. */
function founded(program: Program): Promise<string> {
  remoteOfOld ??= found(program);
  return remoteOfOld;
}

let remoteOfOld: Promise<string> | undefined;

async function found(program: Program): Promise<string> {
  const lab = await openLab(program, { empty: true });
  await lab.publish("ada", { "payments/policy.yaml": POLICY, "README.md": "# Our lab\n" });
  const made = await lab.run("ada", ["init", "--json"]);
  if (made.exit !== 0) throw new Error(`init: ${made.stderr}`);
  const copy = join(dirname(program.cli), "../remote.git");
  await cp(lab.remote, copy, { recursive: true });
  await lab.close();
  return copy;
}

/** Lets a script judge every push to the remote. */
export async function writeHook({ remote }: Lab, script: string): Promise<void> {
  await mkdir(join(remote, "hooks"), { recursive: true });
  await writeFile(join(remote, "hooks/pre-receive"), `#!/bin/sh\n${script}\n`);
  await chmod(join(remote, "hooks/pre-receive"), 0o755);
}

/** Git as somebody uses it whose settings name nobody. */
export async function gitIn(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd, env: { ...process.env, ...NO_SETTINGS } });
  return stdout;
}

/** The embedded MTurk in a process of its own; it keeps its books in a journal. */
export interface MTurk {
  readonly url: string;
  readonly port: number;
  control(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** Every bonus that it paid. */
  bonuses(): Promise<readonly PaidBonus[]>;
  calls(): Promise<readonly MadeCall[]>;
  /** Waits until so many calls of an operation have come in, whatever was answered. */
  reached(operation: string, count: number): Promise<void>;
  end(signal: NodeJS.Signals): Promise<Ended>;
}

export interface PaidBonus {
  readonly assignment: string;
  readonly worker: string;
  readonly amount: string;
  readonly fee: string;
  readonly reason: string;
}

export interface MadeCall {
  readonly operation: string;
  readonly effect: boolean;
  readonly status: number;
}

export async function startMTurk(program: Program, folder: string, args: readonly string[] = []): Promise<MTurk> {
  const all = ["simulator", "--state", join(folder, "mturk.journal"), ...args];
  const process = start(program, all, { cwd: folder });
  const listens = () => {
    const said = /^listening on (\S+)\n/.exec(process.stdout())?.[1];
    if (said === undefined && process.child.exitCode !== null) throw new Error(process.stderr());
    return said;
  };
  // A world of a hundred thousand assignments takes its time to be read.
  const url = await until("the simulator listens", listens, 300_000);
  const control: MTurk["control"] = async (method, path, body) => {
    const answer = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  };
  const calls = async () => (await control("GET", "calls")) as readonly MadeCall[];
  return {
    url,
    port: Number(new URL(url).port),
    control,
    calls,
    bonuses: async () => ((await control("GET", "state")) as { bonuses: readonly PaidBonus[] }).bonuses,
    reached: (operation, count) =>
      until(`${count} × ${operation}`, async () => {
        const made = (await calls()).filter((each) => each.operation === operation);
        return made.length >= count ? null : undefined;
      }).then(() => undefined),
    end: (signal) => {
      process.child.kill(signal);
      return process.ended;
    },
  };
}

/** One HIT with that many submitted assignments, each of another worker. */
export function study(assignments: number, more = ""): string {
  const rows = Array.from(
    { length: assignments },
    (_, n) => `      - { id: ${assignmentId(n)}, worker: ${worker(n)}, status: Submitted, submitted: -1d }`,
  );
  return `balance: 500.00\nhits:\n  - id: ${entityId(1, "acceptance/hit")}\n    assignments:\n${rows.join("\n")}\n${more}`;
}

export function assignmentId(n: number): string {
  return entityId(n, "acceptance/assignment");
}

export function worker(n: number): string {
  return workerId(n, "acceptance");
}

/** Worker n gets 1.00 and n cents for assignment n. */
export function manifest(rows: readonly number[], more = ""): string {
  const lines = rows.map((n) => `  - { worker: ${worker(n)}, assignment: ${assignmentId(n)}, amount: ${amountOf(n)} }`);
  return `study: acceptance\nenvironment: simulator\nreason: Thank you.\n\nbonuses:\n${lines.join("\n")}\n${more}`;
}

export function amountOf(n: number): string {
  return formatMoney(money(100 + n, "USD"));
}

/** What the books must say after {@link manifest}: each row once, to the cent. */
export function owed(rows: readonly number[]): string[] {
  return rows.map((n) => `${worker(n)} ${assignmentId(n)} ${amountOf(n)}`).sort();
}

export function paid(bonuses: readonly PaidBonus[]): string[] {
  return bonuses.map(({ worker: who, assignment, amount }) => `${who} ${assignment} ${amount}`).sort();
}

/** Of amounts such as `1.50`. */
export function sum(amounts: readonly string[]): string {
  return formatMoney(
    sumMoney(
      amounts.map((text) => {
        const read = parseMoney(text, "USD");
        if (!read) throw new Error(`not an amount: ${text}`);
        return read;
      }),
      "USD",
    ),
  );
}

const STUDY = study(5);
const POLICY = "limits: { bonus: 20.00, manifest: 1000.00, day: 2000.00, rows: 5000 }\n";

const NO_SETTINGS = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  LC_ALL: "C",
};
