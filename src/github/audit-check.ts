import { done, missing, unknown } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** The workflow that `init` writes audits every day. After a week without, its schedule has stopped. */
const RECENT_MS = 7 * 86_400_000;

const BY_HAND = "run mergepay audit: it compares lists, ledger and platform, and pays nobody";

/** When lists, ledger and platform were last compared, as far as GitHub ran it. An audit by hand leaves no trace. */
export function auditFinding({ posture, workflows, hasRecords, now }: GitHubFacts): Finding {
  if (!hasRecords) return done("nothing was paid yet, so that there is nothing to audit");
  if (!workflows.some(({ audits }) => audits))
    return missing("no workflow on the default branch audits, and an audit by hand leaves no trace", BY_HAND);
  const asked = posture.lastAudit;
  if (asked.kind === "absent") return missing("the workflow's schedule has not started one yet", BY_HAND);
  if (asked.kind !== "known") return unseen(asked) ?? unknown("GitHub does not say", BY_HAND);
  const { at, conclusion, page } = asked.value;
  const day = at.slice(0, 10);
  if (conclusion !== "success")
    return missing(`the scheduled run of ${day} ended in ${conclusion}`, "read there what it found", page);
  if (Date.parse(now) - Date.parse(at) > RECENT_MS) return missing(`the last one was on ${day}`, BY_HAND, page);
  return done(`on ${day}, and everything was explained`);
}
