import { ErrorAnswer, NOT_FOUND, validationFailed } from "./answer.fixture.ts";
import { commentAnswer, issueAnswer } from "./answers.fixture.ts";
import { type Ask, ok, PAGING, REPOSITORY, type Route } from "./asks.fixture.ts";
import { paged } from "./pages.fixture.ts";
import { checkLength, type Fields, readBody } from "./request-body.fixture.ts";
import { type IssueState, nextNumber } from "./state.fixture.ts";
import type { TokenPermission } from "./tokens.fixture.ts";

/** Issues, and comments on issues and pull requests. */
export const ISSUE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: `${REPOSITORY}/issues/:number/comments`,
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
    path: `${REPOSITORY}/issues/:number/comments`,
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
    path: `${REPOSITORY}/issues/comments/:comment`,
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
    path: `${REPOSITORY}/issues`,
    query: [...PAGING, "state", "sort", "direction"],
    needs: () => ["issues:read"],
    answer: (ask) => paged(ask.url, issuesAsked(ask), (issue) => issueAnswer(ask.answering, issue)),
  },
  {
    method: "POST",
    path: `${REPOSITORY}/issues`,
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
    path: `${REPOSITORY}/issues/:number`,
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
];

const ISSUE_FIELDS: Fields = { assignee: "any", assignees: "any", labels: "any", milestone: "any", type: "any" };

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
