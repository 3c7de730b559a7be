import { expect, test } from "vitest";
import { sha256Hex } from "../ledger/record-text.ts";
import { answered, grant, pay, SampleChain, sampleChain } from "../ledger/sample-chain.fixture.ts";
import { statementOf } from "./read-statement.fixture.ts";

test("every claimed row is one line, with how it ended and the record that says so", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A"), pay("3B", { label: "extra" }), grant("A9")]);
  chain.receipt(claim, [
    answered(pay("3A"), "done"),
    answered(grant("A9"), "refused", { code: "no", message: "no such worker" }),
  ]);
  const { rows } = statementOf(chain);
  expect(rows.map(({ kind, outcome, receipt, message }) => [kind, outcome, receipt?.sequence, message])).toEqual([
    ["pay", "done", 2, ""],
    ["pay", "open", undefined, ""],
    ["grant", "refused", 2, "no such worker"],
  ]);
  expect(rows[1]).toMatchObject({ label: "extra", time: Date.parse("2026-11-30T23:40:00Z"), claim: { sequence: 1 } });
});

test("what was held and found later is paid once, by the later record", () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A")]);
  chain.receipt(claim, [answered(pay("3A"), "held", { message: "who knows" })]);
  chain.receipt(claim, [answered(pay("3A"), "found")]);
  expect(statementOf(chain).rows).toMatchObject([{ outcome: "found", receipt: { sequence: 3 }, message: "" }]);
});

test("a reason is as the manifest had it, without the reference", () => {
  const chain = new SampleChain();
  chain.claim([pay("3A"), pay("3B", { reason: "See [ref AAAA] [ref K7QM-2N4D-XW5A]" })]);
  expect(statementOf(chain).rows.map(({ reason }) => reason)).toEqual([
    "Thank you – for “both” sessions.",
    "See [ref AAAA]",
  ]);
});

test("each record is known by the hash of its file, the newest too", () => {
  const chain = sampleChain();
  const hashes = statementOf(chain).records.map(({ hash }) => hash);
  expect(hashes).toEqual(chain.files().map(({ bytes }) => sha256Hex(bytes)));
});

test("a type that is made has no worker, and its words are its description", () => {
  const chain = new SampleChain();
  chain.claim([{ kind: "create-type", name: "wave-1", description: "Took part" }]);
  expect(statementOf(chain).rows).toMatchObject([{ worker: "", name: "wave-1", reason: "Took part" }]);
});
