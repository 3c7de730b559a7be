import { getOctokit } from "@actions/github";
import { both, ofProtection, ofRuleset } from "./branch-rules.ts";
import { GitHubFailure } from "./failure.ts";
import type { Permission } from "./github.ts";
import { asking } from "./octokit.ts";
import { NO_RULES } from "./posture.ts";
import type { Asked, BranchRules, Posture } from "./posture.ts";

export interface PostureQuestion {
  /** `owner/name` */
  readonly repository: string;
  /** Undefined where nobody gave one: then nothing is asked. */
  readonly token: string | undefined;
  readonly apiUrl: string;
  readonly defaultBranch: string;
  readonly ledgerBranch: string;
  /** File name of the workflow that pays. */
  readonly workflow: string | undefined;
  /** File name of the workflow that audits. */
  readonly auditWorkflow: string | undefined;
  /** Name of the environment of the job that pays. */
  readonly environment: string | undefined;
}

type Octokit = ReturnType<typeof getOctokit>;

/** Asks GitHub how a repository is set up. It only reads; what it may not see is a fact among the others. */
export async function askPosture(question: PostureQuestion): Promise<Posture> {
  const { repository, token, apiUrl, defaultBranch, ledgerBranch, workflow, auditWorkflow, environment } = question;
  if (token === undefined) return unasked(repository);
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent: "mergepay" });
  const [owner = "", repo = ""] = repository.split("/");
  const at = { owner, repo };
  const { rest } = octokit;
  const login = await asked("say whose token it is", async () => (await rest.users.getAuthenticated()).data.login);
  const about = await asked("read the repository", async () => {
    const { data } = await rest.repos.get(at);
    return {
      page: data.html_url,
      isPrivate: data.private,
      isArchived: data.archived,
      permission: permissionIn(data.permissions),
    };
  });
  if (about.kind !== "known") return { ...unasked(repository), login, about };
  const inEnvironment = { ...at, environment_name: environment ?? "" };
  const noJob = { kind: "absent" } as const;
  return {
    repository,
    login,
    about,
    defaultRules: await rulesOf(octokit, at, defaultBranch),
    ledgerRules: await rulesOf(octokit, at, ledgerBranch),
    writers: await asked("list who may write", async () =>
      (await octokit.paginate(rest.repos.listCollaborators, { ...at, permission: "push", per_page: 100 })).map(
        ({ login, type }) => ({ login, type }),
      ),
    ),
    actions: await asked(
      "read the settings of Actions",
      async () => (await rest.actions.getGithubActionsPermissionsRepository(at)).data.enabled,
    ),
    workflow:
      workflow === undefined
        ? noJob
        : await asked(
            "read the state of the workflow",
            async () => (await rest.actions.getWorkflow({ ...at, workflow_id: workflow })).data.state,
          ),
    lastAudit: auditWorkflow === undefined ? noJob : await lastRunOf(octokit, at, auditWorkflow),
    actionsMayApprove: await asked(
      "read what workflows may do",
      async () =>
        (await rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(at)).data
          .can_approve_pull_request_reviews,
    ),
    forksGetSecrets: about.value.isPrivate
      ? await asked("read what forks may do", async () => {
          const route = "GET /repos/{owner}/{repo}/actions/permissions/fork-pr-workflows-private-repos";
          const { data } = await octokit.request(route, at);
          return data.run_workflows_from_fork_pull_requests && data.send_secrets_and_variables;
        })
      : { kind: "known", value: false },
    environment: environment === undefined ? noJob : await environmentOf(octokit, inEnvironment),
    environmentSecrets:
      environment === undefined
        ? noJob
        : await asked("list the environment's secrets", async () =>
            (await octokit.paginate(rest.actions.listEnvironmentSecrets, { ...inEnvironment, per_page: 100 })).map(
              ({ name }) => name,
            ),
          ),
    repositorySecrets: await asked("list the repository's secrets", async () =>
      (await octokit.paginate(rest.actions.listRepoSecrets, { ...at, per_page: 100 })).map(({ name }) => name),
    ),
  };
}

/** Nothing was asked, because there is no token to ask with. */
function unasked(repository: string): Posture {
  const hidden = { kind: "hidden", why: "no token" } as const;
  return {
    repository,
    login: hidden,
    about: hidden,
    defaultRules: hidden,
    ledgerRules: hidden,
    writers: hidden,
    actions: hidden,
    workflow: hidden,
    lastAudit: hidden,
    actionsMayApprove: hidden,
    forksGetSecrets: hidden,
    environment: hidden,
    environmentSecrets: hidden,
    repositorySecrets: hidden,
  };
}

interface At {
  readonly owner: string;
  readonly repo: string;
}

/** Rulesets are seen by whoever may read, classic protection by administrators alone. */
async function rulesOf(octokit: Octokit, at: At, branch: string): Promise<Asked<BranchRules>> {
  const { rest } = octokit;
  const rulesets = await asked(`read the rules of ${branch}`, async () =>
    ofRuleset(await octokit.paginate(rest.repos.getBranchRules, { ...at, branch, per_page: 100 })),
  );
  if (rulesets.kind !== "known") return rulesets;
  const there = await asked(
    `read the branch ${branch}`,
    async () => (await rest.repos.getBranch({ ...at, branch })).data.protected,
  );
  if (there.kind !== "known") return there.kind === "absent" ? rulesets : there;
  if (!there.value) return rulesets;
  const classic = await asked(`read the protection of ${branch}`, async () =>
    ofProtection((await rest.repos.getBranchProtection({ ...at, branch })).data),
  );
  if (classic.kind === "known") return { kind: "known", value: both(rulesets.value, classic.value) };
  // A branch with a ruleset is called protected, too.
  return classic.kind === "absent" || rulesets.value !== NO_RULES ? rulesets : classic;
}

async function lastRunOf(octokit: Octokit, at: At, workflow: string): Promise<Posture["lastAudit"]> {
  const runs = await asked("list the runs of the audit", async () => {
    const wanted = { ...at, workflow_id: workflow, event: "schedule", status: "completed", per_page: 1 } as const;
    return (await octokit.rest.actions.listWorkflowRuns(wanted)).data.workflow_runs;
  });
  if (runs.kind !== "known") return runs;
  const [run] = runs.value;
  if (!run) return { kind: "absent" };
  return { kind: "known", value: { at: run.updated_at, conclusion: run.conclusion ?? "", page: run.html_url } };
}

async function environmentOf(
  octokit: Octokit,
  at: At & { readonly environment_name: string },
): Promise<Posture["environment"]> {
  const { rest } = octokit;
  const policy = await asked(
    "read the environment",
    async () => (await rest.repos.getEnvironment({ ...at })).data.deployment_branch_policy ?? null,
  );
  if (policy.kind !== "known") return policy;
  if (policy.value === null) return { kind: "known", value: "every" };
  if (policy.value.protected_branches) return { kind: "known", value: "protected" };
  return asked("list the environment's branches", async () =>
    (await rest.repos.listDeploymentBranchPolicies({ ...at, per_page: 100 })).data.branch_policies.map(
      ({ name = "" }) => name,
    ),
  );
}

/** A person waits for it. */
const PAUSES_MS = [500];

async function asked<T>(what: string, ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { kind: "known", value: await asking(what, ask, PAUSES_MS) };
  } catch (thrown) {
    if (!(thrown instanceof GitHubFailure)) throw thrown;
    if (/upgrade to github/i.test(thrown.message)) return { kind: "not-in-plan" };
    // To somebody who is no administrator GitHub says of protection that it is not found, whether there is any or not.
    if (thrown.status === 404 && !/protection/.test(what)) return { kind: "absent" };
    if (thrown.status === 404 && /branch not protected/i.test(thrown.message)) return { kind: "absent" };
    return { kind: "hidden", why: thrown.message };
  }
}

function permissionIn(may: Partial<Record<string, boolean>> | undefined): Permission {
  if (may?.["admin"]) return "admin";
  if (may?.["maintain"]) return "maintain";
  if (may?.["push"]) return "write";
  return may?.["triage"] ? "triage" : "read";
}
