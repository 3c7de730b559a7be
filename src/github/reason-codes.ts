/**
 * Why a run decided as it did: the `reason-code` output of the Action. Stable; documented in `docs/reason-codes.md`.
 * A `held` code stands for a manifest that is not paid until a person does something.
 */
export const REASON_CODES = {
  ok: "everything was done, or would be",
  nothing_to_pay: "no row asks for anything",
  problems: "files or plan have problems; nothing was paid",
  policy_and_manifests: "one pull request changes the policy and manifests together",
  paused: "payments/PAUSED stands in the way",
  fork: "a pull request from a fork is checked offline only",
  cannot_evaluate: "the platform, GitHub or the ledger could not be asked",
  unapproved_direct_push: "held: the manifest came to the default branch without a pull request",
  approval_missing: "held: fewer approvals than the policy asks for",
  approval_self: "held: only people who wrote it approved it",
  approval_stale: "held: what was approved is not what was merged",
  approval_not_allowed: "held: who approved has no write access, is no person, or is not in the policy's list",
  changes_requested: "held: a reviewer asks for changes",
  wrong_ref: "the run is not on the default branch",
  held: "finished, but rows are held or refused",
  unknown_outcome: "finished, but rows have no clear answer yet",
  audit_findings: "the audit found what nothing explains",
  out_of_time: "the time of the job was up; the next run goes on",
  stopped: "the run stopped before its work was done",
  failed: "mergepay could not do its work",
} as const;

export type ReasonCode = keyof typeof REASON_CODES;
