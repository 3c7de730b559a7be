import { fault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import { bonusKey } from "./identity.ts";
import type { ClaimRecord, ClaimRow, FiledRecord, ReceiptRecord, ReceiptRow, RowOutcome } from "./records.ts";
import { claimedRowKey } from "./state.ts";

/**
 * What is wrong between records, read in order: a receipt answers rows of an earlier claim, as they were claimed and
 * each once; and a bonus is not claimed while an earlier claim of it is open, paid, or held under the same attempt.
 */
export function rowFaults(records: readonly FiledRecord[]): ChainFault[] {
  const faults: ChainFault[] = [];
  const claims = new Map<number, { record: ClaimRecord; path: string; rows: Map<string, ClaimedRow> }>();
  const bonuses = new Map<string, ClaimedRow[]>();
  for (const { path, record } of records) {
    if (record.record === "claim") {
      const rows = new Map<string, ClaimedRow>();
      for (const row of record.rows) {
        const key = claimedRowKey(record.sequence, row);
        if (rows.has(key)) faults.push(fault("claimed-twice", path, `names ${describe(row)} twice`));
        const claimed: ClaimedRow = { row, path };
        if (row.kind === "pay") {
          const bonus = bonusKey(record, row.assignment, row.label);
          const earlier = bonuses.get(bonus) ?? [];
          faults.push(...earlier.flatMap((each) => reclaimFaults(path, row, each)));
          bonuses.set(bonus, [...earlier, claimed]);
        }
        rows.set(key, claimed);
      }
      claims.set(record.sequence, { record, path, rows });
      continue;
    }
    const claim = claims.get(record.claim);
    if (!claim) {
      faults.push(fault("claim-missing", path, `answers claim ${record.claim}, and there is no such claim before it`));
      continue;
    }
    faults.push(...headerFaults(path, record, claim));
    for (const row of record.rows)
      faults.push(...answerFaults(path, row, claim.rows.get(claimedRowKey(record.claim, row)), claim.path));
  }
  return faults;
}

interface ClaimedRow {
  readonly row: ClaimRow;
  /** The claim's file. */
  readonly path: string;
  outcome?: RowOutcome;
}

const CLAIMED_TWICE =
  "two runs may have paid the same bonus: run `mergepay audit`, and compare with the platform's own list";

function reclaimFaults(path: string, row: ClaimRow & { kind: "pay" }, earlier: ClaimedRow): ChainFault[] {
  const { outcome } = earlier;
  const sameAttempt = earlier.row.kind === "pay" && earlier.row.attempt === row.attempt;
  const settled = isSettled(outcome);
  if (outcome !== undefined && !settled && !(outcome === "held" && sameAttempt)) return [];
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

function headerFaults(
  path: string,
  receipt: ReceiptRecord,
  claim: { record: ClaimRecord; path: string },
): ChainFault[] {
  const keys = ["platform", "environment", "currency", "study", "manifest"] as const;
  return keys
    .filter((key) => JSON.stringify(receipt[key]) !== JSON.stringify(claim.record[key]))
    .map((key) => fault("receipt-differs", path, `names another ${key} than ${claim.path}, which it answers`));
}

/** Checks one answered row, and notes its outcome on the claimed one. */
function answerFaults(path: string, row: ReceiptRow, claimed: ClaimedRow | undefined, claim: string): ChainFault[] {
  if (!claimed) return [fault("row-not-claimed", path, `answers ${describe(row)}, which ${claim} does not claim`)];
  const faults = differences(claimed.row, row).map((key) =>
    fault("row-differs", path, `gives ${describe(row)} another ${key} than ${claim}`),
  );
  const again = claimed.outcome !== undefined && !(row.outcome === "found" && !isSettled(claimed.outcome));
  if (again)
    faults.push(fault("row-answered-twice", path, `answers ${describe(row)}, which was ${claimed.outcome} already`));
  claimed.outcome = row.outcome;
  return faults;
}

const ADDED: ReadonlySet<string> = new Set(["outcome", "time", "requestId", "code", "message"]);

/** The claimed fields in which two rows differ. A type's id is known only once it was made. */
function differences(claimed: ClaimRow, answered: ReceiptRow): string[] {
  const before = new Map<string, unknown>(Object.entries(claimed));
  const after = new Map<string, unknown>(Object.entries(answered));
  if (claimed.kind === "create-type") after.delete("group");
  const keys = new Set([...before.keys(), ...[...after.keys()].filter((key) => !ADDED.has(key))]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
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
