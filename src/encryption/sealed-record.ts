import type { ClaimRow, FiledRecord, LedgerRecord, ReceiptRow } from "../ledger/records.ts";
import { assignmentContext, bonusContext, memberContext } from "./lab-key.ts";
import type { AccountWords, LabKey, LabKeys } from "./lab-key.ts";

/**
 * A record as its file holds it: with its ids sealed where it says so. The same row is the same text in list, claim and
 * receipt, so that the chain's rules can be checked without a key.
 */
export function sealRecord(record: LedgerRecord, keys: LabKeys): LedgerRecord {
  if (record.sealed === undefined) return record;
  const key = keys.get(record.sealed);
  if (!key) throw new Error(`a record cannot be sealed without the lab key ${record.sealed}`);
  const names = namesIn(record.rows);
  return record.record === "claim"
    ? { ...record, rows: record.rows.map((row) => sealRow(row, key, record)) }
    : { ...record, rows: record.rows.map((row) => withoutIds(sealRow(row, key, record), names)) };
}

/** Records with their ids in clear, and those that none of the keys opens, which stay as they are. */
export function openRecords(
  records: readonly FiledRecord[],
  keys: LabKeys,
): { readonly records: readonly FiledRecord[]; readonly closed: readonly FiledRecord[] } {
  const closed: FiledRecord[] = [];
  if (records.every(({ record }) => record.sealed === undefined)) return { records, closed };
  const opened = records.map((filed) => {
    if (filed.record.sealed === undefined) return filed;
    const key = keys.get(filed.record.sealed);
    const record = key && openRecord(filed.record, key);
    if (record) return { ...filed, record };
    closed.push(filed);
    return filed;
  });
  return { records: opened, closed };
}

function openRecord(record: LedgerRecord, key: LabKey): LedgerRecord | undefined {
  try {
    return record.record === "claim"
      ? { ...record, rows: record.rows.map((row) => openRow(row, key, record)) }
      : { ...record, rows: record.rows.map((row) => openRow(row, key, record)) };
  } catch (thrown) {
    if (thrown instanceof StaysClosed) return undefined;
    throw thrown;
  }
}

class StaysClosed extends Error {}

function sealRow<Row extends ClaimRow | ReceiptRow>(row: Row, key: LabKey, account: AccountWords): Row {
  switch (row.kind) {
    case "pay":
      return {
        ...row,
        assignment: key.seal(row.assignment, assignmentContext(account, row.label)),
        worker: key.seal(row.worker, bonusContext("worker", account, row)),
        reason: row.reason.replace(`[ref ${row.reference}]`, "[ref sealed]"),
        reference: key.seal(row.reference, bonusContext("reference", account, row)),
        handle: key.seal(row.handle, bonusContext("token", account, row)),
      };
    case "grant":
    case "rescore":
    case "revoke":
      return { ...row, worker: key.seal(row.worker, memberContext(account, row.name)) };
    case "create-type":
      return row;
  }
}

function openRow<Row extends ClaimRow | ReceiptRow>(row: Row, key: LabKey, account: AccountWords): Row {
  const open = (sealed: string, context: Parameters<LabKey["open"]>[1]) => {
    const plain = key.open(sealed, context);
    if (plain === undefined) throw new StaysClosed();
    return plain;
  };
  switch (row.kind) {
    case "pay": {
      const assignment = open(row.assignment, assignmentContext(account, row.label));
      const bonus = { assignment, label: row.label };
      const reference = open(row.reference, bonusContext("reference", account, bonus));
      return {
        ...row,
        assignment,
        worker: open(row.worker, bonusContext("worker", account, bonus)),
        reason: row.reason.replace("[ref sealed]", `[ref ${reference}]`),
        reference,
        handle: open(row.handle, bonusContext("token", account, bonus)),
      };
    }
    case "grant":
    case "rescore":
    case "revoke":
      return { ...row, worker: open(row.worker, memberContext(account, row.name)) };
    case "create-type":
      return row;
  }
}

/** In capitals. */
function namesIn(rows: LedgerRecord["rows"]): ReadonlySet<string> {
  const names = rows.flatMap((row) => {
    if (row.kind === "pay") return [row.worker, row.assignment, row.reference, row.handle];
    return row.kind === "create-type" ? [] : [row.worker];
  });
  return new Set(names.map((name) => name.toUpperCase()));
}

/** A platform's words may name ids, its own among them; whoever opens the record finds those of the row in the row. */
function withoutIds(row: ReceiptRow, names: ReadonlySet<string>): ReceiptRow {
  if (row.message === undefined) return row;
  const message = row.message.replace(/[A-Za-z0-9]+(?:-[A-Z2-7]{4})*/g, (word) =>
    names.has(word.toUpperCase()) || LOOKS_LIKE_AN_ID.test(word) ? "…" : word,
  );
  return { ...row, message };
}

/** Of MTurk: capitals and digits. Of others: long words with digits in them. */
const LOOKS_LIKE_AN_ID =
  /^(?=.*[0-9])[A-Z0-9]{9,}$|^(?=.*[0-9])[A-Za-z0-9]{16,}$|^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/;
