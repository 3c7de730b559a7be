import { formatMoney, parseMoney, sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Anchor } from "./anchors.ts";
import { readChain } from "./chain.ts";
import type { ChainFault } from "./chain-fault.ts";
import type { HistoryFault } from "./git-history.ts";
import type { LedgerStore } from "./git-store.ts";
import { isPaid } from "./record-text.ts";
import type { FiledRecord } from "./records.ts";
import { claimedRowKey } from "./state.ts";

/** What a clone's ledger says of itself. `missing`: this clone has no such branch. */
export type LedgerVerdict =
  | { readonly kind: "missing" }
  | {
      readonly kind: "checked";
      /** Commit. */
      readonly tip: string;
      readonly problems: readonly (ChainFault | HistoryFault | LostFault)[];
      readonly counts: LedgerCounts;
      readonly paid: readonly PaidTotal[];
    };

export interface LedgerCounts {
  readonly records: number;
  readonly claims: number;
  readonly receipts: number;
  /** Claimed rows. */
  readonly rows: number;
  /** Claimed rows that no receipt answers. */
  readonly open: number;
  /** Rows whose last answer is `held`. */
  readonly held: number;
}

/** What receipts call paid in one account. Amounts such as `"12.50"`. */
export interface PaidTotal extends Account {
  readonly bonuses: number;
  readonly amount: string;
  readonly fee: string;
  readonly cost: string;
}

/** Checks records and history from what the clone holds, without the network. */
export async function verifyLedger(store: Pick<LedgerStore, "readLocal" | "history">): Promise<LedgerVerdict> {
  const content = await store.readLocal();
  if (content.kind === "missing") return content;
  const { records, problems } = readChain(content.files);
  const lost = content.lost.map(lostFault);
  return {
    kind: "checked",
    tip: content.tip,
    problems: [...lost, ...problems, ...(await store.history(content.tip))],
    counts: count(records),
    paid: paidTotals(records),
  };
}

/** The branch no longer holds what was seen in it. */
export interface LostFault {
  readonly code: "anchor-lost";
  readonly path?: string;
  readonly message: string;
  readonly hint: string;
}

function lostFault({ commit, where }: Anchor): LostFault {
  return {
    code: "anchor-lost",
    message: `commit ${commit.slice(0, 12)}, which ${where} has seen in the ledger, is not in it any more: the branch was set back or rewritten`,
    hint: "records may be missing: push that commit back from a clone that still has it; nothing is paid until then",
  };
}

function count(records: readonly FiledRecord[]): LedgerCounts {
  const open = new Set<string>();
  const held = new Set<string>();
  let rows = 0;
  for (const { record } of records) {
    if (record.record === "claim") {
      rows += record.rows.length;
      for (const row of record.rows) open.add(claimedRowKey(record.sequence, row));
      continue;
    }
    for (const row of record.rows) {
      const key = claimedRowKey(record.claim, row);
      open.delete(key);
      if (row.outcome === "held") held.add(key);
      else held.delete(key);
    }
  }
  const claims = records.filter(({ record }) => record.record === "claim").length;
  return { records: records.length, claims, receipts: records.length - claims, rows, open: open.size, held: held.size };
}

function paidTotals(records: readonly FiledRecord[]): PaidTotal[] {
  const accounts = new Map<string, { account: Account; amounts: Money[]; fees: Money[] }>();
  for (const { record } of records) {
    if (record.record !== "receipt") continue;
    const { platform, environment, currency } = record;
    const key = `${platform}\0${environment}\0${currency}`;
    const sums = accounts.get(key) ?? { account: { platform, environment, currency }, amounts: [], fees: [] };
    for (const row of record.rows) {
      if (row.kind !== "pay" || !isPaid(row)) continue;
      sums.amounts.push(...readMoney(row.amount, currency));
      sums.fees.push(...readMoney(row.fee, currency));
    }
    accounts.set(key, sums);
  }
  return [...accounts.values()].map(({ account, amounts, fees }) => ({
    ...account,
    bonuses: amounts.length,
    amount: formatMoney(sumMoney(amounts, account.currency)),
    fee: formatMoney(sumMoney(fees, account.currency)),
    cost: formatMoney(sumMoney([...amounts, ...fees], account.currency)),
  }));
}

function readMoney(text: string, currency: Currency): Money[] {
  const amount = parseMoney(text, currency);
  return amount ? [amount] : [];
}
