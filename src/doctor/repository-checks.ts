import { count } from "../report/phrases.ts";
import type { Payments } from "../manifest/read-payments.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import { stops } from "../problem.ts";
import { done, missing, waiting } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import type { RepositoryFacts } from "./repository-facts.ts";

/** What must stand in the repository before anything in it can be paid. */
export function repositoryChecks(facts: RepositoryFacts, { name, judgeFacts }: PlatformRules): Check[] {
  const check = { topic: "repository", needed: true } as const;
  return [
    { ...check, id: "clone", title: "A clone with a remote", ...clone(facts) },
    { ...check, id: "pushed", title: "A default branch on the remote", ...pushed(facts) },
    { ...check, id: "policy", title: "The policy", needed: false, ...policy(facts) },
    { ...check, id: "lists-sound", title: "Lists without mistakes", ...listsSound(facts) },
    { ...check, id: "not-paused", title: "Payments not paused", ...notPaused(facts) },
    { ...check, id: "list", title: "A list to pay", needed: false, ...list(facts, name) },
    // Nobody needs to measure a pretend platform; where somebody did, it is told.
    ...(!judgeFacts || (facts.environment === "simulator" && !facts.payments?.policy.calibration)
      ? []
      : [{ ...check, id: "calibrated", title: "What the platform leaves open", needed: false, ...calibrated(facts) }]),
    ...(needsLocal(facts) ? [{ ...check, id: "way", title: "Who pays", ...local(facts) }] : []),
  ];
}

const NOT_SEEN = (facts: RepositoryFacts): Finding =>
  waiting(`${facts.remote} has no default branch to read`, "A default branch on the remote");

function clone({ clone: found, remote }: RepositoryFacts): Finding {
  return found.kind === "clone" ? done(`its remote is ${remote}`) : missing(found.message, found.hint);
}

function pushed({ clone: found, tip }: RepositoryFacts): Finding {
  if (found.kind === "lacking") return waiting("there is no remote to ask", "A clone with a remote");
  return tip.kind === "tip" ? done(tip.branch) : missing(tip.message, tip.hint);
}

function policy(facts: RepositoryFacts): Finding {
  const { payments, policyOnDisk, tip } = facts;
  if (!payments) return NOT_SEEN(facts);
  const { approvals, source } = payments.policy;
  if (payments.problems.some((each) => each.file === POLICY_FILE && each.severity === "error"))
    return missing("it has mistakes", "mergepay validate shows them");
  if (source === "file")
    return done(
      `it asks for ${count(approvals.required, "approval")}${approvals.by === "everybody" ? "" : ` by ${approvals.by.join(", ") || "nobody"}`}`,
    );
  return policyOnDisk
    ? missing(
        `it is on this computer, and not on ${tip.kind === "tip" ? tip.branch : "the default branch"} yet`,
        "commit and push it, by a pull request",
      )
    : missing("there is none, so that safe limits hold", "mergepay init writes one");
}

function calibrated(facts: RepositoryFacts): Finding {
  const { payments } = facts;
  if (!payments) return NOT_SEEN(facts);
  const { calibration, policy: rules } = payments;
  if (!calibration)
    return rules.calibration
      ? missing(`${rules.calibration.file} cannot be read`, "mergepay validate shows what is wrong in it")
      : missing(
          "nobody has measured it, so that mergepay assumes the worst that it can live with",
          "mergepay calibrate measures it in the sandbox, for nothing; name the file in the policy",
        );
  const worse = calibration.facts.filter((fact) => fact.worse);
  const when = `measured in the ${calibration.environment} on ${calibration.measured.slice(0, 10)}`;
  const first = worse[0]?.worse;
  return first
    ? missing(
        `${when}: ${first.message}${worse.length > 1 ? `; and ${count(worse.length - 1, "other")}` : ""}`,
        first.hint,
      )
    : done(`${when}: nothing is worse than assumed`);
}

function listsSound(facts: RepositoryFacts): Finding {
  const { payments } = facts;
  if (!payments) return NOT_SEEN(facts);
  const errors = payments.problems.filter(({ severity }) => severity === "error");
  return stops(payments.problems)
    ? missing(
        `${count(errors.length, "mistake")} on the default branch, and while there is one nothing is paid`,
        "mergepay validate shows each with its line and what to do",
      )
    : done(`${count(payments.manifests.length, "list")} on the default branch`);
}

function notPaused(facts: RepositoryFacts): Finding {
  const { payments } = facts;
  if (!payments) return NOT_SEEN(facts);
  return payments.paused
    ? missing(`${payments.paused.file} stops every payment`, "remove it by a reviewed change")
    : done("no file payments/PAUSED");
}

function list(facts: RepositoryFacts, platform: string): Finding {
  const { payments, environment } = facts;
  if (!payments) return NOT_SEEN(facts);
  const rows = bonusesIn(payments, facts, platform);
  return rows > 0
    ? done(`${count(rows, "bonus", "bonuses")} for ${environment} on the default branch, paid ones included`)
    : missing(
        `no list for ${environment} yet`,
        "mergepay draft makes one of what your survey and the platform gave you; or copy payments/example.yaml",
      );
}

function bonusesIn({ manifests }: Payments, { environment }: RepositoryFacts, platform: string): number {
  return manifests
    .filter((each) => each.environment === environment && each.platform === platform)
    .reduce((sum, { bonuses }) => sum + bonuses.length, 0);
}

/** Real money that GitHub does not pay is paid by a person, if the policy lets them. */
function needsLocal({ environment, onGitHub, workflowPays, payments }: RepositoryFacts): boolean {
  if (environment !== "production" || !payments) return false;
  return onGitHub === undefined || (!workflowPays && payments.policy.approvals.local);
}

function local({ payments }: RepositoryFacts): Finding {
  if (payments?.policy.approvals.local)
    return done("the policy lets a person pay from their own computer: mergepay apply --local");
  return missing(
    "the remote is not on GitHub, and the policy lets nobody pay from their own computer",
    "move it to GitHub and have GitHub pay, or write `local: true` under `approvals:` in the policy, by a reviewed change",
  );
}
