import { setTimeout as sleep } from "node:timers/promises";
import { getOctokit } from "@actions/github";
import type {
  Comment,
  GitHub,
  Issue,
  Permission,
  Person,
  PullCommit,
  PullRequest,
  RepositoryFacts,
  Review,
} from "./github.ts";
import { commitOnBranch } from "./commit-on-branch.ts";
import { GitHubFailure } from "./failure.ts";

type Octokit = ReturnType<typeof getOctokit>;

/** GitHub over its REST API. `repository` is `owner/name`; the address of the API is the runner's `GITHUB_API_URL`. */
export async function connectGitHub(token: string, repository: string, apiUrl: string): Promise<GitHub> {
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent: "mergepay" });
  const [owner = "", repo = ""] = repository.split("/");
  const at = { owner, repo };
  const { rest } = octokit;
  return {
    repository,
    login: await ownLogin(octokit),
    about: () => asking("read the repository", async () => factsOf((await rest.repos.get(at)).data)),
    pullRequest: (number) =>
      asking(`read pull request #${number}`, async () =>
        pullOf((await rest.pulls.get({ ...at, pull_number: number })).data),
      ),
    createPullRequest: ({ head, ...change }) =>
      telling(`open a pull request for ${head}`, async () =>
        pullOf((await rest.pulls.create({ ...at, ...change, head })).data),
      ),
    pullRequestsOf: (commit) =>
      asking(`find the pull request of ${commit.slice(0, 7)}`, async () =>
        (
          await octokit.paginate(rest.repos.listPullRequestsAssociatedWithCommit, {
            ...at,
            commit_sha: commit,
            per_page: PAGE,
          })
        ).map(pullOf),
      ),
    commitsOf: (pull) =>
      asking(`list the commits of #${pull}`, async () =>
        (await octokit.paginate(rest.pulls.listCommits, { ...at, pull_number: pull, per_page: PAGE })).map(commitOf),
      ),
    reviewsOf: (pull) =>
      asking(`list the reviews of #${pull}`, async () =>
        (await octokit.paginate(rest.pulls.listReviews, { ...at, pull_number: pull, per_page: PAGE })).map(reviewOf),
      ),
    mergedPulls: (base, most) =>
      asking("list the merged pull requests", async () => {
        const of = { ...at, state: "closed", base, sort: "updated", direction: "desc", per_page: PAGE } as const;
        return (await rest.pulls.list(of)).data
          .map(pullOf)
          .filter(({ isMerged }) => isMerged)
          .slice(0, most);
      }),
    permissionOf: (login) =>
      asking(`read what ${login} may do`, async () => {
        const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...at, username: login });
        return permissionIn(data.role_name, data.permission);
      }).catch((thrown: unknown) => {
        if (thrown instanceof GitHubFailure && thrown.status === 404) return "none";
        throw thrown;
      }),
    comments: (pull) =>
      asking(`list the comments of #${pull}`, async () =>
        (await octokit.paginate(rest.issues.listComments, { ...at, issue_number: pull, per_page: PAGE })).map(noteOf),
      ),
    createComment: (pull, body) =>
      telling(`comment on #${pull}`, async () =>
        noteOf((await rest.issues.createComment({ ...at, issue_number: pull, body })).data),
      ),
    updateComment: (id, body) =>
      telling("update the comment", async () =>
        noteOf((await rest.issues.updateComment({ ...at, comment_id: id, body })).data),
      ),
    checksOf: (commit, name) =>
      asking(`read the checks of ${commit.slice(0, 7)}`, async () =>
        (
          await rest.checks.listForRef({ ...at, ref: commit, check_name: name, filter: "all", per_page: PAGE })
        ).data.check_runs
          .filter(({ app }) => app?.slug === ACTIONS_APP)
          .map(({ head_sha, external_id }) => ({ commit: head_sha, externalId: external_id ?? "" })),
      ),
    createCheck: ({ name, commit, externalId, title, summary }) =>
      telling("make a check", async () => {
        const done = { status: "completed", conclusion: "success", output: { title, summary } } as const;
        await rest.checks.create({ ...at, name, head_sha: commit, external_id: externalId, ...done });
      }),
    rulesOf: (branch) =>
      asking(`read the rules of ${branch}`, async () =>
        (await octokit.paginate(rest.repos.getBranchRules, { ...at, branch, per_page: PAGE })).map(({ type }) => type),
      ).catch(unlessNotTold),
    isProtected: (branch) =>
      asking(
        `read the branch ${branch}`,
        async () => (await rest.repos.getBranch({ ...at, branch })).data.protection.enabled === true,
      ),
    commitOnBranch: (commit) => commitOnBranch(octokit.graphql, repository, commit),
    openIssues: () =>
      asking("list the open issues", async () =>
        (await octokit.paginate(rest.issues.listForRepo, { ...at, state: "open", per_page: PAGE }))
          .filter((each) => !each.pull_request)
          .map(issueOf),
      ),
    createIssue: (title, body) =>
      telling("open an issue", async () => issueOf((await rest.issues.create({ ...at, title, body })).data)),
    updateIssue: (number, change) =>
      telling(`update issue #${number}`, async () =>
        issueOf((await rest.issues.update({ ...at, issue_number: number, ...change })).data),
      ),
  };
}

const PAGE = 100;
/** The app whose token a workflow has. */
const ACTIONS_APP = "github-actions";

/** Some plans have no rules, and GitHub says so with a refusal. */
function unlessNotTold(thrown: unknown): undefined {
  if (thrown instanceof GitHubFailure && (thrown.status === 403 || thrown.status === 404)) return undefined;
  throw thrown;
}

/** A workflow's token may not ask who it is. Source: GitHub, “Automatic token authentication”. */
async function ownLogin(octokit: Octokit): Promise<string> {
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch {
    return "github-actions[bot]";
  }
}

/** A question may be asked again. Throws {@link GitHubFailure}, with `what` in its message. */
export function asking<T>(what: string, ask: () => Promise<T>, pausesMs: readonly number[] = PAUSES_MS): Promise<T> {
  return withRetries(what, ask, (status) => status === 0 || status === 429 || status >= 500, pausesMs);
}

/** What was told may have been heard: only where GitHub says that it did not listen is it told again. */
function telling<T>(what: string, tell: () => Promise<T>): Promise<T> {
  return withRetries(what, tell, (status) => status === 429);
}

const PAUSES_MS = [500, 2_000, 8_000];
/** A longer wait than this is not worth a runner's time. */
const PATIENCE_MS = 60_000;

async function withRetries<T>(
  what: string,
  call: () => Promise<T>,
  again: (status: number) => boolean,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (thrown) {
      const failure = failureOf(what, thrown);
      const pause = pausesMs[tries];
      const limited = failure.waitMs !== undefined;
      if (pause === undefined || !(limited || again(failure.status))) throw failure.failure;
      if ((failure.waitMs ?? 0) > PATIENCE_MS) throw failure.failure;
      await sleep(Math.max(pause, failure.waitMs ?? 0));
    }
  }
}

function failureOf(
  what: string,
  thrown: unknown,
): { failure: GitHubFailure; status: number; waitMs: number | undefined } {
  const error = Object(thrown) as {
    status?: unknown;
    message?: unknown;
    response?: { headers?: Record<string, unknown> };
  };
  const status = typeof error.status === "number" && error.response ? error.status : 0;
  const message = typeof error.message === "string" ? (error.message.split("\n")[0] ?? "") : String(thrown);
  const after = Number(error.response?.headers?.["retry-after"]);
  const limited = (status === 403 || status === 429) && (Number.isFinite(after) || /rate limit/i.test(message));
  const failure = new GitHubFailure(
    status,
    `GitHub would not ${what}: ${status || "no answer"} ${message}`,
    hintFor(status, limited),
  );
  return { failure, status, waitMs: limited ? (Number.isFinite(after) ? after * 1000 : PATIENCE_MS) : undefined };
}

function hintFor(status: number, limited: boolean): string {
  if (limited) return "GitHub asks to slow down; run it again in some minutes";
  if (status === 401) return "the token is wrong or has expired: `github-token` should be the workflow's own";
  if (status === 403) return "the job's `permissions:` do not allow it; compare them with payments.yml of mergepay";
  if (status === 404) return "it does not exist, or the token may not see it";
  if (status === 422) return "GitHub does not take what was sent";
  return "GitHub may be having trouble (githubstatus.com); run it again";
}

function factsOf(data: { default_branch: string; private: boolean }): RepositoryFacts {
  return { defaultBranch: data.default_branch, isPrivate: data.private };
}

interface UserData {
  readonly login?: string | undefined;
  readonly type?: string | undefined;
}

/** Absent where GitHub knows no account. An empty object stands for that in some answers. */
function personOf(user: UserData | null | undefined): Person | undefined {
  return user?.login === undefined ? undefined : { login: user.login, type: user.type ?? "User" };
}

/** Source: users/ghost is the account that GitHub shows in place of a deleted one. */
const GHOST: Person = { login: "ghost", type: "Mannequin" };

interface PullData {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly user: UserData | null;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repo?: { readonly full_name: string } | null };
  readonly merged_at?: string | null;
}

function pullOf({ number, html_url, title, user, base, head, merged_at }: PullData): PullRequest {
  return {
    number,
    url: html_url,
    title,
    author: personOf(user) ?? GHOST,
    base: { branch: base.ref, commit: base.sha },
    head: { branch: head.ref, commit: head.sha, repository: head.repo?.full_name ?? "" },
    isMerged: typeof merged_at === "string",
  };
}

interface CommitData {
  readonly sha: string;
  readonly parents: readonly { readonly sha: string }[];
  readonly commit: {
    readonly message: string;
    readonly author: { readonly name?: string } | null;
    readonly committer: { readonly name?: string; readonly date?: string } | null;
  };
  readonly author: UserData | null;
  readonly committer: UserData | null;
}

function commitOf({ sha, parents, commit, author, committer }: CommitData): PullCommit {
  const [by, brought] = [personOf(author), personOf(committer)];
  return {
    sha,
    parents: parents.map((parent) => parent.sha),
    message: commit.message,
    authorName: commit.author?.name ?? "",
    committerName: commit.committer?.name ?? "",
    committedAt: commit.committer?.date ?? "",
    ...(by ? { author: by } : {}),
    ...(brought ? { committer: brought } : {}),
  };
}

const REVIEW_STATES = ["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"] as const;

interface ReviewData {
  readonly id: number;
  readonly user: UserData | null;
  readonly state: string;
  readonly commit_id: string | null;
  readonly submitted_at?: string | undefined;
}

function reviewOf({ id, user, state, commit_id, submitted_at = "" }: ReviewData): Review {
  const by = personOf(user);
  return {
    id,
    ...(by ? { by } : {}),
    // A state that is not known yet must not count as an approval.
    state: REVIEW_STATES.find((each) => each === state) ?? "COMMENTED",
    commit: commit_id ?? "",
    at: submitted_at,
  };
}

const PERMISSIONS = ["admin", "maintain", "write", "triage", "read", "none"] as const;

/** `role_name` tells maintain and triage apart, and may be a role that an organisation made up; `permission` may not. */
function permissionIn(role: string, permission: string): Permission {
  return PERMISSIONS.find((each) => each === role) ?? PERMISSIONS.find((each) => each === permission) ?? "none";
}

interface NoteData {
  readonly id: number;
  readonly html_url: string;
  readonly user: UserData | null;
  readonly body?: string | null | undefined;
}

function noteOf({ id, html_url, user, body }: NoteData): Comment {
  return { id, url: html_url, author: user?.login ?? "", body: body ?? "" };
}

function issueOf({
  number,
  html_url,
  user,
  title,
  body,
}: Omit<NoteData, "id"> & { readonly number: number; readonly title: string }): Issue {
  return { number, url: html_url, author: user?.login ?? "", title, body: body ?? "" };
}
