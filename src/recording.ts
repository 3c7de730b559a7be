import { accountKey } from "./accounts.ts";
import type { Run } from "./apply/protocol.ts";
import type { LedgerEvidence } from "./audit/audit-input.ts";
import type { Finding } from "./audit/finding.ts";
import type { Audit } from "./audit/make-audit.ts";
import { Failure } from "./failure.ts";
import { auditTip } from "./ledger/audit-chain.ts";
import type { AuditRecord, FindingCount } from "./ledger/audit-record.ts";
import { auditPath, formatAudit } from "./ledger/audit-text.ts";
import { tip } from "./ledger/chain.ts";
import { auditsOf, ChainReader } from "./ledger/chain-reader.ts";
import type { Appended, LedgerStore } from "./ledger/git-store.ts";
import { formatMoney } from "./money.ts";
import type { RecordCommit } from "./paying.ts";
import type { Account } from "./platforms/ports.ts";
import { noLedger } from "./reading.ts";
import { count } from "./report/phrases.ts";
import type { Identity } from "./repository/repository.ts";

/** How an audit is written down. */
export interface RecordOptions {
  /** How this run is called; a person's own machine unless told. */
  readonly run?: Omit<Run, "endpoint">;
  /** The person of git's settings unless told. */
  readonly committer?: Identity;
  /** ISO 8601, UTC: asked when it is written. */
  readonly now: () => string;
  /** As in `ApplyOptions`. */
  readonly signingKey?: string | undefined;
  readonly record?: ((commit: RecordCommit) => Promise<Appended>) | undefined;
}

/** The same with everything that was left out. */
export interface Recording extends RecordOptions {
  readonly run: Omit<Run, "endpoint">;
  readonly committer: Identity;
}

export type Recorded =
  | { readonly kind: "recorded"; readonly path: string }
  /** There is no account yet: nothing was compared. */
  | { readonly kind: "nothing" }
  | { readonly kind: "not-recorded"; readonly why: string; readonly hint: string };

/** An audit before it has a place in the chain. */
export type AuditDraft = Omit<AuditRecord, "sequence" | "previous" | "time">;

/** What an audit's record says of it: sums and numbers, and nobody's id. */
export function draftAudit(
  { accounts, findings, notAsked }: Audit,
  about: Pick<AuditRecord, "ledger" | "commit" | "everywhere">,
  { run: { actor, run, tool } }: Pick<Recording, "run">,
): AuditDraft {
  return {
    record: "audit",
    version: 1,
    ...about,
    actor,
    run,
    tool,
    notAsked,
    clean: findings.length === 0,
    findings: counted(findings.filter((each) => !accounts.some(({ account }) => isAbout(each, account)))),
    accounts: accounts.map(({ account, money }) => ({
      platform: account.platform,
      environment: account.environment,
      currency: account.currency,
      bonuses: money.bonuses,
      explained: formatMoney(money.explained),
      total: formatMoney(money.total),
      findings: counted(findings.filter((each) => isAbout(each, account))),
    })),
  };
}

function isAbout(finding: Finding, account: Account): boolean {
  return finding.account !== undefined && accountKey(finding.account) === accountKey(account);
}

function counted(findings: readonly Finding[]): FindingCount[] {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count }));
}

/** What an audit looked at: how many records there were, and the hash of the last. */
export function headOf({ records }: LedgerEvidence): AuditRecord["ledger"] {
  const { sequence, hash } = tip(records);
  return { records: sequence, head: hash };
}

/**
 * Records an audit, unless there was nothing to compare, or its findings say that the ledger itself is not to be added
 * to. What was found stands, whatever keeps it from being recorded.
 */
export async function recordedAudit(
  store: LedgerStore,
  { isMissing, faults, lostAnchors }: LedgerEvidence,
  draft: AuditDraft,
  how: Recording,
): Promise<Recorded> {
  if (draft.accounts.length === 0) return { kind: "nothing" };
  if (isMissing || faults.length > 0 || lostAnchors.length > 0)
    return notRecorded("the ledger itself is not whole", "mend first what was found of the ledger");
  try {
    return await recordAudit(store, draft, how);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return notRecorded(thrown.message, thrown.hint);
  }
}

/** A rival that writes at the same time costs another try; so many in a row are no accident. */
const TRIES_MOST = 10;

/**
 * Appends an audit to the ledger's branch, behind whatever others have appended since it was begun: it says itself which
 * ledger it looked at. Throws `RepositoryFailure` where the branch cannot be read.
 */
async function recordAudit(
  store: LedgerStore,
  draft: AuditDraft,
  { now, committer, record }: Recording,
): Promise<Recorded> {
  const time = now();
  const chain = new ChainReader();
  for (let tries = 0; tries < TRIES_MOST; tries++) {
    const read = await store.read();
    if (read.kind === "missing") return notRecorded(...noLedger(store.branch));
    const { audits, problems } = await auditsOf(read, (await chain.read(read)).heads);
    const [fault] = problems;
    if (fault) return notRecorded(fault.message, fault.hint);
    const ours = audits.find(({ audit }) => audit.run === draft.run && audit.time === time);
    if (ours) return { kind: "recorded", path: ours.path };
    const { sequence, hash } = auditTip(audits);
    const audit = { ...draft, time, sequence: sequence + 1, previous: hash };
    const path = auditPath(audit);
    const commit = { parent: read.tip, message: messageOf(audit), files: [{ path, text: formatAudit(audit) }] };
    const appended = await (record
      ? record({ ...commit, branch: store.branch })
      : store.append(commit.files, { ...commit, time, identity: committer }));
    if (appended.kind === "refused") return notRecorded(`the remote refuses it: ${appended.message}`, MAY_WRITE);
  }
  return notRecorded(`it could not be pushed in ${TRIES_MOST} tries`, "run it again when nobody pays");
}

const MAY_WRITE =
  "whoever records an audit must be able to push to the ledger's branch; in a workflow its job needs `contents: write`";

function notRecorded(why: string, hint: string): Recorded {
  return { kind: "not-recorded", why, hint };
}

function messageOf({ clean, findings, accounts, run }: AuditRecord): string {
  const found = [...findings, ...accounts.flatMap((each) => each.findings)];
  const sum = found.reduce((all, each) => all + each.count, 0);
  return `audit: ${clean ? "everything is explained" : count(sum, "finding")}\n\nRun: ${run}\n`;
}
