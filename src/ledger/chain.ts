import type { ErrorObject } from "ajv/dist/2020.js";
import { isAmongAudits } from "./audit-text.ts";
import { brokenFault, fault, numberingFault, timeFault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import { RowHistory } from "./chain-rows.ts";
import { orderFaults } from "./order-faults.ts";
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
  /** What the records say of rows: what comes next is judged by it. It grows when the same reader reads again. */
  readonly rows: RowHistory;
  /** The hash of n records at place n: what audits name. It grows, too. */
  readonly heads: readonly string[];
}

/** Clocks of two runners may differ by this much, in milliseconds. */
export const SKEW_MS = 10 * 60_000;

/**
 * Reads every record under `receipts/` and checks that they are one unbroken chain. Files elsewhere are left aside.
 * A change to the newest record alone shows only against a tip that is known from elsewhere, such as git's own history.
 */
export function readChain(files: readonly LedgerFile[]): Chain {
  const { numbered, problems } = inOrder(files);
  const check = new ChainCheck();
  const records = numbered.flatMap((file) => check.add(file) ?? []);
  return check.chain(records, problems);
}

/** Checks one record after the other, in the order of {@link inOrder}, and keeps none of them. */
export class ChainCheck {
  /** What they say of rows. */
  readonly rows: RowHistory = new RowHistory();
  /** SHA-256 of the last of n records at place n; zeros where there is none. */
  readonly heads: string[] = [NO_RECORD];
  private readonly ofRecords: ChainFault[] = [];
  private readonly ofRows: ChainFault[] = [];
  private before = { sequence: 0, hash: NO_RECORD, path: "" };
  /** Each account has a clock of its own: an embedded platform's may be far from the machine's. */
  private readonly latest = new Map<string, number>();

  /** The record, where the file holds one. */
  add({ path, bytes, sequence }: Numbered<LedgerFile>): FiledRecord | undefined {
    const { filed, problems } = readRecord({ path, bytes });
    const { before } = this;
    this.ofRecords.push(...problems);
    if (sequence !== before.sequence + 1) this.ofRecords.push(numberingFault(path, sequence, before));
    else if (filed && filed.record.previous !== before.hash) this.ofRecords.push(brokenFault(path, before.path));
    if (filed) {
      this.ofRecords.push(...this.clockFaults(filed, before.path));
      this.ofRows.push(...this.rows.add(filed));
    }
    this.before = { sequence, hash: filed?.hash ?? sha256Hex(bytes), path };
    this.heads.push(this.before.hash);
    return filed;
  }

  /** What is wrong with records and their order, then what is wrong between their rows. */
  problems(): ChainFault[] {
    return [...this.ofRecords, ...this.ofRows];
  }

  /** All of it, for who kept the records. `elsewhere`: what is wrong with other files. */
  chain(records: readonly FiledRecord[], elsewhere: readonly ChainFault[]): Chain {
    return { records, problems: [...elsewhere, ...this.problems()], rows: this.rows, heads: this.heads };
  }

  private clockFaults({ path, record }: FiledRecord, before: string): ChainFault[] {
    const time = Date.parse(record.time);
    const account = `${record.platform} ${record.environment}`;
    const last = this.latest.get(account) ?? Number.NEGATIVE_INFINITY;
    this.latest.set(account, Math.max(last, time));
    return time < last - SKEW_MS ? [timeFault(path, before)] : [];
  }
}

/** Where the next record goes: the last number, and the hash that it must name. */
export function tip(records: readonly FiledRecord[]): { sequence: number; hash: string } {
  const last = records.at(-1);
  return last ? { sequence: last.record.sequence, hash: last.hash } : { sequence: 0, hash: NO_RECORD };
}

/** One file on its own: is it a record, written as mergepay writes it, in its place, with the right totals. */
export function readRecord({ path, bytes }: LedgerFile): { filed?: FiledRecord; problems: ChainFault[] } {
  const parsed = parse(bytes);
  if (!parsed) return { problems: [fault("not-json", path, "is not JSON in UTF-8")] };
  const { text, value } = parsed;
  if (!validateRecordShape(value)) {
    const [{ instancePath, message }] = validateRecordShape.errors as [ErrorObject];
    const where = instancePath ? `${instancePath.slice(1).replaceAll("/", ".")} ` : "";
    return { problems: [fault("wrong-shape", path, `is no record: ${where}${message}`)] };
  }
  const problems: ChainFault[] = [];
  if (formatRecord(value) !== text) problems.push(fault("not-canonical", path, "is not written as mergepay writes it"));
  const wanted = recordPath(value);
  if (path !== wanted) problems.push(fault("wrong-path", path, `holds the record that belongs at ${wanted}`));
  if (!areDates([value.time, ...value.rows.flatMap((row) => ("outcome" in row ? [row.time] : []))]))
    problems.push(fault("wrong-shape", path, "names a time that is none"));
  problems.push(...totalsFaults(path, value), ...orderFaults(path, value));
  return { filed: { path, hash: sha256Hex(bytes), record: value }, problems };
}

/** A file of the ledger with the number of its record. */
export type Numbered<File> = File & { readonly sequence: number };

/**
 * The files of records by their numbers, and what else is under `receipts/`. Audits are left aside, as are files
 * elsewhere: whatever becomes of them, it changes nothing about what was paid.
 */
export function inOrder<File extends { readonly path: string }>(
  files: readonly File[],
): { numbered: Numbered<File>[]; problems: ChainFault[] } {
  const numbered: Numbered<File>[] = [];
  const problems: ChainFault[] = [];
  for (const file of files) {
    if (file.path !== "receipts" && !file.path.startsWith("receipts/")) continue;
    if (isAmongAudits(file.path)) continue;
    const digits = RECORD_PATH.exec(file.path)?.[1];
    if (digits === undefined)
      problems.push(fault("unknown-file", file.path, "is no record", "only mergepay adds files under receipts/"));
    else numbered.push({ ...file, sequence: Number(digits) });
  }
  numbered.sort((a, b) => a.sequence - b.sequence || (a.path < b.path ? -1 : 1));
  return { numbered, problems };
}

const RECORD_PATH = /^receipts\/[0-9]{4}\/[0-9]{2}\/([0-9]{6,15})-[a-z0-9-]+\.(?:claim|receipt)\.json$/;

/** JSON in UTF-8; undefined where it is none. */
export function parse(bytes: Uint8Array): { text: string; value: unknown } | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** True where every text is a moment as records write it. */
export function areDates(times: readonly string[]): boolean {
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
