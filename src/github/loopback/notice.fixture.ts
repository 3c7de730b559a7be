import { commitsOf, headRef, type PullState, type State, WEB_FLOW } from "./state.fixture.ts";

/**
 * Looks at the repository as GitHub does after every push, whoever made it: moves pull requests to their branches' new
 * commits, makes `refs/pull/N/head` and `refs/pull/N/merge`, and calls merged what the base branch now contains.
 */
export function noticePushes(state: State, by?: string): void {
  const refs = state.git.refs("refs/heads", "refs/forks");
  for (const pull of state.pulls) if (pull.state === "open") noticePull(state, pull, refs, by);
}

function noticePull(state: State, pull: PullState, refs: ReadonlyMap<string, string>, by: string | undefined): void {
  const { git } = state;
  const base = refs.get(`refs/heads/${pull.base}`);
  const head = refs.get(headRef(state, pull.head));
  if (base === undefined || head === undefined) {
    pull.state = "closed";
    pull.closedAt = state.tick();
    return;
  }
  if (pull.trial?.base === base && pull.trial.head === head) return;
  if (head !== pull.headCommit) {
    pull.headCommit = head;
    pull.baseCommit = base;
    pull.heads.push(head);
  }
  git.setRef(`refs/pull/${pull.number}/head`, head);
  if (git.isAncestor(head, base)) {
    const commits = commitsBefore(state, pull);
    const commit = broughtBy(state, head, base);
    const at = state.tick();
    const onto = git.rev(`${commit}^1`) ?? commit;
    pull.merged = { by, at, commit, onto, landed: [commit], commits };
    pull.state = "closed";
    pull.closedAt = at;
    return;
  }
  pull.trial = { base, head, ...trialMerge(state, pull, base, head) };
}

/** What GitHub puts at `refs/pull/N/merge` for a workflow to run on. */
function trialMerge(state: State, pull: PullState, base: string, head: string): { commit?: string } {
  const { git } = state;
  const tree = git.mergeTree(base, head);
  if (tree === undefined) return {};
  const commit = git.commit({
    tree,
    parents: [base, head],
    message: `Merge ${head} into ${base}`,
    author: WEB_FLOW,
    committer: WEB_FLOW,
    at: state.tick(),
  });
  git.setRef(`refs/pull/${pull.number}/merge`, commit);
  return { commit };
}

/** The commits that the pull request had while the base branch did not contain them. */
function commitsBefore(state: State, pull: PullState): readonly string[] {
  const before = pull.trial?.base ?? pull.baseCommit;
  return before === undefined ? commitsOf(state, pull) : state.git.list(`${before}..${pull.headCommit}`);
}

/** The oldest commit of the first-parent line that contains `head`. */
function broughtBy(state: State, head: string, tip: string): string {
  const line = state.git.run("rev-list", "--first-parent", tip).split("\n");
  const firstWithout = line.findIndex((commit) => !state.git.isAncestor(head, commit));
  return line[(firstWithout === -1 ? line.length : firstWithout) - 1] ?? tip;
}
