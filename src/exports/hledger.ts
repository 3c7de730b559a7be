import { formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Statement } from "../statement/statement.ts";
import { bookings, namesUsed } from "./bookings.ts";
import type { BookAccount, Booking } from "./bookings.ts";

/**
 * A journal for hledger: what each receipt paid, from the account at the platform to the study's bonuses and fees, with
 * the balances that the records state as assertions.
 */
export function* hledgerJournal(statement: Statement, accounts: readonly Account[]): Generator<string> {
  yield "; Written by `mergepay report` from the ledger. Do not edit it: write it anew, and include it in a journal of your own.\n";
  for (const account of accounts) {
    yield `\n; ${account.platform}, ${account.environment}, ${account.currency}\ncommodity ${account.currency} 1000.00\n`;
    const booked = bookings(statement, account);
    for (const name of namesUsed(booked, (to) => accountName(to, account))) yield `account ${name}\n`;
    for (const booking of booked) yield transaction(booking, account);
  }
}

function transaction({ day, record, study, words, postings, balance }: Booking, account: Account): string {
  const held = accountName({ kind: "held" }, account);
  const asserted = balance ? ` = ${value(balance)}` : "";
  const lines = postings.map(({ to, sign, amount }) => {
    const name = accountName(to, account);
    return `    ${name}    ${sign === "-" ? "-" : ""}${value(amount)}${name === held ? asserted : ""}\n`;
  });
  const title = `${day} * (${record.sequence}) ${study ? `${study} | ` : ""}${words}`;
  return `\n${title}\n    ; receipt: ${record.path}\n${lines.join("")}`;
}

function accountName(to: BookAccount, { platform, environment }: Account): string {
  const place = environment === "production" ? platform : `${platform}-${environment}`;
  switch (to.kind) {
    case "held":
      return `assets:${place}`;
    case "opening":
      return `equity:${place}:opening balance`;
    case "elsewhere":
      return `equity:${place}:not by mergepay`;
    case "bonuses":
    case "fees":
      return `expenses:${place}:${to.kind}:${to.study}`;
  }
}

function value(amount: Money): string {
  return `${formatMoney(amount)} ${amount.currency}`;
}
