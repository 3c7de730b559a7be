import type { Audit } from "../audit/make-audit.ts";
import { Failure } from "../failure.ts";
import { audit } from "../pipeline.ts";
import type { Audited, Place } from "../pipeline.ts";
import { AUDIT_MARKER, auditIssue, auditSummary } from "../report/audit-markdown.ts";
import { auditJson } from "../report/audit-text.ts";
import type { Footer } from "../report/markdown-footer.ts";
import { noPlanJson } from "../report/plan-json.ts";
import { gitHubWitness } from "./audit-witness.ts";
import type { GitHub } from "./github.ts";
import { putIssue } from "./sticky.ts";
import { digestOfAll, hideIds, totalText } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** The run that looks whether everything agrees, and can neither pay nor write to the ledger. */
export interface AuditRoom {
  readonly place: Place;
  readonly github: GitHub;
  readonly aliasKey: string | undefined;
  readonly footer: Footer;
  readonly warn: (message: string) => void;
}

/** Audits the books, and keeps one issue that says what is left to explain: closed when nothing is. */
export async function auditBooks(room: AuditRoom): Promise<Verdict> {
  try {
    const audited = await audit(room.place, { witness: gitHubWitness(room.github, room.warn) });
    const { aliasKey, footer } = room;
    const told = { audit: audited.audit, workers: audited.policy.workers, aliasKey, footer };
    await keepIssue(room, auditIssue(told));
    return { ...hideIds(verdictOf(audited), { workers: told.workers, aliasKey }), summary: auditSummary(told) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return notAudited(thrown);
  }
}

/** An issue that cannot be written changes nothing about what was found. */
async function keepIssue({ github, warn }: AuditRoom, text: ReturnType<typeof auditIssue>): Promise<void> {
  try {
    await putIssue(github, AUDIT_MARKER, text);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    warn(`the issue could not be written, the summary has it: ${thrown.message}`);
  }
}

function verdictOf({ audit: found, manifests }: Audited): Omit<Verdict, "summary"> {
  const isClean = found.findings.length === 0;
  return {
    decision: isClean ? "explained" : "unexplained",
    reason: isClean ? "ok" : "audit_findings",
    passes: isClean,
    digest: digestOfAll(manifests),
    count: bonusesIn(found),
    total: totalText(found.accounts.map(({ money }) => money.total)),
    result: auditJson(found),
    problems: [],
  };
}

function bonusesIn({ accounts }: Audit): number {
  return accounts.reduce((sum, { money }) => sum + money.bonuses, 0);
}

/** Nothing is known, so that the issue stays as it is. */
function notAudited({ message, hint }: Failure): Verdict {
  return {
    decision: "cannot-evaluate",
    reason: "cannot_evaluate",
    passes: false,
    digest: "",
    count: 0,
    total: "0.00",
    result: noPlanJson([]),
    problems: [],
    summary: `## ⛔ CANNOT EVALUATE: the audit could not be made\n${message}.\n\n→ ${hint}\n`,
  };
}
