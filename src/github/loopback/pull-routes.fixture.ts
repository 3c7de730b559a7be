import { pullAnswer, commitAnswer, reviewAnswer, simplePullAnswer } from "./answer-pulls.fixture.ts";
import { fullRepositoryAnswer } from "./answer-repository.fixture.ts";
import { ErrorAnswer, errorAnswer, NOT_ALLOWED, NOT_FOUND, validationFailed } from "./answer.fixture.ts";
import { ownUserAnswer, permissionAnswer } from "./answers.fixture.ts";
import { type Ask, ok, PAGING, REPOSITORY, type Route } from "./asks.fixture.ts";
import { openPullIn } from "./new-pull.fixture.ts";
import { paged } from "./pages.fixture.ts";
import { readBody } from "./request-body.fixture.ts";
import { ACTIONS_BOT, accountOf, commitsOf, type PullState } from "./state.fixture.ts";

const PULLS_READ = () => ["pull-requests:read"] as const;

/** The repository, its people and its pull requests. */
export const PULL_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: REPOSITORY,
    needs: () => ["metadata:read"],
    answer: (ask) => ok(fullRepositoryAnswer(ask.answering, ask.token.login)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/pulls`,
    query: [...PAGING, "state", "base", "sort", "direction"],
    needs: PULLS_READ,
    answer: (ask) => paged(ask.url, pullsListed(ask), (pull) => simplePullAnswer(ask.answering, pull)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/pulls/:number`,
    needs: PULLS_READ,
    answer: (ask) => ok(pullAnswer(ask.answering, pullAsked(ask))),
  },
  {
    method: "POST",
    path: `${REPOSITORY}/pulls`,
    needs: () => ["pull-requests:write"],
    answer(ask) {
      const { state } = ask.answering;
      const { title, head, base, body } = readBody(ask.body, NEW_PULL);
      const twin = state.pulls.find((pull) => pull.state === "open" && pull.head.branch === head && pull.base === base);
      const message = `A pull request already exists for ${state.owner}:${String(head)}.`;
      if (twin)
        throw new ErrorAnswer(validationFailed({ resource: "PullRequest", field: "head", code: "custom", message }));
      const number = openPullIn(state, {
        author: ask.token.login,
        branch: String(head),
        base: String(base),
        title: String(title),
        ...(typeof body === "string" ? { body } : {}),
      });
      const opened = state.pulls.find((pull) => pull.number === number);
      if (!opened) throw new Error(`no pull request ${number}`);
      return { ...ok(pullAnswer(ask.answering, opened)), status: 201 };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/pulls/:number/commits`,
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
    path: `${REPOSITORY}/pulls/:number/reviews`,
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
    path: `${REPOSITORY}/commits/:sha/pulls`,
    query: PAGING,
    needs: PULLS_READ,
    answer: (ask) => paged(ask.url, pullsOfCommit(ask), (pull) => simplePullAnswer(ask.answering, pull)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/collaborators/:login/permission`,
    needs: () => ["metadata:read"],
    answer(ask) {
      const account = accountOf(ask.answering.state, ask.path["login"] ?? "");
      if (account.type === "Bot") throw new ErrorAnswer(errorAnswer(404, `${account.login} is not a user`));
      return ok(permissionAnswer(ask.answering, account));
    },
  },
  {
    method: "GET",
    path: "/user",
    needs: () => ["metadata:read"],
    answer(ask) {
      // An installation is nobody.
      if (ask.token.login === ACTIONS_BOT) throw new ErrorAnswer(NOT_ALLOWED);
      return ok(ownUserAnswer(ask.answering, accountOf(ask.answering.state, ask.token.login)));
    },
  },
];

const NEW_PULL = { title: "title!", head: "string!", base: "string!", body: "text", draft: "any" } as const;

function pullAsked(ask: Ask): PullState {
  const found = ask.answering.state.pulls.find(({ number }) => number === Number(ask.path["number"]));
  if (!found) throw new ErrorAnswer(NOT_FOUND);
  return found;
}

/** Newest first, as GitHub sorts them; of `sort` only what was updated last is known here. */
function pullsListed({ answering: { state }, url }: Ask): readonly PullState[] {
  const wanted = url.searchParams.get("state") ?? "open";
  const base = url.searchParams.get("base");
  const when = (pull: PullState) => (pull.closedAt ?? pull.createdAt).getTime();
  const isUpdated = url.searchParams.get("sort") === "updated";
  return state.pulls
    .filter((pull) => (wanted === "all" || pull.state === wanted) && (base === null || pull.base === base))
    .toSorted((a, b) => (isUpdated ? when(b) - when(a) : b.number - a.number));
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
