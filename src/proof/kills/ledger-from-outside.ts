import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** The ledger's branch as plain git shows it. Nothing here is shared with what wrote it. */
export interface Outside {
  /** First to last. */
  readonly commits: readonly string[];
  /** In the order of their numbers. */
  readonly records: readonly OutsideRecord[];
  /** Paths under `receipts/` at one commit of the branch. */
  readonly pathsAt: (commit: string) => ReadonlySet<string>;
  readonly violations: readonly string[];
}

export interface OutsideRecord {
  readonly path: string;
  readonly record: "claim" | "receipt";
  readonly sequence: number;
  readonly previous: string;
  readonly claim?: number;
  readonly time: string;
  readonly totals: { readonly rows: number; readonly amount: string; readonly fee: string; readonly cost: string };
  readonly rows: readonly OutsideRow[];
}

export interface OutsideRow {
  readonly kind: string;
  readonly assignment: string;
  readonly worker: string;
  readonly amount: string;
  readonly fee: string;
  readonly reason: string;
  readonly reference: string;
  readonly handle: string;
  readonly outcome?: string;
  readonly requestId?: string;
}

export function readOutside(remote: string): Outside {
  const violations: string[] = [];
  const say = (text: string) => void violations.push(text);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "safe.directory=*", ...args], { cwd: remote, encoding: "utf8", maxBuffer: 1 << 28 });

  const refs = git("for-each-ref", "--format=%(refname)").split("\n").filter(Boolean);
  if (refs.join() !== "refs/heads/main,refs/heads/receipts") say(`REFS the remote has ${refs.join(", ")}`);

  const lines = git("rev-list", "--reverse", "--parents", "refs/heads/receipts").split("\n").filter(Boolean);
  const commits = lines.map((line) => line.split(" ")[0] ?? "");
  lines.forEach((line, n) => {
    const parents = line.split(" ").slice(1);
    if (parents.join() !== (commits[n - 1] ?? "")) say(`HISTORY ${commits[n]} does not follow the commit before it`);
  });

  // Append-only: after the first commit, whatever touches a path adds it.
  const log = git("log", "--format=", "--name-status", "--no-renames", `${commits[0]}..refs/heads/receipts`);
  for (const change of log.split("\n").filter(Boolean)) {
    if (!change.startsWith("A\treceipts/")) say(`HISTORY not an adding of a record: ${change}`);
  }

  const records: OutsideRecord[] = [];
  let before = "0".repeat(64);
  const paths = git("ls-tree", "-r", "--name-only", "refs/heads/receipts", "receipts/").split("\n").filter(Boolean);
  const numberOf = (path: string) => Number(/\/(\d+)-[a-z0-9-]+\.(?:claim|receipt)\.json$/.exec(path)?.[1]);
  for (const path of paths.toSorted((a, b) => numberOf(a) - numberOf(b))) {
    const text = git("cat-file", "blob", `refs/heads/receipts:${path}`);
    const record = { path, ...(JSON.parse(text) as Omit<OutsideRecord, "path">) };
    if (record.sequence !== records.length + 1 || numberOf(path) !== record.sequence)
      say(`CHAIN ${path} has number ${record.sequence} and is record ${records.length + 1}`);
    if (record.previous !== before) say(`CHAIN ${path} does not name the hash of the record before it`);
    if (!path.endsWith(`.${record.record}.json`)) say(`CHAIN ${path} holds a ${record.record}`);
    before = createHash("sha256").update(text, "utf8").digest("hex");
    records.push(record);
  }

  const known = new Map<string, ReadonlySet<string>>();
  const pathsAt = (commit: string) => {
    const seen = known.get(commit) ?? new Set(git("ls-tree", "-r", "--name-only", commit, "receipts/").split("\n"));
    known.set(commit, seen);
    return seen;
  };
  return { commits, records, pathsAt, violations };
}
