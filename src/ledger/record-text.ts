import { hash } from "node:crypto";
import { formatMoney, parseMoney, sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { ClaimRow, LedgerRecord, ReceiptRow } from "./records.ts";

/**
 * A record as its file holds it: JSON, one line for each field of the header and for each row. The same record always
 * gives the same bytes, so that a file can be compared with what it says.
 */
export function formatRecord(record: LedgerRecord): string {
  let header = "";
  for (const key of HEADER_KEYS) header += headerLine(record, key);
  const rows = record.rows.map((row) => `    ${inlineObject(ROW_KEYS, row)}`);
  return `{\n${header}  "rows": [\n${rows.join(",\n")}\n  ]\n}\n`;
}

/** `receipts/2026/11/000017-stroop-replication.claim.json`, by the month of the record's time. */
export function recordPath({ time, sequence, study, record }: Omit<LedgerRecord, "rows">): string {
  return `receipts/${time.slice(0, 4)}/${time.slice(5, 7)}/${String(sequence).padStart(6, "0")}-${study}.${record}.json`;
}

/** 64 characters, lower case. Text counts as UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content);
}

/** What the first record names as its previous one. */
export const NO_RECORD = "0".repeat(64);

/**
 * The totals that a record states. A claim counts all its rows and sums its bonuses; a receipt counts and sums the
 * bonuses that were paid (`done` or `found`). Throws where an amount is none.
 */
export function recordTotals(
  record: "claim" | "receipt",
  rows: readonly (ClaimRow | ReceiptRow)[],
  currency: Currency,
): LedgerRecord["totals"] {
  const counted = record === "claim" ? rows : rows.filter(isPaid);
  const bonuses = counted.filter((row) => row.kind === "pay");
  const amount = sumMoney(
    bonuses.map((row) => amountIn(row.amount, currency)),
    currency,
  );
  const fee = sumMoney(
    bonuses.map((row) => amountIn(row.fee, currency)),
    currency,
  );
  const cost = sumMoney([amount, fee], currency);
  return { rows: counted.length, amount: formatMoney(amount), fee: formatMoney(fee), cost: formatMoney(cost) };
}

/** True for a bonus that a receipt calls paid. */
export function isPaid(row: ClaimRow | ReceiptRow): boolean {
  return row.kind === "pay" && "outcome" in row && (row.outcome === "done" || row.outcome === "found");
}

function amountIn(text: string, currency: Currency): Money {
  const amount = parseMoney(text, currency);
  if (!amount) throw new Error(`not an amount: ${text}`);
  return amount;
}

const HEADER_KEYS = [
  "record",
  "version",
  "sequence",
  "previous",
  "claim",
  "platform",
  "environment",
  "currency",
  "account",
  "endpoint",
  "study",
  "sealed",
  "manifest",
  "pullRequest",
  "author",
  "approvers",
  "actor",
  "run",
  "tool",
  "time",
  "container",
  "quote",
  "evidence",
  "balance",
  "totals",
] as const;

const NESTED_KEYS: Readonly<Record<string, readonly string[]>> = {
  manifest: ["file", "digest", "commit"],
  quote: ["amount", "fee", "tax", "total"],
  balance: ["before", "after"],
  totals: ["rows", "amount", "fee", "cost"],
};

const ROW_KEYS = [
  "kind",
  "assignment",
  "label",
  "attempt",
  "name",
  "group",
  "worker",
  "amount",
  "fee",
  "score",
  "was",
  "notify",
  "description",
  "keywords",
  "reason",
  "reference",
  "handle",
  "others",
  "baseline",
  "outcome",
  "time",
  "requestId",
  "code",
  "message",
  "listed",
] as const;

function headerLine(record: LedgerRecord, key: (typeof HEADER_KEYS)[number]): string {
  const value = fieldsOf(record)[key];
  if (value === undefined) return "";
  const nested = key === "evidence" ? Object.keys(value as object).sort() : NESTED_KEYS[key];
  return `  "${key}": ${nested && isObject(value) ? inlineObject(nested, value) : inline(value)},\n`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * An object on one line, with room to read, its entries in the order of `keys`: `{ "rows": 3, "amount": "4.50" }`. What
 * is absent or undefined is left out. A ledger of a million rows comes through here twice, so that nothing is copied.
 */
function inlineObject(keys: readonly string[], value: object): string {
  const fields = fieldsOf(value);
  let entries = "";
  for (const key of keys) {
    const each = fields[key];
    if (each !== undefined) entries += `${entries === "" ? "" : ", "}"${key}": ${inline(each)}`;
  }
  return `{ ${entries} }`;
}

function inline(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(inline).join(", ")}]` : JSON.stringify(value);
}

/** The keys that are asked for are an object's own, or none that every object has. */
function fieldsOf(value: object): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>;
}
