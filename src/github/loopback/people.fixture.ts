import type { Permission } from "../github.ts";
import { openMerges, revertBranch } from "./merges.fixture.ts";
import { noticePushes } from "./notice.fixture.ts";
import { openPullIn } from "./new-pull.fixture.ts";
import type { NewPull } from "./new-pull.fixture.ts";
import { openPushes } from "./pushes.fixture.ts";
import { GitHubRefusal } from "./refusal.fixture.ts";
import {
  accountOf,
  commitsOf,
  nextNumber,
  permissionOf,
  pullOf,
  type ReviewState,
  type State,
  type UserSeed,
} from "./state.fixture.ts";

export interface NewReview {
  readonly pull: number;
  readonly by: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "PENDING";
  /** The head where it is absent. */
  readonly commit?: string;
  readonly body?: string;
}

/** Everything that people do on GitHub. What GitHub refuses them throws {@link GitHubRefusal}. */
export type People = ReturnType<typeof openPeople>;

export function openPeople(state: State) {
  /** The new pull request's number. */
  const openPull = (pull: NewPull): number => openPullIn(state, pull);

  return {
    ...openPushes(state),
    ...openMerges(state),

    openPull,

    closePull(number: number): void {
      const pull = pullOf(state, number);
      if (pull.state === "closed") throw new GitHubRefusal(422, "already closed");
      pull.state = "closed";
      pull.closedAt = state.tick();
    },

    /** Opens the pull request that takes a merged one back, and gives its number. */
    revert(number: number, by: string): number {
      const { branch } = revertBranch(state, number, by);
      const title = `Revert "${pullOf(state, number).title}"`;
      return openPull({ author: by, branch, title, body: `Reverts ${state.fullName}#${number}` });
    },

    /** The review's id. */
    review({ pull: number, by, state: verdict, commit, body = "" }: NewReview): number {
      noticePushes(state);
      const pull = pullOf(state, number);
      const { login } = accountOf(state, by);
      if (permissionOf(state, login) === "none" && login !== pull.author && accountOf(state, by).type === "User")
        throw new GitHubRefusal(404, "Not Found");
      if (login === pull.author && (verdict === "APPROVED" || verdict === "CHANGES_REQUESTED")) {
        const what = verdict === "APPROVED" ? "approve" : "request changes on";
        throw new GitHubRefusal(422, `Review Can not ${what} your own pull request`);
      }
      const named = commit === undefined ? pull.headCommit : (state.git.rev(commit) ?? commit);
      if (named !== pull.headCommit && !commitsOf(state, pull).includes(named) && !pull.heads.includes(named))
        throw new GitHubRefusal(422, "The commit_id is not part of the pull request");
      const id = state.nextId();
      state.reviews.push({ id, pull: number, by: login, body, at: state.tick(), state: verdict, commit: named });
      return id;
    },

    dismissReview(id: number): void {
      const review = reviewOf(state, id);
      if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
        throw new GitHubRefusal(422, "Can not dismiss a commented pull request review");
      review.state = "DISMISSED";
    },

    /** A comment on a pull request or issue, by anybody; its id. */
    comment(issue: number, by: string, body: string): number {
      const at = state.tick();
      const id = state.nextId();
      state.comments.push({ id, issue, author: accountOf(state, by).login, body, createdAt: at, updatedAt: at });
      return id;
    },

    /** Somebody edits a comment, theirs or another's. */
    editComment(id: number, body: string): void {
      const comment = state.comments.find((each) => each.id === id);
      if (!comment) throw new GitHubRefusal(404, "Not Found");
      comment.body = body;
      comment.updatedAt = state.tick();
    },

    /** The new issue's number. */
    openIssue(author: string, title: string, body: string | null = null): number {
      const at = state.tick();
      const number = nextNumber(state);
      const { login } = accountOf(state, author);
      state.issues.push({ number, author: login, title, body, state: "open", createdAt: at, updatedAt: at });
      return number;
    },

    setPermission(login: string, permission: Permission): void {
      state.permissions.set(accountOf(state, login).login.toLowerCase(), permission);
    },

    addUser(login: string, { permission, type = "User", email, name = login }: UserSeed): void {
      state.accounts.set(login.toLowerCase(), { login, id: state.nextId(), type, name, email });
      state.permissions.set(login.toLowerCase(), permission);
    },

    /** What the account wrote stays, by nobody. */
    deleteAccount(login: string): void {
      const { login: known } = accountOf(state, login);
      state.accounts.delete(known.toLowerCase());
      state.permissions.delete(known.toLowerCase());
    },
  };
}

function reviewOf(state: State, id: number): ReviewState {
  const review = state.reviews.find((each) => each.id === id);
  if (!review) throw new GitHubRefusal(404, "Not Found");
  return review;
}
