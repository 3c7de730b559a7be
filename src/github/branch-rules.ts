import type { components } from "@octokit/openapi-types";
import { NO_RULES } from "./posture.ts";
import type { BranchRules } from "./posture.ts";

type Rule = components["schemas"]["repository-rule-detailed"];
type Protection = components["schemas"]["branch-protection"];

/** The App that GitHub Actions is. Source: api.github.com/apps/github-actions. */
const ACTIONS_APP = 15368;

/** Rules that stop an ordinary push of new commits, in the words of GitHub's page for rulesets. */
const TURNS_AWAY: Readonly<Record<string, string>> = {
  creation: "Restrict creations",
  update: "Restrict updates",
  pull_request: "Require a pull request before merging",
  required_status_checks: "Require status checks to pass",
  required_signatures: "Require signed commits",
  required_deployments: "Require deployments to succeed",
  merge_queue: "Require merge queue",
  workflows: "Require workflows to pass",
  code_scanning: "Require code scanning results",
  commit_message_pattern: "Restrict commit metadata",
  commit_author_email_pattern: "Restrict commit metadata",
  committer_email_pattern: "Restrict commit metadata",
  file_path_restriction: "Restrict file paths",
  file_extension_restriction: "Restrict file extensions",
};

/** What GitHub's rulesets ask of a branch. */
export function ofRuleset(rules: readonly Rule[]): BranchRules {
  return rules.map(ofRule).reduce(both, NO_RULES);
}

function ofRule(rule: Rule): BranchRules {
  const turnsAway = TURNS_AWAY[rule.type];
  const none = { ...NO_RULES, turnsAway: turnsAway === undefined ? [] : [turnsAway] };
  if (rule.type === "non_fast_forward") return { ...none, blocksForce: true };
  if (rule.type === "deletion") return { ...none, blocksDeletion: true };
  if (rule.type === "pull_request") return { ...none, pullRequest: reviewsOf(rule) };
  if (rule.type !== "required_status_checks") return none;
  const checks = (rule.parameters?.required_status_checks ?? []).map(({ context, integration_id }) => ({
    name: context,
    by: sourceOf(integration_id),
  }));
  return { ...none, checks };
}

function reviewsOf({ parameters }: Extract<Rule, { type: "pull_request" }>): BranchRules["pullRequest"] {
  return {
    approvals: parameters?.required_approving_review_count ?? 0,
    dismissesStale: parameters?.dismiss_stale_reviews_on_push ?? false,
    ofOwners: parameters?.require_code_owner_review ?? false,
    ofLastPush: parameters?.require_last_push_approval ?? false,
  };
}

/** What classic branch protection asks of it. It forbids force pushes and deletion unless it says that it allows them. */
export function ofProtection(protection: Protection): BranchRules {
  const reviews = protection.required_pull_request_reviews;
  const checks = protection.required_status_checks?.checks ?? [];
  return {
    pullRequest: reviews && {
      approvals: reviews.required_approving_review_count ?? 0,
      dismissesStale: reviews.dismiss_stale_reviews,
      ofOwners: reviews.require_code_owner_reviews,
      ofLastPush: reviews.require_last_push_approval ?? false,
    },
    blocksForce: protection.allow_force_pushes?.enabled !== true,
    blocksDeletion: protection.allow_deletions?.enabled !== true,
    checks: checks.map(({ context, app_id }) => ({ name: context, by: sourceOf(app_id ?? undefined) })),
    turnsAway: [
      ...(reviews ? ["Require a pull request before merging"] : []),
      ...(checks.length > 0 ? ["Require status checks to pass"] : []),
      ...(protection.required_signatures?.enabled === true ? ["Require signed commits"] : []),
      ...(protection.restrictions ? ["Restrict who can push"] : []),
      ...(protection.lock_branch?.enabled === true ? ["Lock branch"] : []),
    ],
  };
}

/** Several sets of rules hold together: the strictest of each. */
export function both(one: BranchRules, other: BranchRules): BranchRules {
  const [a, b] = [one.pullRequest, other.pullRequest];
  return {
    pullRequest:
      a && b
        ? {
            approvals: Math.max(a.approvals, b.approvals),
            dismissesStale: a.dismissesStale || b.dismissesStale,
            ofOwners: a.ofOwners || b.ofOwners,
            ofLastPush: a.ofLastPush || b.ofLastPush,
          }
        : (a ?? b),
    blocksForce: one.blocksForce || other.blocksForce,
    blocksDeletion: one.blocksDeletion || other.blocksDeletion,
    checks: [...one.checks, ...other.checks],
    turnsAway: [...new Set([...one.turnsAway, ...other.turnsAway])],
  };
}

function sourceOf(app: number | undefined): BranchRules["checks"][number]["by"] {
  if (app === undefined || app < 0) return "anybody";
  return app === ACTIONS_APP ? "actions" : "an app";
}
