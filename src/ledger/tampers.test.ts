import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readChain, tip } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { sampleChain } from "./sample-chain.fixture.ts";

const files = sampleChain().files();
const trusted = tip(readChain(files).records);
const other = sampleChain("eve").files();
const anyFile = fc.nat({ max: files.length - 1 });

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

function withFile(index: number, change: (file: LedgerFile) => LedgerFile): LedgerFile[] {
  return files.map((file, n) => (n === index ? change(file) : file));
}

test("any changed byte is noticed; but for the newest record, by the chain alone", () => {
  fc.assert(
    fc.property(anyFile, fc.nat(), fc.integer({ min: 1, max: 255 }), (index, place, flip) => {
      const tampered = withFile(index, ({ path, bytes }) => {
        const changed = Uint8Array.from(bytes);
        const byte = place % changed.length;
        changed[byte] = (changed[byte] ?? 0) ^ flip;
        return { path, bytes: changed };
      });
      expect(index < files.length - 1 ? codes(tampered).length > 0 : noticed(tampered)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("a record cut short, or with something added, is noticed", () => {
  fc.assert(
    fc.property(anyFile, fc.nat(), fc.boolean(), (index, place, cut) => {
      const tampered = withFile(index, ({ path, bytes }) => ({
        path,
        bytes: cut
          ? bytes.subarray(0, place % bytes.length)
          : Buffer.concat([bytes, Buffer.from(" \n".repeat((place % 3) + 1))]),
      }));
      expect(codes(tampered)).not.toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test("a record that is there twice is noticed, whatever the copy is called", () => {
  fc.assert(
    fc.property(anyFile, fc.integer({ min: 1, max: 30 }), fc.boolean(), (index, number, sameName) => {
      const { path, bytes } = at(files, index);
      const name = path.replace(
        /\d{6}-[a-z0-9-]+/,
        `${String(number).padStart(6, "0")}-${sameName ? "stroop" : "copy"}`,
      );
      fc.pre(!files.some((file) => file.path === name));
      expect(codes([...files, { path: name, bytes }])).not.toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("two chains with one beginning cannot be spliced", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: files.length, maxLength: files.length }), (mine) => {
      const spliced = files.map((file, n) => (mine[n] ? file : at(other, n)));
      const same = (ledger: readonly LedgerFile[]) =>
        ledger.every(({ bytes }, n) => Buffer.compare(bytes, at(spliced, n).bytes) === 0);
      fc.pre(!same(files) && !same(other));
      expect(codes(spliced)).toContain("broken-chain");
    }),
    { numRuns: 150 },
  );
});
