import type { Permission } from "../github.ts";
import { type BareGit, openBareGit, type Signature } from "./bare-git.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import { newSettings, type Settings } from "./settings.fixture.ts";

/** Somebody of the test's world. A person is found in commits by `email`. */
export interface UserSeed {
  readonly permission: Permission;
  readonly type?: "User" | "Bot";
  readonly email: string;
  /** As in commits; the login where it is absent. */
  readonly name?: string;
}

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot" | "Organization";
  readonly name: string;
  readonly email: string;
}

export interface PullState {
  readonly number: number;
  readonly author: string;
  readonly title: string;
  readonly body: string | null;
  readonly isDraft: boolean;
  readonly base: string;
  /** The owner is another than the repository's for a fork. */
  readonly head: { readonly owner: string; readonly branch: string };
  readonly createdAt: Date;
  state: "open" | "closed";
  headCommit: string;
  /** The tip of the base branch when the head last moved: GitHub does not follow the base branch. */
  baseCommit: string;
  /** Head commits that the pull request has had, oldest first. */
  readonly heads: string[];
  /** The merge result at `refs/pull/N/merge`, for this base and head; without commit where they conflict. */
  trial?: { readonly base: string; readonly head: string; readonly commit?: string };
  merged?: {
    /** Undefined where somebody pushed it without saying who. */
    readonly by: string | undefined;
    readonly at: Date;
    readonly commit: string;
    /** Tip of the base branch before. */
    readonly onto: string;
    /** New commits of the base branch that GitHub ties to this pull request. */
    readonly landed: readonly string[];
    readonly commits: readonly string[];
  };
  closedAt?: Date;
}

export interface ReviewState {
  readonly id: number;
  readonly pull: number;
  readonly by: string;
  readonly body: string;
  readonly at: Date;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  commit: string;
}

export interface IssueState {
  readonly number: number;
  readonly author: string;
  readonly createdAt: Date;
  title: string;
  body: string | null;
  state: "open" | "closed";
  updatedAt: Date;
  closedAt?: Date;
}

export interface CommentState {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly createdAt: Date;
  body: string;
  updatedAt: Date;
}

/** A check run that an app made. */
export interface CheckState {
  readonly id: number;
  readonly name: string;
  readonly commit: string;
  readonly externalId: string;
  /** Slug of the app. */
  readonly app: string;
  readonly title: string;
  readonly summary: string;
  readonly at: Date;
}

export interface GitHubOptions {
  /** The bare repository, made if there is none. */
  readonly bare: string;
  readonly owner: string;
  readonly name: string;
  /** Default true: less is readable without being allowed. */
  readonly isPrivate?: boolean;
  readonly users: Readonly<Record<string, UserSeed>>;
  readonly defaultBranch?: string;
  /** GitHub's clock starts here and moves one second at every act, so that commits are the same in every run. */
  readonly startsAt?: string;
}

/** Everything that GitHub knows beside git. */
export interface State {
  readonly git: BareGit;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly accounts: Map<string, Account>;
  readonly permissions: Map<string, Permission>;
  readonly pulls: PullState[];
  readonly reviews: ReviewState[];
  readonly issues: IssueState[];
  readonly comments: CommentState[];
  readonly settings: Settings;
  readonly checks: CheckState[];
  /** A second later than at the last call. */
  readonly tick: () => Date;
  /** Ids that no other thing has. */
  readonly nextId: () => number;
}

/** Under which a workflow's `GITHUB_TOKEN` writes. */
export const ACTIONS_BOT = "github-actions[bot]";

/** Commits what is done with a button. */
export const WEB_FLOW: Signature = { name: "GitHub", email: "noreply@github.com" };

export function openState(options: GitHubOptions): State {
  const { bare, owner, name, isPrivate = true, users, defaultBranch = "main" } = options;
  let now = new Date(options.startsAt ?? "2026-11-02T09:00:00Z").getTime();
  let id = 1000;
  const accounts = new Map<string, Account>();
  const permissions = new Map<string, Permission>();
  const add = (account: Account) => void accounts.set(account.login.toLowerCase(), account);
  add({ login: "web-flow", id: 19864447, type: "User", ...WEB_FLOW });
  const bot = { login: ACTIONS_BOT, id: 41898282, type: "Bot", name: ACTIONS_BOT } as const;
  add({ ...bot, email: `${bot.id}+${ACTIONS_BOT}@users.noreply.github.com` });
  permissions.set(ACTIONS_BOT, "write");
  for (const [login, { permission, type = "User", email, name = login }] of Object.entries(users)) {
    add({ login, id: ++id, type, name, email });
    permissions.set(login.toLowerCase(), permission);
  }
  if (!accounts.has(owner.toLowerCase()))
    add({ login: owner, id: ++id, type: "Organization", name: owner, email: `${owner}@example.org` });
  const git = openBareGit(bare);
  git.run("symbolic-ref", "HEAD", `refs/heads/${defaultBranch}`);
  return {
    git,
    owner,
    name,
    fullName: `${owner}/${name}`,
    isPrivate,
    defaultBranch,
    accounts,
    permissions,
    pulls: [],
    reviews: [],
    issues: [],
    comments: [],
    settings: newSettings(),
    checks: [],
    tick: () => new Date((now += 1000)),
    nextId: () => ++id,
  };
}

export function accountOf(state: State, login: string): Account {
  const account = state.accounts.get(login.toLowerCase());
  if (!account) throw new GitHubRefusal(404, `${login} is not a user`);
  return account;
}

/** Whose e-mail address it is, if GitHub knows. */
export function accountByEmail(state: State, email: string): Account | undefined {
  const noreply = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/i.exec(email)?.[1];
  if (noreply !== undefined) return state.accounts.get(noreply.toLowerCase());
  return [...state.accounts.values()].find((account) => account.email.toLowerCase() === email.toLowerCase());
}

/** What somebody may do, as GitHub sees it: everybody reads what is public. */
export function permissionOf(state: State, login: string): Permission {
  const given = state.permissions.get(login.toLowerCase()) ?? "none";
  return given === "none" && !state.isPrivate ? "read" : given;
}

export function mayPush(state: State, login: string): boolean {
  return ["admin", "maintain", "write"].includes(permissionOf(state, login));
}

export function pullOf(state: State, number: number): PullState {
  const pull = state.pulls.find((each) => each.number === number);
  if (!pull) throw new GitHubRefusal(404, "Not Found");
  return pull;
}

/** Where the commits of a pull request's branch live. A fork's are not among the branches that a clone gets. */
export function headRef(state: State, { owner, branch }: PullState["head"]): string {
  return owner === state.owner ? `refs/heads/${branch}` : `refs/forks/${owner}/${branch}`;
}

export function nextNumber(state: State): number {
  return 1 + Math.max(0, ...state.pulls.map(({ number }) => number), ...state.issues.map(({ number }) => number));
}

/** Commits of the pull request, oldest first: what its branch has and the base has not, frozen by the merge. */
export function commitsOf(state: State, pull: PullState): readonly string[] {
  if (pull.merged) return pull.merged.commits;
  return state.git.list(`refs/heads/${pull.base}..${pull.headCommit}`);
}
