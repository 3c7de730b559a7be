import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openRepository } from "../repository/repository.ts";
import { commitAll, git, scratch, write } from "../repository/scratch.fixture.ts";
import type { Scratch } from "../repository/scratch.fixture.ts";
import { readChain } from "./chain.ts";
import type { LedgerFile } from "./chain.ts";
import { openLedger } from "./git-store.ts";
import type { LedgerStore, NewLedgerFile } from "./git-store.ts";

const how = {
  identity: { name: "mergepay", email: "mergepay@example.org" },
  time: "2026-11-23T10:00:00.000Z",
  message: "claim: stroop\n",
};

async function ledgerIn(dir: string, branch = "receipts"): Promise<LedgerStore> {
  return openLedger(await openRepository(dir), branch);
}

/** A remote with a ledger on it, and the ledger as one clone reads it. */
async function started(): Promise<Scratch & { dir: string; home: string; store: LedgerStore; tip: string }> {
  const place = scratch();
  const home = place.clone("a");
  const store = await ledgerIn(home);
  expect(await store.create(how)).toEqual({ kind: "created" });
  return { ...place, home, store, tip: (await content(store)).tip };
}

async function content(store: LedgerStore): Promise<{ tip: string; files: LedgerFile[] }> {
  const listing = await store.read();
  if (listing.kind !== "ledger") throw new Error("no ledger");
  const files: LedgerFile[] = [];
  for await (const { path, bytes } of listing.read(listing.files)) files.push({ path, bytes });
  return { tip: listing.tip, files };
}

function record(number: number, text = `${number}\n`): NewLedgerFile {
  return { path: `receipts/2026/11/00000${number}-stroop.claim.json`, text };
}

function told({ files }: { files: readonly LedgerFile[] }): string[] {
  return files.map(({ path, bytes }) => `${path.slice(17)} ${Buffer.from(bytes).toString()}`);
}

function hook(remote: string, name: string, script: string): void {
  writeFileSync(join(remote, "hooks", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(remote, "hooks", name), 0o755);
}

test("a missing branch is missing, not empty", async () => {
  const { clone } = scratch();
  const store = await ledgerIn(clone("a"));
  expect(await store.read()).toEqual({ kind: "missing" });
  expect(await store.readLocal()).toEqual({ kind: "missing" });
});

test("a new ledger explains itself, keeps every byte, and is made once", async () => {
  const { remote, store, clone, tip } = await started();
  expect(git(remote, "ls-tree", "-r", "--name-only", "receipts")).toBe(".gitattributes\nREADME.md\n");
  expect(git(remote, "show", "receipts:.gitattributes")).toBe("* -text\n");
  expect(git(remote, "show", "receipts:README.md")).toMatch(/Never edit/);
  expect(await store.create(how)).toEqual({ kind: "exists" });
  const other = await ledgerIn(clone("b"));
  expect(await other.create({ ...how, message: "other" })).toEqual({ kind: "exists" });
  expect(git(remote, "rev-parse", "receipts").trim()).toBe(tip);
});

test("what was appended is read back, with its author, time and trailers", async () => {
  const { remote, store, clone, tip } = await started();
  const first = await store.append([record(1, "é\r\n\0"), record(2)], {
    ...how,
    parent: tip,
    trailers: { Run: "x\ny" },
  });
  expect(first).toEqual({ kind: "pushed", tip: git(remote, "rev-parse", "receipts").trim() });
  const other = await ledgerIn(clone("b"));
  const read = await content(other);
  expect(told(read)).toEqual(["000001-stroop.claim.json é\r\n\0", "000002-stroop.claim.json 2\n"]);
  expect((await other.append([record(3)], { ...how, parent: read.tip })).kind).toBe("pushed");
  expect(told(await content(store))).toHaveLength(3);
  expect(git(remote, "log", "-1", "--format=%an <%ae> %aI %cn%n%B", "receipts~1")).toBe(
    "mergepay <mergepay@example.org> 2026-11-23T10:00:00+00:00 mergepay\nclaim: stroop\n\nRun: x y\n\n",
  );
  expect(await store.history(git(remote, "rev-parse", "receipts").trim())).toEqual([]);
});

test("what a run added itself is listed as git lists it for everybody else", async () => {
  const { store, clone, tip } = await started();
  const listing = async (of: LedgerStore) => {
    const read = await of.read();
    return read.kind === "ledger" ? read : undefined;
  };
  await store.append([record(1)], { ...how, parent: tip });
  await store.append([record(2, "a"), record(3, "a"), record(4)], { ...how, parent: store.seen() ?? "" });
  const [ours, theirs] = [await listing(store), await listing(await ledgerIn(clone("b")))];
  expect(ours?.files).toHaveLength(4);
  expect(ours?.files).toEqual(theirs?.files);
  expect(ours?.tip).toBe(theirs?.tip);
});

test("of two that append to the same commit exactly one wins, and the other is told", async () => {
  const { store, clone, remote } = await started();
  const other = await ledgerIn(clone("b"));
  for (let round = 1; round <= 8; round++) {
    const { tip } = await content(store);
    await content(other);
    const both = await Promise.all([
      store.append([record(round, "a")], { ...how, parent: tip }),
      other.append([record(round, "b")], { ...how, parent: tip }),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["pushed", "rejected"]);
    const won = both.find((each) => each.kind === "pushed");
    expect(won).toEqual({ kind: "pushed", tip: git(remote, "rev-parse", "receipts").trim() });
  }
  expect(told(await content(other))).toHaveLength(8);
});

test("of two that make the very same commit exactly one wins", async () => {
  const { store, clone, tip } = await started();
  const other = await ledgerIn(clone("b"));
  await content(other);
  expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("pushed");
  expect((await other.append([record(1)], { ...how, parent: tip })).kind).toBe("rejected");
});

test("nothing is appended to a ledger that was set back, and it is not read again either", async () => {
  const { store, remote, tip } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  const { tip: second } = await content(store);
  git(remote, "update-ref", "refs/heads/receipts", tip);
  expect((await store.append([record(2)], { ...how, parent: second })).kind).toBe("rejected");
  await expect(store.read()).rejects.toThrow(/set back or rewritten/);
});

test("a clone that saw more of the ledger than the remote now has does not read it", async () => {
  const { store, remote, tip, clone } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  const later = clone("b");
  git(remote, "update-ref", "refs/heads/receipts", tip);
  await expect((await ledgerIn(later)).read()).rejects.toThrow(/set back or rewritten/);
  git(later, "fetch", "--quiet", "origin");
  expect(told(await content(await ledgerIn(later)))).toEqual([]);
});

test("a file that is there already is never written again, nor is one put in its way", async () => {
  const { store, tip, remote } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  const { tip: parent } = await content(store);
  const path = record(1).path;
  for (const taken of [path, `${path}/inside`, "receipts/2026", "receipts/2026/11"])
    await expect(store.append([{ path: taken, text: "x" }], { ...how, parent })).rejects.toThrow(/only ever added to/);
  for (const bad of ["README.md", "receipts/../x", "/receipts/x", "receipts/a b", "receipts/", "receipts/\nM"])
    await expect(store.append([{ path: bad, text: "x" }], { ...how, parent })).rejects.toThrow(/cannot be at/);
  await expect(store.append([record(2), record(2)], { ...how, parent })).rejects.toThrow(/only ever added to/);
  expect(git(remote, "rev-parse", "receipts").trim()).toBe(parent);
});

test("a protected branch refuses in the server's own words", async () => {
  const { store, tip, remote } = await started();
  hook(remote, "pre-receive", "echo 'GH006: Protected branch update failed.' >&2; exit 1");
  expect(await store.append([record(1)], { ...how, parent: tip })).toEqual({
    kind: "refused",
    message: "GH006: Protected branch update failed.; pre-receive hook declined",
  });
  expect(told(await content(store))).toEqual([]);
});

test("a ledger that the server refuses to make says so", async () => {
  const { clone, remote } = scratch();
  hook(remote, "pre-receive", "echo 'no new branches' >&2; exit 1");
  expect(await (await ledgerIn(clone("a"))).create(how)).toEqual({
    kind: "refused",
    message: "no new branches; pre-receive hook declined",
  });
});

test("nothing is committed at a time that is none", async () => {
  const { store, tip } = await started();
  await expect(store.append([record(1)], { ...how, time: "yesterday", parent: tip })).rejects.toThrow(
    "not a time: yesterday",
  );
});

test("a ledger that was set back can still be looked at, and says what it lost", async () => {
  const { store, remote, tip, clone } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  const { tip: second } = await content(store);
  git(remote, "update-ref", "refs/heads/receipts", tip);
  const looked = await store.inspect();
  expect(looked).toMatchObject({ kind: "ledger", tip, files: [], lost: [{ commit: second, where: "this run" }] });
  expect(await (await ledgerIn(clone("b"))).inspect()).toMatchObject({ kind: "ledger", lost: [] });
  expect(await (await ledgerIn(clone("c"), "other")).inspect()).toEqual({ kind: "missing" });
});

test("a submodule among the records is read as an empty file, which no chain takes", async () => {
  const { store, tip, home: dir } = await started();
  git(dir, "checkout", "--quiet", "-b", "hand", tip);
  git(dir, "update-index", "--add", "--cacheinfo", `160000,${tip},receipts/module`);
  git(dir, "commit", "--quiet", "--message", "module");
  git(dir, "push", "--quiet", "origin", "hand:receipts");
  const { files } = await content(store);
  expect(files).toEqual([{ path: "receipts/module", bytes: new Uint8Array() }]);
  expect(readChain(files).problems.map(({ code }) => code)).toEqual(["unknown-file"]);
});

test("a server that lets nobody in refuses; one that fails leaves it unknown", async () => {
  const { store, tip, home } = await started();
  let status = 403;
  const server = createServer((_request, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((listening) => server.once("listening", listening));
  git(home, "remote", "set-url", "origin", `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`);
  expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("refused");
  status = 500;
  const unknown = await store.append([record(1)], { ...how, parent: tip });
  expect(unknown).toEqual({ kind: "unknown", message: expect.stringMatching(/^[^\n]*500[^\n]*$/) });
});

test.skipIf(!existsSync("/proc/self/stat"))(
  "a push that is killed after it arrived is unknown, and the next reading sees it",
  async () => {
    const { store, tip, remote, clone } = await started();
    // It runs when the branch has moved and before the client is told.
    const clientOfHook = "p=$PPID; until grep -q porcelain /proc/$p/cmdline; do p=$(cut -d' ' -f4 /proc/$p/stat); done";
    hook(remote, "reference-transaction", `[ $1 = committed ] || exit 0; ${clientOfHook}; kill -9 $p`);
    expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("unknown");
    expect(told(await content(store))).toEqual(["000001-stroop.claim.json 1\n"]);
    expect(told(await content(await ledgerIn(clone("b"))))).toHaveLength(1);
  },
);

test("a half-done merge, staged and unstaged changes stay as they are", async () => {
  const { store, tip, home: dir } = await started();
  git(dir, "checkout", "--quiet", "-b", "side");
  write(dir, "payments/pilot.yaml", "side\n");
  commitAll(dir, "side");
  git(dir, "checkout", "--quiet", "main");
  write(dir, "payments/pilot.yaml", "main\n");
  commitAll(dir, "main");
  expect(() => git(dir, "merge", "side")).toThrow(/Command failed/);
  write(dir, "staged", "staged");
  git(dir, "add", "staged");
  write(dir, "staged", "changed again");
  write(dir, "receipts/2026/11/000001-stroop.claim.json", "untracked, and in the way of a checkout");
  const state = () => [
    git(dir, "status", "--porcelain"),
    readFileSync(join(dir, ".git/index")).toString("hex"),
    readFileSync(join(dir, ".git/HEAD"), "utf8"),
    readFileSync(join(dir, ".git/MERGE_HEAD"), "utf8"),
    git(dir, "rev-parse", "main", "side"),
  ];
  const before = state();
  expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("pushed");
  expect(told(await content(store))).toEqual(["000001-stroop.claim.json 1\n"]);
  expect(state()).toEqual(before);
});

test("locks that a killed run left are in nobody's way", async () => {
  const { store, tip, home: dir } = await started();
  mkdirSync(join(dir, ".git/refs/remotes/origin"), { recursive: true });
  const locks = ["index", "HEAD", "FETCH_HEAD", "config", "shallow", "packed-refs", "refs/remotes/origin/receipts"];
  for (const lock of locks) writeFileSync(join(dir, `.git/${lock}.lock`), "");
  expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("pushed");
  expect(told(await content(store))).toHaveLength(1);
  const again = await ledgerIn(dir);
  const { tip: parent } = await content(again);
  expect((await again.append([record(2)], { ...how, parent })).kind).toBe("pushed");
  await (await openRepository(dir)).close();
});

test("a person's hooks and settings have no part in it", async () => {
  const { store, tip, home: dir, remote } = await started();
  for (const name of ["pre-push", "pre-commit", "reference-transaction", "post-commit"])
    hook(join(dir, ".git"), name, "touch hooked; exit 1");
  git(dir, "config", "commit.gpgSign", "true");
  git(dir, "config", "push.gpgSign", "true");
  git(dir, "config", "core.autocrlf", "true");
  git(dir, "config", "push.followTags", "true");
  git(dir, "config", "i18n.commitEncoding", "latin1");
  git(dir, "config", "log.showSignature", "true");
  git(dir, "config", "color.ui", "always");
  expect((await store.append([record(1)], { ...how, message: "über\n", parent: tip })).kind).toBe("pushed");
  expect(told(await content(store))).toEqual(["000001-stroop.claim.json 1\n"]);
  expect(await store.history((await content(store)).tip)).toEqual([]);
  expect(existsSync(join(dir, "hooked"))).toBe(false);
  expect(git(remote, "log", "-1", "--format=%s", "receipts").trim()).toBe("über");
});

test.each(["--force", "+receipts", "a:b", "HEAD", "refs/heads/x", ""])(
  "%j cannot be a ledger's branch",
  async (branch) => {
    const { clone } = scratch();
    await expect(ledgerIn(clone("a"), branch)).rejects.toThrow(/cannot be the name of a branch/);
  },
);

test("without the network the newest of what the clone has is read", async () => {
  const { store, tip, home: dir, clone } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  const later = clone("b");
  const local = await ledgerIn(later);
  git(later, "remote", "set-url", "origin", "/nowhere");
  const read = async () => {
    const found = await local.readLocal();
    if (found.kind === "missing") return found.kind;
    let files = 0;
    for await (const { bytes } of found.read(found.files)) files += Math.sign(bytes.length);
    return files;
  };
  expect(await read()).toBe(1);
  git(later, "branch", "--quiet", "receipts", tip);
  expect(await read()).toBe(1);
  git(later, "checkout", "--quiet", "receipts");
  git(later, "merge", "--quiet", "origin/receipts");
  write(later, record(2).path, "2\n");
  commitAll(later, "local");
  expect(await read()).toBe(2);
  git(later, "update-ref", "-d", "refs/remotes/origin/receipts");
  expect(await read()).toBe(2);
  expect(existsSync(dir)).toBe(true);
});

test("records may share a branch with other files", async () => {
  const { clone, remote } = scratch();
  const dir = clone("a");
  const store = await ledgerIn(dir, "main");
  const { tip, files } = await content(store);
  expect(files).toEqual([]);
  expect((await store.append([record(1)], { ...how, parent: tip })).kind).toBe("pushed");
  expect(git(remote, "ls-tree", "-r", "--name-only", "main")).toBe(`payments/pilot.yaml\n${record(1).path}\n`);
  expect(told(await content(store))).toEqual(["000001-stroop.claim.json 1\n"]);
  git(dir, "checkout", "--quiet", "-b", "side", "origin/main~1");
  write(dir, "payments/b.yaml", "b");
  commitAll(dir, "side");
  git(dir, "checkout", "--quiet", "main");
  git(dir, "pull", "--quiet", "origin", "main");
  git(dir, "merge", "--quiet", "--no-ff", "--no-edit", "side");
  expect(await store.history(git(dir, "rev-parse", "HEAD").trim())).toEqual([]);
});

/** A history made by hand on top of a sound ledger: what `history` says of it. */
async function handmade(make: (dir: string) => void): Promise<string[]> {
  const { store, tip, home: dir } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  git(dir, "checkout", "--quiet", "-b", "hand", (await content(store)).tip);
  make(dir);
  const faults = await store.history(git(dir, "rev-parse", "HEAD").trim());
  return faults.map(({ code, path = "" }) => `${code} ${path}`);
}

test("a history that only adds records is sound, by whomever", async () => {
  const added = await handmade((dir) => {
    write(dir, record(2).path, "2");
    write(dir, "receipts/new\nline", "odd, and the chain's business");
    commitAll(dir, "two");
    git(dir, "commit", "--quiet", "--allow-empty", "--message", "empty");
  });
  expect(added).toEqual([]);
});

test("a record that was changed, deleted, moved, or made a link stays in the history for ever", async () => {
  const { path } = record(1);
  const found = await handmade((dir) => {
    write(dir, path, "changed");
    commitAll(dir, "change");
    write(dir, path, "1\n");
    commitAll(dir, "and back");
    git(dir, "mv", path, "receipts/moved");
    commitAll(dir, "move");
    git(
      dir,
      "update-index",
      "--add",
      "--cacheinfo",
      `120000,${git(dir, "rev-parse", "HEAD:README.md").trim()},receipts/link`,
    );
    git(dir, "commit", "--quiet", "--message", "link");
  });
  expect(found).toEqual([
    "not-a-file receipts/link",
    `record-deleted ${path}`,
    `record-changed ${path}`,
    `record-changed ${path}`,
  ]);
});

test("files that are no records come with the first commit, or not at all", async () => {
  const found = await handmade((dir) => {
    write(dir, "README.md", "all is well");
    write(dir, "payments/a.yaml", "a");
    commitAll(dir, "foreign");
    git(dir, "rm", "--quiet", ".gitattributes");
    git(dir, "commit", "--quiet", "--message", "attributes");
  });
  expect(found).toEqual(["record-deleted .gitattributes", "foreign-file README.md", "foreign-file payments/a.yaml"]);
});

test("two lines of records are never merged", async () => {
  const found = await handmade((dir) => {
    git(dir, "checkout", "--quiet", "-b", "side", "HEAD~1");
    write(dir, record(2).path, "2");
    commitAll(dir, "side");
    git(dir, "checkout", "--quiet", "hand");
    git(dir, "merge", "--quiet", "--no-edit", "side");
  });
  expect(found).toEqual(["merge-commit "]);
});

test("a clone with a part of the history cannot vouch for it", async () => {
  const { store, tip, dir } = await started();
  await store.append([record(1)], { ...how, parent: tip });
  git(dir, "clone", "--quiet", "--depth=1", "--branch=receipts", `file://${dir}/remote.git`, "shallow");
  const shallow = join(dir, "shallow");
  const head = git(shallow, "rev-parse", "HEAD").trim();
  await expect((await ledgerIn(shallow)).history(head)).rejects.toThrow(/part of the history/);
});

test("a large ledger is read a few files at a time, in whatever order it is asked for", async () => {
  const { store, tip } = await started();
  const records = Array.from({ length: 220 }, (_, nth) => ({
    path: `receipts/2026/11/${String(nth + 1).padStart(6, "0")}-stroop.claim.json`,
    text: `${nth % 7}\n`,
  }));
  expect((await store.append(records, { ...how, parent: tip })).kind).toBe("pushed");
  const listing = await store.read();
  if (listing.kind === "missing") throw new Error("no ledger");
  const found: { path: string; text: string }[] = [];
  for await (const { path, bytes } of listing.read(listing.files.toReversed()))
    found.push({ path, text: Buffer.from(bytes).toString() });
  expect(found.toReversed()).toEqual(records);
});
