import { done, missing, unknown } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";
import { NO_RULES } from "./posture.ts";
import type { Asked, BranchRules } from "./posture.ts";

/** The rules of the two branches that money depends on. */
export function branchFindings(facts: GitHubFacts): {
  readonly ofDefault: Finding;
  readonly ledgerWritable: Finding;
  readonly ledgerProtected: Finding;
} {
  const { posture, policy, defaultBranch } = facts;
  const address = pageOf(posture, "settings/rules");
  const { branch } = policy.receipts;
  const ledger = rulesIn(posture.ledgerRules);
  return {
    ofDefault: ofDefault(facts, address),
    ledgerWritable: ledger
      ? writable(ledger, branch, address)
      : posture.ledgerRules.kind === "not-in-plan"
        ? done(`no rule turns a push to \`${branch}\` away`)
        : (unseen(posture.ledgerRules) ?? unknown("GitHub does not say", "look there", address)),
    ledgerProtected: ledger
      ? isProtected(ledger, branch, branch === defaultBranch, address)
      : (unseen(posture.ledgerRules) ?? unknown("GitHub does not say", "look there", address)),
  };
}

/** A branch that is not there has no rules. */
function rulesIn(asked: Asked<BranchRules>): BranchRules | undefined {
  if (asked.kind === "known") return asked.value;
  return asked.kind === "absent" ? NO_RULES : undefined;
}

function ofDefault({ posture, defaultBranch }: GitHubFacts, address: string): Finding {
  const rules = rulesIn(posture.defaultRules);
  if (!rules) return unseen(posture.defaultRules) ?? unknown("GitHub does not say", "look there", address);
  const { pullRequest, blocksForce, blocksDeletion, checks } = rules;
  const plan = checks.find(({ name }) => name === "plan");
  const lacks = [
    ...(pullRequest
      ? [
          ...(pullRequest.approvals > 0 ? [] : ["one approval"]),
          ...(pullRequest.dismissesStale ? [] : ["“Dismiss stale pull request approvals”"]),
          ...(pullRequest.ofLastPush ? [] : ["“Require approval of the most recent reviewable push”"]),
          ...(pullRequest.ofOwners ? [] : ["“Require review from Code Owners”"]),
        ]
      : ["“Require a pull request before merging”, with one approval"]),
    ...(plan
      ? plan.by === "actions"
        ? []
        : ["the check plan with GitHub Actions as its source"]
      : ["the required check plan"]),
    ...(blocksForce ? [] : ["“Block force pushes”"]),
    ...(blocksDeletion ? [] : ["“Restrict deletions”"]),
  ];
  if (lacks.length === 0) return done(`${defaultBranch} changes only by an approved pull request whose plan was made`);
  return missing(
    `${defaultBranch} lacks ${lacks.join("; ")}`,
    "add a branch ruleset there, as docs/github-action.md of mergepay has it (“Protect two branches”)",
    address,
  );
}

function writable({ turnsAway }: BranchRules, branch: string, address: string): Finding {
  if (turnsAway.length === 0) return done(`no rule turns a push to \`${branch}\` away`);
  return missing(
    `${turnsAway.map((each) => `“${each}”`).join(", ")} holds for \`${branch}\`, and turns away what the job that pays pushes`,
    `take \`${branch}\` out of that rule: it needs “Block force pushes” and “Restrict deletions”, and nothing else`,
    address,
  );
}

function isProtected(
  { blocksForce, blocksDeletion }: BranchRules,
  branch: string,
  isDefault: boolean,
  address: string,
): Finding {
  const lacks = [...(blocksForce ? [] : ["“Block force pushes”"]), ...(blocksDeletion ? [] : ["“Restrict deletions”"])];
  if (lacks.length === 0)
    return done(`nobody can rewrite or delete \`${branch}\`${isDefault ? ", the default branch" : ""}`);
  return missing(
    `\`${branch}\` lacks ${lacks.join(" and ")}: whoever may push could make it forget who was paid, and no payment would be made until it is brought back`,
    `add a branch ruleset for \`${branch}\` with these two, and nothing else`,
    address,
  );
}
