import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { NewRecord } from "../src/ledger/records.ts";

/**
 * Puts records onto the ledger's branch of a new remote, as fast as git takes them: a commit for each claim, together
 * with the receipt before it, as `apply` does. Returns a clone of it.
 */
export async function importLedger(folder: string, records: Iterable<NewRecord>, policy: string): Promise<string> {
  const remote = join(folder, "remote.git");
  const clone = join(folder, "clone");
  await git(folder, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  const importing = spawn("git", ["fast-import", "--quiet", "--date-format=raw"], {
    cwd: remote,
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(importing, "exit");
  const write = async (text: string) => {
    if (!importing.stdin.write(text)) await once(importing.stdin, "drain");
  };
  await write(commit("refs/heads/main", "Begin\n", "2026-01-01T00:00:00Z"));
  await write(file("payments/policy.yaml", policy));
  await write(commit("refs/heads/receipts", "ledger: begin\n", "2026-01-01T00:00:00Z"));
  await write(file("README.md", "# Receipts\n") + file(".gitattributes", "* -text\n"));
  let waiting = "";
  for (const { path, text, record } of records) {
    waiting += file(path, text);
    if (record.record === "receipt") continue;
    await write(commit("refs/heads/receipts", `claim: ${record.study}\n`, record.time) + waiting);
    waiting = "";
  }
  if (waiting) await write(commit("refs/heads/receipts", "receipt: the last\n", "2027-01-01T00:00:00Z") + waiting);
  importing.stdin.end();
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  await git(folder, ["clone", "--quiet", remote, clone]);
  return clone;
}

function commit(ref: string, message: string, time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000);
  return `commit ${ref}\ncommitter mergepay <mergepay@example.org> ${seconds} +0000\n${data(message)}`;
}

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

async function git(cwd: string, args: readonly string[]): Promise<void> {
  await mkdir(cwd, { recursive: true });
  const [code] = (await once(spawn("git", args, { cwd, stdio: "inherit" }), "exit")) as [number];
  if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}`);
}

/** A folder with a lab's clone in it, for trying things by hand: `node scripts/ledger-import.ts FOLDER ROWS`. */
if (process.argv[1] === import.meta.filename) {
  const { madeLedger } = await import("../src/statement/made-ledger.fixture.ts");
  const [, , folder = "lab", rows = "3000"] = process.argv;
  process.stdout.write(`${await importLedger(folder, madeLedger({ rows: Number(rows) }), "currency: USD\n")}\n`);
}
