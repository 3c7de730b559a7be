/** The Action's inputs, in the order of `action.yml`, which gives each its default and says what it is for. */
export const INPUTS = [
  "command",
  "github-token",
  "aws-access-key-id",
  "aws-secret-access-key",
  "aws-session-token",
  "aws-region",
  "prolific-token",
  "alias-key",
  "age-key",
  "ledger-commits",
  "signing-key",
  "account",
  "environment",
  "stop-after",
  "path",
  "remote",
  "simulator-url",
] as const;

export type Input = (typeof INPUTS)[number];

/** What later steps of a job may read. Stable: names and meanings stay. */
export const OUTPUTS = ["decision", "reason-code", "digest", "count", "total", "result"] as const;

export type Output = (typeof OUTPUTS)[number];

/**
 * The `decision` output: in one word what a run did, or would do. `ready`, `blocked` and `cannot-evaluate` end a plan;
 * `paid`, `partial`, `held`, `unknown` and `failed` end a payment; `nothing-to-pay` ends either.
 * `explained`, `unexplained` and `cannot-evaluate` end an audit.
 */
export const DECISIONS = [
  "ready",
  "blocked",
  "nothing-to-pay",
  "cannot-evaluate",
  "paid",
  "partial",
  "held",
  "unknown",
  "failed",
  "explained",
  "unexplained",
] as const;

export type Decision = (typeof DECISIONS)[number];
