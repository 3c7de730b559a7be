import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditTip, readAudits } from "./audit-chain.ts";
import type { AuditRecord } from "./audit-record.ts";
import { formatAudit } from "./audit-text.ts";
import { readChain } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { NO_RECORD, sha256Hex } from "./record-text.ts";
import { CLEAN, fileOf, sampleAudits } from "./sample-audits.fixture.ts";
import { sampleChain } from "./sample-chain.fixture.ts";

const ledger = sampleChain().files();
const { heads } = readChain(ledger);
const UNCLEAR = {
  clean: false,
  findings: [{ code: "posture-lost", count: 2 }],
  accounts: [{ ...CLEAN, explained: "4.25", findings: [{ code: "paid-outside", count: 1 }] }],
} as const;
const { audits, files } = sampleAudits(heads, [
  { ledger: { records: 0, head: NO_RECORD } },
  { ledger: { records: 8, head: heads[8]! }, ...UNCLEAR },
  {},
  { accounts: [], notAsked: ["protection", "reviews"], everywhere: true },
]);

function codes(some: readonly LedgerFile[]): string[] {
  return readAudits(some, heads).problems.map(({ code }) => code);
}

/** The chain with its last audit changed; the hash that it names stays right. */
function lastChanged(change: Partial<AuditRecord>): readonly LedgerFile[] {
  return [...files.slice(0, -1), fileOf({ ...audits.at(-1)!, ...change })];
}

function edited(at: number, edit: (text: string) => string): LedgerFile[] {
  return files.map(({ path, bytes }, nth) => ({
    path,
    bytes: nth === at ? Buffer.from(edit(Buffer.from(bytes).toString())) : bytes,
  }));
}

describe("audits", () => {
  test("are read back as they were written, in whatever order their files come, beside any records", () => {
    const read = readAudits([...ledger, ...files.toReversed()], heads);
    expect(read.problems).toEqual([]);
    expect(read.audits.map(({ audit }) => audit)).toEqual(audits);
    expect(readAudits(ledger, heads)).toEqual({ audits: [], problems: [] });
  });

  test("stay out of the chain of records: nothing about records changes, whatever is among the audits", () => {
    const odd = { path: "receipts/audits", bytes: Buffer.from("x") };
    const more = [...ledger, ...files, odd, { path: "receipts/audits/2026/11/x", bytes: Buffer.from("x") }];
    expect(readChain(more)).toEqual(readChain(ledger));
    expect(codes(more)).toEqual(["unknown-file", "unknown-file"]);
  });

  test("give the next one its number and the hash that it must name", () => {
    expect(auditTip(readAudits(files, heads).audits)).toEqual({
      sequence: 4,
      hash: sha256Hex(formatAudit(audits[3]!)),
    });
    expect(auditTip([])).toEqual({ sequence: 0, hash: NO_RECORD });
  });
});

describe("what is not as it was written is seen", () => {
  test("an audit that vanished, but for the newest, which git's history shows", () => {
    expect(files.map((_, gone) => codes(files.filter((_, at) => at !== gone)))).toEqual([
      ["numbering"],
      ["numbering"],
      ["numbering"],
      [],
    ]);
  });

  test("two audits under one number, and two that changed places", () => {
    const again = { path: files[1]!.path.replace("/12/", "/11/"), bytes: files[1]!.bytes };
    expect(codes([...files, again])).toContain("numbering");
    const swapped = files.map(({ path }, at) => ({ path, bytes: files[at === 1 ? 2 : at === 2 ? 1 : at]!.bytes }));
    expect(codes(swapped)).toContain("wrong-path");
  });

  test("any changed byte of any audit but the newest", () => {
    const all = files.slice(0, -1).map(({ bytes }) => bytes.length);
    const place = fc.nat(all.length - 1).chain((at) => fc.tuple(fc.constant(at), fc.nat(all[at]! - 1)));
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), ([at, offset], bits) => {
        const some = files.map(({ path, bytes }, nth) => ({ path, bytes: nth === at ? Buffer.from(bytes) : bytes }));
        some[at]!.bytes[offset]! ^= bits;
        expect(codes(some)).not.toEqual([]);
      }),
    );
  });

  const TEXTS: [string, (text: string) => string, string][] = [
    ["no JSON", () => "{", "not-json"],
    ["no audit", (text) => text.replace('"audit"', '"claim"'), "wrong-shape"],
    ["no object at all", () => "[]\n", "wrong-shape"],
    ["a word too many", (text) => text.replace('"actor"', '"worker": "A2WORKEREXAMPLE",\n  "actor"'), "wrong-shape"],
    ["another layout", (text) => text.replace("\n  ", "\n    "), "not-canonical"],
    ["a day that no month has", (text) => text.replace(/2026-12-0./, "2026-12-32"), "wrong-shape"],
    ["another actor, unseen by itself", (text) => text.replace('"ada"', '"eve"'), ""],
  ];
  test.each(TEXTS)("a newest audit that is %s", (_what, edit, code) => {
    expect(codes(edited(3, edit))).toEqual(code === "" ? [] : expect.arrayContaining([code]));
  });

  const CHANGES: [string, Partial<AuditRecord>, string][] = [
    ["names another audit before it", { previous: "0".repeat(64) }, "broken-chain"],
    ["was written long before the one before it", { time: "2026-12-01T00:00:00.000Z" }, "time-backwards"],
    ["looked at less than the one before it", { ledger: { records: 7, head: heads[7]! } }, "audit-of-another-ledger"],
    ["looked at another ledger", { ledger: { records: 20, head: heads[8]! } }, "audit-of-another-ledger"],
    ["looked at more than there is", { ledger: { records: 21, head: heads[20]! } }, "audit-of-another-ledger"],
    ["calls itself unclear without a finding", { clean: false }, "audit-contradicts-itself"],
    ["is clean with a finding", { findings: [{ code: "posture-lost", count: 1 }] }, "audit-contradicts-itself"],
    ["is clean with an account that is not", { accounts: UNCLEAR.accounts }, "audit-contradicts-itself"],
    [
      "is clean with an account that has a finding and leaves no cent",
      { accounts: [{ ...CLEAN, findings: [{ code: "posture-lost", count: 1 }] }] },
      "audit-contradicts-itself",
    ],
    ["is clean and leaves cents", { accounts: [{ ...CLEAN, explained: "5.74" }] }, "audit-contradicts-itself"],
  ];
  test.each(CHANGES)("an audit that %s", (_what, change, code) => {
    expect(codes(lastChanged(change))).toEqual([code]);
  });

  test("every fault says which file it is in and what to do", async () => {
    const moved = files.map(({ path, bytes }, nth) => ({
      path: nth === 3 ? path.replace("/12/", "/11/") : path,
      bytes,
    }));
    const stray = [
      "receipts/audits/2026/12/000005.audit.json.bak",
      "receipts/audits/x/receipts/audits/2026/12/000005.audit.json",
    ];
    const cases: [string, readonly LedgerFile[]][] = [
      ...TEXTS.map(([what, edit]): [string, LedgerFile[]] => [`is ${what}`, edited(3, edit)]),
      ["has a number of another kind", edited(3, (text) => text.replace('"records": 20', '"records": "20"'))],
      ...CHANGES.map(([what, change]): [string, readonly LedgerFile[]] => [what, lastChanged(change)]),
      ["lies elsewhere", moved],
      ["begins with the second", files.slice(1)],
      ["is no audit's file", [...files, ...stray.map((path) => ({ path, bytes: Buffer.from("{}") }))]],
    ];
    const page = cases.map(([what, some]) => {
      const faults = readAudits(some, heads).problems.map(
        ({ code, path, message, hint }) => `${code} ${path}\n  ${message}\n  → ${hint}\n`,
      );
      return `## an audit that ${what}\n${faults.join("")}`;
    });
    await expect(page.join("\n")).toMatchFileSnapshot("expected/audit-words.txt");
  });

  test("what is not asked stands in order, whoever said it first", () => {
    const text = (notAsked: AuditRecord["notAsked"]) => formatAudit({ ...audits[1]!, notAsked });
    expect(text(["reviews", "protection"])).toBe(text(["protection", "reviews"]));
  });

  test("findings stand in the order of their codes, whoever counted them", () => {
    const [one, two] = [
      { code: "a", count: 1 },
      { code: "b", count: 2 },
    ];
    const text = (findings: AuditRecord["findings"]) => formatAudit({ ...audits[1]!, findings });
    expect(text([two, one])).toBe(text([one, two]));
    expect(text([two, one])).toMatch(/"a"[^]*"b"/);
  });

  test("a clock that is a little late is no fault", () => {
    expect(codes(lastChanged({ time: "2026-12-03T07:14:00.000Z" }))).toEqual([]);
    expect(codes(lastChanged({ time: "2026-12-03T07:13:00.000Z" }))).toEqual([]);
    expect(codes(lastChanged({ time: "2026-12-03T07:12:59.000Z" }))).toEqual(["time-backwards"]);
  });
});
