import { commitId } from "../repository/names.ts";
import type { Repository } from "../repository/repository.ts";

/**
 * A commit that was once seen as the ledger's tip, by something that a rewritten branch does not rewrite with it. An
 * anchor can only make mergepay refuse to pay: whoever forges one stops payments, and causes none.
 */
export interface Anchor {
  readonly commit: string;
  /** Who saw it, for a person: `this clone`, `the comment of #12`. */
  readonly where: string;
}

/** Where a clone remembers what it has seen. `git fetch` does not touch it. */
export function anchorRef(remote: string, branch: string): string {
  return `refs/mergepay/anchor/${remote}/${branch}`;
}

/** What this clone has seen: as mergepay noted it, and as git itself did. */
export async function localAnchors(repository: Repository, branch: string): Promise<Anchor[]> {
  const { remote } = repository;
  const refs = [anchorRef(remote, branch), `refs/remotes/${remote}/${branch}`];
  const commits = await Promise.all(refs.map((ref) => repository.resolve(ref)));
  return [...new Set(commits)].flatMap((commit) => (commit === undefined ? [] : [{ commit, where: "this clone" }]));
}

/** Those that are not part of the line that ends in `tip`. A clone has all of that line, so that an unknown commit is not. */
export async function lostAnchors(
  repository: Repository,
  anchors: readonly Anchor[],
  tip: string,
): Promise<readonly Anchor[]> {
  const lost: Anchor[] = [];
  for (const anchor of anchors) {
    if (anchor.commit === tip) continue;
    const known = await repository.resolve(commitId(anchor.commit));
    if (known === undefined || !(await repository.isAncestor(known, tip))) lost.push(anchor);
  }
  return lost;
}

/**
 * Remembers a tip, and that the remote has it: from then on a tracking branch that is behind the anchor was set back by
 * somebody. A clone that cannot keep it works all the same: it has the other anchors.
 */
export async function keepAnchor({ git, remote }: Repository, branch: string, tip: string): Promise<void> {
  const refs = [anchorRef(remote, branch), `refs/remotes/${remote}/${branch}`];
  await git(["update-ref", "--stdin"], { input: refs.map((ref) => `update ${ref} ${commitId(tip)}\n`).join("") });
}
