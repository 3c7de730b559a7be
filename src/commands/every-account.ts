import type { Options } from "../cli.ts";
import { furtherAccounts } from "../further-accounts.ts";
import type { Place } from "../pipeline.ts";
import { topLevel } from "../repository/repository.ts";
import { placeOf, say } from "./terminal.ts";

/** For what needs no credentials: the place of the account that is named, or of each account of the lab. */
export async function placesOf(options: Options): Promise<readonly Place[]> {
  const place = placeOf(options);
  if (options.account !== undefined) return [place];
  const names = await furtherAccounts(await topLevel(place.folder));
  return [undefined, ...names].map((account) => ({ ...place, account }));
}

/** A heading where there are several. */
export function ledgerTitle({ account }: Place): string {
  return account === undefined ? "Ledger of the first account" : `Ledger of account ${account}`;
}

/** Where lists of other accounts were not looked at, says so, and how they are. */
export function sayLeftOut(leftOut: readonly (string | undefined)[] = []): void {
  if (leftOut.length === 0) return;
  const names = leftOut.map((name) =>
    name === undefined ? "the first account (without --account)" : `--account ${name}`,
  );
  say(`Lists of other accounts were left out: ${names.join(", ")}`);
}
