import { listTree, readBlobs } from "./objects.ts";
import { gitText, says } from "./git-text.ts";
import { branchName, commitId } from "./names.ts";
import type { Repository } from "./repository.ts";

/** A file outside of `payments/`, as a commit has it. */
export interface CommittedFile {
  readonly path: string;
  readonly text: string;
}

/** The ordinary files at or below `folder` in a commit. */
export async function filesBelow({ git }: Repository, commit: string, folder: string): Promise<CommittedFile[]> {
  const entries = (await listTree(git, commitId(commit), folder)).filter(({ kind }) => kind === "file");
  const blobs = await readBlobs(
    git,
    entries.map(({ id }) => id),
  );
  return entries.map(({ path, id }) => ({ path, text: Buffer.from(blobs.get(id) ?? []).toString("utf8") }));
}

/** One step of a branch's first-parent line that changed something under `payments/`. */
export interface Step {
  /** Short id. */
  readonly commit: string;
  /** Title and text. */
  readonly message: string;
}

/** The newest steps first, at most `most` of them. */
export async function stepsOfPayments({ git }: Repository, tip: string, most: number): Promise<Step[]> {
  const args = ["log", "--first-parent", "-m", `--max-count=${most}`, "--format=%h%x00%B%x01", "-z", commitId(tip)];
  const text = await gitText(git, [...args, "--no-patch", "--", "payments"]);
  return text
    .split("\u0001")
    .map((each) => each.replace(/^\0/, "").split("\0"))
    .flatMap(([commit = "", message = ""]) => (commit.trim() === "" ? [] : [{ commit: commit.trim(), message }]));
}

/** Would the remote take a push of a branch from here: asked without pushing anything. What it says where it would not. */
export async function refusalOfPush(
  { git, remote }: Repository,
  branch: string,
  tip: string,
): Promise<string | undefined> {
  const ref = `refs/heads/${branchName(branch)}`;
  const args = ["push", "--dry-run", "--porcelain", "--no-verify", "--", remote, `${commitId(tip)}:${ref}`];
  const { code, stderr } = await git(args, { network: true });
  if (code === 0) return undefined;
  return code === undefined ? "it did not answer" : says(stderr);
}
