import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { readRecord } from "./chain.ts";
import { formatRecord, isPaid, NO_RECORD, recordPath, recordTotals, sha256Hex } from "./record-text.ts";
import type { LedgerRecord, ReceiptRow } from "./records.ts";
import { answered, grant, pay, SampleChain } from "./sample-chain.fixture.ts";

const amount = fc.integer({ min: 0, max: 999_999_999 }).map((minor) => (minor / 100).toFixed(2));
const text = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.constantFrom('"', "\u2028", "\n", "\ud800", "</script>", "\\u0041"),
);
const claimed = fc.oneof(
  fc
    .record({
      reason: text,
      worker: fc.string({ minLength: 1 }),
      amount,
      fee: amount,
      label: text,
      attempt: fc.integer({ min: 1 }),
    })
    .map((changes) => pay("3A", changes)),
  fc.record({ worker: fc.string({ minLength: 1 }), score: fc.integer() }).map((changes) => grant("A1", changes)),
);

test("a record reads back as it was written, whatever its texts hold", () => {
  fc.assert(
    fc.property(fc.array(claimed, { minLength: 1, maxLength: 5 }), fc.boolean(), (rows, receipt) => {
      const chain = new SampleChain();
      if (receipt)
        chain.receipt(
          1,
          rows.map((row) => answered(row, "done")),
        );
      else chain.claim(rows);
      const [file] = chain.files();
      if (!file) throw new Error("no file");
      const { filed, problems } = readRecord(file);
      expect(problems).toEqual([]);
      expect(filed?.record).toEqual(chain.records[0]);
    }),
    { numRuns: 300 },
  );
});

test("a record is written with a line for each header field and each row", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A"), grant("A1")]);
  const lines = chain.files().map(({ bytes }) => new TextDecoder().decode(bytes).split("\n"))[0] ?? [];
  expect(lines[1]).toBe('  "record": "claim",');
  expect(lines.slice(-6)).toEqual([
    '  "rows": [',
    expect.stringMatching(/^    \{ "kind": "pay", "assignment": "3A", .* \},$/),
    '    { "kind": "grant", "name": "wave-1", "group": "3GROUP", "worker": "A1", "score": 85, "notify": false }',
    "  ]",
    "}",
    "",
  ]);
});

test("the order in which a record's fields were set does not show", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const [record] = chain.records;
  if (!record) throw new Error("no record");
  const reversed = Object.fromEntries(Object.entries(record).toReversed());
  expect(formatRecord({ ...record, ...reversed })).toBe(formatRecord(record));
});

test("a record's path holds its month, its number in six digits or more, its study and its kind", () => {
  const at = { time: "2026-11-03T10:00:00.000Z", sequence: 17, study: "stroop-replication", record: "claim" } as const;
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const [record] = chain.records;
  if (!record) throw new Error("no record");
  const path = (changes: object) => recordPath({ ...record, ...at, ...changes });
  expect(path({})).toBe("receipts/2026/11/000017-stroop-replication.claim.json");
  expect(path({ sequence: 1_234_567, record: "receipt" })).toBe(
    "receipts/2026/11/1234567-stroop-replication.receipt.json",
  );
});

test("a claim's totals count every row; a receipt's count the bonuses that were paid", () => {
  const rows = [pay("3A"), pay("3B"), pay("3C"), grant("A1")];
  expect(recordTotals("claim", rows, "USD")).toEqual({ rows: 4, amount: "4.50", fee: "0.90", cost: "5.40" });
  const outcomes = ["done", "found", "held", "done"] as const;
  const ended = rows.map((row, at) => answered(row, outcomes[at] ?? "held"));
  expect(recordTotals("receipt", ended, "USD")).toEqual({ rows: 2, amount: "3.00", fee: "0.60", cost: "3.60" });
});

test("a record's fields come in the same order for ever", async () => {
  const chain = new SampleChain();
  const made = { kind: "create-type", name: "wave-1", description: "Took part", keywords: "stroop" } as const;
  const rows = [
    made,
    pay("3A", { label: "extra" }),
    grant("A1"),
    grant("A2", { kind: "rescore", was: 3 }),
    { kind: "revoke", name: "wave-1", group: "3G", worker: "A3", was: 1, notify: false, reason: "Asked" } as const,
  ];
  const claim = chain.claim(rows);
  const end = { requestId: "r-1", code: "c", message: "m" };
  const answers = rows.map((row) => answered(row, "done", end));
  chain.receipt(claim, [{ ...answers[0], group: "3NEW" } as ReceiptRow, ...answers.slice(1)]);
  const page = chain.files().map(({ path, bytes }) => `${path}\n${Buffer.from(bytes).toString()}`);
  await expect(page.join("\n")).toMatchFileSnapshot("expected/records.txt");
});

test("a platform's figures stand in the order of their names, whoever read them first", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const [record] = chain.records;
  if (!record) throw new Error("no record");
  const text = (evidence: Record<string, string>) => formatRecord({ ...record, evidence });
  expect(text({ b: "2", a: "1" })).toContain('"evidence": { "a": "1", "b": "2" }');
  expect(text({ b: "2", a: "1" })).toBe(text({ a: "1", b: "2" }));
});

test("what is undefined is left out, as if it were absent, and null is written", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const [record] = chain.records;
  if (!record) throw new Error("no record");
  const odd = { ...record, claim: undefined, balance: { before: null, after: undefined } } as unknown as LedgerRecord;
  expect(formatRecord(odd)).toContain('  "balance": { "before": null },\n');
  expect(formatRecord(odd)).not.toContain("undefined");
  expect(formatRecord({ ...record, manifest: null } as unknown as LedgerRecord)).toContain('  "manifest": null,\n');
});

test("only a bonus that a receipt calls done or found is paid", () => {
  const outcomes = ["done", "found", "refused", "not-sent", "held"] as const;
  expect(outcomes.map((outcome) => isPaid(answered(pay("3A"), outcome)))).toEqual([true, true, false, false, false]);
  expect([isPaid(pay("3A")), isPaid(answered(grant("A1"), "done"))]).toEqual([false, false]);
});

test("totals of an amount that is none are never stated", () => {
  expect(() => recordTotals("claim", [pay("3A", { amount: "1.5.0" })], "USD")).toThrow("not an amount: 1.5.0");
});

test("a hash is SHA-256 in lower-case hex, of text as UTF-8", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(NO_RECORD).toMatch(/^0{64}$/);
  expect(sha256Hex("é")).toBe(sha256Hex(new Uint8Array([0xc3, 0xa9])));
});
