import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { openLedger } from "../../ledger/git-store.ts";
import type { Appended, LedgerStore } from "../../ledger/git-store.ts";
import { openRepository } from "../../repository/repository.ts";

const exec = promisify(execFile);

export interface Race {
  readonly first: "a" | "b";
  /** The second starts so many milliseconds after the first. */
  readonly lateMs: number;
}

export interface Raced {
  readonly winner: "a" | "b" | undefined;
  readonly faults: readonly string[];
}

/** A bare repository with a ledger, and two clones that append to it again and again from the same commit. */
export async function openTrack(): Promise<{ race(how: Race): Promise<Raced>; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-races-"));
  const remote = join(folder, "remote.git");
  const git = async (...args: string[]) => {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
    return (await exec("git", args, { cwd: folder, env })).stdout.trim();
  };
  const bare = (...args: string[]) => git("-C", remote, ...args);
  await git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", remote);
  // Housekeeping would begin after some hundred races, and take time from them.
  await bare("config", "gc.auto", "0");
  const stores = { a: await storeIn("a"), b: await storeIn("b") };
  await stores.a.create(HOW);
  const parent = await tipOf(stores.a);
  if ((await tipOf(stores.b)) !== parent) throw new Error("the two clones do not see the same ledger");
  let started = 0;

  return { race, close: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) };

  async function storeIn(name: string): Promise<LedgerStore> {
    await git("clone", "--quiet", "--template=", remote, name);
    return openLedger(await openRepository(join(folder, name)), "receipts");
  }

  async function race({ first, lateMs }: Race): Promise<Raced> {
    await bare("update-ref", "refs/heads/receipts", parent);
    const number = String(++started).padStart(6, "0");
    const append = (who: "a" | "b") =>
      stores[who].append([{ path: `receipts/2026/11/${number}-${who}.claim.json`, text: `${number} ${who}\n` }], {
        ...HOW,
        parent,
        message: `claim of ${who} ${number}\n`,
      });
    const second = first === "a" ? "b" : "a";
    const [one, two] = await Promise.all([append(first), pause(lateMs).then(() => append(second))]);
    const answers: Readonly<Record<"a" | "b", Appended>> = first === "a" ? { a: one, b: two } : { a: two, b: one };
    return judged(answers, number);
  }

  /** One was told that it pushed, the branch is at its commit, and the other was told that it did not. */
  async function judged({ a, b }: Readonly<Record<"a" | "b", Appended>>, number: string): Promise<Raced> {
    const told = `a was told ${a.kind}, b was told ${b.kind}`;
    const winner =
      a.kind === "pushed" && b.kind === "rejected"
        ? "a"
        : b.kind === "pushed" && a.kind === "rejected"
          ? "b"
          : undefined;
    if (winner === undefined) return { winner, faults: [told] };
    const pushed = winner === "a" ? a : b;
    const tip = await bare("rev-parse", "refs/heads/receipts");
    const files = await bare("ls-tree", "-r", "--name-only", tip, "receipts/");
    const faults = [
      ...(pushed.kind === "pushed" && pushed.tip === tip ? [] : [`${told}, and the branch is at ${tip}`]),
      ...((await bare("rev-parse", `${tip}^`)) === parent ? [] : ["the winner's commit does not follow the parent"]),
      ...(files === `receipts/2026/11/${number}-${winner}.claim.json` ? [] : [`the branch holds ${files}`]),
    ];
    return { winner, faults };
  }
}

const HOW = { identity: { name: "m", email: "m@example.org" }, time: "2026-11-23T10:00:00.000Z", message: "records\n" };

async function tipOf(store: LedgerStore): Promise<string> {
  const read = await store.read();
  if (read.kind !== "ledger") throw new Error("no ledger");
  return read.tip;
}
