import type { Audit } from "../audit/make-audit.ts";
import { Failure } from "../failure.ts";
import { audit } from "../pipeline.ts";
import type { Audited, Place } from "../pipeline.ts";
import { auditIssue, auditSummary } from "../report/audit-markdown.ts";
import { markerOf } from "../report/marker.ts";
import { auditJson } from "../report/audit-text.ts";
import type { Footer } from "../report/markdown-footer.ts";
import { noPlanJson } from "../report/plan-json.ts";
import type { RecordOptions } from "../recording.ts";
import { gitHubWitness } from "./audit-witness.ts";
import type { GitHub } from "./github.ts";
import { noteTip } from "./note-tip.ts";
import { putIssue } from "./sticky.ts";
import { digestOfAll, hideIds, totalText } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** The run that looks whether everything agrees. It cannot pay, and adds nothing to the ledger but that there was an audit. */
export interface AuditRoom {
  readonly place: Place;
  readonly github: GitHub;
  readonly aliasKey: string | undefined;
  readonly record: RecordOptions;
  readonly footer: Footer;
  readonly warn: (message: string) => void;
}

/** Audits the books, records that it did, and keeps one issue that says what is left to explain: closed when nothing is. */
export async function auditBooks(room: AuditRoom): Promise<Verdict> {
  try {
    const audited = await audit(room.place, { witness: gitHubWitness(room.github, room.warn), record: room.record });
    const { aliasKey, footer } = room;
    const { recorded } = audited;
    const { account } = room.place;
    const told = { audit: audited.audit, workers: audited.policy.workers, aliasKey, account, footer, recorded };
    if (recorded?.kind === "not-recorded") room.warn(`the audit is not recorded: ${recorded.why}; ${recorded.hint}`);
    await writing(room, "the issue", () => putIssue(room.github, markerOf("audit", account), auditIssue(told)));
    await writing(room, "the check with the ledger's tip", () => noteLedger(room, audited));
    return { ...hideIds(verdictOf(audited), { workers: told.workers, aliasKey }), summary: auditSummary(told) };
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return notAudited(thrown);
  }
}

/** So that the newest audit cannot be taken back unseen. */
async function noteLedger({ github }: AuditRoom, { recorded, tip, policy, ledgerTip }: Audited): Promise<void> {
  if (recorded?.kind !== "recorded" || ledgerTip === undefined) return;
  await noteTip(github, tip, { branch: policy.receipts.branch, commit: ledgerTip });
}

/** What cannot be written changes nothing about what was found. */
async function writing({ warn }: AuditRoom, what: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    warn(`${what} could not be written, the summary has it: ${thrown.message}`);
  }
}

function verdictOf({ audit: found, manifests, recorded }: Audited): Omit<Verdict, "summary"> {
  const isClean = found.findings.length === 0;
  return {
    decision: isClean ? "explained" : "unexplained",
    reason: isClean ? "ok" : "audit_findings",
    passes: isClean,
    digest: digestOfAll(manifests),
    count: bonusesIn(found),
    total: totalText(found.accounts.map(({ money }) => money.total)),
    result: auditJson(found, recorded),
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
