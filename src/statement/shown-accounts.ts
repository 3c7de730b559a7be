import type { Account, Environment } from "../platforms/ports.ts";
import { accountsOf } from "./summary.ts";
import type { Statement } from "./statement.ts";

/** The accounts that a report is about, and those that it leaves out. */
export interface ShownAccounts {
  readonly accounts: readonly Account[];
  readonly leftOut: readonly Account[];
}

/** Those of one environment; unless one is named, real money alone, or all where there is none. */
export function shownAccounts(statement: Statement, environment?: Environment): ShownAccounts {
  const all = accountsOf(statement);
  const wanted = environment ?? (all.some((each) => each.environment === "production") ? "production" : undefined);
  const isShown = (each: Account) => wanted === undefined || each.environment === wanted;
  return { accounts: all.filter(isShown), leftOut: all.filter((each) => !isShown(each)) };
}
