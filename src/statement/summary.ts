import type { ClaimRow, RowOutcome } from "../ledger/records.ts";
import { compareMoney, money, subtractMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { dayOf, isOfAccount, isPaidRow } from "./statement.ts";
import type { Statement, StatementRow } from "./statement.ts";

/** What was paid. `cost` is amount and fee together. */
export interface Paid {
  readonly bonuses: number;
  readonly amount: Money;
  readonly fee: Money;
  readonly cost: Money;
}

/** One account's statement added up. Every day is one of UTC, every worker in clear: whoever shows them masks them. */
export interface Summary {
  readonly account: Account;
  readonly paid: Paid;
  /** `2026-11-23`, of the first and the last payment; absent where there is none. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly studies: readonly StudySummary[];
  /** By day and study, oldest first. */
  readonly days: readonly (Paid & { readonly day: string; readonly study: string })[];
  /** How many bonuses were of which amount, smallest first. */
  readonly amounts: readonly { readonly amount: Money; readonly bonuses: number }[];
  readonly kinds: readonly KindSummary[];
  /** Whoever was paid least is last. */
  readonly workers: readonly WorkerSummary[];
  /** By worker and year, in the order of the years: what somebody earned here, for questions of tax. */
  readonly years: readonly (Paid & { readonly worker: string; readonly year: string })[];
  /** A payment that two people approved counts for both. Null: nobody was asked, as for pretend money. */
  readonly approvers: readonly (Paid & { readonly approver: string | null })[];
  /** Rows that no receipt answers, or that a person must look at. Oldest first. */
  readonly waiting: readonly StatementRow[];
}

export interface StudySummary extends Paid {
  readonly study: string;
  readonly workers: number;
  /** Cost of what was claimed and not turned away: what a budget is compared with. */
  readonly committed: Money;
  readonly budget: Money | undefined;
  /** Undefined without a budget, and where more was spent than it allows. */
  readonly left: Money | undefined;
  readonly waiting: number;
}

export interface KindSummary {
  readonly kind: ClaimRow["kind"];
  readonly outcomes: Readonly<Record<RowOutcome | "open", number>>;
}

export interface WorkerSummary extends Paid {
  readonly worker: string;
  readonly first: string;
  readonly last: string;
}

export function summarize(statement: Statement, account: Account, budgets: ReadonlyMap<string, Money>): Summary {
  const rows = statement.rows.filter(({ claim }) => isOfAccount(claim, account));
  const paid = rows.filter(isPaidRow);
  const times = paid.map(({ time }) => dayOf(time)).sort();
  return {
    account,
    paid: paidOf(paid, account),
    first: times[0],
    last: times.at(-1),
    studies: studySummaries(rows, account, budgets),
    days: grouped(paid, (row) => [dayOf(row.time), row.claim.study])
      .map(({ key: [day, study], rows }) => ({ day, study, ...paidOf(rows, account) }))
      .sort((a, b) => order(a.day, b.day) || order(a.study, b.study)),
    amounts: grouped(paid, ({ amount }) => [String(amount.minor)])
      .map(({ rows }) => ({ amount: rows[0]?.amount ?? money(0, account.currency), bonuses: rows.length }))
      .sort((a, b) => compareMoney(a.amount, b.amount)),
    kinds: kindSummaries(rows),
    workers: workerSummaries(paid, account),
    years: grouped(paid, (row) => [dayOf(row.time).slice(0, 4), row.worker])
      .map(({ key: [year, worker], rows }) => ({ worker, year, ...paidOf(rows, account) }))
      .sort((a, b) => order(a.year, b.year)),
    approvers: approverSummaries(paid, account),
    waiting: rows.filter(isWaiting).sort((a, b) => a.time - b.time),
  };
}

/** Every account that the records name, real money first. */
export function accountsOf({ records }: Statement): Account[] {
  const accounts = [...new Set(records.map(({ account }) => account))];
  const rank = ({ environment }: Account) => ["production", "sandbox", "simulator"].indexOf(environment);
  return accounts.sort((a, b) => rank(a) - rank(b) || order(a.platform, b.platform) || order(a.currency, b.currency));
}

function isWaiting({ outcome }: StatementRow): boolean {
  return outcome === "open" || outcome === "held";
}

function paidOf(rows: readonly StatementRow[], { currency }: Account): Paid {
  let amount = 0;
  let fee = 0;
  for (const row of rows) {
    amount += row.amount.minor;
    fee += row.fee.minor;
  }
  return {
    bonuses: rows.length,
    amount: money(amount, currency),
    fee: money(fee, currency),
    cost: money(amount + fee, currency),
  };
}

function studySummaries(
  rows: readonly StatementRow[],
  account: Account,
  budgets: ReadonlyMap<string, Money>,
): StudySummary[] {
  return grouped(rows, ({ claim }) => [claim.study])
    .map(({ key: [study], rows }) => {
      const paid = rows.filter(isPaidRow);
      const committed = paidOf(rows.filter(isCommitted), account).cost;
      const budget = budgets.get(study);
      const counted = budget?.currency === account.currency ? budget : undefined;
      return {
        study,
        ...paidOf(paid, account),
        workers: new Set(paid.map(({ worker }) => worker)).size,
        committed,
        budget: counted,
        left: counted && subtractMoney(counted, committed),
        waiting: rows.filter(isWaiting).length,
      };
    })
    .sort((a, b) => compareMoney(b.cost, a.cost) || order(a.study, b.study));
}

function isCommitted({ outcome }: StatementRow): boolean {
  return outcome !== "refused" && outcome !== "not-sent";
}

function kindSummaries(rows: readonly StatementRow[]): KindSummary[] {
  const kinds = ["pay", "grant", "rescore", "revoke", "create-type"] as const;
  const none = () => ({ done: 0, found: 0, refused: 0, "not-sent": 0, held: 0, open: 0 });
  const counts = new Map(kinds.map((kind) => [kind, none()]));
  for (const { kind, outcome } of rows) {
    const outcomes = counts.get(kind);
    if (outcomes) outcomes[outcome] += 1;
  }
  return kinds.flatMap((kind) => {
    const outcomes = counts.get(kind) ?? none();
    return Object.values(outcomes).some((each) => each > 0) ? [{ kind, outcomes }] : [];
  });
}

function workerSummaries(paid: readonly StatementRow[], account: Account): WorkerSummary[] {
  return grouped(paid, ({ worker }) => [worker])
    .map(({ key: [worker], rows }) => {
      const days = rows.map(({ time }) => dayOf(time)).sort();
      return { worker, ...paidOf(rows, account), first: days[0] ?? "", last: days.at(-1) ?? "" };
    })
    .sort((a, b) => compareMoney(b.amount, a.amount) || order(a.worker, b.worker));
}

function approverSummaries(paid: readonly StatementRow[], account: Account): Summary["approvers"] {
  const names = [...new Set(paid.flatMap(({ claim }) => claim.approvers))].sort();
  const by = (approver: string) => paid.filter(({ claim }) => claim.approvers.includes(approver));
  const nobody = paid.filter(({ claim }) => claim.approvers.length === 0);
  return [
    ...names.map((approver) => ({ approver, ...paidOf(by(approver), account) })),
    ...(nobody.length > 0 ? [{ approver: null, ...paidOf(nobody, account) }] : []),
  ];
}

/** Rows by the texts that `keyOf` gives, in the order in which these first appear. */
function grouped<const Key extends readonly string[]>(
  rows: readonly StatementRow[],
  keyOf: (row: StatementRow) => Key,
): { key: Widened<Key>; rows: StatementRow[] }[] {
  const groups = new Map<string, { key: Widened<Key>; rows: StatementRow[] }>();
  for (const row of rows) {
    const key = keyOf(row);
    const text = key.join("\0");
    const group = groups.get(text);
    if (group) group.rows.push(row);
    else groups.set(text, { key: key as Widened<Key>, rows: [row] });
  }
  return [...groups.values()];
}

type Widened<Key extends readonly string[]> = { readonly [K in keyof Key]: string };

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
