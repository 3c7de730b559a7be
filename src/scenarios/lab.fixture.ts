import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { openLedger } from "../ledger/git-store.ts";
import { formatRecord, recordPath, sha256Hex } from "../ledger/record-text.ts";
import type { LedgerRecord } from "../ledger/records.ts";
import { embeddedPlatform } from "../platforms/connect.ts";
import { openRepository } from "../repository/repository.ts";
import { startRelay } from "./relay.fixture.ts";
import type { Relay } from "./relay.fixture.ts";
import type { Scene } from "./scene.fixture.ts";

/** A lab with everything it needs to pay: a bare remote, clones of it, and an embedded platform whose clock stands still. */
export interface Lab {
  readonly scene: Scene;
  /** Folder of a clone, made when it is first asked for. `ada` is the person whom the steps speak of. */
  clone(of: Person): Promise<string>;
  git(person: Person, ...args: string[]): Promise<string>;
  /** Git in the bare remote itself. */
  remote(...args: string[]): Promise<string>;
  readonly remoteFolder: string;
  readonly relay: Relay;
  /** The embedded platform itself, past the relay. */
  readonly simulatorUrl: string;
  /** The controls of the embedded platform. */
  control(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export type Person = "ada" | "rival";

/** When the embedded platform's clock stands at first, and when the people's first commit is made. */
const START = "2026-11-02T09:00:00Z";

const run = promisify(execFile);

export async function openLab({
  scene,
  world,
  policy,
}: {
  scene: Scene;
  world: readonly string[];
  policy: string;
}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-scenario-"));
  const remoteFolder = join(folder, "remote.git");
  const platform = await embeddedPlatform(scene.platform);
  const [first = "", ...more] = world;
  const simulator = await platform.startSimulator({ world: first });
  const relay = await startRelay(simulator.url, scene);
  let commits = 0;

  const gitIn = async (where: string, args: readonly string[]): Promise<string> => {
    const minute = new Date(Date.parse(START) - 60 * 60_000 + (commits += 1) * 1000).toISOString();
    const { stdout } = await run("git", args, { cwd: where, env: { ...process.env, ...PERSON, ...dates(minute) } });
    return stdout.trim();
  };
  const lab: Lab = {
    scene,
    remoteFolder,
    relay,
    simulatorUrl: simulator.url,
    clone: async (person) => {
      const there = join(folder, person);
      if (!existsSync(there)) {
        await gitIn(folder, ["clone", "--quiet", remoteFolder, there]);
        await gitIn(there, ["config", "user.name", person]);
        await gitIn(there, ["config", "user.email", `${person}@example.org`]);
      }
      return there;
    },
    git: async (person, ...args) => gitIn(await lab.clone(person), args),
    remote: (...args) => gitIn(remoteFolder, args),
    control: async (method, path, body) => {
      const answer = await fetch(`${simulator.url}/_simulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const value: unknown = await answer.json();
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
      return value;
    },
    close: async () => {
      await relay.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  try {
    await gitIn(folder, ["init", "--quiet", "--bare", "--initial-branch=main", remoteFolder]);
    await firstCommit(lab, policy);
    await firstLedger(lab);
    for (const yaml of more) await lab.control("POST", "world", { yaml });
  } catch (thrown) {
    await lab.close();
    throw thrown;
  }
  return lab;
}

/** Files to write, move and remove; then a commit on the current branch, pushed. */
export interface Change {
  readonly message: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly move?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export async function commit(lab: Lab, person: Person, change: Change): Promise<void> {
  const clone = await lab.clone(person);
  for (const [path, text] of Object.entries(change.files ?? {})) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  }
  for (const [from, to] of Object.entries(change.move ?? {})) {
    await mkdir(dirname(join(clone, to)), { recursive: true });
    await rename(join(clone, from), join(clone, to));
  }
  for (const path of change.remove ?? []) await rm(join(clone, path));
  await lab.git(person, "add", "--all");
  await lab.git(person, "commit", "--quiet", "--message", change.message);
  await lab.git(person, "push", "--quiet", "origin", "HEAD");
}

/** Changes a record on the ledger's branch as somebody with an editor would. */
export async function editRecord(lab: Lab, record: string, from: string, to: string): Promise<void> {
  const clone = await lab.clone("rival");
  await lab.git("rival", "fetch", "--quiet");
  await lab.git("rival", "switch", "--quiet", "receipts");
  const files = (await lab.git("rival", "ls-files", "receipts")).split("\n");
  const path = files.find((each) => ["-", "."].some((end) => each.includes(`/${record}${end}`)));
  if (path === undefined) throw new Error(`there is no record ${record} among ${files.join(", ")}`);
  const text = await readFile(join(clone, path), "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not say ${from}`);
  await commit(lab, "rival", { message: `correct ${record}`, files: { [path]: text.replace(from, to) } });
  await lab.git("rival", "switch", "--quiet", "main");
}

/** Adds a claim and its receipt, as somebody would who knows the form: copies of two that are there, with other words. */
export async function forgeRecord(lab: Lab, of: string, change: Readonly<Record<string, string>>): Promise<void> {
  const clone = await lab.clone("rival");
  await lab.git("rival", "fetch", "--quiet");
  await lab.git("rival", "switch", "--quiet", "receipts");
  const paths = (await lab.git("rival", "ls-files", "receipts")).split("\n").sort();
  const from = paths.findIndex((path) => path.includes(`/${of}-`));
  let before = await readFile(join(clone, paths.at(-1) ?? ""), "utf8");
  const files: Record<string, string> = {};
  for (const [n, path] of paths.slice(from, from + 2).entries()) {
    const copied = await readFile(join(clone, path), "utf8");
    const text = Object.entries(change).reduce((rest, [was, is]) => rest.replaceAll(was, is), copied);
    const record = JSON.parse(text) as LedgerRecord;
    const sequence = paths.length + 1 + n;
    const forged = { ...record, sequence, previous: sha256Hex(before), ...(n === 1 ? { claim: sequence - 1 } : {}) };
    before = formatRecord(forged);
    files[recordPath(forged)] = before;
  }
  await commit(lab, "rival", { message: "two more records", files });
  await lab.git("rival", "switch", "--quiet", "main");
}

async function firstCommit(lab: Lab, policy: string): Promise<void> {
  await lab.git("ada", "switch", "--quiet", "--create", "main");
  await commit(lab, "ada", { message: "the lab's policy", files: { "payments/policy.yaml": policy } });
}

async function firstLedger(lab: Lab): Promise<void> {
  const repository = await openRepository(await lab.clone("ada"));
  const made = await openLedger(repository, "receipts").create({
    message: "receipts: start of the ledger",
    time: START,
    identity: { name: "ada", email: "ada@example.org" },
  });
  await repository.close();
  if (made.kind !== "created") throw new Error(`the ledger was not made: ${made.kind}`);
}

const PERSON = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_EDITOR: "true",
  LC_ALL: "C",
};

function dates(at: string): Record<string, string> {
  return { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
}
