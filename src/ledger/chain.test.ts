import * as fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { readChain, tip } from "./chain.ts";
import { RowHistory, rowFaults } from "./chain-rows.ts";
import { NO_RECORD, sha256Hex } from "./record-text.ts";
import type { ClaimRow, ReceiptRow } from "./records.ts";
import type { LedgerFile } from "./chain.ts";
import { answered, grant, pay, SampleChain, sampleChain } from "./sample-chain.fixture.ts";

let files: readonly LedgerFile[];
let trusted: ReturnType<typeof tip>;

beforeEach(() => {
  files = sampleChain().files();
  trusted = tip(readChain(files).records);
});

function codes(ledger: readonly LedgerFile[]): string[] {
  return readChain(ledger).problems.map(({ code }) => code);
}

/** Seen by the chain alone, or by comparing with a tip that is known from elsewhere. */
function noticed(ledger: readonly LedgerFile[]): boolean {
  const { records, problems } = readChain(ledger);
  return problems.length > 0 || tip(records).hash !== trusted.hash;
}

function at(ledger: readonly LedgerFile[], index: number): LedgerFile {
  const file = ledger[index];
  if (!file) throw new Error(`no file ${index}`);
  return file;
}

test("the next record follows the last, and the first follows nothing", () => {
  const [last] = files.slice(-1);
  expect(tip(readChain(files).records)).toEqual({ sequence: files.length, hash: sha256Hex(last?.bytes ?? "") });
  expect(tip([])).toEqual({ sequence: 0, hash: NO_RECORD });
});

test("a whole chain has no problems, in whatever order its files come", () => {
  expect(codes(files)).toEqual([]);
  expect(readChain(files.toReversed()).records.map(({ record }) => record.sequence)).toEqual(
    files.map((_, index) => index + 1),
  );
  expect(codes([])).toEqual([]);
});

test("any dropped record is noticed; but for the newest ones, by the chain alone", () => {
  for (let index = 0; index < files.length; index++) {
    const tampered = files.filter((_, n) => n !== index);
    expect(index < files.length - 1 ? codes(tampered).includes("numbering") : noticed(tampered)).toBe(true);
  }
});

test("two records that changed places are noticed, with their names or without", () => {
  for (let a = 0; a < files.length; a++)
    for (let b = 0; b < a; b++) {
      const contents = files.map(({ path }, n) => ({ path, bytes: at(files, n === a ? b : n === b ? a : n).bytes }));
      expect(codes(contents)).not.toEqual([]);
    }
});

test.each([
  ["a key moved", (text: string) => text.replace(/(  "record": .*\n)(  "version": .*\n)/, "$2$1")],
  ["an escape instead of its letter", (text: string) => text.replace('"claim"', '"\\u0063laim"')],
  ["1.0 instead of 1", (text: string) => text.replace('"version": 1,', '"version": 1.0,')],
  ["a key that is there twice", (text: string) => text.replace('"version": 1,', '"version": 1,\n  "version": 1,')],
  ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
  ["a byte order mark", (text: string) => `\uFEFF${text}`],
  ["no line end at the end", (text: string) => text.trimEnd()],
])("the newest record with %s is noticed by itself", (_, change) => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const tampered = chain
    .files()
    .map(({ path, bytes }) => ({ path, bytes: Buffer.from(change(Buffer.from(bytes).toString())) }));
  expect(["not-canonical", "not-json"]).toContain(codes(tampered)[0]);
});

test.each(["receipts/notes.txt", "receipts", "receipts/2026/11/000021-x.claim.json.bak", "receipts/README.md"])(
  "the ledger holds no such file as %s",
  (path) => expect(codes([...files, { path, bytes: new Uint8Array() }])).toEqual(["unknown-file"]),
);

test("files beside the receipts are nobody's business here", () => {
  const beside = ["README.md", ".gitattributes", "payments/a.yaml"].map((path) => ({ path, bytes: new Uint8Array() }));
  expect(codes([...files, ...beside])).toEqual([]);
});

/** A chain whose hashes all fit, as one who rewrites everything would make it. */
function rewritten(make: (chain: SampleChain) => void): string[] {
  const chain = new SampleChain();
  make(chain);
  return codes(chain.files());
}

test("a bonus is not claimed again while its claim is open, paid, or held under the same attempt", () => {
  const again = (outcome?: "done" | "found" | "held" | "refused" | "not-sent", attempt = 1) =>
    rewritten((chain) => {
      const claim = chain.claim([pay("3A")]);
      if (outcome) chain.receipt(claim, [answered(pay("3A"), outcome)]);
      chain.claim([pay("3A", { attempt })]);
    });
  expect(again()).toEqual(["claimed-twice"]);
  expect(again("done")).toEqual(["claimed-twice"]);
  expect(again("found", 2)).toEqual(["claimed-twice"]);
  expect(again(undefined, 2)).toEqual(["claimed-twice"]);
  expect(again("held")).toEqual(["claimed-twice"]);
  expect(again("held", 2)).toEqual([]);
  expect(again("refused")).toEqual([]);
  expect(again("not-sent")).toEqual([]);
});

test("the same assignment may be claimed under another label, or on another platform", () => {
  expect(
    rewritten((chain) => {
      chain.claim([pay("3A"), pay("3A", { label: "extra" })]);
      chain.claim([pay("3A")], { platform: "elsewhere" });
    }),
  ).toEqual([]);
  expect(rewritten((chain) => chain.claim([pay("3A"), pay("3A")]))).toContain("claimed-twice");
});

test("a receipt answers rows of an earlier claim", () => {
  expect(rewritten((chain) => chain.receipt(1, [answered(pay("3A"), "done")]))).toEqual(["claim-missing"]);
  expect(
    rewritten((chain) => {
      chain.receipt(2, [answered(pay("3A"), "done")]);
      chain.claim([pay("3A")]);
    }),
  ).toEqual(["claim-missing"]);
  expect(rewritten((chain) => chain.receipt(chain.claim([pay("3A")]), [answered(pay("3B"), "done")]))).toEqual([
    "row-not-claimed",
  ]);
});

test.each([
  ["amount", { amount: "1.51" }],
  ["worker", { worker: "A9SOMEBODYELSE" }],
  ["reason", { reason: "Thanks" }],
  ["fee", { fee: "0.00" }],
  ["handle", { handle: "other" }],
  ["attempt", { attempt: 2 }],
])("a receipt's row has the claimed %s", (_, changes) => {
  const code = rewritten((chain) => chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A", changes), "done")]));
  expect(code).toEqual(["row-differs"]);
});

test("a receipt names the group of a row as its claim does, also where that did not know it yet", () => {
  const receipt = (group: string, later: string) =>
    rewritten((chain) =>
      chain.receipt(chain.claim([grant("A1", { group })]), [answered(grant("A1", { group: later }), "done")]),
    );
  expect(receipt("", "")).toEqual([]);
  expect(receipt("3GROUP", "3GROUP")).toEqual([]);
  expect(receipt("", "3NEW")).toEqual(["row-not-claimed"]);
  expect(receipt("3GROUP", "3NEW")).toEqual(["row-not-claimed"]);
});

test("a receipt is of its claim's account", () => {
  const account = "memory-lab";
  const codes = (claim: object, receipt: object) =>
    rewritten((chain) => chain.receipt(chain.claim([pay("3A")], claim), [answered(pay("3A"), "done")], receipt));
  expect(codes({ account }, { account })).toEqual([]);
  expect(codes({ account }, {})).toEqual(["receipt-differs"]);
  expect(codes({}, { account })).toEqual(["receipt-differs"]);
});

test("a receipt names the study and the platform of its claim", () => {
  const codes = rewritten((chain) =>
    chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")], { study: "flanker", platform: "elsewhere" }),
  );
  expect(codes).toEqual(["receipt-differs", "receipt-differs"]);
});

test("a row is answered once; one that was not paid may still be found, once", () => {
  const answers = (...outcomes: ("done" | "found" | "held" | "not-sent")[]) =>
    rewritten((chain) => {
      const claim = chain.claim([pay("3A")]);
      for (const outcome of outcomes) chain.receipt(claim, [answered(pay("3A"), outcome)]);
    });
  expect(answers("held", "found")).toEqual([]);
  expect(answers("held", "found", "found")).toEqual(["row-answered-twice"]);
  expect(answers("held", "not-sent")).toEqual(["row-answered-twice"]);
  expect(answers("done", "done")).toEqual(["row-answered-twice"]);
  expect(answers("not-sent", "found")).toEqual([]);
  expect(answers("not-sent", "done")).toEqual(["row-answered-twice"]);
});

test("each attempt of a bonus is answered by itself, whichever was claimed last", () => {
  const first = pay("3A");
  const second = pay("3A", { attempt: 2 });
  const answers = (...later: [row: typeof first, outcome: "done" | "found"][]) =>
    rewritten((chain) => {
      const claim = chain.claim([first]);
      chain.receipt(claim, [answered(first, "held")]);
      const next = chain.claim([second]);
      for (const [row, outcome] of later) chain.receipt(row === first ? claim : next, [answered(row, outcome)]);
    });
  expect(answers([second, "done"], [first, "found"])).toEqual([]);
  expect(answers([first, "found"], [second, "done"])).toEqual([]);
  expect(answers([second, "done"], [second, "done"])).toEqual(["row-answered-twice"]);
  expect(answers([first, "found"], [second, "done"], [first, "found"])).toEqual(["row-answered-twice"]);
});

test("what is found after all is what was claimed; a second answer to what was paid is wrong by itself", () => {
  const answers = (outcome: "held" | "done") =>
    rewritten((chain) => {
      const claim = chain.claim([pay("3A")]);
      chain.receipt(claim, [answered(pay("3A"), outcome)]);
      chain.receipt(claim, [answered(pay("3A", { amount: "9.99" }), "found")]);
    });
  expect(answers("held")).toEqual(["row-differs"]);
  expect(answers("done")).toEqual(["row-answered-twice"]);
});

test("a receipt adds how a row ended, and the group of a type that was made, and nothing else", () => {
  const made = { kind: "create-type", name: "wave-1", description: "Took part" } as const;
  const codesOf = (claimed: ClaimRow, row: ReceiptRow) =>
    rewritten((chain) => chain.receipt(chain.claim([claimed]), [row]));
  const end = { requestId: "r", code: "c", message: "m" };
  expect(codesOf(pay("3A"), answered(pay("3A"), "refused", end))).toEqual([]);
  expect(codesOf(made, answered(made, "done", { group: "3NEW" }))).toEqual([]);
  expect(codesOf(made, answered({ ...made, keywords: "new" }, "done"))).toEqual(["row-differs"]);
  expect(codesOf(grant("A1"), answered(grant("A1", { reason: "new" }), "done"))).toEqual(["row-differs"]);
});

test("a record states what its rows add up to", () => {
  const totals = { rows: 1, amount: "1.50", fee: "0.30", cost: "1.80" };
  expect(rewritten((chain) => chain.claim([pay("3A")], { totals }))).toEqual([]);
  expect(rewritten((chain) => chain.claim([pay("3A")], { totals: { ...totals, cost: "1.50" } }))).toEqual([
    "wrong-totals",
  ]);
  expect(rewritten((chain) => chain.claim([pay("3A")], { totals: { ...totals, rows: 2 } }))).toEqual(["wrong-totals"]);
});

test("time may go back by the difference of two clocks, and no further", () => {
  const minutes = (a: number, b: number) =>
    rewritten((chain) => {
      chain.claim([pay("3A")], { minute: a });
      chain.claim([pay("3B")], { minute: b });
    });
  expect(minutes(20, 10)).toEqual([]);
  expect(minutes(20, 9)).toEqual(["time-backwards"]);
});

test.each([
  ["an amount with three decimals", { amount: "1.500" }],
  ["an amount below nothing", { amount: "-1.50" }],
  ["attempt 0", { attempt: 0 }],
  ["a field nobody knows", { bonus: "1.50" }],
])("%s is no record's shape", (_, changes) => {
  const [text = ""] = files.map(({ bytes }) => Buffer.from(bytes).toString());
  const json: unknown = JSON.parse(text, (key, value: unknown) =>
    key === "0" && typeof value === "object" ? { ...value, ...changes } : value,
  );
  expect(codes([{ path: at(files, 0).path, bytes: Buffer.from(JSON.stringify(json)) }])).toEqual(["wrong-shape"]);
});

test("each row of a receipt ended at a time that there is", () => {
  const answeredAt = (...times: string[]) =>
    rewritten((chain) => {
      const rows = times.map((_, nth) => pay(`3A${nth}`));
      const answers = rows.map((row, nth) => answered(row, "done", { time: times[nth] ?? "" }));
      chain.receipt(chain.claim(rows), answers);
    });
  const good = "2026-12-01T00:00:00.000Z";
  expect(answeredAt(good, good)).toEqual([]);
  expect(answeredAt(good, "2026-02-30T00:00:00.000Z")).toEqual(["wrong-shape"]);
});

test("a day that the calendar lacks is no time", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const bad = chain.files().map(({ path, bytes }) => ({
    path,
    bytes: Buffer.from(Buffer.from(bytes).toString().replace('"2026-11-30T', '"2026-11-31T')),
  }));
  expect(codes(bad)).toEqual(["wrong-shape"]);
});

test("every fault names its file and says what to do", () => {
  const { problems } = readChain([...files.slice(3), { path: "receipts/x", bytes: new Uint8Array() }]);
  expect(problems.length).toBeGreaterThan(2);
  for (const { message, hint, path } of problems) {
    expect(message.startsWith(path)).toBe(true);
    expect(message).not.toMatch(/\n/);
    expect(hint).not.toBe("");
  }
});

test("records that are only tried are judged by those before them, and leave no trace", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A"), pay("3B"), grant("A1")]);
  const { rows } = readChain(chain.files());
  chain.receipt(claim, [answered(pay("3A"), "done"), answered(grant("A1"), "held")]);
  chain.receipt(claim, [answered(pay("3A"), "done")]);
  chain.claim([pay("3B")]);
  const later = readChain(chain.files()).records.slice(1);
  const found = () => rowFaults(later, rows).map(({ code }) => code);
  expect(found()).toEqual(["row-answered-twice", "claimed-twice"]);
  expect(found()).toEqual(["row-answered-twice", "claimed-twice"]);
  expect(rowFaults(later.slice(0, 1), rows)).toEqual([]);
});

test("what is tried after any part of a chain has the faults that the whole has", () => {
  const bonus = fc
    .constantFrom("3A", "3B")
    .chain((id) => fc.integer({ min: 1, max: 2 }).map((attempt) => pay(id, { attempt })));
  const outcome = fc.constantFrom("done", "found", "refused", "not-sent", "held");
  const step = fc.oneof(
    fc.record({ claim: fc.array(bonus, { minLength: 1, maxLength: 2 }) }),
    fc.record({ of: fc.nat({ max: 8 }), row: bonus, outcome } as const),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat({ max: 8 }), (steps, cut) => {
      const chain = new SampleChain();
      for (const each of steps)
        if ("claim" in each) chain.claim(each.claim);
        else chain.receipt(each.of, [answered(each.row, each.outcome)]);
      const { records } = readChain(chain.files());
      const before = new RowHistory();
      const early = records.slice(0, cut).flatMap((each) => before.add(each));
      expect([...early, ...rowFaults(records.slice(cut), before)]).toEqual(rowFaults(records));
    }),
    { numRuns: 150 },
  );
});
