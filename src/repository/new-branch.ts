import { RepositoryFailure } from "./failure.ts";
import { says } from "./git-text.ts";
import { makeCommit } from "./make-commit.ts";
import type { NewCommit } from "./make-commit.ts";
import { branchName } from "./names.ts";
import type { Repository } from "./repository.ts";

/**
 * Pushes one commit as a new branch of the remote. Nothing changes in the clone. Throws {@link RepositoryFailure} where
 * the branch is there already, or the remote does not take it.
 */
export async function pushNewBranch(repository: Repository, branch: string, asked: NewCommit): Promise<void> {
  const ref = `refs/heads/${branchName(branch)}`;
  const { commit } = await makeCommit(repository, "proposal", asked);
  // An empty lease: only if there is no such branch yet.
  const args = [
    "push",
    "--porcelain",
    "--no-verify",
    `--force-with-lease=${ref}:`,
    "--",
    repository.remote,
    `${commit}:${ref}`,
  ];
  const pushed = await repository.git(args, { network: true });
  if (pushed.code === 0) return;
  const said = pushed.code === undefined ? "it did not answer" : says(pushed.stderr || pushed.stdout.toString("utf8"));
  throw new RepositoryFailure(
    `the branch ${branch} could not be pushed to ${repository.remote}: ${said}`,
    "check that you may push there (`git push` must work), or leave --pull-request out and commit the file yourself",
  );
}
