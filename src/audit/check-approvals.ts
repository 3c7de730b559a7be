import { accountOfManifest } from "../accounts.ts";
import { accountOfRecord } from "../ledger/record-account.ts";
import type { ClaimRecord, FiledRecord } from "../ledger/records.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Policy } from "../policy/policy.ts";
import type { ReviewEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/**
 * Real money, and who let it move. From the records alone: was there a review at all. From GitHub, where it was asked:
 * was the pull request merged, and did the people whom the record names approve it.
 */
export function checkApprovals(
  records: readonly FiledRecord[],
  manifests: readonly Manifest[],
  policy: Policy,
  reviews: ReviewEvidence | "not-asked",
): Finding[] {
  const claims = records.flatMap(({ path, record }) =>
    record.record === "claim" && record.environment === "production" && record.rows.some(({ kind }) => kind === "pay")
      ? [{ path, record }]
      : [],
  );
  return [
    ...claims.flatMap(({ path, record }) => {
      const flaw = flawOf(record, policy, reviews);
      return flaw === undefined ? [] : [finding(path, record, flaw)];
    }),
    ...manifests.flatMap((manifest) => adoptionFindings(manifest, reviews)),
  ];
}

function flawOf(
  { pullRequest, approvers }: ClaimRecord,
  { approvals }: Policy,
  reviews: ReviewEvidence | "not-asked",
): string | undefined {
  if (pullRequest === null)
    return approvals.local
      ? undefined
      : "real money was claimed without a pull request, and the policy does not let anybody pay from a checkout";
  if (approvers.length === 0) return `nobody is named who approved pull request #${pullRequest}`;
  const pull = reviews === "not-asked" ? undefined : reviews.pulls.get(pullRequest);
  if (!pull) return undefined;
  if (!pull.isMerged) return `pull request #${pullRequest} is not merged`;
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const self = approvers.find((login) => same(login, pull.author));
  if (self !== undefined) return `${self} is named as an approver of pull request #${pullRequest}, and is its author`;
  const absent = approvers.find((login) => !pull.approvedBy.some((each) => same(each, login)));
  return absent === undefined
    ? undefined
    : `${absent} is named as an approver of pull request #${pullRequest}, and GitHub knows no approval of theirs`;
}

function finding(path: string, claim: ClaimRecord, flaw: string): Finding {
  return {
    code: "approval-invalid",
    account: accountOfRecord(claim),
    place: path,
    message: `${flaw} (${claim.manifest.file})`,
    next: "find out from the record's run and commit who paid this, and why; let a second person confirm the payments in writing",
  };
}

/** What was adopted explains money, so that a second person must have seen it. */
function adoptionFindings(manifest: Manifest, reviews: ReviewEvidence | "not-asked"): Finding[] {
  const { file, environment, adopted } = manifest;
  const [first] = adopted;
  if (!first || environment !== "production" || reviews === "not-asked") return [];
  const standing = reviews.manifests.get(file);
  if (!standing || standing.approved) return [];
  return [
    {
      code: "approval-invalid",
      account: accountOfManifest(manifest),
      place: `${file}:${first.at.line}`,
      message: `the adopted bonuses of this file were not approved: ${standing.message}`,
      next: standing.next,
    },
  ];
}
