import { fault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import { rowFaults } from "./chain-rows.ts";
import { formatRecord, NO_RECORD, recordPath, recordTotals, sha256Hex } from "./record-text.ts";
import type { FiledRecord, LedgerRecord } from "./records.ts";
import { validateRecordShape } from "./validators.ts";

/** A file of the ledger as git holds it. */
export interface LedgerFile {
  /** Path from the top of the branch. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Chain {
  /** By sequence. Whole only where there are no problems. */
  readonly records: readonly FiledRecord[];
  readonly problems: readonly ChainFault[];
}

/** Clocks of two runners may differ by this much. */
const SKEW_MS = 10 * 60_000;

/**
 * Reads every record under `receipts/` and checks that they are one unbroken chain. Files elsewhere are left aside.
 * A change to the newest record alone shows only against a tip that is known from elsewhere, such as git's own history.
 */
export function readChain(files: readonly LedgerFile[]): Chain {
  const { numbered, problems } = bySequence(files);
  const records: FiledRecord[] = [];
  let before = { sequence: 0, hash: NO_RECORD, path: "" };
  // Each account has a clock of its own: an embedded platform's may be far from the machine's.
  const latest = new Map<string, number>();
  for (const { sequence, path, bytes } of numbered) {
    const read = readRecord({ path, bytes });
    problems.push(...read.problems);
    if (sequence !== before.sequence + 1) problems.push(numberingFault(path, sequence, before));
    else if (read.filed && read.filed.record.previous !== before.hash) problems.push(brokenFault(path, before.path));
    if (read.filed) {
      const time = Date.parse(read.filed.record.time);
      const account = `${read.filed.record.platform} ${read.filed.record.environment}`;
      const last = latest.get(account) ?? Number.NEGATIVE_INFINITY;
      if (time < last - SKEW_MS) problems.push(timeFault(path, before.path));
      latest.set(account, Math.max(last, time));
      records.push(read.filed);
    }
    before = { sequence, hash: sha256Hex(bytes), path };
  }
  return { records, problems: [...problems, ...rowFaults(records)] };
}

/** Where the next record goes: the last number, and the hash that it must name. */
export function tip(records: readonly FiledRecord[]): { sequence: number; hash: string } {
  const last = records.at(-1);
  return last ? { sequence: last.record.sequence, hash: sha256Hex(last.text) } : { sequence: 0, hash: NO_RECORD };
}

/** One file on its own: is it a record, written as mergepay writes it, in its place, with the right totals. */
export function readRecord({ path, bytes }: LedgerFile): { filed?: FiledRecord; problems: ChainFault[] } {
  const parsed = parse(bytes);
  if (!parsed) return { problems: [fault("not-json", path, "is not JSON in UTF-8")] };
  const { text, value } = parsed;
  if (!validateRecordShape(value)) {
    const [error] = validateRecordShape.errors ?? [];
    const where = error?.instancePath ? `${error.instancePath.slice(1).replaceAll("/", ".")} ` : "";
    return {
      problems: [fault("wrong-shape", path, `is no record: ${where}${error?.message ?? "it has another shape"}`)],
    };
  }
  const problems: ChainFault[] = [];
  if (formatRecord(value) !== text) problems.push(fault("not-canonical", path, "is not written as mergepay writes it"));
  const wanted = recordPath(value);
  if (path !== wanted) problems.push(fault("wrong-path", path, `holds the record that belongs at ${wanted}`));
  if (!areDates([value.time, ...value.rows.flatMap((row) => ("outcome" in row ? [row.time] : []))]))
    problems.push(fault("wrong-shape", path, "names a time that is none"));
  problems.push(...totalsFaults(path, value));
  return { filed: { path, text, record: value }, problems };
}

function bySequence(files: readonly LedgerFile[]): {
  numbered: (LedgerFile & { sequence: number })[];
  problems: ChainFault[];
} {
  const numbered: (LedgerFile & { sequence: number })[] = [];
  const problems: ChainFault[] = [];
  for (const file of files) {
    if (file.path !== "receipts" && !file.path.startsWith("receipts/")) continue;
    const digits = RECORD_PATH.exec(file.path)?.[1];
    if (digits === undefined)
      problems.push(fault("unknown-file", file.path, "is no record", "only mergepay adds files under receipts/"));
    else numbered.push({ ...file, sequence: Number(digits) });
  }
  numbered.sort((a, b) => a.sequence - b.sequence || (a.path < b.path ? -1 : 1));
  return { numbered, problems };
}

const RECORD_PATH = /^receipts\/[0-9]{4}\/[0-9]{2}\/([0-9]{6,15})-[a-z0-9-]+\.(?:claim|receipt)\.json$/;

function parse(bytes: Uint8Array): { text: string; value: unknown } | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function areDates(times: readonly string[]): boolean {
  return times.every((time) => {
    const ms = Date.parse(time);
    return !Number.isNaN(ms) && new Date(ms).toISOString() === time;
  });
}

function totalsFaults(path: string, { record, totals, rows, currency }: LedgerRecord): ChainFault[] {
  const sums = recordTotals(record, rows, currency);
  const wrong = (["rows", "amount", "fee", "cost"] as const).filter((key) => totals[key] !== sums[key]);
  return wrong.map((key) =>
    fault("wrong-totals", path, `states ${key} ${totals[key]}, and its rows add up to ${sums[key]}`),
  );
}

function numberingFault(path: string, sequence: number, before: { sequence: number; path: string }): ChainFault {
  if (sequence === before.sequence) return fault("numbering", path, `has the same number as ${before.path}`);
  const missing =
    before.sequence + 1 === sequence - 1 ? `${sequence - 1}` : `${before.sequence + 1} to ${sequence - 1}`;
  return fault("numbering", path, `does not follow the record before it: ${missing} missing`);
}

function brokenFault(path: string, before: string): ChainFault {
  const message = before
    ? `does not follow ${before}: that file is not the one it was written after`
    : "is the first record, and names one before it";
  return fault("broken-chain", path, message);
}

function timeFault(path: string, before: string): ChainFault {
  return fault(
    "time-backwards",
    path,
    `says that it was written before ${before}`,
    "set the clock of the machine that wrote it",
  );
}
