import { describe, expect, test } from "vitest";
import { readChain } from "../ledger/chain.ts";
import type { LedgerFile } from "../ledger/chain.ts";
import { referenceOf } from "../ledger/identity.ts";
import { formatRecord, NO_RECORD, recordPath, sha256Hex } from "../ledger/record-text.ts";
import type { ClaimRow, FiledRecord, LedgerRecord, ReceiptRow } from "../ledger/records.ts";
import { answered, pay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import { ledgerState } from "../ledger/state.ts";
import { IDS, labKey, read, sealed } from "./lab.fixture.ts";
import { NO_KEYS } from "./lab-key.ts";
import { openRecords, sealRecord } from "./sealed-record.ts";
import { veiled, veilOf } from "./veil.ts";

const KEY = labKey();
const KEYS = new Map([[KEY.id, KEY]]);
const ACCOUNT = { platform: "mturk", environment: "production", currency: "USD" } as const;
const [WORKER = "", OTHER = "", ASSIGNMENT = "", SECOND = ""] = IDS;

function bonus(assignment: string, worker: string, label = ""): ClaimRow & { kind: "pay" } {
  const reference = referenceOf({ ...ACCOUNT, assignment, label });
  return pay(assignment, {
    worker,
    label,
    reference,
    reason: `Thank you [ref ${reference}]`,
    handle: `T${assignment}`,
  });
}

const GRANT = { kind: "grant", name: "wave-1", group: "3TYPE", worker: WORKER, score: 1, notify: false } as const;
const ROWS: readonly ClaimRow[] = [
  bonus(ASSIGNMENT, WORKER),
  bonus(ASSIGNMENT, WORKER, "extra"),
  bonus(SECOND, OTHER),
  GRANT,
];
const MESSAGE = `no bonus for ${WORKER.toLowerCase()} ${OTHER}, of 3ANOTHERASSIGNMENT00000000001 in 2 tries`;

/** The files of records that are sealed, or in clear without a key. */
function files(records: readonly LedgerRecord[], key = KEY.id): LedgerFile[] {
  let previous = NO_RECORD;
  return records.map((record) => {
    const text = formatRecord(sealRecord({ ...record, previous, sealed: key }, KEYS));
    previous = sha256Hex(text);
    return { path: recordPath(record), bytes: Buffer.from(text) };
  });
}

function claimed(
  rows: readonly ClaimRow[] = ROWS,
  end: readonly ReceiptRow[] = answers(rows),
): readonly LedgerRecord[] {
  const chain = new SampleChain();
  const claim = chain.claim(rows);
  if (end.length > 0) chain.receipt(claim, end);
  return chain.records;
}

function answers(rows: readonly ClaimRow[]): ReceiptRow[] {
  return rows.map((row) => answered(row, "refused", { message: MESSAGE }));
}

function textOf(all: readonly LedgerFile[]): string {
  return all.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
}

describe("a sealed ledger", () => {
  test("has no id, reference or token in it, nor in the platform's messages", () => {
    const text = textOf(files(claimed()));
    const secret = [...IDS, ...ROWS.flatMap((row) => (row.kind === "pay" ? [row.reference, row.handle] : []))];
    expect(secret.filter((each) => text.toLowerCase().includes(each.toLowerCase()))).toEqual([]);
    expect(text).toContain('"message": "no bonus for … …, of … in 2 tries"');
    expect(text).toContain('"reason": "Thank you [ref sealed]"');
  });

  test("is checked without a key as one in clear is", () => {
    expect(readChain(files(claimed())).problems).toEqual([]);
  });

  test("shows without a key that a bonus was claimed twice, or answered otherwise than claimed", () => {
    const twice = new SampleChain();
    twice.claim([bonus(ASSIGNMENT, WORKER)]);
    twice.claim([bonus(ASSIGNMENT, WORKER)]);
    expect(readChain(files(twice.records)).problems.map(({ code }) => code)).toEqual(["claimed-twice"]);
    const other = claimed([bonus(ASSIGNMENT, WORKER)], [answered(bonus(ASSIGNMENT, OTHER), "done")]);
    expect(readChain(files(other)).problems.map(({ code }) => code)).toContain("row-differs");
  });

  test("opens to the records that were sealed, but for what the messages named", () => {
    const { records, closed } = openRecords(readChain(files(claimed())).records, KEYS);
    expect(closed).toEqual([]);
    const rows = records.map(({ record }) => record.rows);
    const said = (row: ReceiptRow) => ({ ...row, message: "no bonus for … …, of … in 2 tries" });
    expect(rows).toEqual([ROWS, answers(ROWS).map(said)]);
  });

  test("stays closed without its key, and where a row was put into another's place", () => {
    const filed = readChain(files(claimed())).records;
    expect(openRecords(filed, NO_KEYS).closed).toHaveLength(2);
    expect(openRecords(filed, new Map([[KEY.id, labKey(2)]])).closed).toHaveLength(2);
    const swapped = filed.map((each): FiledRecord => ({ ...each, record: withRows(each.record, swapWorkers) }));
    expect(openRecords(swapped, KEYS).closed).toHaveLength(2);
  });

  test("knows the rows of its lists, with the key and without", () => {
    const list = read(sealed(), [KEY], { keys: NO_KEYS }).manifests[0];
    const filed = readChain(files(claimed())).records;
    const keys = [...ledgerState(filed, ACCOUNT).bonuses.values()].map(({ row }) => [
      row.assignment,
      row.label,
      row.worker,
    ]);
    expect(keys).toEqual(list?.bonuses.map(({ assignment, label, worker }) => [assignment, label, worker]));
  });

  test("is not written without its key", () => {
    const [claim] = claimed();
    expect(() => claim && sealRecord({ ...claim, sealed: KEY.id }, NO_KEYS)).toThrow(KEY.id);
    expect(claim && sealRecord(claim, NO_KEYS)).toBe(claim);
  });
});

describe("the veil", () => {
  const { manifests } = read(sealed());
  const veil = veilOf(KEYS, manifests, []);

  test("puts an alias in the place of every encrypted id, in any field, key or sentence", () => {
    const alias = KEY.alias("w", WORKER);
    expect(veil({ a: [WORKER], b: new Map([[`x\0${WORKER}`, new Set([OTHER])]]), n: 1, none: null })).toEqual({
      a: [alias],
      b: new Map([[`x\0${alias}`, new Set([KEY.alias("w", OTHER)])]]),
      n: 1,
      none: null,
    });
    expect(veil(`${WORKER.toLowerCase()}: ${ASSIGNMENT}!`)).toBe(`${alias}: ${KEY.alias("a", ASSIGNMENT)}!`);
    expect(veil(`the word X${WORKER}Y goes`)).toBe("the word … goes");
  });

  test("hides the references and tokens of encrypted rows", () => {
    const [row] = ROWS;
    if (row?.kind !== "pay") return expect.unreachable();
    const shown = veil({ reference: row.reference, reason: row.reason });
    expect(shown.reason).toBe(`Thank you [ref ${shown.reference}]`);
    expect(shown.reference).toMatch(/^r-[0-9A-F]{12}$/);
    const records = openRecords(readChain(files(claimed())).records, KEYS).records;
    expect(veilOf(KEYS, [], records)(row.handle)).toMatch(/^t-[0-9A-F]{12}$/);
  });

  test("lies over the words of a failure too", async () => {
    const failing = veiled(veil, async () => Promise.reject(new Error(`no such worker: ${WORKER}`)));
    await expect(failing).rejects.toThrow(`no such worker: ${KEY.alias("w", WORKER)}`);
  });

  test("leaves what is in clear in its list, and everything without a key", () => {
    expect(veil("A7CLEAREXAMPLE")).toBe("A7CLEAREXAMPLE");
    expect(veilOf(NO_KEYS, manifests, [])(WORKER)).toBe(WORKER);
  });
});

function withRows(record: LedgerRecord, change: <Row>(rows: readonly Row[]) => readonly Row[]): LedgerRecord {
  return record.record === "claim"
    ? { ...record, rows: change(record.rows) }
    : { ...record, rows: change(record.rows) };
}

/** Of the first two rows. */
function swapWorkers<Row>(rows: readonly Row[]): readonly Row[] {
  const [first, second, ...rest] = rows;
  const workerOf = (row: Row | undefined) => ({ worker: (row as { worker?: string } | undefined)?.worker ?? "" });
  return [{ ...first, ...workerOf(second) } as Row, { ...second, ...workerOf(first) } as Row, ...rest];
}
