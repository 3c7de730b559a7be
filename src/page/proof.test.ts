import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleChain } from "../ledger/sample-chain.fixture.ts";
import { statementOf } from "../statement/read-statement.fixture.ts";
import { accountsOf, summarize } from "../statement/summary.ts";
import { proofLines, sealOf } from "./proof.ts";
import { differences, placeOf, readProof } from "./read-proof.ts";
import type { ProofLine } from "./read-proof.ts";

const chain = sampleChain();
const statement = statementOf(chain);
const lines = [...proofLines(statement)];

function read(text: string): readonly ProofLine[] {
  const found = readProof(text);
  if (typeof found === "string") throw new Error(found);
  return found;
}

function inFolder(): (command: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mergepay-proof-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "proof.txt"), lines.join(""));
  for (const [nth, { bytes }] of chain.files().entries()) writeFileSync(join(folder, `${nth + 1}.json`), bytes);
  return (command) => execFileSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" }).trim();
}

test("what is read from a proof is what the records state", () => {
  expect(read(lines.join("")).map(({ sequence, kind, hash, rows }) => ({ sequence, kind, hash, rows }))).toEqual(
    statement.records.map(({ sequence, kind, hash, totals }) => ({ sequence, kind, hash, rows: totals.rows })),
  );
});

test("the seal of an earlier ledger is found again in a later list, with head and sha256sum", () => {
  const run = inFolder();
  expect(run("sha256sum < proof.txt")).toBe(`${sealOf(lines)}  -`);
  expect(run("head -n 7 proof.txt | sha256sum")).toBe(`${sealOf(lines.slice(0, 7))}  -`);
});

test("with sha256sum and grep a stranger places a record's file, and sees that it follows the one before it", () => {
  const run = inFolder();
  expect(run("grep $(sha256sum 8.json | cut -c1-64) proof.txt | cut -d' ' -f1")).toBe("8");
  expect(run(`grep -c "\\"previous\\": \\"$(sed -n 7p proof.txt | cut -d' ' -f3)\\"" 8.json`)).toBe("1");
});

test("with awk the receipts add up to what the report says", () => {
  const [account] = accountsOf(statement);
  if (!account) throw new Error("no account");
  const { paid } = summarize(statement, account, new Map());
  const sums = inFolder()(`awk '$2=="receipt" {a+=$7; f+=$8} END {printf "%.2f %.2f\\n", a, f}' proof.txt`);
  expect(sums).toBe(`${(paid.amount.minor / 100).toFixed(2)} ${(paid.fee.minor / 100).toFixed(2)}`);
});

test("a list with a line missing, doubled, out of order or cut is not read", () => {
  const broken = [
    lines.slice(1),
    [...lines.slice(0, 3), ...lines.slice(2)],
    [lines[1] ?? "", lines[0] ?? ""],
    [lines.join("").trimEnd()],
    [lines.join("").replace(" receipt ", " present ")],
    ["1 claim short\n"],
  ];
  for (const each of broken) expect(typeof readProof(each.join(""))).toBe("string");
  expect(readProof("")).toEqual([]);
});

test("every figure that is not the sum of the receipts is named", () => {
  const [account] = accountsOf(statement);
  if (!account) throw new Error("no account");
  const { paid, studies } = summarize(statement, account, new Map());
  const said = {
    account: "mturk production USD",
    amount: paid.amount.minor,
    fee: paid.fee.minor,
    studies: new Map(studies.map(({ study, cost }) => [study, cost.minor])),
    workers: paid.amount.minor,
  };
  const all = read(lines.join(""));
  expect(differences(all, said)).toEqual([]);
  expect(differences(all, { ...said, amount: 1 })).toEqual([expect.stringContaining("another amount")]);
  expect(differences(all, { ...said, fee: 1 })).toEqual([expect.stringContaining("other fees")]);
  expect(differences(all, { ...said, workers: 1 })).toEqual([expect.stringContaining("what workers got")]);
  expect(differences(all, { ...said, studies: new Map([...said.studies, ["ghost", 5]]) })).toEqual([
    expect.stringContaining("receipts of ghost"),
  ]);
  expect(differences(all, { ...said, account: "mturk sandbox USD" }).length).toBeGreaterThan(2);
});

test("a file is placed by its hash, and only where it follows the record before it", () => {
  const all = read(lines.join(""));
  const text = (nth: number) => Buffer.from(chain.files()[nth]?.bytes ?? []).toString();
  expect(placeOf(all, all[0]?.hash ?? "", text(0))).toMatchObject({ kind: "found", line: { sequence: 1 } });
  expect(placeOf(all, all[4]?.hash ?? "", text(4))).toMatchObject({ kind: "found", line: { sequence: 5 } });
  expect(placeOf(all, "0".repeat(64), text(4))).toMatchObject({ kind: "not-found" });
  const moved = all.map((each) => (each.sequence === 4 ? { ...each, hash: "f".repeat(64) } : each));
  expect(placeOf(moved, all[4]?.hash ?? "", text(4))).toMatchObject({
    kind: "not-found",
    why: expect.stringContaining("another record"),
  });
});
