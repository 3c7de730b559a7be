import type { Files } from "./bare-git.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { signatureOf } from "./pushes.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import {
  accountOf,
  commitsOf,
  headRef,
  mayPush,
  type PullState,
  pullOf,
  type State,
  WEB_FLOW,
} from "./state.fixture.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

export interface MergeOptions {
  readonly pull: number;
  readonly by: string;
  readonly method?: MergeMethod;
  /** The whole message of the merge or squash commit, in place of GitHub's own. */
  readonly message?: string;
}

export interface HandMadeMerge {
  readonly pull: number;
  readonly by: string;
  /** What the merge commit changes beside merging. */
  readonly files: Files;
  /** `head` (default): the base is merged into the pull request's branch; `base`: the pull request is merged by a push. */
  readonly into?: "head" | "base";
  /** GitHub moves the commit of standing approvals, as it does for its own update of the branch. Default false. */
  readonly movesApprovals?: boolean;
  readonly message?: string;
}

/** A merge queue's commit: what the default branch becomes if its checks pass. */
export interface MergeGroup {
  readonly pull: number;
  readonly ref: string;
  readonly commit: string;
  readonly base: string;
}

/** What the buttons of a pull request do, and what people do by hand instead. */
export function openMerges(state: State) {
  const { git } = state;

  return {
    /** The commit that the base branch ends at. */
    merge(options: MergeOptions): string {
      const { pull, onto } = ready(state, options.pull, options.by);
      const commits = commitsOf(state, pull);
      const landed = land(state, pull, onto, commits, options);
      const tip = landed.at(-1) ?? onto;
      git.setRef(`refs/heads/${pull.base}`, tip);
      const at = state.tick();
      pull.merged = { by: accountOf(state, options.by).login, at, commit: tip, onto, landed, commits };
      pull.state = "closed";
      pull.closedAt = at;
      noticePushes(state);
      return tip;
    },

    /** Merges the base branch into the pull request's, and moves standing approvals to the new commit. */
    updateBranch(number: number, by?: string): string {
      const { pull, onto } = ready(state, number, by);
      if (git.isAncestor(onto, pull.headCommit))
        throw new GitHubRefusal(422, "There are no new commits on the base branch.");
      const tree = git.mergeTree(pull.headCommit, onto);
      if (tree === undefined) throw new GitHubRefusal(422, "merge conflict between base and head");
      const commit = git.commit({
        tree,
        parents: [pull.headCommit, onto],
        message: `Merge branch '${pull.base}' into ${pull.head.branch}\n`,
        author: signatureOf(state, by ?? pull.author),
        committer: WEB_FLOW,
        at: state.tick(),
      });
      git.setRef(headRef(state, pull.head), commit);
      moveApprovals(state, pull, commit);
      noticePushes(state);
      return commit;
    },

    /** A merge commit that also changes files, made on somebody's machine and pushed. */
    mergeByHand({ pull: number, by, files, into = "head", movesApprovals = false, message }: HandMadeMerge): string {
      const { pull, onto } = ready(state, number, into === "base" ? by : undefined);
      const parents = into === "head" ? [pull.headCommit, onto] : [onto, pull.headCommit];
      const [ours = "", theirs = ""] = parents;
      const who = signatureOf(state, by);
      const merges = into === "head" ? `'${pull.base}' into ${pull.head.branch}` : `'${pull.head.branch}'`;
      const commit = git.commit({
        tree: git.treeWith(git.mergeTree(ours, theirs) ?? git.tree(ours), files),
        parents,
        message: `${message ?? `Merge branch ${merges}`}\n`,
        author: who,
        committer: who,
        at: state.tick(),
      });
      git.push(by, into === "head" ? headRef(state, pull.head) : `refs/heads/${pull.base}`, commit, false);
      if (movesApprovals) moveApprovals(state, pull, commit);
      noticePushes(state, by);
      return commit;
    },

    /** Puts a pull request into the merge queue, behind another group where there is one. */
    queue(options: MergeOptions, behind?: MergeGroup): MergeGroup {
      const { pull, onto: tip } = ready(state, options.pull, options.by);
      const onto = behind?.commit ?? tip;
      const commit = land(state, pull, onto, commitsOf(state, pull), options).at(-1) ?? onto;
      const ref = `refs/heads/gh-readonly-queue/${pull.base}/pr-${pull.number}-${onto}`;
      git.setRef(ref, commit);
      return { pull: pull.number, ref, commit, base: onto };
    },

    /** The queue's checks have passed: the base branch becomes the group's commit. */
    landGroup({ pull: number, ref, commit, base }: MergeGroup, by: string): void {
      const pull = pullOf(state, number);
      const commits = commitsOf(state, pull);
      git.run("update-ref", `refs/heads/${pull.base}`, commit, base);
      git.deleteRef(ref);
      const landed = git.list("--first-parent", `${base}..${commit}`);
      const at = state.tick();
      pull.merged = { by, at, commit, onto: base, landed, commits };
      pull.state = "closed";
      pull.closedAt = at;
      noticePushes(state);
    },
  };
}

/** A branch that takes a merged pull request back, as the button makes it: name and commit. */
export function revertBranch(
  state: State,
  number: number,
  by: string,
): { readonly branch: string; readonly commit: string } {
  const { git } = state;
  const pull = pullOf(state, number);
  const tip = git.rev(`refs/heads/${pull.base}`);
  if (!pull.merged || tip === undefined) throw new GitHubRefusal(422, "only merged pull requests are reverted");
  const tree = git.treeOfChange(pull.merged.commit, pull.merged.onto, tip);
  if (tree === undefined) throw new GitHubRefusal(422, "this pull request could not be reverted automatically");
  const branch = `revert-${number}-${pull.head.branch}`;
  const commit = git.commit({
    tree,
    parents: [tip],
    message: `Revert "${pull.title}${pull.merged.landed.length === 1 ? ` (#${number})` : ""}"\n\nThis reverts commit ${pull.merged.commit}.\n`,
    author: signatureOf(state, by),
    committer: WEB_FLOW,
    at: state.tick(),
  });
  git.setRef(`refs/heads/${branch}`, commit);
  return { branch, commit };
}

function ready(state: State, number: number, by: string | undefined): { pull: PullState; onto: string } {
  noticePushes(state);
  const pull = pullOf(state, number);
  const onto = state.git.rev(`refs/heads/${pull.base}`);
  if (by !== undefined && !mayPush(state, by)) throw new GitHubRefusal(403, "Resource not accessible");
  if (pull.state === "closed" || onto === undefined) throw new GitHubRefusal(405, "Pull Request is not mergeable");
  return { pull, onto };
}

function moveApprovals(state: State, pull: PullState, commit: string): void {
  for (const review of state.reviews)
    if (review.pull === pull.number && review.state === "APPROVED") review.commit = commit;
}

/** The new commits on `onto`, oldest first. */
function land(
  state: State,
  pull: PullState,
  onto: string,
  commits: readonly string[],
  { by, method = "merge", message }: MergeOptions,
): readonly string[] {
  if (pull.isDraft) throw new GitHubRefusal(405, "Pull Request is still a draft");
  if (method === "rebase") return rebased(state, onto, commits, by);
  const tree = state.git.mergeTree(onto, pull.headCommit);
  if (tree === undefined) throw new GitHubRefusal(405, "Pull Request is not mergeable");
  const at = state.tick();
  const made =
    method === "merge"
      ? {
          parents: [onto, pull.headCommit],
          message: `Merge pull request #${pull.number} from ${pull.head.owner}/${pull.head.branch}\n\n${pull.title}\n`,
          author: signatureOf(state, by),
        }
      : { parents: [onto], ...squashed(state, pull, commits) };
  return [
    state.git.commit({
      tree,
      ...made,
      ...(message === undefined ? {} : { message: `${message}\n` }),
      committer: WEB_FLOW,
      at,
    }),
  ];
}

/** Message and author that GitHub gives a squash commit: everybody else who wrote is a co-author. */
function squashed(state: State, pull: PullState, commits: readonly string[]) {
  const all = commits.map((commit) => state.git.facts(commit)).filter(({ parents }) => parents.length < 2);
  const [only] = all.length === 1 ? all : [];
  const title = only?.message.split("\n")[0] ?? pull.title;
  const body = only
    ? only.message.split("\n").slice(1).join("\n").trim()
    : all.map(({ message }) => `* ${withoutTrailers(message)}`).join("\n\n");
  const author = signatureOf(state, pull.author);
  const others = new Map(
    all
      .flatMap((each) => [`${each.author.name} <${each.author.email}>`, ...coAuthorsIn(each.message)])
      .filter((who) => !who.endsWith(`<${author.email}>`))
      .map((who) => [who.toLowerCase(), `Co-authored-by: ${who}`]),
  );
  // With one commit its own message stays as it is, trailers included.
  const trailers = only ? [] : [...others.values()];
  const separator = trailers.length > 0 ? "---------\n\n" : "";
  const message = [`${title} (#${pull.number})`, body, `${separator}${trailers.join("\n")}`]
    .filter(Boolean)
    .join("\n\n");
  return { message: `${message}\n`, author };
}

function rebased(state: State, onto: string, commits: readonly string[], by: string): readonly string[] {
  const { git } = state;
  const landed: string[] = [];
  for (const commit of commits) {
    const facts = git.facts(commit);
    const [parent, second] = facts.parents;
    // A rebase leaves merge commits out.
    if (parent === undefined || second !== undefined) continue;
    const on = landed.at(-1) ?? onto;
    const tree = git.treeOfChange(parent, commit, on);
    if (tree === undefined) throw new GitHubRefusal(405, "This branch can't be rebased");
    // GitHub cannot sign for the person who merges, so it does not put itself there as the committer.
    landed.push(
      git.commit({
        tree,
        parents: [on],
        message: `${facts.message}\n`,
        author: facts.author,
        committer: signatureOf(state, by),
        authoredAt: facts.author.at,
        at: state.tick(),
      }),
    );
  }
  return landed;
}

const CO_AUTHOR = /^co-authored-by: *(.+)$/gim;

function coAuthorsIn(message: string): readonly string[] {
  return [...message.matchAll(CO_AUTHOR)].map(([, who = ""]) => who);
}

function withoutTrailers(message: string): string {
  return message.replace(CO_AUTHOR, "").trimEnd();
}
