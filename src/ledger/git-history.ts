import { gitText } from "../repository/git-text.ts";
import type { Git } from "../repository/git.ts";
import { refuseShallow } from "../repository/repository.ts";

/** A commit that did something else than add records. */
export interface HistoryFault {
  readonly code: "merge-commit" | "record-changed" | "record-deleted" | "not-a-file" | "foreign-file";
  readonly commit: string;
  /** Absent for a merge. */
  readonly path?: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Checks that the branch up to `tip` only ever grew: one line of commits, each adding files under `receipts/`, with
 * README.md and .gitattributes in the first alone. On a branch that others share, only what happened under `receipts/`
 * counts, along its first-parent line. Throws `RepositoryFailure` where the clone does not hold the whole history.
 */
export async function historyFaults(git: Git, tip: string, shared: boolean): Promise<HistoryFault[]> {
  await refuseShallow(git);
  const log = await gitText(git, [
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--ignore-submodules=none",
    "--first-parent",
    "-m",
    "--format=commit %H %P",
    tip,
    ...(shared ? ["--", "receipts"] : []),
  ]);
  return readCommits(log).flatMap((commit) => [
    ...(commit.parents.length > 1 && !shared ? [mergeFault(commit)] : []),
    ...commit.changes.flatMap((change) => changeFaults(commit, change, shared)),
  ]);
}

interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly changes: Change[];
}

interface Change {
  readonly status: string;
  readonly mode: string;
  readonly path: string;
}

/** Reads a log whose parts end in NUL: a commit, then for each of its changes a line of modes and a path. */
function readCommits(log: string): Commit[] {
  const commits: Commit[] = [];
  let changes: Change[] = [];
  const parts = log.split("\0").values();
  for (const part of parts) {
    const [commit, id, parents] = groups(/^commit ([0-9a-f]+) ([0-9a-f ]*)$/, part);
    const [change, mode, status] = groups(/^\n?:[0-7]{6} ([0-7]{6}) [0-9a-f]+ [0-9a-f]+ ([A-Z])$/, part);
    if (commit) {
      changes = [];
      commits.push({ id, parents: parents.split(" ").filter(Boolean), changes });
    } else if (change) changes.push({ mode, status, path: String(parts.next().value) });
    else if (part !== "") throw new Error(`git log said something unforeseen: ${JSON.stringify(part)}`);
  }
  return commits;
}

/** What matched, and its two groups; three empty texts where nothing did. */
function groups(pattern: RegExp, text: string): [string, string, string] {
  return (pattern.exec(text) ?? ["", "", ""]) as unknown as [string, string, string];
}

function mergeFault({ id }: Commit): HistoryFault {
  const message = `commit ${id.slice(0, 12)} merges two lines of records`;
  return { code: "merge-commit", commit: id, message, hint: AS_PUSHED };
}

const AS_PUSHED = "records are only ever added, by mergepay: see with `git show` what the commit did, and who made it";
const FIRST_FILES: ReadonlySet<string> = new Set(["README.md", ".gitattributes"]);

function changeFaults({ id, parents }: Commit, { status, mode, path }: Change, shared: boolean): HistoryFault[] {
  const is = (code: HistoryFault["code"], what: string): HistoryFault[] => [
    { code, commit: id, path, message: `commit ${id.slice(0, 12)} ${what} ${path}`, hint: AS_PUSHED },
  ];
  const record = path.startsWith("receipts/");
  if (!record && (shared || (parents.length === 0 && FIRST_FILES.has(path) && mode === "100644"))) return [];
  if (status === "D") return is("record-deleted", "deletes");
  if (!record) return is("foreign-file", "brings in or changes");
  if (status !== "A") return is("record-changed", "changes");
  return mode === "100644" ? [] : is("not-a-file", "adds something that is no plain file at");
}
