import { expect, test } from "vitest";
import { auditsOf, ChainReader } from "./chain-reader.ts";
import { readChain } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { sha256Hex } from "./record-text.ts";
import { sampleAudits } from "./sample-audits.fixture.ts";
import { sampleChain } from "./sample-chain.fixture.ts";

/** Files as git lists them. Which are read is noted, and after so many of them git is gone. */
function listed(all: readonly LedgerFile[], readable = Infinity) {
  const read: string[] = [];
  const bytesOf = new Map(all.map(({ bytes }) => [sha256Hex(bytes), bytes]));
  const files = [...all].map(({ path, bytes }) => ({ path, id: sha256Hex(bytes), kind: "file" as const }));
  async function* reading<File extends { path: string; id: string }>(wanted: readonly File[]) {
    for (const file of wanted) {
      if (read.length >= readable) throw new Error("git is gone");
      read.push(file.path);
      yield { ...file, bytes: bytesOf.get(file.id) ?? new Uint8Array() };
    }
  }
  return { files, read: reading, wasRead: read };
}

const files = sampleChain().files();
const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

test("a ledger that grew gives what reading it whole gives, and no file is read again", async () => {
  const reader = new ChainReader();
  const sizes: number[] = [];
  for (const upTo of [0, 1, 7, 7, 20]) {
    const some = files.slice(0, upTo);
    const listing = listed(some);
    const { records, problems, heads } = await reader.read(listing);
    expect({ records, problems, heads }).toMatchObject({ problems: [], records: readChain(some).records });
    expect(heads).toEqual(readChain(some).heads);
    sizes.push(listing.wasRead.length);
  }
  expect(sizes).toEqual([0, 1, 6, 0, files.length - 7]);
});

test("what was read before stays as it was when more is read", async () => {
  const reader = new ChainReader();
  const { records } = await reader.read(listed(files.slice(0, 4)));
  await reader.read(listed(files));
  expect(records).toHaveLength(4);
});

test("a reader that is shown another ledger reads that one from its beginning", async () => {
  const reader = new ChainReader();
  await reader.read(listed(files));
  const other = sampleChain("eve").files();
  expect(await reader.read(listed(other))).toMatchObject({ problems: [], records: readChain(other).records });
  expect((await reader.read(listed(files.slice(0, 4)))).records).toHaveLength(4);
  expect(codes((await reader.read(listed(files.slice(1)))).problems)).toEqual(
    codes(readChain(files.slice(1)).problems),
  );
});

test("a file that moved is not taken for the one that was read", async () => {
  const reader = new ChainReader();
  await reader.read(listed(files));
  const [first, ...rest] = files as [LedgerFile, ...LedgerFile[]];
  const moved = [{ ...first, path: first.path.replace("2026/11", "2026/12") }, ...rest];
  expect(codes((await reader.read(listed(moved))).problems)).toContain("wrong-path");
});

test("where git fails half-way the next reading goes on from there", async () => {
  const reader = new ChainReader();
  await expect(reader.read(listed(files, 5))).rejects.toThrow("git is gone");
  const rest = listed(files);
  expect(await reader.read(rest)).toMatchObject({ problems: [], records: readChain(files).records });
  expect(rest.wasRead).toEqual(files.slice(5).map(({ path }) => path));
});

test("what is no record is told with what is wrong with records", async () => {
  const stranger = { path: "receipts/x", bytes: new Uint8Array() };
  const broken = files.map(({ path, bytes }, nth) => ({ path, bytes: nth === 2 ? Buffer.from("{") : bytes }));
  for (const some of [[...files.slice(1), stranger], broken]) {
    const { records, problems } = await new ChainReader().read(listed(some));
    expect(codes(problems)).toEqual(codes(readChain(some).problems));
    expect(records).toEqual(readChain(some).records);
  }
});

test("audits are read apart from records, and judged by the ledger that they name", async () => {
  const { heads } = readChain(files);
  const audits = sampleAudits(heads, [{}, {}]);
  const listing = listed([...files, ...audits.files]);
  expect(await auditsOf(listing, heads)).toMatchObject({
    problems: [],
    audits: audits.audits.map((audit) => ({ audit })),
  });
  expect(listing.wasRead).toEqual(audits.files.map(({ path }) => path));
  expect(codes((await auditsOf(listing, heads.slice(0, 3))).problems)).toContain("audit-of-another-ledger");
});
