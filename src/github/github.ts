/** What we ask of GitHub and tell it: REST, one method a question. Every method may throw {@link GitHubFailure}. */
export interface GitHub {
  /** `owner/name` */
  readonly repository: string;
  /** The login under which our token writes; `github-actions[bot]` for the token of a workflow. */
  readonly login: string;
  about(): Promise<RepositoryFacts>;
  pullRequest(number: number): Promise<PullRequest>;
  createPullRequest(change: NewPullRequest): Promise<PullRequest>;
  /** Pull requests that a commit of the default branch came by. GitHub may take a moment to know after a merge. */
  pullRequestsOf(commit: string): Promise<readonly PullRequest[]>;
  /** At most 250, oldest first: GitHub shows no more. */
  commitsOf(pull: number): Promise<readonly PullCommit[]>;
  /** All of them, oldest first. */
  reviewsOf(pull: number): Promise<readonly Review[]>;
  /** Those of a branch that were merged, the last one first. */
  mergedPulls(base: string, most: number): Promise<readonly PullRequest[]>;
  permissionOf(login: string): Promise<Permission>;
  comments(pull: number): Promise<readonly Comment[]>;
  createComment(pull: number, body: string): Promise<Comment>;
  updateComment(id: number, body: string): Promise<Comment>;
  /** Check runs of a commit that workflows made under this name. */
  checksOf(commit: string, name: string): Promise<readonly Check[]>;
  createCheck(
    check: Check & { readonly name: string; readonly title: string; readonly summary: string },
  ): Promise<void>;
  /** Rules of rulesets that hold for a branch; undefined where GitHub does not tell, as on some plans. */
  rulesOf(branch: string): Promise<readonly string[] | undefined>;
  /** Whether the branch has a classic protection. */
  isProtected(branch: string): Promise<boolean>;
  /** One commit on a branch that is still at `parent`, made and signed by GitHub itself. */
  commitOnBranch(commit: BranchCommit): Promise<BranchCommitted>;
  /** Open issues, without pull requests. */
  openIssues(): Promise<readonly Issue[]>;
  createIssue(title: string, body: string): Promise<Issue>;
  updateIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<Issue>;
}

export interface RepositoryFacts {
  readonly defaultBranch: string;
  readonly isPrivate: boolean;
}

export interface Person {
  readonly login: string;
  /** `User`, `Bot`, `Organization`, `Mannequin`: only a `User` is a human. */
  readonly type: string;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: Person;
  readonly base: { readonly branch: string; readonly commit: string };
  readonly head: { readonly branch: string; readonly commit: string; readonly repository: string };
  readonly isMerged: boolean;
}

export interface NewPullRequest {
  readonly title: string;
  readonly body: string;
  /** Branches of the repository itself. */
  readonly head: string;
  readonly base: string;
}

export interface PullCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** As git has them: the only names of people whom GitHub does not know. */
  readonly authorName: string;
  readonly committerName: string;
  /** ISO 8601; empty where git has none. */
  readonly committedAt: string;
  /** Absent where GitHub knows no account for the e-mail address. */
  readonly author?: Person;
  readonly committer?: Person;
}

export interface Review {
  readonly id: number;
  /** Absent for a deleted account. */
  readonly by?: Person;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  /** The commit it names. GitHub moves it forward by itself when the branch is updated, so it proves nothing alone. */
  readonly commit: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Check {
  readonly commit: string;
  /** What the check's maker wrote to find it again. */
  readonly externalId: string;
}

export interface BranchCommit {
  readonly branch: string;
  readonly parent: string;
  readonly message: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** `moved`: the branch is elsewhere, nothing was done. `unknown`: it may have been done. */
export type BranchCommitted =
  | { readonly kind: "committed"; readonly commit: string }
  | { readonly kind: "moved" }
  | { readonly kind: "refused" | "unknown"; readonly message: string };

export type Permission = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly author: string;
  readonly body: string;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
}
