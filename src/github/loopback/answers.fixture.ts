import type { components } from "@octokit/openapi-types";
import {
  type Account,
  accountByEmail,
  type CommentState,
  type IssueState,
  permissionOf,
  type State,
} from "./state.fixture.ts";

/** GitHub's own description of an answer, so that a field of a wrong type, or one forgotten, does not compile. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Makes answers out of what is known. `api` is the server's own address; pages for people are on github.com. */
export interface Answering {
  readonly state: State;
  readonly api: string;
}

export const WEB = "https://github.com";

/** Stands for deleted accounts where an answer needs somebody. */
const GHOST: Account = { login: "ghost", id: 10137, type: "User", name: "Deleted user", email: "" };

export function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString("base64url")}`;
}

export function userAnswer({ api }: Answering, account: Account): Schema<"simple-user"> {
  const path = account.type === "Bot" ? `users/${encodeURIComponent(account.login)}` : `users/${account.login}`;
  const url = `${api}/${path}`;
  const page = account.type === "Bot" ? `apps/${account.login.replace("[bot]", "")}` : account.login;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("U", account.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `${WEB}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** Who asks, as they themselves are told. */
export function ownUserAnswer(answering: Answering, account: Account): Schema<"public-user"> {
  const since = instant(new Date("2020-01-01T00:00:00Z"));
  return {
    ...userAnswer(answering, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: since,
    updated_at: since,
  };
}

/** Somebody by login; nobody for a deleted account. */
export function nullableUser(answering: Answering, login: string): Schema<"nullable-simple-user"> {
  const account = answering.state.accounts.get(login.toLowerCase());
  return account ? userAnswer(answering, account) : null;
}

/** Somebody by login; GitHub's ghost for a deleted account. */
export function someUser(answering: Answering, login: string): Schema<"simple-user"> {
  return nullableUser(answering, login) ?? userAnswer(answering, GHOST);
}

/** Whose commit it is by e-mail address, if GitHub knows. */
export function userByEmail(answering: Answering, email: string): Schema<"nullable-simple-user"> {
  const account = accountByEmail(answering.state, email);
  return account ? userAnswer(answering, account) : null;
}

export function association({ state }: Answering, login: string): Schema<"author-association"> {
  if (login.toLowerCase() === state.owner.toLowerCase()) return "OWNER";
  const given = state.permissions.get(login.toLowerCase()) ?? "none";
  if (given !== "none") return "COLLABORATOR";
  return state.pulls.some(({ author, merged }) => merged && author === login) ? "CONTRIBUTOR" : "NONE";
}

export function permissionAnswer(answering: Answering, account: Account): Schema<"repository-collaborator-permission"> {
  const role = permissionOf(answering.state, account.login);
  const at = ["none", "read", "triage", "write", "maintain", "admin"].indexOf(role);
  return {
    // The old field knows four words; the role is in the new one.
    permission: role === "maintain" ? "write" : role === "triage" ? "read" : role,
    role_name: role,
    user: {
      ...userAnswer(answering, account),
      permissions: { admin: at >= 5, maintain: at >= 4, push: at >= 3, triage: at >= 2, pull: at >= 1 },
      role_name: role,
    },
  };
}

export function commentAnswer(answering: Answering, comment: CommentState): Schema<"issue-comment"> {
  const { state, api } = answering;
  const url = `${api}/repos/${state.fullName}/issues/comments/${comment.id}`;
  const kind = state.pulls.some(({ number }) => number === comment.issue) ? "pull" : "issues";
  return {
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    url,
    html_url: `${WEB}/${state.fullName}/${kind}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${api}/repos/${state.fullName}/issues/${comment.issue}`,
    body: comment.body,
    user: nullableUser(answering, comment.author),
    created_at: instant(comment.createdAt),
    updated_at: instant(comment.updatedAt),
    author_association: association(answering, comment.author),
    performed_via_github_app: null,
    reactions: reactions(url),
  };
}

/** An issue, or a pull request as one: GitHub's lists of issues have both. */
export function issueAnswer(answering: Answering, issue: IssueState & { isPull?: boolean }): Schema<"issue"> {
  const { state, api } = answering;
  const url = `${api}/repos/${state.fullName}/issues/${issue.number}`;
  const pull = `${state.fullName}/pull/${issue.number}`;
  return {
    id: 3_000_000_000 + issue.number,
    node_id: nodeId("I", issue.number),
    url,
    repository_url: `${api}/repos/${state.fullName}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issue.isPull ? `${WEB}/${pull}` : `${WEB}/${state.fullName}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.state === "closed" && !issue.isPull ? "completed" : null,
    title: issue.title,
    body: issue.body,
    user: nullableUser(answering, issue.author),
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: state.comments.filter((comment) => comment.issue === issue.number).length,
    closed_at: issue.closedAt ? instant(issue.closedAt) : null,
    created_at: instant(issue.createdAt),
    updated_at: instant(issue.updatedAt),
    author_association: association(answering, issue.author),
    performed_via_github_app: null,
    reactions: reactions(url),
    ...(issue.isPull
      ? {
          draft: state.pulls.some(({ number, isDraft }) => number === issue.number && isDraft),
          pull_request: {
            url: `${api}/repos/${state.fullName}/pulls/${issue.number}`,
            html_url: `${WEB}/${pull}`,
            diff_url: `${WEB}/${pull}.diff`,
            patch_url: `${WEB}/${pull}.patch`,
            merged_at: mergedAt(state, issue.number),
          },
        }
      : { closed_by: null }),
  };
}

export function rateLimitAnswer(rate: Schema<"rate-limit">): Schema<"rate-limit-overview"> {
  const unused = (limit: number) => ({ ...rate, limit, remaining: limit, used: 0 });
  return { resources: { core: rate, search: unused(30), graphql: unused(rate.limit) }, rate };
}

function mergedAt(state: State, number: number): string | null {
  const merged = state.pulls.find((pull) => pull.number === number)?.merged;
  return merged ? instant(merged.at) : null;
}

function reactions(url: string): Schema<"reaction-rollup"> {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
