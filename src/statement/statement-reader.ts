import { isSealed } from "../encryption/lab-key.ts";
import { sha256Hex } from "../ledger/record-text.ts";
import { accountOfRecord } from "../ledger/record-account.ts";
import type { ClaimRecord, ClaimRow, FiledRecord, LedgerRecord, ReceiptRecord, ReceiptRow } from "../ledger/records.ts";
import { claimedRowKey } from "../ledger/state.ts";
import { money, parseMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Statement, StatementRecord, StatementRow } from "./statement.ts";

/**
 * Reads a statement out of records that come one at a time, in order, and were checked before. Of a record's text
 * nothing is kept, and equal words are kept once, so that a million rows fit into memory.
 */
export class StatementReader {
  readonly #records: Writable<StatementRecord>[] = [];
  readonly #rows: StatementRow[] = [];
  /** Those that a receipt may still answer. */
  readonly #unsettled = new Map<string, StatementRow>();
  readonly #words = new Map<string, string>();
  readonly #amounts = new Map<string, Money>();
  readonly #accounts = new Map<string, Account>();
  #lastText = "";

  add({ path, text, record }: FiledRecord): void {
    const before = this.#records.at(-1);
    if (before) before.hash = record.previous;
    this.#lastText = text;
    const header = this.#header(path, record);
    this.#records.push(header);
    if (record.record === "claim") this.#claim(header, record);
    else this.#answer(header, record);
  }

  /** What was read up to now. */
  statement(): Statement {
    const last = this.#records.at(-1);
    if (last) last.hash = sha256Hex(this.#lastText);
    return { records: this.#records, rows: this.#rows };
  }

  #claim(claim: StatementRecord, { rows, time }: ClaimRecord): void {
    for (const each of rows) {
      const row = this.#row(claim, each, Date.parse(time));
      this.#rows.push(row);
      this.#unsettled.set(claimedRowKey(claim.sequence, each), row);
    }
  }

  #answer(receipt: StatementRecord, { claim, rows }: ReceiptRecord): void {
    for (const each of rows) {
      const key = claimedRowKey(claim, each);
      const row = this.#unsettled.get(key);
      if (!row) continue;
      this.#end(row, receipt, each);
      if (each.outcome === "done" || each.outcome === "found") this.#unsettled.delete(key);
    }
  }

  #end(row: StatementRow, receipt: StatementRecord, { outcome, time, message = "" }: ReceiptRow): void {
    row.receipt = receipt;
    row.outcome = outcome;
    row.time = Date.parse(time);
    row.message = this.#word(message);
  }

  #row(claim: StatementRecord, row: ClaimRow, time: number): StatementRow {
    const { currency } = claim.account;
    const nothing = this.#amount("0.00", currency);
    const common = {
      kind: row.kind,
      claim,
      receipt: undefined,
      outcome: "open" as const,
      time,
      message: "",
      worker: row.kind === "create-type" ? "" : this.#word(isSealed(row.worker) ? UNOPENED : row.worker),
      assignment: "",
      label: "",
      reference: "",
      attempt: 1,
      amount: nothing,
      fee: nothing,
      reason: "",
      name: "",
      score: undefined,
    };
    switch (row.kind) {
      case "pay":
        return {
          ...common,
          assignment: row.assignment,
          label: this.#word(row.label),
          reference: row.reference,
          attempt: row.attempt,
          amount: this.#amount(row.amount, currency),
          fee: this.#amount(row.fee, currency),
          reason: this.#word(withoutReference(row.reason)),
        };
      case "grant":
      case "rescore":
      case "revoke":
        return { ...common, name: this.#word(row.name), score: row.score, reason: this.#word(row.reason ?? "") };
      case "create-type":
        return { ...common, name: this.#word(row.name), reason: this.#word(row.description) };
    }
  }

  #header(path: string, record: LedgerRecord): Writable<StatementRecord> {
    const { platform, environment, currency, balance, totals, manifest } = record;
    const key = [platform, environment, currency, record.account].join("\0");
    const account = this.#accounts.get(key) ?? accountOfRecord(record);
    this.#accounts.set(key, account);
    const held = record.record === "claim" ? balance.before : record.balance.after;
    return {
      kind: record.record,
      path,
      sequence: record.sequence,
      hash: "",
      account,
      study: this.#word(record.study),
      manifest: {
        file: this.#word(manifest.file),
        digest: this.#word(manifest.digest),
        commit: this.#word(manifest.commit),
      },
      time: record.time,
      ...(record.record === "receipt" ? { claim: record.claim } : {}),
      pullRequest: record.pullRequest,
      author: record.author,
      approvers: record.approvers.map((each) => this.#word(each)),
      run: this.#word(record.run),
      balance: held === null ? undefined : parseLargeMoney(held, currency),
      totals: {
        rows: totals.rows,
        amount: parseLargeMoney(totals.amount, currency),
        fee: parseLargeMoney(totals.fee, currency),
      },
    };
  }

  #word(text: string): string {
    const known = this.#words.get(text);
    if (known === undefined) this.#words.set(text, text);
    return known ?? text;
  }

  #amount(text: string, currency: Currency): Money {
    const key = `${currency}${text}`;
    const known = this.#amounts.get(key) ?? parseMoney(text, currency);
    if (!known) throw new Error(`not an amount in the ledger: ${text}`);
    this.#amounts.set(key, known);
    return known;
  }
}

/** A worker whose id nobody here can open is a different text in every row: they are all counted as one. */
const UNOPENED = "sealed:unopened";

/** Sums and balances may have more digits than one amount may. */
export function parseLargeMoney(text: string, currency: Currency): Money {
  const match = /^([0-9]+)\.([0-9]{2})$/.exec(text);
  if (!match) throw new Error(`not an amount in the ledger: ${text}`);
  return money(Number(match[1]) * 100 + Number(match[2]), currency);
}

function withoutReference(reason: string): string {
  return reason.replace(/ \[ref [^\]]+\]$/, "");
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
