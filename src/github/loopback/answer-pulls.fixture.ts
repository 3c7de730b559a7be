import { repositoryAnswer } from "./answer-repository.fixture.ts";
import {
  type Answering,
  association,
  instant,
  nodeId,
  nullableUser,
  type Schema,
  someUser,
  userByEmail,
  WEB,
} from "./answers.fixture.ts";
import { WEB_FLOW, commitsOf, type PullState, type ReviewState } from "./state.fixture.ts";

/** A pull request as lists have it. */
export function simplePullAnswer(answering: Answering, pull: PullState): Schema<"pull-request-simple"> {
  return { ...common(answering, pull), labels: [], requested_teams: [] };
}

/** A pull request as asked for by its number, and as events carry it. */
export function pullAnswer(answering: Answering, pull: PullState): Schema<"pull-request"> {
  const { state } = answering;
  const base = pull.merged?.onto ?? state.git.rev(`refs/heads/${pull.base}`) ?? pull.baseCommit;
  const changes = state.git.changes(base, pull.headCommit);
  const isMergeable = pull.state === "open" ? pull.trial?.commit !== undefined : null;
  return {
    ...common(answering, pull),
    labels: [],
    requested_teams: [],
    merged: pull.merged !== undefined,
    mergeable: isMergeable,
    rebaseable: isMergeable,
    mergeable_state: isMergeable === null ? "unknown" : isMergeable ? (pull.isDraft ? "draft" : "clean") : "dirty",
    merged_by: pull.merged?.by === undefined ? null : nullableUser(answering, pull.merged.by),
    comments: state.comments.filter(({ issue }) => issue === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsOf(state, pull).length,
    additions: changes.reduce((sum, { added }) => sum + added, 0),
    deletions: changes.reduce((sum, { removed }) => sum + removed, 0),
    changed_files: changes.length,
  };
}

function common(answering: Answering, pull: PullState) {
  const { state, api } = answering;
  const repository = `${api}/repos/${state.fullName}`;
  const url = `${repository}/pulls/${pull.number}`;
  const issue = `${repository}/issues/${pull.number}`;
  const page = `${WEB}/${state.fullName}/pull/${pull.number}`;
  const statuses = `${repository}/statuses/${pull.headCommit}`;
  const reviewComment = `${repository}/pulls/comments{/number}`;
  return {
    url,
    id: 2_000_000_000 + pull.number,
    node_id: nodeId("PR", pull.number),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: reviewComment,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: someUser(answering, pull.author),
    body: pull.body,
    milestone: null,
    active_lock_reason: null,
    created_at: instant(pull.createdAt),
    updated_at: instant(pull.closedAt ?? pull.createdAt),
    closed_at: pull.closedAt ? instant(pull.closedAt) : null,
    merged_at: pull.merged ? instant(pull.merged.at) : null,
    merge_commit_sha: pull.merged?.commit ?? pull.trial?.commit ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    head: end(answering, pull.head.owner, pull.head.branch, pull.headCommit),
    base: end(answering, state.owner, pull.base, pull.baseCommit),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: reviewComment },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(answering, pull.author),
    auto_merge: null,
    draft: pull.isDraft,
  };
}

function end(answering: Answering, owner: string, branch: string, sha: string) {
  return {
    label: `${owner}:${branch}`,
    ref: branch,
    sha,
    user: someUser(answering, owner),
    repo: repositoryAnswer(answering, owner),
  };
}

export function reviewAnswer(answering: Answering, review: ReviewState): Schema<"pull-request-review"> {
  const { state, api } = answering;
  const page = `${WEB}/${state.fullName}/pull/${review.pull}#pullrequestreview-${review.id}`;
  const pull = `${api}/repos/${state.fullName}/pulls/${review.pull}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: nullableUser(answering, review.by),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: association(answering, review.by),
    _links: { html: { href: page }, pull_request: { href: pull } },
    submitted_at: instant(review.at),
    commit_id: review.commit,
  };
}

export function commitAnswer(answering: Answering, sha: string): Schema<"commit"> {
  const { state, api } = answering;
  const { tree, parents, author, committer, message } = state.git.facts(sha);
  const repository = `${api}/repos/${state.fullName}`;
  const signature = ({ name, email, at }: typeof author) => ({ name, email, date: instant(at) });
  const isByGitHub = committer.email === WEB_FLOW.email;
  return {
    sha,
    node_id: nodeId("C", sha),
    url: `${repository}/commits/${sha}`,
    html_url: `${WEB}/${state.fullName}/commit/${sha}`,
    comments_url: `${repository}/commits/${sha}/comments`,
    commit: {
      url: `${repository}/git/commits/${sha}`,
      author: signature(author),
      committer: signature(committer),
      message,
      comment_count: 0,
      tree: { sha: tree, url: `${repository}/git/trees/${tree}` },
      verification: {
        verified: isByGitHub,
        reason: isByGitHub ? "valid" : "unsigned",
        signature: isByGitHub ? "signature" : null,
        payload: isByGitHub ? "payload" : null,
        verified_at: isByGitHub ? instant(committer.at) : null,
      },
    },
    author: userByEmail(answering, author.email),
    committer: userByEmail(answering, committer.email),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${repository}/commits/${parent}`,
      html_url: `${WEB}/${state.fullName}/commit/${parent}`,
    })),
  };
}
