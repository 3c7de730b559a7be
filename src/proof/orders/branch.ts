import type { LedgerRead, NewFile } from "../../apply/effects.ts";
import { readRecord } from "../../ledger/chain.ts";
import { RowHistory } from "../../ledger/chain-rows.ts";
import { NO_RECORD, sha256Hex } from "../../ledger/record-text.ts";
import type { FiledRecord, LedgerRecord, PayClaim, RowOutcome } from "../../ledger/records.ts";
import { holds, Violation } from "../schedules/violation.ts";

/** A state of the ledger branch. Its commit is the hash of its last record. */
export interface Branch {
  readonly commit: string;
  readonly parent: Branch | undefined;
  readonly records: readonly FiledRecord[];
  /** As production reads it. */
  readonly read: LedgerRead;
  readonly history: RowHistory;
  /** By claim and bonus. */
  readonly rows: ReadonlyMap<string, Tracked>;
  readonly transitions: readonly string[];
  readonly added: readonly LedgerRecord[];
}

/** A claimed bonus as this proof follows it, by rules of its own. */
export interface Tracked {
  readonly claim: number;
  readonly claimedAt: number;
  readonly run: string;
  readonly row: PayClaim;
  /** Submission and label. */
  readonly identity: string;
  readonly outcome: RowOutcome | undefined;
}

const ROOT_HISTORY = new RowHistory();

export const EMPTY: Branch = {
  commit: NO_RECORD,
  parent: undefined,
  records: [],
  read: { kind: "ledger", commit: NO_RECORD, head: { sequence: 0, hash: NO_RECORD }, records: [], rows: ROOT_HISTORY },
  history: ROOT_HISTORY,
  rows: new Map(),
  transitions: [],
  added: [],
};

export function identityOf({ assignment, label }: { readonly assignment: string; readonly label: string }): string {
  return `${assignment}/${label}`;
}

/** One commit more. Throws where production would refuse to read what was written. */
export function appended(parent: Branch, files: readonly NewFile[]): Branch {
  const records = [...parent.records];
  const rows = new Map(parent.rows);
  const history = new RowHistory(parent.history);
  const transitions: string[] = [];
  const added: LedgerRecord[] = [];
  let { commit } = parent;
  for (const { path, text } of files) {
    const { filed, problems } = readRecord({ path, bytes: new TextEncoder().encode(text) });
    if (!filed || problems.length > 0) throw new Violation("I9", problems[0]?.message ?? path);
    const { record } = filed;
    const follows = record.sequence === records.length + 1 && record.previous === commit;
    holds(follows, "I9", () => `${path} does not follow the record before it`);
    const [fault] = history.add(filed);
    if (fault) throw new Violation("I9", fault.message);
    records.push(filed);
    added.push(record);
    commit = sha256Hex(text);
    follow(rows, record, transitions);
  }
  const head = { sequence: records.length, hash: commit };
  return {
    commit,
    parent,
    records,
    read: { kind: "ledger", commit, head, records, rows: history },
    history,
    rows,
    transitions,
    added,
  };
}

function follow(rows: Map<string, Tracked>, record: LedgerRecord, transitions: string[]): void {
  const { sequence, run, time } = record;
  const claim = record.record === "claim" ? sequence : record.claim;
  for (const row of record.rows) {
    if (row.kind !== "pay") continue;
    const identity = identityOf(row);
    const key = `${claim} ${identity}`;
    if (record.record === "claim") {
      rows.set(key, { claim, claimedAt: Date.parse(time), run, row, identity, outcome: undefined });
      continue;
    }
    const before = rows.get(key);
    if (!before || !("outcome" in row)) throw new Violation("I5", `a receipt answers ${key}, which was not claimed`);
    transitions.push(`${before.outcome ?? "open"} to ${row.outcome}`);
    rows.set(key, { ...before, outcome: row.outcome });
  }
}

/** True where a branch holds another one's commit. */
export function contains(branch: Branch | undefined, commit: string): boolean {
  for (let each = branch; each; each = each.parent) if (each.commit === commit) return true;
  return false;
}
