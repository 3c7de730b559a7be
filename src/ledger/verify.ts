import { formatMoney, money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Anchor } from "./anchors.ts";
import type { SignatureFault, Signatures } from "./signatures.ts";
import type { FiledAudit } from "./audit-record.ts";
import { ChainCheck, inOrder } from "./chain.ts";
import { auditsOf } from "./chain-reader.ts";
import type { ChainFault } from "./chain-fault.ts";
import type { HistoryFault } from "./git-history.ts";
import type { LedgerListing, LedgerStore } from "./git-store.ts";
import { accountOfRecord } from "./record-account.ts";
import { isPaid } from "./record-text.ts";
import type { FiledRecord, LedgerRecord } from "./records.ts";
import { amountOf, claimedRowKey } from "./state.ts";

/** What a clone's ledger says of itself. `missing`: this clone has no such branch. */
export type LedgerVerdict =
  | { readonly kind: "missing" }
  | {
      readonly kind: "checked";
      /** Commit. */
      readonly tip: string;
      readonly problems: LedgerProblems;
      readonly counts: LedgerCounts;
      /** By sequence. */
      readonly audits: readonly FiledAudit[];
      readonly paid: readonly PaidTotal[];
      /** Where they were asked for. */
      readonly signatures?: Signatures;
    };

export type LedgerProblems = readonly (ChainFault | HistoryFault | LostFault | SignatureFault)[];

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

/** Checks records and history from what the clone holds, without the network, one record after the other. */
export async function verifyLedger(
  store: Pick<LedgerStore, "readLocal" | "history" | "signatures">,
  allowedSigners?: string,
): Promise<LedgerVerdict> {
  const counts = new RowCounter();
  const totals = new PaidTotals();
  const listing = await store.readLocal();
  if (listing.kind === "missing") return listing;
  const { problems, audits } = await checkRecords(listing, store, ({ record }) => {
    counts.add(record);
    totals.add(record);
  });
  const lost = listing.lost.map(lostFault);
  const signatures = allowedSigners === undefined ? undefined : await store.signatures(listing.tip, allowedSigners);
  return {
    kind: "checked",
    tip: listing.tip,
    problems: [...lost, ...problems, ...(signatures?.faults ?? [])],
    counts: counts.counts(),
    audits,
    paid: totals.totals(),
    ...(signatures ? { signatures } : {}),
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

/** Hands over each record as it is read, and says in the end what is wrong with them all, with the audits, and with their history. */
export async function checkRecords(
  listing: LedgerListing,
  store: Pick<LedgerStore, "history">,
  each: (filed: FiledRecord) => void,
): Promise<{ readonly problems: LedgerProblems; readonly audits: readonly FiledAudit[] }> {
  const { numbered, problems } = inOrder(listing.files);
  const check = new ChainCheck();
  for await (const file of listing.read(numbered)) {
    const filed = check.add(file);
    if (filed) each(filed);
  }
  const ofAudits = await auditsOf(listing, check.heads);
  const ofHistory = await store.history(listing.tip);
  return {
    problems: [...problems, ...check.problems(), ...ofAudits.problems, ...ofHistory],
    audits: ofAudits.audits,
  };
}

/** Counts records and rows as they go by. */
class RowCounter {
  private claims = 0;
  private receipts = 0;
  private rows = 0;
  private readonly open = new Set<string>();
  private readonly held = new Set<string>();

  add(record: LedgerRecord): void {
    if (record.record === "claim") {
      this.claims += 1;
      this.rows += record.rows.length;
      for (const row of record.rows) this.open.add(claimedRowKey(record.sequence, row));
      return;
    }
    this.receipts += 1;
    for (const row of record.rows) {
      const key = claimedRowKey(record.claim, row);
      this.open.delete(key);
      if (row.outcome === "held") this.held.add(key);
      else this.held.delete(key);
    }
  }

  counts(): LedgerCounts {
    const { claims, receipts, rows, open, held } = this;
    return { records: claims + receipts, claims, receipts, rows, open: open.size, held: held.size };
  }
}

/** Adds up what receipts call paid, account by account. */
class PaidTotals {
  private readonly accounts = new Map<string, { account: Account; bonuses: number; amount: Money; fee: Money }>();

  add(record: LedgerRecord): void {
    if (record.record !== "receipt") return;
    const { platform, environment, currency, account } = record;
    const key = [platform, environment, currency, account].join("\0");
    const none = money(0, currency);
    const before = this.accounts.get(key) ?? {
      account: accountOfRecord(record),
      bonuses: 0,
      amount: none,
      fee: none,
    };
    const paid = record.rows.flatMap((row) => (row.kind === "pay" && isPaid(row) ? [row] : []));
    this.accounts.set(key, {
      account: before.account,
      bonuses: before.bonuses + paid.length,
      amount: sumMoney([before.amount, ...paid.map(({ amount }) => amountOf(amount, before.account))], currency),
      fee: sumMoney([before.fee, ...paid.map(({ fee }) => amountOf(fee, before.account))], currency),
    });
  }

  totals(): PaidTotal[] {
    return [...this.accounts.values()].map(({ account, bonuses, amount, fee }) => ({
      ...account,
      bonuses,
      amount: formatMoney(amount),
      fee: formatMoney(fee),
      cost: formatMoney(sumMoney([amount, fee], account.currency)),
    }));
  }
}
