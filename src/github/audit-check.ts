import { done, missing, unknown } from "../doctor/check.ts";
import type { Finding } from "../doctor/check.ts";
import { AUDIT_NOW, RECENT_MS, recordedAudit } from "../doctor/recorded-audit.ts";
import { unseen } from "./posture-facts.ts";
import type { GitHubFacts } from "./posture-facts.ts";

/** When lists, ledger and platform were last compared: by the ledger, and where it has no audit, as far as GitHub ran one. */
export function auditFinding({ posture, workflows, hasRecords, lastAudit, now }: GitHubFacts): Finding {
  if (!hasRecords) return done("nothing was paid yet, so that there is nothing to audit");
  const recorded = recordedAudit(lastAudit, now);
  if (recorded) return recorded;
  if (!workflows.some(({ audits }) => audits))
    return missing("no workflow on the default branch audits, and the ledger has no audit", AUDIT_NOW);
  const asked = posture.lastAudit;
  if (asked.kind === "absent") return missing("the workflow's schedule has not started one yet", AUDIT_NOW);
  if (asked.kind !== "known") return unseen(asked) ?? unknown("GitHub does not say", AUDIT_NOW);
  const { at, conclusion, page } = asked.value;
  const day = at.slice(0, 10);
  if (conclusion !== "success")
    return missing(`the scheduled run of ${day} ended in ${conclusion}`, "read there what it found", page);
  if (Date.parse(now) - Date.parse(at) > RECENT_MS) return missing(`the last one was on ${day}`, AUDIT_NOW, page);
  return done(`on ${day}, and everything was explained`);
}
