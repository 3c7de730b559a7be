import { ErrorAnswer, errorAnswer, validationFailed } from "./answer.fixture.ts";
import { type Answering, instant, nodeId, type Schema, userAnswer, WEB } from "./answers.fixture.ts";
import { type Ask, ok, PAGING, REPOSITORY, type Route } from "./asks.fixture.ts";
import { paged } from "./pages.fixture.ts";
import { readBody } from "./request-body.fixture.ts";
import { ACTIONS_BOT, accountOf, type CheckState } from "./state.fixture.ts";

/** Check runs. Only an app makes them, and nobody changes those of another. */
export const CHECK_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: `${REPOSITORY}/check-runs`,
    needs: () => ["checks:write"],
    answer(ask) {
      const { state } = ask.answering;
      if (ask.token.login !== ACTIONS_BOT)
        throw new ErrorAnswer(errorAnswer(403, "You must authenticate via a GitHub App."));
      const body = readBody(ask.body, {
        name: "string!",
        head_sha: "string!",
        external_id: "string",
        status: ["completed"],
        conclusion: ["success", "failure", "neutral"],
        output: "any",
        details_url: "string",
      });
      const sha = state.git.rev(String(body["head_sha"]));
      if (sha === undefined)
        throw new ErrorAnswer(validationFailed({ resource: "CheckRun", field: "head_sha", code: "invalid" }));
      const output = Object(body["output"]) as { title?: string; summary?: string };
      const check: CheckState = {
        id: state.nextId(),
        name: String(body["name"]),
        commit: sha,
        externalId: typeof body["external_id"] === "string" ? body["external_id"] : "",
        app: "github-actions",
        title: output.title ?? "",
        summary: output.summary ?? "",
        at: state.tick(),
      };
      state.checks.push(check);
      return { ...ok(checkAnswer(ask.answering, check)), status: 201 };
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/commits/:sha/check-runs`,
    query: [...PAGING, "check_name", "filter", "status", "app_id"],
    needs: () => ["checks:read"],
    answer(ask) {
      const name = ask.url.searchParams.get("check_name");
      const found = checksOf(ask).filter((check) => name === null || check.name === name);
      const page = paged(ask.url, found, (check) => checkAnswer(ask.answering, check));
      return { ...page, body: { total_count: found.length, check_runs: page.body } };
    },
  },
];

/** The newest first. */
function checksOf({ answering: { state }, path }: Ask): readonly CheckState[] {
  const sha = state.git.rev(path["sha"] ?? "");
  if (sha === undefined) throw new ErrorAnswer(errorAnswer(422, `No commit found for SHA: ${path["sha"]}`));
  return state.checks.filter(({ commit }) => commit === sha).toReversed();
}

function checkAnswer(answering: Answering, check: CheckState): Schema<"check-run"> {
  const { state, api } = answering;
  const url = `${api}/repos/${state.fullName}/check-runs/${check.id}`;
  const owner = userAnswer(answering, accountOf(state, state.owner));
  return {
    id: check.id,
    head_sha: check.commit,
    node_id: nodeId("CR", check.id),
    external_id: check.externalId,
    url,
    html_url: `${WEB}/${state.fullName}/runs/${check.id}`,
    details_url: null,
    status: "completed",
    conclusion: "success",
    started_at: instant(check.at),
    completed_at: instant(check.at),
    output: {
      title: check.title,
      summary: check.summary,
      text: null,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    name: check.name,
    check_suite: { id: 1 },
    app: {
      id: 15368,
      slug: check.app,
      node_id: nodeId("A", 15368),
      owner,
      name: "GitHub Actions",
      description: "",
      external_url: "https://help.github.com/en/actions",
      html_url: `${WEB}/apps/${check.app}`,
      created_at: instant(check.at),
      updated_at: instant(check.at),
      permissions: {},
      events: [],
    },
    pull_requests: [],
  };
}
