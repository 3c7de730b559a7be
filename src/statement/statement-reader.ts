import { isSealed } from "../encryption/lab-key.ts";
import { accountOfRecord } from "../ledger/record-account.ts";
import type { ClaimRecord, ClaimRow, FiledRecord, LedgerRecord, ReceiptRecord, ReceiptRow } from "../ledger/records.ts";
import { claimedRowKey } from "../ledger/state.ts";
import { money } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Statement, StatementRecord, StatementRow } from "./statement.ts";

/**
 * Reads a statement out of records that come one at a time, in order, and were checked before. Of a record's text
 * nothing is kept, and equal words are kept once, so that a million rows fit into memory.
 */
export class StatementReader {
  readonly #records: StatementRecord[] = [];
  readonly #rows: StatementRow[] = [];
  /** Those that a receipt may still answer. */
  readonly #unsettled = new Map<string, StatementRow>();
  readonly #words = new Map<string, string>();
  readonly #terms = new Map<string, Terms>();
  readonly #accounts = new Map<string, Account>();

  add({ path, hash, record }: FiledRecord): void {
    const header = this.#header(path, hash, record);
    this.#records.push(header);
    if (record.record === "claim") this.#claim(header, record);
    else this.#answer(header, record);
  }

  /** What was read up to now. */
  statement(): Statement {
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
    const terms = this.#termsOf(termsOf(row, claim.account.currency));
    const worker = row.kind === "create-type" ? "" : this.#word(isSealed(row.worker) ? UNOPENED : row.worker);
    return row.kind === "pay"
      ? new ReadRow(terms, claim, time, worker, row.assignment, row.reference)
      : new ReadRow(terms, claim, time, worker, "", "");
  }

  #termsOf(terms: Terms): Terms {
    const { kind, label, attempt, amount, fee, reason, name, score } = terms;
    const key = [kind, amount.currency, amount.minor, fee.minor, attempt, score, label, name, reason].join("\0");
    const known = this.#terms.get(key);
    if (!known) this.#terms.set(key, terms);
    return known ?? terms;
  }

  #header(path: string, hash: string, record: LedgerRecord): StatementRecord {
    const { platform, environment, currency, balance, totals, manifest } = record;
    const key = [platform, environment, currency, record.account].join("\0");
    const account = this.#accounts.get(key) ?? accountOfRecord(record);
    this.#accounts.set(key, account);
    const held = record.record === "claim" ? balance.before : record.balance.after;
    return {
      kind: record.record,
      path,
      sequence: record.sequence,
      hash,
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

/** What many rows have in common: kept once, so that a million of them fit into memory. */
type Terms = Pick<StatementRow, "kind" | "label" | "attempt" | "amount" | "fee" | "reason" | "name" | "score">;

function termsOf(row: ClaimRow, currency: Currency): Terms {
  const nothing = money(0, currency);
  const common = { kind: row.kind, label: "", attempt: 1, amount: nothing, fee: nothing, name: "", score: undefined };
  switch (row.kind) {
    case "pay":
      return {
        ...common,
        label: row.label,
        attempt: row.attempt,
        amount: parseLargeMoney(row.amount, currency),
        fee: parseLargeMoney(row.fee, currency),
        reason: withoutReference(row.reason),
      };
    case "grant":
    case "rescore":
    case "revoke":
      return { ...common, name: row.name, score: row.score, reason: row.reason ?? "" };
    case "create-type":
      return { ...common, name: row.name, reason: row.description };
  }
}

class ReadRow implements StatementRow {
  receipt: StatementRecord | undefined = undefined;
  outcome: StatementRow["outcome"] = "open";
  message = "";
  time: number;
  readonly claim: StatementRecord;
  readonly worker: string;
  readonly assignment: string;
  readonly reference: string;
  readonly #terms: Terms;

  constructor(
    terms: Terms,
    claim: StatementRecord,
    time: number,
    worker: string,
    assignment: string,
    reference: string,
  ) {
    this.#terms = terms;
    this.claim = claim;
    this.time = time;
    this.worker = worker;
    this.assignment = assignment;
    this.reference = reference;
  }

  get kind() {
    return this.#terms.kind;
  }
  get label() {
    return this.#terms.label;
  }
  get attempt() {
    return this.#terms.attempt;
  }
  get amount() {
    return this.#terms.amount;
  }
  get fee() {
    return this.#terms.fee;
  }
  get reason() {
    return this.#terms.reason;
  }
  get name() {
    return this.#terms.name;
  }
  get score() {
    return this.#terms.score;
  }
}
