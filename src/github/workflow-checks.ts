import { done, missing, unknown, waiting } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";
import type { WorkflowFile } from "./workflow-files.ts";

/** Whether the default branch has a workflow that pays, from fixed code, and whether GitHub starts it. */
export function workflowFindings(facts: GitHubFacts): {
  readonly there: Finding;
  readonly pinned: Finding;
  readonly runs: Finding;
} {
  const file = payingFile(facts);
  if (!file) return { there: none(facts), pinned: FIRST, runs: FIRST };
  const planned = facts.workflows.some(({ plans }) => plans);
  return {
    there: planned
      ? done(`${file.path} plans pull requests and pays what is merged`)
      : missing(
          `${file.path} pays, but nothing plans the pull requests`,
          "take the job `plan` from docs/github-action.md of mergepay",
        ),
    pinned: pinned(facts.workflows),
    runs: runs(facts, file),
  };
}

export function payingFile({ workflows }: GitHubFacts): WorkflowFile | undefined {
  return workflows.find(({ pays }) => pays !== undefined);
}

const FIRST = waiting("there is none", "The workflow");

function none({ defaultBranch }: GitHubFacts): Finding {
  return missing(
    `no workflow on ${defaultBranch} has mergepay pay`,
    "mergepay init writes .github/workflows/payments.yml: commit it, and merge it by a pull request",
  );
}

function pinned(workflows: readonly WorkflowFile[]): Finding {
  const loose = workflows.flatMap(({ path, unpinned }) => unpinned.map((uses) => `${uses} in ${path}`));
  const [first] = loose;
  if (first === undefined) return done("every action is fixed to one commit");
  return missing(
    `${first} is not fixed to a commit${loose.length > 1 ? `, nor are ${loose.length - 1} more` : ""}: whoever changes it runs with your keys`,
    "put the 40 digits of a commit behind the @, and the version in a comment after it",
  );
}

function runs(facts: GitHubFacts, file: WorkflowFile): Finding {
  const { posture, defaultBranch } = facts;
  const actions = pageOf(posture, "actions");
  if (!file.events.includes("push") || !(file.pushBranches === "every" || file.pushBranches.includes(defaultBranch)))
    return missing(
      `a push to ${defaultBranch} does not start ${file.path}`,
      `name the branch in it: push: { branches: [${defaultBranch}] }`,
    );
  if (!file.events.includes("schedule"))
    return missing(
      `${file.path} has no schedule, so that nothing pays what a lost event or a [skip ci] left over`,
      'add: schedule: [{ cron: "23 7 * * *" }]',
    );
  if (posture.actions.kind === "known" && !posture.actions.value)
    return missing("Actions are turned off", "turn them on", pageOf(posture, "settings/actions"));
  if (posture.workflow.kind === "known")
    return posture.workflow.value === "active"
      ? done(`a push to ${defaultBranch} starts it, and so does every morning`)
      : missing(`GitHub says that it is ${posture.workflow.value}`, "press “Enable workflow” there", actions);
  if (posture.workflow.kind === "absent")
    return missing("GitHub does not know it yet", "push once more to the default branch, and look there", actions);
  return unseen(posture.workflow) ?? unknown("GitHub does not say", "look there", actions);
}
