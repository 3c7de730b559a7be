import { expect, test } from "vitest";
import { openRepository } from "../repository/repository.ts";
import { commitAll, git, scratch, write } from "../repository/scratch.fixture.ts";
import { readChain } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { openLedger } from "./git-store.ts";
import { sampleAudits } from "./sample-audits.fixture.ts";
import { answered, pay, SampleChain, sampleChain } from "./sample-chain.fixture.ts";
import { verifyLedger } from "./verify.ts";

const how = { identity: { name: "m", email: "m@example.org" }, time: "2026-11-23T10:00:00.000Z", message: "records\n" };

/** A clone of a ledger that holds these records, without its remote. */
async function cloned(chain: SampleChain, audits: readonly LedgerFile[] = []) {
  const place = scratch();
  const store = openLedger(await openRepository(place.clone("a")), "receipts");
  await store.create(how);
  const read = await store.read();
  if (read.kind !== "ledger") throw new Error("no ledger");
  const files = [...chain.files(), ...audits].map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString() }));
  expect((await store.append(files, { ...how, parent: read.tip })).kind).toBe("pushed");
  const dir = place.clone("b");
  git(dir, "remote", "set-url", "origin", "/nowhere");
  return { dir, verify: async () => verifyLedger(openLedger(await openRepository(dir), "receipts")) };
}

test("a sound ledger is counted, and what was paid is summed by account, offline", async () => {
  const chain = sampleChain();
  chain.claim([pay("3OPEN")]);
  const { dir, verify } = await cloned(chain);
  expect(await verify()).toEqual({
    kind: "checked",
    tip: git(dir, "rev-parse", "origin/receipts").trim(),
    problems: [],
    counts: { records: 21, claims: 11, receipts: 10, rows: 30, open: 1, held: 2 },
    audits: [],
    paid: [
      {
        platform: "mturk",
        environment: "production",
        currency: "USD",
        bonuses: 14,
        amount: "15.28",
        fee: "3.08",
        cost: "18.36",
      },
    ],
  });
});

test("a held row that was found later is no longer held, and is paid", async () => {
  const chain = new SampleChain();
  const claim = chain.claim([pay("3A")]);
  chain.receipt(claim, [answered(pay("3A"), "held")]);
  chain.receipt(claim, [answered(pay("3A"), "found")]);
  const verdict = await (await cloned(chain)).verify();
  expect(verdict).toMatchObject({ counts: { open: 0, held: 0 }, paid: [{ bonuses: 1, cost: "1.80" }] });
});

test("a changed record is seen in the chain and in the history, also when it is the newest", async () => {
  const chain = sampleChain();
  const { dir, verify } = await cloned(chain);
  const files = chain.files();
  git(dir, "checkout", "--quiet", "receipts");
  const change = (index: number) => {
    const file = files[index];
    if (!file) throw new Error("no file");
    write(dir, file.path, Buffer.from(file.bytes).toString().replace('"actor": "ada"', '"actor": "eve"'));
    commitAll(dir, "tamper");
  };
  const found = async () => {
    const verdict = await verify();
    return verdict.kind === "checked" ? verdict.problems.map(({ code }) => code) : [];
  };
  change(19);
  expect(await found()).toEqual(["record-changed"]);
  change(5);
  expect(await found()).toEqual(["broken-chain", "record-changed", "record-changed"]);
});

test("a file that is no record is told, and not counted", async () => {
  const chain = new SampleChain();
  chain.claim([pay("3A")]);
  const { dir, verify } = await cloned(chain);
  git(dir, "checkout", "--quiet", "receipts");
  write(dir, "receipts/2026/11/000002-stroop.claim.json", "{}");
  commitAll(dir, "by hand");
  const verdict = await verify();
  expect(verdict).toMatchObject({ counts: { records: 1, claims: 1 }, problems: [{ code: "wrong-shape" }] });
});

test("a clone without the branch says so", async () => {
  const { clone } = scratch();
  expect(await verifyLedger(openLedger(await openRepository(clone("a")), "receipts"))).toEqual({ kind: "missing" });
});

test("audits are checked with the records, and one that vanished is seen, also where it was the newest", async () => {
  const chain = sampleChain();
  const { heads } = readChain(chain.files());
  const { files } = sampleAudits(heads, [{ ledger: { records: 4, head: heads[4] ?? "" } }, {}]);
  const { dir, verify } = await cloned(chain, files);
  expect(await verify()).toMatchObject({
    problems: [],
    audits: [{ audit: { sequence: 1 } }, { path: files[1]?.path }],
  });
  git(dir, "checkout", "--quiet", "receipts");
  git(dir, "rm", "--quiet", files[1]?.path ?? "");
  git(dir, "commit", "--quiet", "--message", "tidy up");
  expect(await verify()).toMatchObject({ problems: [{ code: "record-deleted" }], audits: [{}] });
  git(dir, "rm", "--quiet", files[0]?.path ?? "");
  git(dir, "commit", "--quiet", "--message", "tidy up");
  expect(await verify()).toMatchObject({
    problems: [{ code: "record-deleted" }, { code: "record-deleted" }],
    audits: [],
  });
});
