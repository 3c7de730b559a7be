import { formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Statement } from "../statement/statement.ts";
import { bookings, namesUsed } from "./bookings.ts";
import type { BookAccount, Booking } from "./bookings.ts";

/**
 * The same books for Beancount. It asserts a balance at the beginning of a day, so that only the last one that a day's
 * records state is asserted, on the day after.
 */
export function* beancountLedger(statement: Statement, accounts: readonly Account[]): Generator<string> {
  yield "; Written by `mergepay report` from the ledger. Do not edit it: write it anew, and include it in a ledger of your own.\n";
  for (const currency of new Set(accounts.map(({ currency }) => currency)))
    yield `option "operating_currency" "${currency}"\n`;
  for (const account of accounts) {
    const booked = bookings(statement, account);
    const held = accountName({ kind: "held" }, account);
    yield `\n; ${account.platform}, ${account.environment}, ${account.currency}\n`;
    for (const name of namesUsed(booked, (to) => accountName(to, account)))
      yield `${booked[0]?.day} open ${name} ${account.currency}\n`;
    for (const [at, booking] of booked.entries()) {
      yield transaction(booking, account);
      if (booking.balance && booked[at + 1]?.day !== booking.day)
        yield `\n${dayAfter(booking.day)} balance ${held} ${value(booking.balance)}\n`;
    }
  }
}

function transaction({ day, record, study, words, postings }: Booking, account: Account): string {
  const lines = postings.map(
    ({ to, sign, amount }) => `  ${accountName(to, account)}  ${sign === "-" ? "-" : ""}${value(amount)}\n`,
  );
  return `\n${day} * ${study ? `"${study}" ` : ""}"${words}"\n  receipt: "${record.path}"\n${lines.join("")}`;
}

function accountName(to: BookAccount, { platform, environment }: Account): string {
  const place = capital(environment === "production" ? platform : `${platform}-${environment}`);
  switch (to.kind) {
    case "held":
      return `Assets:${place}`;
    case "opening":
      return `Equity:${place}:Opening-balance`;
    case "elsewhere":
      return `Equity:${place}:Not-by-mergepay`;
    case "bonuses":
    case "fees":
      return `Expenses:${place}:${capital(to.kind)}:${capital(to.study)}`;
  }
}

/** Every part of a name begins with a capital or a digit. Studies have no capitals, so that no two become one. */
function capital(name: string): string {
  return name.startsWith("-") ? `XX${name}` : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

function value(amount: Money): string {
  return `${formatMoney(amount)} ${amount.currency}`;
}
