import { commitAnswer } from "./answer-pulls.fixture.ts";
import { ErrorAnswer, errorAnswer, NOT_FOUND } from "./answer.fixture.ts";
import { instant, nodeId, type Schema, userAnswer, WEB } from "./answers.fixture.ts";
import { type Ask, ok, PAGING, REPOSITORY, type Route } from "./asks.fixture.ts";
import { paged } from "./pages.fixture.ts";
import type { EnvironmentSettings } from "./settings.fixture.ts";
import { mayPush, permissionOf } from "./state.fixture.ts";

const METADATA = () => ["metadata:read"] as const;
const ADMINISTRATION = () => ["administration:read"] as const;
const SINCE = instant(new Date("2026-01-05T10:00:00Z"));

/** How the repository is set up: rules, people, Actions, environments, names of secrets. */
export const SETTINGS_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: `${REPOSITORY}/rules/branches/:branch`,
    query: PAGING,
    needs: METADATA,
    answer(ask) {
      refuseFreePlan(ask);
      const { rules } = ask.answering.state.settings;
      return paged(ask.url, rules[ask.path["branch"] ?? ""] ?? [], (rule) => rule);
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/branches/:branch`,
    needs: () => ["contents:read"],
    answer: (ask) => ok(branchAnswer(ask)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/branches/:branch/protection`,
    needs: ADMINISTRATION,
    answer(ask) {
      refuseFreePlan(ask);
      const found = ask.answering.state.settings.protection[ask.path["branch"] ?? ""];
      return found ? ok(found) : errorAnswer(404, "Branch not protected");
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/collaborators`,
    query: [...PAGING, "permission"],
    needs: METADATA,
    answer(ask) {
      const { state } = ask.answering;
      if (!mayPush(state, ask.token.login))
        return errorAnswer(403, "Must have push access to view repository collaborators.");
      const wanted = [...state.accounts.values()].filter(
        ({ login, type }) => type === "User" && state.permissions.has(login.toLowerCase()) && mayPush(state, login),
      );
      return paged(ask.url, wanted, (account): Schema<"collaborator"> => ({
        ...userAnswer(ask.answering, account),
        role_name: permissionOf(state, account.login),
      }));
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/permissions`,
    needs: ADMINISTRATION,
    answer(ask) {
      const body: Schema<"actions-repository-permissions"> = {
        enabled: ask.answering.state.settings.actionsEnabled,
        allowed_actions: "all",
      };
      return ok(body);
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/permissions/workflow`,
    needs: ADMINISTRATION,
    answer(ask) {
      const body: Schema<"actions-get-default-workflow-permissions"> = {
        default_workflow_permissions: "read",
        can_approve_pull_request_reviews: ask.answering.state.settings.actionsMayApprove,
      };
      return ok(body);
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/permissions/fork-pr-workflows-private-repos`,
    needs: ADMINISTRATION,
    answer(ask) {
      const sends = ask.answering.state.settings.forksGetSecrets;
      const body: Schema<"actions-fork-pr-workflows-private-repos"> = {
        run_workflows_from_fork_pull_requests: sends,
        send_write_tokens_to_workflows: false,
        send_secrets_and_variables: sends,
        require_approval_for_fork_pr_workflows: true,
      };
      return ok(body);
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/workflows/:file`,
    needs: () => ["actions:read"],
    answer: (ask) => ok(workflowAnswer(ask)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/workflows/:file/runs`,
    query: [...PAGING, "status", "event"],
    needs: () => ["actions:read"],
    answer(ask) {
      const { id } = workflowAnswer(ask);
      const runs = ask.answering.state.settings.runs[ask.path["file"] ?? ""] ?? [];
      const shown = runs.map((run, index) => runAnswer(ask, id, runs.length - index, run));
      return ok({
        total_count: shown.length,
        workflow_runs: shown.slice(0, Number(ask.url.searchParams.get("per_page") ?? 30)),
      });
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/actions/secrets`,
    query: PAGING,
    needs: () => ["secrets:read"],
    answer: (ask) => ok(secretsAnswer(ask.answering.state.settings.secrets)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/environments/:environment`,
    needs: () => ["actions:read"],
    answer: (ask) => ok(environmentAnswer(ask)),
  },
  {
    method: "GET",
    path: `${REPOSITORY}/environments/:environment/deployment-branch-policies`,
    query: PAGING,
    needs: () => ["actions:read"],
    answer(ask) {
      const { branches } = environmentAsked(ask);
      const names = typeof branches === "string" ? [] : branches;
      const policies: Schema<"deployment-branch-policy">[] = names.map((name, index) => ({
        id: index + 1,
        name,
        type: "branch",
      }));
      return ok({ total_count: policies.length, branch_policies: policies });
    },
  },
  {
    method: "GET",
    path: `${REPOSITORY}/environments/:environment/secrets`,
    query: PAGING,
    needs: () => ["environments:read"],
    answer: (ask) => ok(secretsAnswer(environmentAsked(ask).secrets)),
  },
];

function refuseFreePlan({ answering: { state } }: Ask): void {
  if (state.isPrivate && state.settings.plan === "free")
    throw new ErrorAnswer(
      errorAnswer(403, "Upgrade to GitHub Pro or make this repository public to enable this feature."),
    );
}

function branchAnswer({ answering, path }: Ask): Schema<"branch-with-protection"> {
  const { state, api } = answering;
  const branch = path["branch"] ?? "";
  const tip = state.git.rev(`refs/heads/${branch}`);
  if (tip === undefined) throw new ErrorAnswer(errorAnswer(404, "Branch not found"));
  const url = `${api}/repos/${state.fullName}/branches/${branch}`;
  const { rules, protection } = state.settings;
  return {
    name: branch,
    commit: commitAnswer(answering, tip),
    _links: { html: `${WEB}/${state.fullName}/tree/${branch}`, self: url },
    protected: protection[branch] !== undefined || (rules[branch] ?? []).length > 0,
    protection: { enabled: protection[branch] !== undefined },
    protection_url: `${url}/protection`,
  };
}

function workflowAnswer({ answering: { state, api }, path }: Ask): Schema<"workflow"> {
  const file = path["file"] ?? "";
  const stands = `.github/workflows/${file}`;
  if (state.git.file(`refs/heads/${state.defaultBranch}`, stands) === undefined) throw new ErrorAnswer(NOT_FOUND);
  return {
    id: 1,
    node_id: nodeId("W", file),
    name: file,
    path: stands,
    state: state.settings.workflows[file] ?? "active",
    created_at: SINCE,
    updated_at: SINCE,
    url: `${api}/repos/${state.fullName}/actions/workflows/1`,
    html_url: `${WEB}/${state.fullName}/blob/${state.defaultBranch}/${stands}`,
    badge_url: `${WEB}/${state.fullName}/workflows/${file}/badge.svg`,
  };
}

/** What of a run people look at. */
type RunAnswer = Pick<
  Schema<"workflow-run">,
  "id" | "workflow_id" | "run_number" | "status" | "conclusion" | "created_at" | "updated_at" | "html_url"
>;

function runAnswer(
  { answering: { state } }: Ask,
  workflow: number,
  number: number,
  { conclusion, at }: { readonly conclusion: string; readonly at: string },
): RunAnswer {
  return {
    id: 9_000 + number,
    workflow_id: workflow,
    run_number: number,
    status: "completed",
    conclusion,
    created_at: at,
    updated_at: at,
    html_url: `${WEB}/${state.fullName}/actions/runs/${9_000 + number}`,
  };
}

function secretsAnswer(names: readonly string[]): { total_count: number; secrets: Schema<"actions-secret">[] } {
  return {
    total_count: names.length,
    secrets: names.map((name) => ({ name, created_at: SINCE, updated_at: SINCE })),
  };
}

function environmentAsked({ answering: { state }, path }: Ask): EnvironmentSettings {
  const found = state.settings.environments[path["environment"] ?? ""];
  if (!found) throw new ErrorAnswer(NOT_FOUND);
  return found;
}

function environmentAnswer(ask: Ask): Schema<"environment"> {
  const { state, api } = ask.answering;
  const { branches } = environmentAsked(ask);
  const name = ask.path["environment"] ?? "";
  return {
    id: 1,
    node_id: nodeId("EN", name),
    name,
    url: `${api}/repos/${state.fullName}/environments/${name}`,
    html_url: `${WEB}/${state.fullName}/deployments/activity_log?environments_filter=${name}`,
    created_at: SINCE,
    updated_at: SINCE,
    protection_rules: branches === "every" ? [] : [{ id: 1, node_id: nodeId("GA", name), type: "branch_policy" }],
    deployment_branch_policy:
      branches === "every"
        ? null
        : { protected_branches: branches === "protected", custom_branch_policies: branches !== "protected" },
  };
}
