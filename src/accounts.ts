import { accountOfRecord } from "./ledger/record-account.ts";
import type { FiledRecord } from "./ledger/records.ts";
import { ledgerState } from "./ledger/state.ts";
import type { Manifest } from "./manifest/manifest.ts";
import type { Account, Environment } from "./platforms/ports.ts";

/** One for each platform, environment, currency and account that manifests name, real money last. */
export function accountsOf(manifests: readonly Manifest[], environment?: Environment): Account[] {
  const accounts = new Map<string, Account>();
  for (const each of manifests) {
    if (environment !== undefined && each.environment !== environment) continue;
    const account = accountOfManifest(each);
    accounts.set(accountKey(account), account);
  }
  const order: readonly Environment[] = ["simulator", "sandbox", "production"];
  return [...accounts.values()].sort((a, b) => order.indexOf(a.environment) - order.indexOf(b.environment));
}

/** Those in which a claim is open or a row is held, whatever the manifests say now. */
export function unsettledAccounts(records: readonly FiledRecord[], environment?: Environment): Account[] {
  return recordedAccounts(records, environment).filter((account) => {
    const { open, held } = ledgerState(records, account);
    return open.length + held.length > 0;
  });
}

/** Those that have a record. */
export function recordedAccounts(records: readonly FiledRecord[], only?: Environment): Account[] {
  const accounts = new Map<string, Account>();
  for (const { record } of records) {
    if (only !== undefined && record.environment !== only) continue;
    const account = accountOfRecord(record);
    accounts.set(accountKey(account), account);
  }
  return [...accounts.values()];
}

/** Those that a manifest or a record names. */
export function knownAccounts(
  manifests: readonly Manifest[],
  records: readonly FiledRecord[],
  environment?: Environment,
): Account[] {
  const all = [...accountsOf(manifests, environment), ...recordedAccounts(records, environment)];
  return [...new Map(all.map((account) => [accountKey(account), account])).values()];
}

/** The same text for the same account. */
export function accountKey({ platform, environment, currency, name }: Account): string {
  return [platform, environment, currency, ...(name === undefined ? [] : [name])].join(" ");
}

/** The purse that a manifest is paid from. */
export function accountOfManifest({ platform, environment, currency, account }: Manifest): Account {
  return { platform, environment, currency, ...(account === undefined ? {} : { name: account }) };
}

/** Real people, real money. */
export function isProduction({ environment }: Account): boolean {
  return environment === "production";
}

export function manifestsOf(manifests: readonly Manifest[], account: Account): Manifest[] {
  const wanted = accountKey(account);
  return manifests.filter((each) => accountKey(accountOfManifest(each)) === wanted);
}
