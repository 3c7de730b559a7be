import { noticePushes } from "./notice.fixture.ts";
import { refOf } from "./pushes.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import { accountOf, nextNumber, type State } from "./state.fixture.ts";

export interface NewPull {
  readonly author: string;
  /** Of the repository, or `owner:branch` of a fork. It must have a commit that the base has not. */
  readonly branch: string;
  readonly title?: string;
  readonly body?: string;
  readonly base?: string;
  readonly isDraft?: boolean;
}

/** Opens a pull request and gives its number. */
export function openPullIn(
  state: State,
  { author, branch: name, title = "Pay", body, base, isDraft = false }: NewPull,
): number {
  const { owner, branch, ref } = refOf(state, name);
  const target = base ?? state.defaultBranch;
  const headCommit = state.git.rev(ref);
  const baseCommit = state.git.rev(`refs/heads/${target}`);
  if (headCommit === undefined || baseCommit === undefined) throw new GitHubRefusal(422, "Validation Failed");
  if (state.git.isAncestor(headCommit, baseCommit))
    throw new GitHubRefusal(422, `No commits between ${target} and ${branch}`);
  const number = nextNumber(state);
  state.pulls.push({
    number,
    author: accountOf(state, author).login,
    title,
    body: body ?? null,
    isDraft,
    base: target,
    head: { owner, branch },
    createdAt: state.tick(),
    state: "open",
    headCommit,
    baseCommit,
    heads: [headCommit],
  });
  noticePushes(state);
  return number;
}
