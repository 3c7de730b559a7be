import { done, missing, unknown } from "../doctor/check.ts";
import type { Check, Finding } from "../doctor/check.ts";
import { approverFinding } from "./approver-check.ts";
import { auditFinding } from "./audit-check.ts";
import { branchFindings } from "./branch-checks.ts";
import { ownersFinding } from "./owners-check.ts";
import { pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";
import type { Posture } from "./posture.ts";
import { publicFinding } from "./public-check.ts";
import { secretFindings } from "./secret-checks.ts";
import { skipFinding } from "./skip-check.ts";
import { workflowFindings } from "./workflow-checks.ts";

/** What GitHub must have before it pays, and what keeps others from having it pay. */
export function gitHubChecks(facts: GitHubFacts): Check[] {
  const { posture, isWay, environment } = facts;
  const workflow = workflowFindings(facts);
  const branches = branchFindings(facts);
  const secrets = secretFindings(facts);
  const check = (id: string, title: string, needed: boolean, finding: Finding): Check => ({
    id,
    topic: "github",
    title,
    needed: needed && isWay,
    ...finding,
  });
  return [
    check("github", "GitHub can be asked", false, askable(posture)),
    check("workflow", "The workflow", true, workflow.there),
    check("workflow-pinned", "The workflow's actions are pinned", false, workflow.pinned),
    check("workflow-runs", "GitHub runs the workflow", true, workflow.runs),
    check("secrets-pay", "The paying key among the secrets", true, secrets.pay),
    check("secrets-plan", "The reading key among the secrets", false, secrets.plan),
    ...(secrets.age ? [check("secrets-age", "The key of encrypted lists among the secrets", true, secrets.age)] : []),
    check("secrets-safe", "Secrets out of reach of pull requests", false, secrets.safe),
    check("approvers", "Who can approve", environment === "production", approverFinding(facts)),
    check("branch-rules", "The default branch is protected", false, branches.ofDefault),
    check("ledger-writable", "GitHub lets the job write the ledger", true, branches.ledgerWritable),
    check("ledger-protected", "The ledger is protected", false, branches.ledgerProtected),
    check("owners", "Owners of policy and workflow", false, ownersFinding(facts)),
    check("actions-approve", "Actions may not approve", false, mayNotApprove(posture)),
    check("last-audit", "The last audit", false, auditFinding(facts)),
    check("ids-hidden", "Worker ids out of strangers' sight", environment === "production", publicFinding(facts)),
    check("skip-ci", "No merge that GitHub skipped", false, skipFinding(facts)),
  ];
}

function askable({ login, about, repository }: Posture): Finding {
  if (about.kind === "known") {
    if (about.value.isArchived)
      return missing(
        `${repository} is archived: nobody can change it`,
        "unarchive it",
        `https://github.com/${repository}/settings`,
      );
    const who = login.kind === "known" ? login.value : "the token";
    return done(
      `${who} may ${RIGHTS[about.value.permission]} in ${repository}${about.value.isPrivate ? "" : ", which is public"}`,
    );
  }
  if (about.kind === "hidden" && about.why === "no token")
    return unknown(
      "there is no token to ask with",
      "with GitHub's command line: GH_TOKEN=$(gh auth token) mergepay doctor. Or make a token that may read this repository",
      "https://github.com/settings/personal-access-tokens/new",
    );
  return missing(
    about.kind === "hidden" ? about.why : `GitHub shows no repository ${repository} to this token`,
    "make a token that may read this repository",
    "https://github.com/settings/personal-access-tokens/new",
  );
}

const RIGHTS = {
  admin: "do everything",
  maintain: "manage it",
  write: "write",
  triage: "read",
  read: "read",
  none: "do nothing",
} as const;

function mayNotApprove(posture: Posture): Finding {
  const asked = posture.actionsMayApprove;
  const address = pageOf(posture, "settings/actions");
  if (asked.kind !== "known") return unseen(asked) ?? unknown("GitHub does not say", "look there", address);
  return asked.value
    ? missing(
        "a workflow could approve a pull request. mergepay does not count it, but GitHub's own rules would",
        "turn off “Allow GitHub Actions to create and approve pull requests”",
        address,
      )
    : done("GitHub's setting is off");
}
