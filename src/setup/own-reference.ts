import { gitHubNameIn } from "../github/workflow-files.ts";
import { gitIn } from "../repository/git.ts";
import { VERSION } from "../version.ts";

/**
 * How a workflow names exactly the mergepay that is running: `OWNER/mergepay@<40 hex digits> # v1.2.3`, from the clone
 * that `folder` lies in. Undefined where it is no clone of a repository on GitHub.
 */
export async function ownReference(folder: string): Promise<string | undefined> {
  const git = gitIn(folder);
  const text = async (args: readonly string[]) => (await git(args)).stdout.toString("utf8").trim();
  const commit = await text(["rev-parse", "--verify", "--quiet", "HEAD"]);
  const address = await text(["remote", "get-url", "origin"]);
  const repository = gitHubNameIn(address);
  return repository !== undefined && /^[0-9a-f]{40}$/.test(commit)
    ? `${repository}@${commit} # v${VERSION}`
    : undefined;
}
