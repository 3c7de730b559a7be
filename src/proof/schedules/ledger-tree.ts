import type { LedgerRead, NewFile } from "../../apply/effects.ts";
import { readRecord } from "../../ledger/chain.ts";
import { RowHistory } from "../../ledger/chain-rows.ts";
import { NO_RECORD, sha256Hex } from "../../ledger/record-text.ts";
import type { ClaimRow, FiledRecord, LedgerRecord, RowOutcome } from "../../ledger/records.ts";
import { parseMoney } from "../../money.ts";
import { holds, Violation } from "./violation.ts";

/**
 * A state of the ledger branch. Its commit is the hash of its last record, so that the same records are the same state in
 * every schedule, and are checked once.
 */
export interface LedgerNode {
  readonly commit: string;
  readonly parent: LedgerNode | undefined;
  readonly records: readonly FiledRecord[];
  /** As production reads it. */
  readonly read: Extract<LedgerRead, { kind: "ledger" }>;
  readonly rows: ReadonlyMap<string, TrackedRow>;
  /** What its last commit did to rows: `open to done`. */
  readonly transitions: readonly string[];
  readonly added: readonly LedgerRecord[];
  /** Claimed and not turned away, fees included, in cents: by account, and by account and day. */
  readonly spent: ReadonlyMap<string, number>;
}

/** A claimed row as this proof follows it, by rules of its own. */
export interface TrackedRow {
  readonly claim: number;
  /** Epoch milliseconds. */
  readonly claimedAt: number;
  /** Of the claim, UTC. */
  readonly day: string;
  /** Amount and fee. */
  readonly cents: number;
  readonly run: string;
  readonly environment: string;
  readonly row: ClaimRow;
  /** Assignment and label, or type and worker. */
  readonly identity: string;
  readonly outcome: RowOutcome | undefined;
  /** Given back by another run than claimed it. */
  readonly isTakenOver: boolean;
}

const KEPT = 60_000;
let known = new Map<string, LedgerNode>();

export const EMPTY_LEDGER: LedgerNode = {
  commit: NO_RECORD,
  parent: undefined,
  records: [],
  read: { kind: "ledger", commit: NO_RECORD, head: { sequence: 0, hash: NO_RECORD }, records: [] },
  rows: new Map(),
  transitions: [],
  added: [],
  spent: new Map(),
};

/** A platform may list a bonus this late. */
export const LISTED_MS = 48 * 60 * 60_000;
/** An order is given again this long after its claim at most. */
const KNOWN_MS = 12 * 60 * 60_000;
/** Clocks of two runners may differ by this much. */
const SKEW_MS = 10 * 60_000;

/** One commit more. Throws where it breaks the chain, changes what is there, or answers what cannot be answered. */
export function appended(parent: LedgerNode, files: readonly NewFile[]): LedgerNode {
  const commit = sha256Hex(files.at(-1)?.text ?? "");
  const before = known.get(commit);
  if (before && before.parent?.commit === parent.commit) return before;
  const node = checked(parent, files, commit);
  if (known.size >= KEPT) known = new Map();
  known.set(commit, node);
  return node;
}

/** I8, I9 and I4: what production would refuse to read, it must not write. */
function checked(parent: LedgerNode, files: readonly NewFile[], commit: string): LedgerNode {
  const records = [...parent.records];
  const history = new RowHistory(parent.read.rows);
  const rows = new Map(parent.rows);
  const transitions: string[] = [];
  const added: LedgerRecord[] = [];
  let { sequence, hash } = parent.read.head;
  for (const { path, text } of files) {
    holds(!records.some((each) => each.path === path), "I8", () => `${path} is written over`);
    const { filed, problems } = readRecord({ path, bytes: new TextEncoder().encode(text) });
    if (!filed || problems.length > 0) throw new Violation("I9", problems[0]?.message ?? path);
    const { record } = filed;
    const isNext = record.sequence === sequence + 1 && record.previous === hash;
    holds(isNext, "I9", () => `${path} does not follow the record before it`);
    const before = records.findLast((each) => each.record.environment === record.environment);
    const isEarlier = before && Date.parse(record.time) < Date.parse(before.record.time) - SKEW_MS;
    holds(!isEarlier, "I9", () => `${path} says that it was written before the record before it`);
    const [fault] = history.add(filed);
    if (fault) throw new Violation("I9", fault.message);
    records.push(filed);
    added.push(record);
    transitions.push(...follow(rows, record));
    sequence += 1;
    hash = added.length === files.length ? commit : sha256Hex(text);
  }
  return {
    commit,
    parent,
    records,
    read: { kind: "ledger", commit, head: { sequence, hash }, records, rows: history },
    rows,
    transitions,
    added,
    spent: spent(rows),
  };
}

/** Each claimed row has one answer; one that says that nothing moved may be followed by one that shows otherwise. */
function follow(rows: Map<string, TrackedRow>, record: LedgerRecord): string[] {
  const { environment, run, sequence } = record;
  if (record.record === "claim") {
    const claimedAt = Date.parse(record.time);
    const day = record.time.slice(0, "2026-11-23".length);
    return record.rows.map((row) => {
      const identity = identityOf(row);
      const earlier = claimsOf(rows, { identity, environment, row });
      for (const each of earlier) checkSameBonus(each.row, row);
      const isTooSoon = earlier.some((each) => mayBeHidden(each, row, claimedAt));
      holds(!isTooSoon, "I1", () => `${identity} is claimed again, and an earlier claim may not be listed yet`);
      const cents = costOf(row);
      const claimed = {
        claim: sequence,
        claimedAt,
        day,
        cents,
        run,
        environment,
        row,
        identity,
        outcome: undefined,
        isTakenOver: false,
      };
      rows.set(`${sequence} ${identity}`, claimed);
      const last = earlier.at(-1);
      return last ? `${last.outcome ?? "open"} to claimed again` : "nothing to claimed";
    });
  }
  return record.rows.map((row) => {
    const key = `${record.claim} ${identityOf(row)}`;
    const tracked = rows.get(key);
    holds(tracked !== undefined, "I5", () => `a receipt answers ${identityOf(row)}, which was not claimed`);
    const from = tracked?.outcome;
    const isPaid = from === "done" || from === "found";
    holds(from === undefined || (row.outcome === "found" && !isPaid), "I4", () => `${key} is answered twice`);
    const isTakenOver = row.outcome === "not-sent" && tracked?.run !== run;
    if (tracked) rows.set(key, { ...tracked, outcome: row.outcome, isTakenOver });
    if (tracked && row.kind === "pay") {
      const paid = claimsOf(rows, tracked).filter(({ outcome }) => outcome === "done" || outcome === "found");
      holds(paid.length <= 1, "I4", () => `${tracked.identity} is paid by two receipts`);
    }
    return `${from ?? "open"} to ${row.outcome}`;
  });
}

/** MTurk knows an order again for a day, and lists a bonus two days later at most. Each is claimed within half of the first. */
function mayBeHidden(
  { outcome, isTakenOver, claimedAt, row: before }: TrackedRow,
  row: ClaimRow,
  now: number,
): boolean {
  if (before.kind !== "pay" || row.kind !== "pay" || now >= claimedAt + LISTED_MS) return false;
  const isSameOrder = before.attempt === row.attempt && now < claimedAt + KNOWN_MS;
  return outcome === "held" || (isTakenOver && !isSameOrder);
}

function claimsOf(
  rows: ReadonlyMap<string, TrackedRow>,
  of: Pick<TrackedRow, "identity" | "environment" | "row">,
): TrackedRow[] {
  return [...rows.values()].filter(
    (each) => each.identity === of.identity && each.environment === of.environment && each.row.kind === of.row.kind,
  );
}

/** I11: a bonus has one reference for ever, and each attempt one token, whichever machine claims it. */
function checkSameBonus(before: ClaimRow, now: ClaimRow): void {
  if (before.kind !== "pay" || now.kind !== "pay") return;
  holds(before.reference === now.reference, "I11", () => `${identityOf(now)} has another reference than before`);
  const isSame = before.handle === now.handle;
  holds(isSame === (before.attempt === now.attempt), "I11", () =>
    isSame ? `${identityOf(now)} has its last attempt's token` : `${identityOf(now)} has another token than before`,
  );
}

export function identityOf(row: ClaimRow): string {
  switch (row.kind) {
    case "pay":
      return `${row.assignment}/${row.label}`;
    case "grant":
    case "rescore":
    case "revoke":
      return `${row.name}/${row.worker}`;
    case "create-type":
      return row.name;
  }
}

function spent(rows: ReadonlyMap<string, TrackedRow>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { cents, outcome, environment, day } of rows.values()) {
    if (outcome === "refused" || outcome === "not-sent") continue;
    for (const key of [environment, `${environment} ${day}`]) sums.set(key, (sums.get(key) ?? 0) + cents);
  }
  return sums;
}

function costOf(row: ClaimRow): number {
  if (row.kind !== "pay") return 0;
  return (parseMoney(row.amount, "USD")?.minor ?? 0) + (parseMoney(row.fee, "USD")?.minor ?? 0);
}
