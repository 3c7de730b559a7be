import type { FiledRecord, LedgerRecord, ReceiptRow } from "./records.ts";
import { claimedRowKey } from "./state.ts";

/**
 * A receipt with the very text of the claim that it answers, wherever both say the same. A run of a hundred thousand rows
 * has each of them in both, and in what it tells at its end: the text is in memory once then.
 */
export function withTextOf(filed: FiledRecord, claim: LedgerRecord | undefined): FiledRecord {
  const { record } = filed;
  if (record.record !== "receipt" || claim?.sequence !== record.claim) return filed;
  const claimed = new Map(claim.rows.map((row) => [claimedRowKey(claim.sequence, row), row]));
  const rows = record.rows.map((row) => shared(row, claimed.get(claimedRowKey(record.claim, row))));
  return { ...filed, record: { ...record, rows } };
}

function shared(row: ReceiptRow, claimed: object = {}): ReceiptRow {
  const before = claimed as Readonly<Record<string, unknown>>;
  const entries = Object.entries(row).map(([key, value]) => [key, before[key] === value ? before[key] : value]);
  return Object.fromEntries(entries) as ReceiptRow;
}
