import type { Account } from "../platforms/ports.ts";
import type { LedgerRecord } from "./records.ts";

type Named = Pick<LedgerRecord, "platform" | "environment" | "currency" | "account">;

/** The purse that a record is about. */
export function accountOfRecord({ platform, environment, currency, account }: Named): Account {
  return { platform, environment, currency, ...(account === undefined ? {} : { name: account }) };
}

/** Amounts of two currencies are never added, so that they are two purses. */
export function isAbout(record: Named, { platform, environment, currency, name }: Account): boolean {
  const same = record.platform === platform && record.environment === environment && record.currency === currency;
  return same && record.account === name;
}
