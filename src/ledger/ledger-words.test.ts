import { expect, test } from "vitest";
import { readChain } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import type { LedgerRecord } from "./records.ts";
import { answered, grant, pay, SampleChain } from "./sample-chain.fixture.ts";

const TYPE = { kind: "create-type", name: "wave-1", description: "d" } as const;

/** The files of a chain that is made anew, with every hash in its place. */
function rewritten(make: (chain: SampleChain) => void): LedgerFile[] {
  const chain = new SampleChain();
  make(chain);
  return chain.files();
}

/** Three claims, of which the second is changed as text. */
function edited(change: (text: string) => string): LedgerFile[] {
  const files = rewritten((chain) => ["3A", "3B", "3C"].forEach((each) => chain.claim([pay(each)])));
  return files.map(({ path, bytes }, n) => ({
    path,
    bytes: n === 1 ? Buffer.from(change(Buffer.from(bytes).toString())) : bytes,
  }));
}

/** One claim with the rows, answered with others. */
function answering(claimed: Parameters<SampleChain["claim"]>[0], ...answers: Parameters<SampleChain["receipt"]>[1]) {
  return rewritten((chain) => chain.receipt(chain.claim(claimed), answers));
}

const sound = () => rewritten((chain) => ["3A", "3B", "3C", "3D"].forEach((each) => chain.claim([pay(each)])));
const file = (path: string, text = ""): LedgerFile => ({ path, bytes: Buffer.from(text) });

/** What became of a ledger. */
const CASES: Readonly<Record<string, () => readonly LedgerFile[]>> = {
  nothing: () => sound(),
  "a file of somebody else": () => [...sound(), file("receipts/notes.txt")],
  "a folder that became a file": () => [file("receipts")],
  "a record that is no JSON": () => edited(() => "{"),
  "a record that is no UTF-8": () =>
    sound().map(({ path, bytes }, n) => ({
      path,
      bytes: n === 1 ? Buffer.from([0xff]) : bytes,
    })),
  "a record with a word of another kind": () => edited((text) => text.replace('"attempt": 1', '"attempt": "1"')),
  "a record that is a list": () => edited(() => "[]"),
  "a record with a key too many": () => edited((text) => text.replace('"version": 1,', '"version": 1,\n  "bonus": 2,')),
  "a record that is laid out anew": () => edited((text) => JSON.stringify(JSON.parse(text))),
  "a day that the calendar lacks": () => edited((text) => text.replace("11-30T", "11-31T")),
  "a text that somebody changed": () => edited((text) => text.replace('"actor": "ada"', '"actor": "eve"')),
  "a record at another record's place": () =>
    sound().map(({ path, bytes }) => ({
      path: path.replace("000002-stroop", "000002-other"),
      bytes,
    })),
  "the first record gone": () => sound().slice(1),
  "one record gone": () => sound().filter((_, n) => n !== 2),
  "two records gone": () => sound().filter((_, n) => n !== 1 && n !== 2),
  "a record twice": () => [
    ...sound(),
    ...sound()
      .slice(3)
      .map(({ path, bytes }) => ({ path: path.replace("stroop", "z"), bytes })),
  ],
  "totals that do not add up": () =>
    rewritten((chain) => chain.claim([pay("3A")], { totals: { rows: 2, amount: "9.00", fee: "9.00", cost: "9.00" } })),
  "a clock that went back": () =>
    rewritten((chain) => {
      chain.claim([pay("3A")], { minute: 20 });
      chain.claim([pay("3B")], { minute: 9 });
    }),
  "a row twice in one claim": () => rewritten((chain) => chain.claim([TYPE, grant("A1"), TYPE, grant("A1")])),
  "a bonus claimed while it is open": () =>
    rewritten((chain) => {
      chain.claim([pay("3A")]);
      chain.claim([pay("3A", { attempt: 2 })]);
    }),
  "a bonus claimed when it was paid": () =>
    rewritten((chain) => {
      chain.receipt(chain.claim([pay("3A", { label: "extra" })]), [answered(pay("3A", { label: "extra" }), "done")]);
      chain.claim([pay("3A", { label: "extra", attempt: 2 })]);
    }),
  "a held bonus claimed under the same attempt": () =>
    rewritten((chain) => {
      chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "held")]);
      chain.claim([pay("3A")]);
    }),
  "a receipt without its claim": () => rewritten((chain) => chain.receipt(7, [answered(pay("3A"), "done")])),
  "a receipt of another manifest": () =>
    rewritten((chain) => {
      const other = { study: "flanker", platform: "elsewhere" };
      chain.receipt(chain.claim([pay("3A")]), [answered(pay("3A"), "done")], other);
    }),
  "a receipt for rows that nobody claimed": () =>
    answering(
      [pay("3A")],
      answered(pay("3B"), "done"),
      answered(grant("A1"), "done"),
      answered({ ...grant("A1"), kind: "rescore" }, "done"),
      answered({ ...grant("A1"), kind: "revoke" }, "done"),
      answered(TYPE, "done"),
    ),
  "a receipt for other rows than claimed": () =>
    answering(
      [pay("3A"), grant("A1")],
      answered(pay("3A", { amount: "1.51", worker: "A9" }), "done"),
      answered(grant("A1", { score: 1, reason: "new" }), "done"),
    ),
  "a bonus answered twice, which was found": () =>
    rewritten((chain) => {
      const claim = chain.claim([pay("3A"), pay("3B")]);
      chain.receipt(claim, [answered(pay("3A"), "done"), answered(pay("3B"), "found")]);
      chain.receipt(claim, [answered(pay("3B", { amount: "9.99" }), "found")]);
    }),
  "a first record that names one before it": () => {
    const [, second] = sound();
    const text = Buffer.from(second?.bytes ?? "").toString();
    return [file("receipts/2026/11/000001-stroop.claim.json", text.replace('"sequence": 2', '"sequence": 1'))];
  },
  "a row answered twice": () =>
    rewritten((chain) => {
      const claim = chain.claim([pay("3A")]);
      chain.receipt(claim, [answered(pay("3A"), "done")]);
      chain.receipt(claim, [answered(pay("3A"), "held")]);
    }),
};

test("every fault of a ledger says which file it is in and what to do", async () => {
  const page = Object.entries(CASES).map(([what, files]) => {
    const faults = readChain(files()).problems.map(
      ({ code, path, message, hint }) => `${code} ${path}\n  ${message}\n  → ${hint}\n`,
    );
    return `## ${what}\n${faults.join("")}`;
  });
  await expect(page.join("\n")).toMatchFileSnapshot("expected/ledger-words.txt");
});

test.each(Object.entries(CASES))("%s: the order in which the files come makes no difference", (_what, files) => {
  expect(readChain(files().toReversed())).toEqual(readChain(files()));
});

test("a receipt may name the type that it made, and only then", () => {
  const codes = (files: LedgerFile[]) => readChain(files).problems.map(({ code }) => code);
  expect(codes(answering([TYPE], { ...answered(TYPE, "done"), group: "3NEW" }))).toEqual([]);
  const row = { ...answered(pay("3A"), "done"), group: "3NEW" } as LedgerRecord["rows"][number];
  expect(codes(answering([pay("3A")], row as never))).not.toEqual([]);
});

test("each account has a clock of its own", () => {
  const files = rewritten((chain) => {
    chain.claim([pay("3A")], { minute: 60, platform: "elsewhere" });
    chain.claim([pay("3B")], { minute: 0 });
    chain.claim([pay("3C")], { minute: 55, platform: "elsewhere" });
    chain.claim([pay("3D")], { minute: 50, platform: "elsewhere" });
  });
  expect(readChain(files).problems).toEqual([]);
  const back = rewritten((chain) => {
    chain.claim([pay("3A")], { minute: 20 });
    chain.claim([pay("3B")], { minute: 11 });
    chain.claim([pay("3C")], { minute: 9 });
  });
  expect(readChain(back).problems.map(({ code }) => code)).toEqual(["time-backwards"]);
});

test("a record of a million records has its place too, and records are read by number and not by name", () => {
  const [first, second] = sound();
  const moved = sound().map(({ path, bytes }, n) => ({
    path: path.replace(`00000${n + 1}`, `${1_000_000 + n}`),
    bytes,
  }));
  expect(readChain(moved).problems.map(({ code }) => code)).toContain("wrong-path");
  expect(readChain(moved).records).toHaveLength(sound().length);
  expect(readChain([second, first].flatMap((each) => each ?? [])).problems).toEqual([]);
});
