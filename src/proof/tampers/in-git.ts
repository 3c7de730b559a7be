import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LedgerFile } from "../../ledger/chain.ts";
import { openLedger } from "../../ledger/git-store.ts";
import { openRepository } from "../../repository/repository.ts";

const exec = promisify(execFile);

/**
 * Commits each change on top of a ledger, one after another, and asks the check of the branch's history which of those
 * commits it takes for anything but an adding of records. Gives the numbers of changes that it let pass. A change
 * with no bytes deletes its file.
 */
export async function passedByHistory(
  ledger: readonly LedgerFile[],
  changes: readonly (readonly { readonly path: string; readonly bytes: Uint8Array | undefined }[])[],
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "mergepay-tampers-"));
  try {
    const git = (...args: string[]) =>
      exec("git", args, { cwd: folder, env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" } });
    await git("init", "--quiet", "--initial-branch=main");
    await git("remote", "add", "origin", folder);
    const added = ledger.map(({ path, bytes }) => modify(path, bytes));
    const commits = [
      [modify("README.md", Buffer.from("# Receipts\n")), modify(".gitattributes", Buffer.from("* -text\n"))],
      added,
    ];
    const tampered = changes.map((change) =>
      change.map(({ path, bytes }) => (bytes ? modify(path, bytes) : Buffer.from(`D ${path}\n`))),
    );
    // Each change is undone before the next, so that every one is a change of the true ledger.
    const undo = changes.map((change) =>
      change.flatMap(({ path }) => ledger.filter((file) => file.path === path).map(({ bytes }) => modify(path, bytes))),
    );
    const stream = [...commits, ...tampered.flatMap((change, n) => [change, undo[n] ?? []])];
    await feed(folder, Buffer.concat(stream.flatMap((changed) => [HEADER, ...changed, Buffer.from("\n")])));

    const { stdout } = await git("rev-list", "--reverse", "receipts");
    const ids = stdout.split("\n").filter(Boolean);
    const store = openLedger(await openRepository(folder), "receipts");
    const faults = new Set((await store.history(ids.at(-1) ?? "")).map(({ commit }) => commit));
    return changes.flatMap((_, n) => (faults.has(ids[commits.length + 2 * n] ?? "") ? [] : [n]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const HEADER = Buffer.from("commit refs/heads/receipts\ncommitter M <m@example.org> 1800000000 +0000\ndata 0\n\n");

function modify(path: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`M 100644 inline ${path}\ndata ${bytes.length}\n`), bytes, Buffer.from("\n")]);
}

async function feed(folder: string, stream: Buffer): Promise<void> {
  const running = exec("git", ["fast-import", "--quiet"], { cwd: folder });
  running.child.stdin?.end(stream);
  await running;
}
