import type { UnpaidClaims } from "../ledger/may-be-paid.ts";
import type { ClaimRow, ReceiptRow } from "../ledger/records.ts";
import { claimedRowKey } from "../ledger/state.ts";
import type { FiledClaim, LedgerState } from "../ledger/state.ts";
import type { Money } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import { TAKEN_OVER } from "./settle-payment.ts";
import type { Settled, Stop } from "./settle-payment.ts";

export interface ApplyResult {
  /** The plan that was carried out, or that refused. Undefined where the ledger could not be read. */
  readonly plan?: Plan;
  readonly rows: readonly AppliedRow[];
  /** Paths of the receipts that this run wrote. */
  readonly receipts: readonly string[];
  readonly balance: { readonly before: Money | "unknown"; readonly after: Money | "unknown" };
  readonly stop?: Stop;
}

/** A row with how it ended, or open: `unknown` with what was seen last. `claim` names the record that holds it. */
export type AppliedRow =
  | { readonly state: "ended"; readonly claim: string; readonly row: ReceiptRow }
  | {
      readonly state: "open";
      readonly claim: string;
      readonly row: ClaimRow;
      readonly seen: string;
      readonly next?: string;
    }
  /** Named by no claim: the platform would not prepare it, or something spoke against it before. */
  | { readonly state: "turned-away"; readonly row: ReceiptRow };

interface TellableRow {
  readonly claim: FiledClaim;
  readonly place: number;
  readonly told: AppliedRow;
}

/** What this run remembers between one reading of the ledger and the next. */
export interface Work {
  /** By claim and row: what is told of it in the end. */
  readonly rows: Map<string, TellableRow>;
  readonly receipts: string[];
  /** Outcomes that no receipt holds yet. */
  pending: { readonly claim: FiledClaim; rows: ReceiptRow[] }[];
  /** Orders that had no clear answer, by handle or `membershipKey`: what they ordered may yet come about. */
  readonly unclear: Set<string>;
  /** Types made or found in this run: name → id. */
  readonly groups: Map<string, string>;
  /** Of {@link rows}: those whose receipts the plan knows of. */
  planned: ReadonlySet<string>;
  /** Bonuses that this round's plan asks for, and that could not be claimed. */
  turnedAway: ReceiptRow[];
  /** Handles that this process got from the platform, and those of them under which it may have given an order. */
  readonly prepared: Set<string>;
  readonly given: Set<string>;
  /** As the ledger was when this round was planned. */
  unpaid: UnpaidClaims;
  unknowns: number;
  plan?: Plan;
  stop?: Stop;
  balanceBefore: Money | "unknown";
  /** As it was last read while nothing was under way. */
  balance: Money | "unknown";
}

export function newWork(): Work {
  return {
    rows: new Map(),
    receipts: [],
    pending: [],
    unclear: new Set(),
    groups: new Map(),
    planned: new Set(),
    turnedAway: [],
    prepared: new Set(),
    given: new Set(),
    unpaid: new Map(),
    unknowns: 0,
    balanceBefore: "unknown",
    balance: "unknown",
  };
}

/** Rows in the order of their claims, whichever ended first. What was open and claimed anew is told once. */
export function resultOf({ plan, rows, turnedAway, receipts, stop, balanceBefore, balance }: Work): ApplyResult {
  const bonusOf = ({ told: { row } }: TellableRow) => (row.kind === "pay" ? `${row.assignment} ${row.label}` : row);
  const inOrder = [...rows.values()].sort(
    (a, b) => a.claim.record.sequence - b.claim.record.sequence || a.place - b.place,
  );
  const last = new Map(inOrder.map((each) => [bonusOf(each), each]));
  const ordered = inOrder.filter((each) => each.told.state !== "open" || last.get(bonusOf(each)) === each);
  return {
    rows: [...ordered.map(({ told }) => told), ...turnedAway.map((row) => ({ state: "turned-away", row }) as const)],
    receipts,
    balance: { before: balanceBefore, after: balance },
    ...(plan ? { plan } : {}),
    ...(stop ? { stop } : {}),
  };
}

/** A rival may have written the receipt of a row that this run has in hand. The first one stands. */
export function forgetAnswered(work: Work, state: LedgerState): void {
  const open = new Set(state.open.map(({ claim, row }) => claimedRowKey(claim.record.sequence, row)));
  const held = new Set(state.held.map(({ claim, row }) => claimedRowKey(claim.record.sequence, row)));
  for (const group of work.pending) {
    const { sequence } = group.claim.record;
    group.rows = group.rows.flatMap((row): ReceiptRow[] => {
      const key = claimedRowKey(sequence, row);
      if (open.has(key)) return [row];
      const isPaid = row.outcome === "found" || row.outcome === "done";
      const unpaid = state.unpaid.get(key);
      // What is claimed anew and open is found, and written down, by whoever settles that claim.
      const isAnew = unpaid !== undefined && state.bonuses.get(unpaid.bonus)?.state === "open";
      // An amount that was found may be another bonus's, ordered after this one was given back.
      const mayStand = row.kind === "pay" && row.baseline ? held.has(key) : unpaid !== undefined && !isAnew;
      return mayStand && isPaid ? [{ ...row, outcome: "found" }] : [];
    });
  }
  work.pending = work.pending.filter(({ rows }) => rows.length > 0);
}

const UNKNOWNS_MAX = 3;

/** Writes down, for the receipt and for the report, how a row ended. Three bonuses in a row that stay unknown end the run. */
export function note(work: Work, claim: FiledClaim, row: ClaimRow, settled: Settled, time: string): void {
  if (settled.stop) work.stop ??= settled.stop;
  if (!settled.end) {
    const next = settled.next === undefined ? {} : { next: settled.next };
    const isNew = tell(work, claim, row, { state: "open", claim: claim.path, row, seen: settled.open ?? "", ...next });
    if (row.kind === "pay" && isNew && !settled.isWaiting) work.unknowns += 1;
    if (work.unknowns >= UNKNOWNS_MAX)
      work.stop ??= { cause: "unknowns", message: `${UNKNOWNS_MAX} bonuses in a row stayed without a clear answer` };
    return;
  }
  if (row.kind === "pay") work.unknowns = 0;
  const ended: ReceiptRow = { ...row, ...settled.end, time };
  tell(
    work,
    claim,
    row,
    settled.end.code === TAKEN_OVER ? yetToClaim(claim, row) : { state: "ended", claim: claim.path, row: ended },
  );
  const group = work.pending.find((each) => each.claim.path === claim.path);
  if (group) group.rows.push(ended);
  else work.pending.push({ claim, rows: [ended] });
}

/** How a row is told that was taken over, should this run not come to claim it anew. */
function yetToClaim({ path }: FiledClaim, row: ClaimRow): AppliedRow {
  const seen = "the run that claimed it was cut off, and it is not listed";
  return { state: "open", claim: path, row, seen, next: "nothing: the next run claims it anew" };
}

/** A row that was looked at before is told as it is now. True where it was not. */
function tell({ rows }: Work, claim: FiledClaim, row: ClaimRow, told: AppliedRow): boolean {
  const key = claimedRowKey(claim.record.sequence, row);
  const before = rows.get(key);
  rows.set(key, { claim, place: before?.place ?? placeIn(claim, row), told });
  return before === undefined;
}

/** Which row of its claim it is, counted from 0. */
export function placeIn({ record }: FiledClaim, row: ClaimRow): number {
  const place = record.rows.indexOf(row);
  if (place !== -1) return place;
  const key = claimedRowKey(record.sequence, row);
  return record.rows.findIndex((each) => claimedRowKey(record.sequence, each) === key);
}
