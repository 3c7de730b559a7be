import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openRepository } from "../repository/repository.ts";
import { commitAll, git, scratch, write } from "../repository/scratch.fixture.ts";
import { openLedger } from "./git-store.ts";
import { pay, SampleChain } from "./sample-chain.fixture.ts";
import { HAS_SSH_KEYGEN, newSshKey } from "./ssh-keygen.fixture.ts";
import type { SshKey } from "./ssh-keygen.fixture.ts";
import { verifyLedger } from "./verify.ts";

describe.skipIf(!HAS_SSH_KEYGEN)("a ledger's signatures", () => {
  test("are good where a named key signed every commit", async () => {
    const { lab, append, verified } = await begun();
    for (const n of [1, 2]) await append(n, lab);
    expect(await verified(`lab@example.org ${lab.public}`)).toMatchObject({
      problems: [],
      signatures: { commits: 2, good: 2, signers: ["lab@example.org"] },
    });
  });

  test("may begin late, and may not stop", async () => {
    const { lab, append, verified } = await begun();
    await append(1, undefined);
    await append(2, lab);
    expect((await verified(`lab@example.org ${lab.public}`)).problems).toEqual([]);
    await append(3, undefined);
    expect(codes(await verified(`lab@example.org ${lab.public}`))).toEqual(["not-signed"]);
  });

  test("of another key, or by nobody, are faults", async () => {
    const { lab, other, append, verified } = await begun();
    await append(1, undefined);
    expect(codes(await verified(`lab@example.org ${lab.public}`))).toEqual(["not-signed"]);
    await append(2, other);
    expect(codes(await verified(`lab@example.org ${lab.public}`))).toEqual(["unknown-signer"]);
    expect(codes(await verified(""))).toEqual(["unknown-signer"]);
  });

  test("of a commit that was changed under its signature are bad", async () => {
    const { lab, dir, append, verified } = await begun();
    await append(1, lab);
    git(dir, "fetch", "--quiet");
    const text = git(dir, "cat-file", "commit", "origin/receipts");
    const forged = text.replace("claim 1", "claim 9");
    expect(forged).not.toBe(text);
    const id = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], { cwd: dir, input: forged });
    git(dir, "push", "--quiet", "--force", "origin", `${id.toString().trim()}:receipts`);
    git(dir, "fetch", "--quiet");
    git(dir, "update-ref", "-d", "refs/mergepay/anchor/origin/receipts");
    expect(codes(await verified(`lab@example.org ${lab.public}`))).toEqual(["bad-signature"]);
  });

  test("are not looked at unless asked for", async () => {
    const { append, verified } = await begun();
    await append(1, undefined);
    expect(await verified(undefined)).not.toHaveProperty("signatures");
  });

  test("a key that cannot sign adds nothing", async () => {
    const { append, dir } = await begun();
    const before = git(dir, "ls-remote", "origin", "receipts");
    await expect(append(1, { path: join(dir, "no-such-key"), public: "" })).rejects.toThrow(/cannot be signed/);
    expect(git(dir, "ls-remote", "origin", "receipts")).toBe(before);
  });
});

async function begun() {
  const place = scratch();
  const dir = place.clone("a");
  write(dir, "README.md", "a lab");
  commitAll(dir, "begin");
  const how = { identity: { name: "m", email: "m@example.org" }, time: "2026-11-23T10:00:00.000Z" };
  await openLedger(await openRepository(dir), "receipts").create({ ...how, message: "begin\n" });
  const key = (name: string) => newSshKey(join(dir, "..", name));
  const chain = new SampleChain();
  return {
    dir,
    lab: key("lab"),
    other: key("other"),
    append: async (n: number, signed: SshKey | undefined) => {
      const repository = await openRepository(dir);
      const store = openLedger(repository, "receipts", { signingKey: signed?.path });
      const read = await store.read();
      if (read.kind !== "ledger") throw new Error("no ledger");
      chain.claim([pay(`3A${n}`)]);
      const files = chain
        .files()
        .slice(-1)
        .map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString() }));
      const done = await store.append(files, { ...how, parent: read.tip, message: `claim ${n}\n` });
      expect(done.kind).toBe("pushed");
    },
    verified: async (signers: string | undefined) => {
      const list = join(dir, "..", "signers");
      writeFileSync(list, `${signers ?? ""}\n`);
      const store = openLedger(await openRepository(dir), "receipts");
      const verdict = await verifyLedger(store, signers === undefined ? undefined : list);
      if (verdict.kind !== "checked") throw new Error(verdict.kind);
      return verdict;
    },
  };
}

function codes({ problems }: { readonly problems: readonly { readonly code: string }[] }): string[] {
  return problems.map(({ code }) => code);
}
