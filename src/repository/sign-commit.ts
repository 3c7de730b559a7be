import { RepositoryFailure } from "./failure.ts";
import { says } from "./git-text.ts";
import { commitId } from "./names.ts";
import type { Identity, Repository } from "./repository.ts";

export interface SigningOptions {
  /** Path of an SSH private key without a passphrase, or whose agent is at hand. */
  readonly key: string;
  readonly identity: Identity;
  readonly message: string;
  readonly parent?: string;
}

/** The tree of a commit in a new one, with an SSH signature. Source: git-config(1), `gpg.format`, `user.signingKey`. */
export async function signCommit(
  { git }: Repository,
  commit: string,
  { key, identity, message, parent }: SigningOptions,
): Promise<string> {
  const settings = {
    "gpg.format": "ssh",
    "user.signingKey": key,
    "user.name": identity.name,
    "user.email": identity.email,
  };
  const { code, stdout, stderr } = await git(
    [
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      "commit-tree",
      "-S",
      ...(parent === undefined ? [] : ["-p", commitId(parent)]),
      "-F",
      "-",
      `${commitId(commit)}^{tree}`,
    ],
    { input: message },
  );
  if (code === 0) return commitId(stdout.toString("utf8").trim());
  throw new RepositoryFailure(
    `the ledger's commit cannot be signed: ${says(stderr)}`,
    "give an SSH private key that `ssh-keygen -Y sign` can use, without a passphrase; nothing was paid",
  );
}
