import type { AuditRecord } from "../ledger/audit-record.ts";
import { count } from "../report/phrases.ts";
import { done, missing } from "./check.ts";
import type { Finding } from "./check.ts";

/** The workflow that `init` writes audits every day. After a week without, its schedule has stopped. */
export const RECENT_MS = 7 * 86_400_000;

export const AUDIT_NOW = "run mergepay audit --record: it compares lists, ledger and platform, and pays nobody";

/** What the ledger says of its newest audit. Undefined where it has none. `now` is ISO 8601. */
export function recordedAudit(last: AuditRecord | undefined, now: string): Finding | undefined {
  if (!last) return undefined;
  const day = last.time.slice(0, 10);
  if (Date.parse(now) - Date.parse(last.time) > RECENT_MS) return missing(`the last one was on ${day}`, AUDIT_NOW);
  if (last.clean) return done(`on ${day}, and everything was explained`);
  const findings = [...last.findings, ...last.accounts.flatMap((each) => each.findings)];
  const sum = findings.reduce((all, each) => all + each.count, 0);
  return missing(
    `that of ${day} left ${count(sum, "finding")}`,
    "run mergepay audit: it shows what is left, and what to do",
  );
}
