import { done, missing, unknown, waiting } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import type { KeySecrets } from "../platforms/doctor.ts";
import { namesText, pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";
import type { Posture } from "./posture.ts";
import { payingFile } from "./workflow-checks.ts";

/** Whether the keys are where the workflow looks for them, and where nobody else can get at the one that pays. */
export function secretFindings(facts: GitHubFacts): {
  readonly pay: Finding;
  readonly plan: Finding;
  readonly safe: Finding;
  /** Undefined where no list is encrypted. */
  readonly age: Finding | undefined;
} {
  return { pay: pay(facts), plan: plan(facts), safe: safe(facts), age: age(facts) };
}

/** As the workflow that `init` writes names it. */
const AGE_KEY = "MERGEPAY_AGE_KEY";

/** The private key that opens encrypted lists. GitHub tells the names of secrets, and never what is in them. */
function age({ posture, policy }: GitHubFacts): Finding | undefined {
  if (!policy.encryption) return undefined;
  const { environmentSecrets: own, repositorySecrets: shared } = posture;
  const address = pageOf(posture, "settings/secrets/actions");
  const has = (asked: Posture["repositorySecrets"]) => asked.kind === "known" && asked.value.includes(AGE_KEY);
  if (has(shared))
    return done("the repository has it. Whether it is a key that the policy names, GitHub does not tell");
  if (has(own))
    return missing(
      "only the job that pays has it: pull requests are planned without, and so is no audit made",
      `make ${AGE_KEY} a secret of the repository, not of the environment`,
      address,
    );
  const next = `mergepay keys new --out runner.txt makes one: give its line AGE-SECRET-KEY-1… to the repository as the secret ${AGE_KEY}, and its public key to mergepay keys add`;
  if (shared.kind === "known")
    return missing(`the repository lacks ${AGE_KEY}: encrypted lists cannot be paid`, next, address);
  return unseen(shared) ?? missing("the repository has none", next, address);
}

function pay(facts: GitHubFacts): Finding {
  const { posture, secrets } = facts;
  const job = payingFile(facts)?.pays;
  if (!job) return waiting("no job would use it", "The workflow");
  const { environmentSecrets: own, repositorySecrets: shared } = posture;
  const { environment } = job;
  const address = pageOf(posture, "settings/environments");
  if (environment === undefined) {
    if (shared.kind === "known" && lacking(shared.value, secrets).length === 0)
      return done("the repository's secrets hold one. Whether it may pay, GitHub does not tell");
    return (
      unseen(shared) ??
      missing("the repository has no such secrets", secrets.setUp, pageOf(posture, "settings/secrets/actions"))
    );
  }
  if (own.kind === "known") {
    const names = lacking(own.value, secrets);
    return names.length === 0
      ? done(`the environment ${environment} has ${allOf(secrets)}. Whether the key may pay, GitHub does not tell`)
      : missing(`the environment ${environment} lacks ${names.join(" and ")}`, secrets.setUp, address);
  }
  if (own.kind === "absent") return missing(`there is no environment ${environment}`, secrets.setUp, address);
  return unseen(own) ?? unknown("GitHub does not say", "look there", address);
}

function plan({ posture, secrets }: GitHubFacts): Finding {
  const asked = posture.repositorySecrets;
  const address = pageOf(posture, "settings/secrets/actions");
  if (asked.kind !== "known") return unseen(asked) ?? missing("the repository has none", secrets.setUp, address);
  const names = lacking(asked.value, secrets);
  return names.length === 0
    ? done(`the repository has ${allOf(secrets)}`)
    : missing(`the repository lacks ${names.join(" and ")}: pull requests show no balance`, secrets.setUp, address);
}

function lacking(there: readonly string[], { names }: KeySecrets): string[] {
  return names.filter((name) => !there.includes(name));
}

function allOf({ names }: KeySecrets): string {
  return names.length > 1 ? "both secrets" : `the secret ${names[0]}`;
}

function safe(facts: GitHubFacts): Finding {
  const { posture, workflows, defaultBranch } = facts;
  const file = payingFile(facts);
  if (!file?.pays) return waiting("no job would use them", "The workflow");
  const target = workflows.find(({ events }) => events.includes("pull_request_target"));
  if (target)
    return missing(
      `${target.path} runs on pull_request_target, with secrets, on what a stranger wrote`,
      "use pull_request in its place",
    );
  if (file.pays.environment === undefined)
    return missing(
      `the job ${file.pays.job} names no environment, so that the paying key is a secret of the whole repository: whoever may push a branch can write a workflow that reads it`,
      "add `environment: payments` to the job, and move the key there",
      pageOf(posture, "settings/environments"),
    );
  if (posture.forksGetSecrets.kind === "known" && posture.forksGetSecrets.value)
    return missing(
      "GitHub sends secrets to pull requests from forks",
      "turn off “Send secrets and variables to workflows from pull requests”",
      pageOf(posture, "settings/actions"),
    );
  return ofEnvironment(facts, file.pays.environment, defaultBranch);
}

function ofEnvironment({ posture, secrets }: GitHubFacts, name: string, defaultBranch: string): Finding {
  const asked = posture.environment;
  const address = pageOf(posture, "settings/environments");
  const restrict = `in the environment ${name}, under “Deployment branches and tags”, choose “Selected branches and tags” and ${defaultBranch} alone`;
  switch (asked.kind) {
    case "absent":
      return missing(`there is no environment ${name}`, secrets.setUp, address);
    case "hidden":
    case "not-in-plan":
      return unseen(asked) ?? unknown("GitHub does not say", "look there", address);
    case "known": {
      if (asked.value === "every")
        return missing(
          `every branch may use the environment ${name}, also one that somebody pushes to get at the key`,
          restrict,
          address,
        );
      if (asked.value === "protected")
        return done(`only protected branches may use the environment ${name}; ${defaultBranch} alone would be safer`);
      const others = asked.value.filter((branch) => branch !== defaultBranch);
      if (others.length > 0)
        return missing(`the environment ${name} may also be used from ${namesText(others)}`, restrict, address);
      if (asked.value.length === 0)
        return missing(`no branch at all may use the environment ${name}`, restrict, address);
      return done(`only ${defaultBranch} may use the environment ${name}`);
    }
  }
}
