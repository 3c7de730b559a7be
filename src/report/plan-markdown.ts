import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/policy.ts";
import { planState } from "./plan-verdict.ts";
import { pullRequestComment } from "./pull-request-comment.ts";

export interface PlanMarkdownOptions {
  readonly policy: Policy;
  readonly aliasKey?: string | undefined;
}

/** One plan as the pull-request comment that it would be, where nothing is known of a pull request. */
export function planMarkdown(plan: Plan, { policy, aliasKey }: PlanMarkdownOptions): string {
  const [richest = ""] = pullRequestComment({
    kind: "plan",
    state: planState([plan]),
    plans: [{ plan }],
    policy,
    aliasKey,
  });
  return richest;
}
