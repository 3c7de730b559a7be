import { done, missing, unknown } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { count } from "../report/phrases.ts";
import { namesText, pageOf, unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** Whether enough people could approve a list that one of them wrote. */
export function approverFinding({ posture, policy, environment }: GitHubFacts): Finding {
  if (environment !== "production") return done(`nobody needs to: ${environment} pays no real money`);
  const { required, by, above } = policy.approvals;
  const asked = posture.writers;
  const address = pageOf(posture, "settings/access");
  if (asked.kind !== "known") return unseen(asked) ?? unknown("GitHub does not say", "look there", address);
  const people = asked.value.filter(({ type }) => type === "User").map(({ login }) => login);
  const isWriter = (login: string) => people.some((each) => each.toLowerCase() === login.toLowerCase());
  const able = by === "everybody" ? people : by.filter(isWriter);
  const powerless = by === "everybody" ? [] : by.filter((login) => !isWriter(login));
  const most = Math.max(required, above?.required ?? 0);
  if (able.length < most)
    return missing(
      `the policy asks for ${count(most, "approval")}, and ${able.length === 0 ? "nobody" : namesText(able)} could give one${powerless.length > 0 ? `: ${namesText(powerless)} may not write to the repository` : ""}`,
      powerless.length > 0 ? `give ${namesText(powerless)} write access` : "invite a colleague, with write access",
      address,
    );
  // Whoever writes the list does not count.
  const outsiders = people.filter((login) => !able.some((each) => each.toLowerCase() === login.toLowerCase()));
  if (able.length === most && outsiders.length === 0)
    return missing(
      `${namesText(able)} could approve, but whoever writes the list does not count, and nobody else may write one`,
      "invite a colleague, with write access",
      address,
    );
  return done(
    able.length === most
      ? `${namesText(able)}, as long as somebody else writes the list`
      : `${namesText(able)}: any ${most} who did not write the list`,
  );
}
