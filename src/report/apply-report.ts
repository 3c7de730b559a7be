import type { AppliedRow, ApplyResult } from "../apply/protocol.ts";
import type { Stop } from "../apply/settle-payment.ts";
import type { ClaimRow, PayClaim, ReceiptRow } from "../ledger/records.ts";
import { claimedRowKey } from "../ledger/state.ts";
import { parseMoney, sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { HeldRow } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import type { Problem } from "../problem.ts";

/** What a run of apply did, for people and programs. */
export interface ApplyReport {
  readonly account: Account;
  /** Every row that this run claimed or settled, in the order of its claims. */
  readonly rows: readonly ApplyRow[];
  /** Rows of earlier runs that wait for a person, and that this run did not touch. */
  readonly held: readonly HeldRow[];
  readonly totals: {
    /** How many bonuses this run set out to pay or to settle, those that it never reached included. */
    readonly bonuses: number;
    /** How many of them are paid: `done` and `found`. */
    readonly paid: number;
    /** Of those that are paid. */
    readonly amount: Money;
    readonly fees: Money;
    readonly cost: Money;
  };
  readonly balance: { readonly before: Money | "unknown"; readonly after: Money | "unknown" };
  readonly receipts: { readonly branch: string; readonly paths: readonly string[] };
  readonly problems: readonly Problem[];
  /** Where the run ended before its last row. */
  readonly stopped?: { readonly cause: string; readonly message: string; readonly next: string };
}

/** `next` says what a person does about a row; where it is absent, the outcome's usual advice is given. */
export type ApplyRow = (ReceiptRow | OpenEnd<ClaimRow>) & { readonly next?: string };

/** Claimed, and no receipt yet: money may have moved. */
type OpenEnd<Row> = Row extends ClaimRow ? Row & { readonly outcome: "unknown"; readonly message?: string } : never;

/** The report of one account's run. `branch` is the ledger's. */
export function applyReport(account: Account, result: ApplyResult, branch: string): ApplyReport {
  const rows = lastWord(result.rows).map(toRow);
  const touched = new Set(rows.flatMap((row) => (row.kind === "pay" ? [bonusOf(row)] : [])));
  const paid = new Map(
    rows.flatMap((row) => (row.kind === "pay" && isWell(row) ? [[bonusOf(row), row] as const] : [])),
  );
  const wanted = (result.plan?.steps ?? []).flatMap((step) => (step.kind === "pay" ? [bonusOf(step)] : []));
  const amount = sumOf(paid.values(), "amount", account.currency);
  const fees = sumOf(paid.values(), "fee", account.currency);
  return {
    account,
    rows,
    held: (result.plan?.held ?? []).filter((row) => !touched.has(bonusOf(row))),
    totals: {
      bonuses: new Set([...touched, ...wanted]).size,
      paid: paid.size,
      amount,
      fees,
      cost: sumMoney([amount, fees], account.currency),
    },
    balance: result.balance,
    receipts: { branch, paths: result.receipts },
    problems: result.plan?.problems ?? [],
    ...(result.stop ? { stopped: { ...result.stop, next: AFTER_STOP[result.stop.cause] } } : {}),
  };
}

/** True where the run ended, and something is held, refused, open or was not reached. */
export function needsAPerson(report: ApplyReport): boolean {
  return report.stopped !== undefined || report.held.length > 0 || !report.rows.every(isWell);
}

/** Done, by this run or before it. */
export function isWell({ outcome }: ApplyRow): boolean {
  return outcome === "done" || outcome === "found";
}

const AFTER_STOP: Readonly<Record<Stop["cause"], string>> = {
  funds: "add money to the account, then run `mergepay apply` again: it goes on where it stopped.",
  credentials: "mend the account's keys or permissions, then run `mergepay apply` again: it goes on where it stopped.",
  unknowns: "wait until the platform answers again, then run `mergepay apply`: it looks first and pays nothing twice.",
  busy: "run `mergepay apply` again later: it goes on where it stopped.",
  asked: "run `mergepay apply` again when you like: it goes on where it stopped.",
  ledger: "mend what stands there, then run `mergepay apply` again. `mergepay status` shows what is open.",
  surplus: "compare the platform's payments with the receipts before anything else is paid.",
  clock: "set this machine's clock, then run `mergepay apply` again.",
};

/** A row that was written down twice, as after a lost race, ended as was written last. */
function lastWord(rows: readonly AppliedRow[]): AppliedRow[] {
  const last = new Map<string, AppliedRow>();
  for (const each of rows) last.set(`${each.claim} ${claimedRowKey(0, each.row)}`, each);
  return [...last.values()];
}

function toRow(applied: AppliedRow): ApplyRow {
  if (applied.state === "ended") return applied.row;
  return { ...applied.row, outcome: "unknown", ...(applied.seen === "" ? {} : { message: applied.seen }) };
}

function bonusOf({ assignment, label }: { readonly assignment: string; readonly label: string }): string {
  return `${assignment}\0${label}`;
}

function sumOf(rows: Iterable<PayClaim>, what: "amount" | "fee", currency: Currency): Money {
  return sumMoney(
    [...rows].flatMap((row) => parseMoney(row[what], currency) ?? []),
    currency,
  );
}
