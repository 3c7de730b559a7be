import { parseMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { bonusKey } from "./identity.ts";
import { isAbout } from "./record-account.ts";
import type { ClaimRecord, ClaimRow, FiledRecord, PayClaim, ReceiptRow, RowOutcome } from "./records.ts";

/** What the records of one account say when they are read in order. */
export interface LedgerState {
  /** Bonus (see `bonusKey`) → its last claim and how that ended. */
  readonly bonuses: ReadonlyMap<string, BonusClaim>;
  /** Those that were claimed in another currency than the account's: the same bonus must not be paid in both. */
  readonly elsewhere: ReadonlyMap<string, BonusClaim>;
  /** Every claimed row that no receipt answers, oldest claim first. */
  readonly open: readonly OpenRow[];
  /**
   * Bonuses (by {@link claimedRowKey}) whose receipt says that they were not paid, and that no other claim has paid. A
   * later look may show otherwise.
   */
  readonly unpaid: ReadonlyMap<string, UnpaidRow>;
  /**
   * Rows whose receipt says `held`: looked for again by each run, in case they show up after all. Not those whose next
   * attempt is open or paid: what shows up then is that one's.
   */
  readonly held: readonly HeldRow[];
  /** Study → cost of what was claimed and not turned away. */
  readonly claimedByStudy: ReadonlyMap<string, Money>;
  /** UTC day (`2026-11-23`) → the same. */
  readonly claimedByDay: ReadonlyMap<string, Money>;
}

/**
 * The last claim of a bonus. `free`: claimed and given back untouched, so that it may be claimed again. An order is given
 * back by the one run that could have given it, so that its bonus is then what it was before that claim.
 */
export interface BonusClaim {
  readonly state: "open" | "settled" | "held" | "refused" | "free";
  readonly row: PayClaim;
  readonly claim: FiledClaim;
  readonly receipt?: { readonly path: string; readonly row: ReceiptRow };
}

/** True for a bonus that money may have moved for, whatever its currency: only what was refused or given back has moved none. */
export function mayHavePaid({ state }: BonusClaim): boolean {
  return state === "settled" || state === "open" || state === "held";
}

export interface FiledClaim {
  readonly path: string;
  readonly record: ClaimRecord;
}

export interface OpenRow {
  readonly claim: FiledClaim;
  readonly row: ClaimRow;
}

export interface HeldRow extends OpenRow {
  readonly row: PayClaim;
  /** See `bonusKey`. */
  readonly bonus: string;
}

export interface UnpaidRow extends HeldRow {
  readonly attempt: number;
  readonly outcome: RowOutcome;
  /** The path of the receipt that says so. */
  readonly receipt: string;
  /** Another run than the one that claimed it gave it back, and cannot know whether that one had ordered it. */
  readonly isTakenOver: boolean;
}

/** Reads records, in their order, into what they mean for one account. */
export function ledgerState(records: readonly FiledRecord[], account: Account): LedgerState {
  const bonuses = new Map<string, BonusClaim>();
  const before = new Map<string, BonusClaim>();
  const unanswered = new Map<string, OpenRow>();
  const held = new Map<string, HeldRow>();
  const unpaid = new Map<string, UnpaidRow>();
  for (const { path, record } of records) {
    // Whatever its currency: the same bonus must not be paid in two.
    if (!isAbout({ ...record, currency: account.currency }, account)) continue;
    if (record.record === "claim") {
      const claim = { path, record };
      for (const row of record.rows) {
        unanswered.set(claimedRowKey(record.sequence, row), { claim, row });
        if (row.kind !== "pay") continue;
        const bonus = bonusKey(account, row.assignment, row.label);
        const earlier = bonuses.get(bonus);
        if (earlier) before.set(claimedRowKey(record.sequence, row), earlier);
        bonuses.set(bonus, { state: "open", row, claim });
      }
      continue;
    }
    for (const row of record.rows) {
      const key = claimedRowKey(record.claim, row);
      const answered = unanswered.get(key) ?? unpaid.get(key);
      if (!answered) continue;
      unanswered.delete(key);
      held.delete(key);
      unpaid.delete(key);
      if (row.kind !== "pay") continue;
      const bonus = bonusKey(account, row.assignment, row.label);
      const { attempt, outcome } = row;
      const { claim } = answered;
      // The key tells the kind of row, too: what was claimed of it, without what became of it.
      const claimed = answered.row as PayClaim;
      const isTakenOver = outcome === "not-sent" && record.run !== claim.record.run;
      if (STATES[outcome] !== "settled")
        unpaid.set(key, { claim, row: claimed, bonus, attempt, outcome, receipt: path, isTakenOver });
      if (outcome === "held") held.set(key, { claim, row: claimed, bonus });
      // Whichever attempt was paid, the bonus is.
      const isLast = bonuses.get(bonus)?.claim.record.sequence === record.claim;
      if (!isLast && STATES[outcome] !== "settled") continue;
      const earlier = row.baseline && outcome === "not-sent" ? before.get(key) : undefined;
      bonuses.set(bonus, earlier ?? { state: STATES[outcome], row: claimed, claim, receipt: { path, row } });
    }
  }
  // Of several held attempts of one bonus the last is looked for: there is one reference for all.
  const waiting = new Map<string, HeldRow>();
  for (const each of held.values()) {
    const last = bonuses.get(each.bonus)?.state;
    if (last !== "open" && last !== "settled") waiting.set(each.bonus, each);
  }
  const isOwn = ({ claim }: Pick<OpenRow, "claim">) => claim.record.currency === account.currency;
  const isPaid = ({ bonus }: HeldRow) => bonuses.get(bonus)?.state === "settled";
  return {
    bonuses: new Map([...bonuses].filter(([, bonus]) => isOwn(bonus))),
    elsewhere: new Map([...bonuses].filter(([, bonus]) => !isOwn(bonus))),
    open: [...unanswered.values()].filter(isOwn),
    held: [...waiting.values()].filter(isOwn),
    unpaid: new Map([...unpaid].filter(([, row]) => !isPaid(row))),
    ...claimedCosts(records, account),
  };
}

const STATES = { done: "settled", found: "settled", refused: "refused", held: "held", "not-sent": "free" } as const;

/** Which row of which claim: a receipt's rows carry the same fields. */
export function claimedRowKey(claim: number, row: ClaimRow): string {
  switch (row.kind) {
    case "pay":
      return [claim, row.kind, row.assignment, row.label].join("\0");
    case "grant":
    case "rescore":
    case "revoke":
      // A type may be called as another one's id is.
      return [claim, row.kind, row.name, row.group, row.worker].join("\0");
    case "create-type":
      return [claim, row.kind, row.name].join("\0");
  }
}

/**
 * Every claim counts against budget and day from the moment it is made, and stops counting only when its receipt says
 * that nothing moved. An attempt that was held keeps counting beside the next one: it may have been paid.
 */
function claimedCosts(
  records: readonly FiledRecord[],
  account: Account,
): Pick<LedgerState, "claimedByStudy" | "claimedByDay"> {
  const turnedAway = new Set<string>();
  for (const { record } of records) {
    if (record.record !== "receipt") continue;
    for (const row of record.rows) {
      const key = claimedRowKey(record.claim, row);
      if (row.outcome === "refused" || row.outcome === "not-sent") turnedAway.add(key);
      else turnedAway.delete(key);
    }
  }
  const byStudy = new Map<string, Money>();
  const byDay = new Map<string, Money>();
  for (const { record } of records) {
    if (record.record !== "claim" || !isAbout(record, account)) continue;
    for (const row of record.rows) {
      if (row.kind !== "pay" || turnedAway.has(claimedRowKey(record.sequence, row))) continue;
      const cost = sumMoney([amountOf(row.amount, account), amountOf(row.fee, account)], account.currency);
      add(byStudy, record.study, cost);
      add(byDay, record.time.slice(0, 10), cost);
    }
  }
  return { claimedByStudy: byStudy, claimedByDay: byDay };
}

function add(sums: Map<string, Money>, key: string, cost: Money): void {
  const before = sums.get(key);
  sums.set(key, before ? sumMoney([before, cost], cost.currency) : cost);
}

/** Throws where a record holds an amount that is none: the chain was checked before. */
export function amountOf(text: string, account: Account): Money {
  const amount = parseMoney(text, account.currency);
  if (!amount) throw new Error(`not an amount in the ledger: ${text}`);
  return amount;
}
