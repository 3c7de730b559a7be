import { money, subtractMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { dayOf, isOfAccount, isPaidRow } from "../statement/statement.ts";
import type { Statement, StatementRecord, StatementRow } from "../statement/statement.ts";

/** One entry of double-entry books. Its postings add up to nothing. Days never go back. */
export interface Booking {
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly record: StatementRecord;
  /** Empty where no study has to do with it. */
  readonly study: string;
  readonly words: string;
  readonly postings: readonly Posting[];
  /** What is held afterwards, where a record states it. */
  readonly balance?: Money;
}

export interface Posting {
  readonly to: BookAccount;
  readonly sign: "+" | "-";
  readonly amount: Money;
}

/**
 * `held` what the platform holds of the lab's · `bonuses` `fees` what a study cost · `opening` where the first balance
 * came from · `elsewhere` what changed the balance and was not mergepay: HITs that were paid, money that was paid in.
 */
export type BookAccount =
  | { readonly kind: "held" | "opening" | "elsewhere" }
  | { readonly kind: "bonuses" | "fees"; readonly study: string };

/** The bookings of one account, in the order of its records. */
export function bookings({ records, rows }: Statement, account: Account): Booking[] {
  const own = records.filter((record) => isOfAccount(record, account));
  const paid = paidByReceipt(rows.filter((row) => isPaidRow(row) && isOfAccount(row.claim, account)));
  const booked: Booking[] = [];
  let day = "";
  let balance: Money | undefined;
  for (const [at, record] of own.entries()) {
    for (const [on, some] of paid.get(record) ?? []) {
      // Of two runners' clocks one may be a little late, and books are kept in the order of their days.
      day = latest(day, on);
      const amount = sumOf(some, "amount", account);
      const fee = sumOf(some, "fee", account);
      const cost = sumMoney([amount, fee], account.currency);
      // More than there was can be spent only if something was paid in before.
      const missing = balance && subtractMoney(cost, balance);
      if (missing && missing.minor > 0) booked.push(elsewhere(day, record, "+", missing));
      booked.push(payment(day, record, some.length, amount, fee));
      balance &&= subtractMoney(balance, cost) ?? money(0, account.currency);
    }
    if (record.balance === undefined || isWrittenWithNext(record, own[at + 1])) continue;
    day = latest(day, record.time.slice(0, 10));
    booked.push(...unexplained(balance, record, record.balance, day));
    balance = record.balance;
    // Asserted where it was reached: a record that states what is known already needs no entry of its own.
    const last = booked.pop();
    if (last) booked.push({ ...last, balance });
  }
  return booked;
}

const HELD = { kind: "held" } as const;

function payment(day: string, record: StatementRecord, bonuses: number, amount: Money, fee: Money): Booking {
  const { study } = record;
  return {
    day,
    record,
    study,
    words: bonuses === 1 ? "1 bonus" : `${bonuses} bonuses`,
    postings: [
      { to: { kind: "bonuses", study }, sign: "+", amount },
      ...(fee.minor > 0 ? [{ to: { kind: "fees", study }, sign: "+", amount: fee } as const] : []),
      { to: HELD, sign: "-", amount: sumMoney([amount, fee], amount.currency) },
    ],
  };
}

/** `+`: money came in. */
function elsewhere(day: string, record: StatementRecord, sign: "+" | "-", amount: Money): Booking {
  const other = sign === "+" ? "-" : "+";
  const words = sign === "+" ? "not by mergepay: paid in" : "not by mergepay: HITs or other costs";
  const postings = [
    { to: HELD, sign, amount },
    { to: { kind: "elsewhere" }, sign: other, amount },
  ] as const;
  return { day, record, study: "", words, postings };
}

/** What must have happened elsewhere for a balance to be as a record states it. */
function unexplained(expected: Money | undefined, record: StatementRecord, balance: Money, day: string): Booking[] {
  if (expected === undefined) {
    const postings = [
      { to: HELD, sign: "+", amount: balance },
      { to: { kind: "opening" }, sign: "-", amount: balance },
    ] as const;
    return [{ day, record, study: "", words: "the first balance that is known", postings }];
  }
  const more = subtractMoney(balance, expected);
  const amount = more ?? subtractMoney(expected, balance);
  return amount && amount.minor > 0 ? [elsewhere(day, record, more ? "+" : "-", amount)] : [];
}

/** Receipts that are written together all state the balance after the last of them. */
function isWrittenWithNext(record: StatementRecord, next: StatementRecord | undefined): boolean {
  return record.kind === "receipt" && next?.kind === "receipt" && next.time === record.time && next.run === record.run;
}

/** The paid rows of each receipt, by the day on which they were paid. */
function paidByReceipt(rows: readonly StatementRow[]): Map<StatementRecord, [string, StatementRow[]][]> {
  const receipts = new Map<StatementRecord, Map<string, StatementRow[]>>();
  for (const row of rows) {
    if (!row.receipt) continue;
    const days = receipts.get(row.receipt) ?? new Map<string, StatementRow[]>();
    const day = dayOf(row.time);
    const some = days.get(day);
    if (some) some.push(row);
    else days.set(day, [row]);
    receipts.set(row.receipt, days);
  }
  return new Map([...receipts].map(([receipt, days]) => [receipt, [...days].sort(([a], [b]) => (a < b ? -1 : 1))]));
}

function sumOf(rows: readonly StatementRow[], key: "amount" | "fee", { currency }: Account): Money {
  return sumMoney(
    rows.map((row) => row[key]),
    currency,
  );
}

function latest(a: string, b: string): string {
  return a > b ? a : b;
}

/** What the accounts of these books are called, each once. */
export function namesUsed(booked: readonly Booking[], nameOf: (to: BookAccount) => string): string[] {
  return [...new Set(booked.flatMap(({ postings }) => postings.map(({ to }) => nameOf(to))))].sort();
}
