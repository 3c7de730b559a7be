import type { ErrorObject } from "ajv/dist/2020.js";
import { auditPath, formatAudit, isAmongAudits } from "./audit-text.ts";
import type { AuditRecord, FiledAudit } from "./audit-record.ts";
import { areDates, parse, SKEW_MS } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { brokenFault, fault, numberingFault, timeFault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import { NO_RECORD, sha256Hex } from "./record-text.ts";
import { validateAuditShape } from "./validators.ts";

export interface AuditChain {
  /** By sequence. Whole only where there are no problems. */
  readonly audits: readonly FiledAudit[];
  readonly problems: readonly ChainFault[];
}

/**
 * Reads every audit among the files and checks that they are one unbroken chain about this very ledger. `heads` are the
 * hashes that audits may name: that of n records at place n. Files elsewhere are left aside.
 */
export function readAudits(files: readonly LedgerFile[], heads: readonly string[]): AuditChain {
  const { numbered, problems } = numberedAudits(files);
  const audits: FiledAudit[] = [];
  let before = { sequence: 0, hash: NO_RECORD, path: "" };
  for (const { path, bytes, sequence } of numbered) {
    const read = readAudit({ path, bytes });
    problems.push(...read.problems);
    if (sequence !== before.sequence + 1) problems.push(numberingFault(path, sequence, before));
    else if (read.filed && read.filed.audit.previous !== before.hash) problems.push(brokenFault(path, before.path));
    if (read.filed) {
      problems.push(...orderFaults(read.filed, audits.at(-1)), ...ledgerFaults(read.filed, heads));
      audits.push(read.filed);
    }
    before = { sequence, hash: sha256Hex(bytes), path };
  }
  return { audits, problems };
}

/** Where the next audit goes: the last number, and the hash that it must name. */
export function auditTip(audits: readonly FiledAudit[]): { sequence: number; hash: string } {
  const last = audits.at(-1);
  return last ? { sequence: last.audit.sequence, hash: sha256Hex(last.text) } : { sequence: 0, hash: NO_RECORD };
}

const AUDIT_PATH = /^receipts\/audits\/[0-9]{4}\/[0-9]{2}\/([0-9]{6,15})\.audit\.json$/;

function numberedAudits(files: readonly LedgerFile[]): {
  numbered: (LedgerFile & { readonly sequence: number })[];
  problems: ChainFault[];
} {
  const among = files.filter(({ path }) => isAmongAudits(path));
  const numberOf = (path: string) => AUDIT_PATH.exec(path)?.[1];
  return {
    numbered: among
      .flatMap((file) => {
        const digits = numberOf(file.path);
        return digits === undefined ? [] : [{ ...file, sequence: Number(digits) }];
      })
      .sort((a, b) => a.sequence - b.sequence),
    problems: among
      .filter(({ path }) => numberOf(path) === undefined)
      .map(({ path }) => fault("unknown-file", path, "is no audit", "only mergepay adds files under receipts/")),
  };
}

/** One file on its own. */
function readAudit({ path, bytes }: LedgerFile): { filed?: FiledAudit; problems: ChainFault[] } {
  const parsed = parse(bytes);
  if (!parsed) return { problems: [fault("not-json", path, "is not JSON in UTF-8")] };
  const { text, value } = parsed;
  if (!validateAuditShape(value)) {
    const [{ instancePath, message }] = validateAuditShape.errors as [ErrorObject];
    const where = instancePath ? `${instancePath.slice(1).replaceAll("/", ".")} ` : "";
    return { problems: [fault("wrong-shape", path, `is no audit: ${where}${message}`)] };
  }
  const problems: ChainFault[] = [];
  if (formatAudit(value) !== text) problems.push(fault("not-canonical", path, "is not written as mergepay writes it"));
  const wanted = auditPath(value);
  if (path !== wanted) problems.push(fault("wrong-path", path, `holds the audit that belongs at ${wanted}`));
  if (!areDates([value.time])) problems.push(fault("wrong-shape", path, "names a time that is none"));
  if (!isConsistent(value))
    problems.push(fault("audit-contradicts-itself", path, "calls clean what has findings, or finds nothing amiss"));
  return { filed: { path, text, audit: value }, problems };
}

/** Clean is what has no finding; and what has none explains every cent. */
function isConsistent({ clean, findings, accounts }: AuditRecord): boolean {
  const isClean = findings.length === 0 && accounts.every((each) => each.findings.length === 0);
  return clean === isClean && (!clean || accounts.every(({ explained, total }) => explained === total));
}

/** The ledger only grows, and so does time. */
function orderFaults({ path, audit }: FiledAudit, last: FiledAudit | undefined): ChainFault[] {
  if (!last) return [];
  return [
    ...(Date.parse(audit.time) < Date.parse(last.audit.time) - SKEW_MS ? [timeFault(path, last.path)] : []),
    ...(audit.ledger.records < last.audit.ledger.records
      ? [
          fault(
            "audit-of-another-ledger",
            path,
            `looked at fewer records than ${last.path}, which was written before it`,
          ),
        ]
      : []),
  ];
}

function ledgerFaults({ path, audit: { ledger } }: FiledAudit, heads: readonly string[]): ChainFault[] {
  return heads[ledger.records] === ledger.head
    ? []
    : [
        fault(
          "audit-of-another-ledger",
          path,
          `looked at ${ledger.records} records that are not the first of this ledger`,
        ),
      ];
}
