import { fault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import { bonusKey } from "./identity.ts";
import type { ClaimRecord, ClaimRow, FiledRecord, LedgerRecord, ReceiptRow, RowOutcome } from "./records.ts";
import { claimedRowKey } from "./state.ts";

/**
 * What is wrong between records, read in order: a receipt answers rows of an earlier claim, as they were claimed and
 * each once; and a bonus is not claimed while an earlier claim of it is open, paid, or held under the same attempt.
 * `before` is what is known of the records before them, and stays as it is.
 */
export function rowFaults(records: readonly FiledRecord[], before?: RowHistory): ChainFault[] {
  const history = new RowHistory(before);
  return records.flatMap((each) => history.add(each));
}

/**
 * What the records up to now say of each claimed row: as much of it as later records are judged by. Of a row that is
 * paid that is little, so that a million of them fit into memory.
 */
export class RowHistory {
  private readonly before: RowHistory | undefined;
  private readonly claims = new Map<number, ClaimHeader>();
  /** A bonus, or another row of one claim → each of its claims, in order. */
  private readonly rows = new Map<string, readonly ClaimedRow[]>();

  /** Goes on after another history, without changing it. */
  constructor(before?: RowHistory) {
    this.before = before;
  }

  /** The faults of the next record. */
  add({ path, record }: FiledRecord): ChainFault[] {
    if (record.record === "claim") {
      this.claims.set(record.sequence, headerOf(path, record));
      return record.rows.flatMap((row) => this.claim(path, record, row));
    }
    const claim = this.claimOf(record.claim);
    if (!claim)
      return [fault("claim-missing", path, `answers claim ${record.claim}, and there is no such claim before it`)];
    return [
      ...headerFaults(path, record, claim),
      ...record.rows.flatMap((row) => this.answer(path, rowKey(claim, record.claim, row), row, record.claim, claim)),
    ];
  }

  private claim(path: string, claim: ClaimRecord, row: ClaimRow): ChainFault[] {
    const key = rowKey(claim, claim.sequence, row);
    const earlier = this.claimsOf(key);
    const twice = earlier.some((each) => each.claim === claim.sequence);
    this.rows.set(key, [...earlier, { claim: claim.sequence, path, attempt: attemptOf(row), row }]);
    return [
      ...(twice ? [fault("claimed-twice", path, `names ${describe(row)} twice`)] : []),
      ...(row.kind === "pay" ? earlier.flatMap((each) => reclaimFaults(path, row, each)) : []),
    ];
  }

  /** Checks one answered row, and notes its outcome. */
  private answer(path: string, key: string, row: ReceiptRow, sequence: number, header: ClaimHeader): ChainFault[] {
    const { path: claim } = header;
    const all = this.claimsOf(key);
    const claimed = all.findLast((each) => each.claim === sequence);
    if (!claimed) return [fault("row-not-claimed", path, `answers ${describe(row)}, which ${claim} does not claim`)];
    const after = ended(claimed, row.outcome, header);
    this.rows.set(key, all.length === 1 ? after : all.flatMap((each) => (each === claimed ? after : [each])));
    const again = claimed.outcome !== undefined && !(row.outcome === "found" && !isSettled(claimed.outcome));
    return [
      ...(claimed.row ? differences(claimed.row, row) : []).map((field) =>
        fault("row-differs", path, `gives ${describe(row)} another ${field} than ${claim}`),
      ),
      ...(again
        ? [fault("row-answered-twice", path, `answers ${describe(row)}, which was ${claimed.outcome} already`)]
        : []),
    ];
  }

  private claimsOf(key: string): readonly ClaimedRow[] {
    return this.rows.get(key) ?? this.before?.claimsOf(key) ?? [];
  }

  private claimOf(sequence: number): ClaimHeader | undefined {
    return this.claims.get(sequence) ?? this.before?.claimOf(sequence);
  }
}

interface ClaimedRow {
  readonly claim: number;
  /** The claim's file. */
  readonly path: string;
  readonly attempt: number | undefined;
  readonly outcome?: RowOutcome;
  /** Let go where it was paid: another answer is a fault whatever it says. */
  readonly row?: ClaimRow;
}

/** What is known of a row after an answer. Rows of one claim that were paid are all the same. */
function ended({ row, ...claimed }: ClaimedRow, outcome: RowOutcome, { paid }: ClaimHeader): readonly ClaimedRow[] {
  if (!isSettled(outcome)) return [{ ...claimed, outcome, ...(row ? { row } : {}) }];
  const key = `${outcome} ${claimed.attempt}`;
  const same = paid.get(key) ?? [{ ...claimed, outcome }];
  paid.set(key, same);
  return same;
}

const HEADER_KEYS = ["platform", "environment", "currency", "account", "study", "manifest"] as const;
type ClaimHeader = Pick<ClaimRecord, (typeof HEADER_KEYS)[number]> & {
  readonly path: string;
  readonly paid: Map<string, readonly ClaimedRow[]>;
};

function headerOf(path: string, claim: ClaimRecord): ClaimHeader {
  const { platform, environment, currency, account, study, manifest } = claim;
  const named = account === undefined ? {} : { account };
  return { path, platform, environment, currency, ...named, study, manifest, paid: new Map() };
}

/** Of a bonus the same text in every claim, so that its claims are seen together; of other rows one for each claim. */
function rowKey(account: Pick<ClaimHeader, "platform" | "environment">, claim: number, row: ClaimRow): string {
  return row.kind === "pay" ? bonusKey(account, row.assignment, row.label) : claimedRowKey(claim, row);
}

function attemptOf(row: ClaimRow): number | undefined {
  return row.kind === "pay" ? row.attempt : undefined;
}

const CLAIMED_TWICE =
  "two runs may have paid the same bonus: run `mergepay audit`, and compare with the platform's own list";

function reclaimFaults(path: string, row: ClaimRow & { kind: "pay" }, earlier: ClaimedRow): ChainFault[] {
  const { outcome } = earlier;
  const settled = isSettled(outcome);
  if (outcome !== undefined && !settled && !(outcome === "held" && earlier.attempt === row.attempt)) return [];
  const state = outcome === undefined ? "open" : settled ? "paid" : "held";
  return [
    fault(
      "claimed-twice",
      path,
      `claims ${describe(row)}, which ${earlier.path} claimed and which was ${state}`,
      CLAIMED_TWICE,
    ),
  ];
}

function isSettled(outcome: RowOutcome | undefined): boolean {
  return outcome === "done" || outcome === "found";
}

function headerFaults(path: string, receipt: LedgerRecord, claim: ClaimHeader): ChainFault[] {
  return HEADER_KEYS.filter((key) => JSON.stringify(receipt[key]) !== JSON.stringify(claim[key])).map((key) =>
    fault("receipt-differs", path, `names another ${key} than ${claim.path}, which it answers`),
  );
}

const ADDED: ReadonlySet<string> = new Set(["outcome", "time", "requestId", "code", "message", "listed"]);

/** The claimed fields in which two rows differ. A type's id is known only once it was made. */
function differences(claimed: ClaimRow, answered: ReceiptRow): string[] {
  const [before, after] = [fieldsOf(claimed), fieldsOf(answered)];
  const isNew = (key: string) =>
    !Object.hasOwn(before, key) && !ADDED.has(key) && !(key === "group" && claimed.kind === "create-type");
  return [...Object.keys(before), ...Object.keys(after).filter(isNew)].filter(
    (key) => before[key] !== after[key] && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

function fieldsOf(row: object): Readonly<Record<string, unknown>> {
  return row as Readonly<Record<string, unknown>>;
}

function describe(row: ClaimRow | ReceiptRow): string {
  switch (row.kind) {
    case "pay":
      return `the bonus for assignment ${row.assignment}${row.label ? ` (${row.label})` : ""}`;
    case "grant":
    case "rescore":
    case "revoke":
      return `the ${row.kind} of ${row.name}`;
    case "create-type":
      return `the type ${row.name}`;
  }
}
