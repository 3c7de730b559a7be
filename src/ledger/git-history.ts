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
    "--diff-merges=first-parent",
    "--format=%x01%H %P",
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
