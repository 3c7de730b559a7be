import { pullAnswer, commitAnswer, reviewAnswer, simplePullAnswer } from "./answer-pulls.fixture.ts";
import { fullRepositoryAnswer } from "./answer-repository.fixture.ts";
import { type Answer, ErrorAnswer, errorAnswer, NOT_ALLOWED, NOT_FOUND, validationFailed } from "./answer.fixture.ts";
import { type Answering, commentAnswer, issueAnswer, permissionAnswer, userAnswer } from "./answers.fixture.ts";
import { paged } from "./pages.fixture.ts";
import { checkLength, type Fields, readBody } from "./request-body.fixture.ts";
import { ACTIONS_BOT, accountOf, commitsOf, type IssueState, nextNumber, type PullState } from "./state.fixture.ts";
import type { Token, TokenPermission } from "./tokens.fixture.ts";

/** One request, after who asks is known. */
export interface Ask {
  readonly answering: Answering;
  readonly token: Token;
  /** What stands for the pattern's `:names`. */
  readonly path: Readonly<Record<string, string>>;
  readonly url: URL;
  readonly body: string;
}

export interface Route {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly query?: readonly string[];
  /** Any one of them is enough. A public repository is read without. */
  readonly needs: (ask: Ask) => readonly (TokenPermission | "metadata:read")[];
  readonly answer: (ask: Ask) => Answer;
}

const PAGING = ["per_page", "page"];
const PULLS_READ = () => ["pull-requests:read"] as const;
const REPO = "/repos/:owner/:name";

/** The endpoints that there are. Everything else is not found, with any method. */
export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: REPO,
    needs: () => ["metadata:read"],
    answer: (ask) => ok(fullRepositoryAnswer(ask.answering)),
  },
  {
    method: "GET",
    path: `${REPO}/pulls/:number`,
    needs: PULLS_READ,
    answer: (ask) => ok(pullAnswer(ask.answering, pullAsked(ask))),
  },
  {
    method: "GET",
    path: `${REPO}/pulls/:number/commits`,
    query: PAGING,
    needs: PULLS_READ,
    // GitHub shows no more than 250.
    answer: (ask) =>
      paged(ask.url, commitsOf(ask.answering.state, pullAsked(ask)).slice(0, 250), (sha) =>
        commitAnswer(ask.answering, sha),
      ),
  },
  {
    method: "GET",
    path: `${REPO}/pulls/:number/reviews`,
    query: PAGING,
    needs: PULLS_READ,
    answer(ask) {
      const { number } = pullAsked(ask);
      // A pending review is its author's alone.
      const seen = ask.answering.state.reviews.filter(
        ({ pull, state, by }) => pull === number && (state !== "PENDING" || by === ask.token.login),
      );
      return paged(ask.url, seen, (review) => reviewAnswer(ask.answering, review));
    },
  },
  {
    method: "GET",
    path: `${REPO}/commits/:sha/pulls`,
    query: PAGING,
    needs: PULLS_READ,
    answer: (ask) => paged(ask.url, pullsOfCommit(ask), (pull) => simplePullAnswer(ask.answering, pull)),
  },
  {
    method: "GET",
    path: `${REPO}/collaborators/:login/permission`,
    needs: () => ["metadata:read"],
    answer(ask) {
      const account = accountOf(ask.answering.state, ask.path["login"] ?? "");
      if (account.type === "Bot") throw new ErrorAnswer(errorAnswer(404, `${account.login} is not a user`));
      return ok(permissionAnswer(ask.answering, account));
    },
  },
  {
    method: "GET",
    path: `${REPO}/issues/:number/comments`,
    query: [...PAGING, "since"],
    needs: readsDiscussion,
    answer(ask) {
      const issue = issueAsked(ask).number;
      const found = ask.answering.state.comments.filter((comment) => comment.issue === issue);
      return paged(ask.url, found, (comment) => commentAnswer(ask.answering, comment));
    },
  },
  {
    method: "POST",
    path: `${REPO}/issues/:number/comments`,
    needs: writesDiscussion,
    answer(ask) {
      const { state } = ask.answering;
      const body = commentBody(ask, true);
      const issue = issueAsked(ask).number;
      const at = state.tick();
      const comment = { id: state.nextId(), issue, author: ask.token.login, body, createdAt: at, updatedAt: at };
      state.comments.push(comment);
      return { ...ok(commentAnswer(ask.answering, comment)), status: 201 };
    },
  },
  {
    method: "PATCH",
    path: `${REPO}/issues/comments/:comment`,
    needs: (ask) => writesIssue(ask, commentAsked(ask)?.issue),
    answer(ask) {
      const comment = commentAsked(ask);
      if (!comment) throw new ErrorAnswer(NOT_FOUND);
      comment.body = commentBody(ask, false);
      comment.updatedAt = ask.answering.state.tick();
      return ok(commentAnswer(ask.answering, comment));
    },
  },
  {
    method: "GET",
    path: `${REPO}/issues`,
    query: [...PAGING, "state", "sort", "direction"],
    needs: () => ["issues:read"],
    answer: (ask) => paged(ask.url, issuesAsked(ask), (issue) => issueAnswer(ask.answering, issue)),
  },
  {
    method: "POST",
    path: `${REPO}/issues`,
    needs: () => ["issues:write"],
    answer(ask) {
      const { state } = ask.answering;
      const { title, body } = readBody(ask.body, { title: "title!", body: "text", ...ISSUE_FIELDS });
      checkTitle(title);
      checkLength("Issue", true, body);
      const at = state.tick();
      const issue: IssueState = {
        number: nextNumber(state),
        author: ask.token.login,
        title: String(title),
        body: typeof body === "string" ? body : null,
        state: "open",
        createdAt: at,
        updatedAt: at,
      };
      state.issues.push(issue);
      return { ...ok(issueAnswer(ask.answering, issue)), status: 201 };
    },
  },
  {
    method: "PATCH",
    path: `${REPO}/issues/:number`,
    needs: writesDiscussion,
    answer(ask) {
      const fields: Fields = { title: "string", body: "text", state: ["open", "closed"], ...ISSUE_FIELDS };
      const change = readBody(ask.body, { ...fields, state_reason: "any" });
      const issue = ask.answering.state.issues.find((each) => each.number === Number(ask.path["number"]));
      if (!issue) throw new ErrorAnswer(NOT_FOUND);
      checkLength("Issue", false, change["body"]);
      if (change["title"] !== undefined) checkTitle(change["title"]);
      const at = ask.answering.state.tick();
      if (typeof change["title"] === "string") issue.title = change["title"];
      if (typeof change["body"] === "string") issue.body = change["body"];
      if (change["state"] === "closed" && issue.state === "open") issue.closedAt = at;
      if (change["state"] === "open") delete issue.closedAt;
      if (change["state"] === "open" || change["state"] === "closed") issue.state = change["state"];
      issue.updatedAt = at;
      return ok(issueAnswer(ask.answering, issue));
    },
  },
  {
    method: "GET",
    path: "/user",
    needs: () => ["metadata:read"],
    answer(ask) {
      // An installation is nobody.
      if (ask.token.login === ACTIONS_BOT) throw new ErrorAnswer(NOT_ALLOWED);
      return ok(userAnswer(ask.answering, accountOf(ask.answering.state, ask.token.login)));
    },
  },
];

const ISSUE_FIELDS: Fields = { assignee: "any", assignees: "any", labels: "any", milestone: "any", type: "any" };

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function pullAsked(ask: Ask): PullState {
  const found = ask.answering.state.pulls.find(({ number }) => number === Number(ask.path["number"]));
  if (!found) throw new ErrorAnswer(NOT_FOUND);
  return found;
}

function commentAsked({ answering, path }: Ask) {
  return answering.state.comments.find(({ id }) => id === Number(path["comment"]));
}

/** An issue, or a pull request, which has comments as an issue has. */
function issueAsked(ask: Ask): { readonly number: number } {
  const { issues, pulls } = ask.answering.state;
  const found = [...issues, ...pulls].find(({ number }) => number === Number(ask.path["number"]));
  if (!found) throw new ErrorAnswer(NOT_FOUND);
  return found;
}

/** Pull requests by which the commit came to the default branch; where it is not there yet, those that have it. */
function pullsOfCommit({ answering: { state }, path }: Ask): readonly PullState[] {
  const sha = state.git.rev(path["sha"] ?? "");
  if (sha === undefined) throw new ErrorAnswer(errorAnswer(422, `No commit found for SHA: ${path["sha"]}`));
  const having = state.pulls.filter(
    (pull) => pull.merged?.landed.includes(sha) || commitsOf(state, pull).includes(sha),
  );
  const isOnDefault = state.git.isAncestor(sha, `refs/heads/${state.defaultBranch}`);
  return isOnDefault ? having.filter(({ merged }) => merged) : having;
}

function issuesAsked({ answering: { state }, url }: Ask): readonly (IssueState & { isPull?: boolean })[] {
  const wanted = url.searchParams.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(wanted))
    throw new ErrorAnswer(validationFailed({ resource: "Issue", field: "state", code: "invalid" }));
  const pulls = state.pulls.map((pull) => ({
    ...pull,
    updatedAt: pull.closedAt ?? pull.createdAt,
    isPull: true,
  }));
  const oldestFirst = url.searchParams.get("direction") === "asc";
  return [...state.issues, ...pulls]
    .filter((issue) => wanted === "all" || issue.state === wanted)
    .toSorted((a, b) => (oldestFirst ? a.number - b.number : b.number - a.number));
}

function readsDiscussion(ask: Ask): readonly TokenPermission[] {
  return isPull(ask, Number(ask.path["number"])) ? ["issues:read", "pull-requests:read"] : ["issues:read"];
}

function writesDiscussion(ask: Ask): readonly TokenPermission[] {
  return writesIssue(ask, Number(ask.path["number"]));
}

function writesIssue(ask: Ask, number: number | undefined): readonly TokenPermission[] {
  return isPull(ask, number) ? ["issues:write", "pull-requests:write"] : ["issues:write"];
}

function isPull({ answering }: Ask, number: number | undefined): boolean {
  return answering.state.pulls.some((pull) => pull.number === number);
}

function commentBody(ask: Ask, isNew: boolean): string {
  const { body } = readBody(ask.body, { body: "string!" });
  checkLength("IssueComment", isNew, body);
  const text = String(body);
  if (text.trim() !== "") return text;
  throw new ErrorAnswer(
    validationFailed({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: "Body cannot be blank",
    }),
  );
}

function checkTitle(title: unknown): void {
  const text = String(title);
  if (text.trim() === "")
    throw new ErrorAnswer(validationFailed({ resource: "Issue", field: "title", code: "missing_field" }));
  if (Array.from(text).length > 256)
    throw new ErrorAnswer(
      validationFailed({
        resource: "Issue",
        field: "title",
        code: "custom",
        message: "title is too long (maximum is 256 characters)",
      }),
    );
}
