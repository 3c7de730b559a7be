import type { LedgerRecord } from "../ledger/records.ts";
import type { LedgerEvidence, Posture } from "./audit-input.ts";
import type { Policy } from "../policy/policy.ts";
import type { Finding } from "./finding.ts";

/** The ledger itself: is it there, is it the one that was seen before, is it whole, and who wrote it. */
export function checkLedger(ledger: LedgerEvidence, { receipts }: Pick<Policy, "receipts">): Finding[] {
  const { branch, isMissing, records, audits, faults, authors, lostAnchors } = ledger;
  if (isMissing)
    return [
      {
        code: "ledger-missing",
        place: `branch ${branch}`,
        message: "the remote has no such branch: nobody knows what was paid, and nothing will be paid",
        next: "bring it back from a clone that still has it: `git push origin refs/remotes/origin/NAME:refs/heads/NAME`; only a repository that never paid makes a new one with `mergepay init`",
      },
    ];
  return [
    ...lostAnchors.map(({ commit, where }): Finding => ({
      code: "anchor-lost",
      place: `branch ${branch}`,
      message: `commit ${commit.slice(0, 12)}, which ${where} saw as the ledger's tip, is not in it any more: it was set back or rewritten`,
      next: "nothing is paid until the branch holds that commit again: push it back from a clone that still has it",
    })),
    ...faults.map(({ path, message, hint }): Finding => ({
      code: "chain-broken",
      place: path ?? `branch ${branch}`,
      message,
      next: hint,
    })),
    ...records.flatMap(({ path, record }) => authorFinding(path, record, authors.get(path), receipts.author)),
    ...audits.flatMap(({ path, audit }) => authorFinding(path, audit, authors.get(path), receipts.author)),
  ];
}

/** The account whose token a workflow has unless it is given another, by the name under which it commits. */
const WORKFLOW_AUTHOR = "github-actions[bot]";

/**
 * A run signs its commits with the name that stands in its records: the workflow's account, which is GitHub's own or the
 * one that the policy names, or the person at the checkout. Names can be forged: this finds mistakes and clumsy hands; signatures find the rest.
 */
function authorFinding(
  path: string,
  { run, actor }: Pick<LedgerRecord, "run" | "actor">,
  author: string | undefined,
  own: string | undefined,
): Finding[] {
  // A lab may have given its workflow another token one day: what was written before stays right.
  const names = run.startsWith("local/") ? [actor] : [own ?? WORKFLOW_AUTHOR, WORKFLOW_AUTHOR];
  if (author === undefined || names.includes(author)) return [];
  return [
    {
      code: "foreign-author",
      place: path,
      message: `the record says that ${names[0]} wrote it, and its commit is by ${author}`,
      next: "look at the commit with `git log -- PATH` on the ledger's branch, and ask its author; take the branch's write access from everybody but the workflow. If it is the workflow's own, whose token you gave it, name it in the policy: `receipts: { author: NAME }`",
    },
  ];
}

/** What GitHub should keep from happening, and does not. */
export function checkPosture(posture: Posture | "not-asked", branch: string): Finding[] {
  if (posture === "not-asked") return [];
  const { ledgerIsProtected, reviewIsRequired } = posture;
  return [
    ...(ledgerIsProtected === false
      ? [
          {
            code: "posture-lost" as const,
            place: `branch ${branch}`,
            message: "everybody with write access can rewrite or delete the ledger's branch",
            next: `on GitHub, Settings, Rules: add a ruleset for \`${branch}\` with “Restrict deletions” and “Block force pushes”`,
          },
        ]
      : []),
    ...(reviewIsRequired === false
      ? [
          {
            code: "posture-lost" as const,
            place: "the default branch",
            message:
              "changes can come to the default branch without a pull request; they are not paid, and are easily overlooked",
            next: "on GitHub, Settings, Rules: add a ruleset for the default branch with “Require a pull request before merging”",
          },
        ]
      : []),
  ];
}
