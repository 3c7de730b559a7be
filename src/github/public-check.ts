import { done, missing, unknown } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** Whether strangers can read who was paid. */
export function publicFinding({ posture, policy, environment }: GitHubFacts): Finding {
  const { about } = posture;
  if (about.kind !== "known") return unseen(about) ?? unknown("GitHub does not say", "look there", pageOf(posture, ""));
  if (about.value.isPrivate) return done("the repository is private");
  if (policy.encryption) return done("the repository is public, and the policy has lists encrypted");
  if (environment !== "production") return done("the repository is public, and no real person is in these lists");
  if (policy.workers === "show") return done("the repository is public, and the policy lets everybody see them");
  return missing(
    "the repository is public: mergepay refuses lists of real people whose ids everybody can read",
    "make it private, or encrypt the lists: `mergepay keys new`, then docs/encryption.md",
    pageOf(posture, "settings"),
  );
}
