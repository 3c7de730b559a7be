import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brief, file } from "../manifest/files.fixture.ts";
import type { Encryption, Policy } from "../policy/policy.ts";
import { DEFAULT_POLICY, readPolicy } from "../policy/read-policy.ts";
import { stricter } from "../policy/stricter.ts";
import { lockSecret, newPrivateKey, newSecret, privateKeysIn, unlockSecret } from "./age.ts";
import { currentKey } from "./current-key.ts";
import { keyringOf } from "./keyring.ts";
import { begun, lockedFor, renewed } from "./manage-keys.ts";
import { withEncryption } from "./policy-text.ts";

const [ada, bea] = [await newPrivateKey(), await newPrivateKey()];
const first = await begun([ada.publicKey]);
const second = await renewed(first);
const opening = (text: string | undefined, encryption: Encryption) => keyringOf(async () => text).open(encryption);

describe("lab keys", () => {
  test("are opened by those whom they were locked for, and by nobody else", async () => {
    const both = await lockedFor([ada.publicKey, bea.publicKey], first, [ada.privateKey]);
    const [id] = first.keys.keys();
    for (const { privateKey } of [ada, bea]) expect([...(await opening(privateKey, both)).keys()]).toEqual([id]);
    expect((await opening(bea.privateKey, first)).size).toBe(0);
    expect((await opening(undefined, first)).size).toBe(0);
    expect((await opening(" \n", first)).size).toBe(0);
  });

  test("cannot be given on by somebody who cannot open them", async () => {
    await expect(lockedFor([bea.publicKey], first, [bea.privateKey])).rejects.toThrow("does not open");
  });

  test("are renewed in front, and the older ones stay for what they sealed", async () => {
    const [newest, older] = second.keys.keys();
    expect([second.keys.size, older]).toEqual([2, [...first.keys.keys()][0]]);
    const keys = await opening(ada.privateKey, second);
    expect(currentKey(second, keys).id).toBe(newest);
  });

  test("that hold something else than their name says are refused", async () => {
    const [locked = ""] = first.keys.values();
    const wrong = { ...first, keys: new Map([["0123456789abcdef", locked]]) };
    await expect(opening(ada.privateKey, wrong)).rejects.toThrow("another key than its name says");
    const short = await lockSecret(new Uint8Array(16), [ada.publicKey]);
    await expect(opening(ada.privateKey, { ...first, keys: new Map([["0123456789abcdef", short]]) })).rejects.toThrow(
      "another",
    );
  });

  test("that are not at hand do not seal: what to do is said", () => {
    expect(() => currentKey(undefined, new Map())).toThrow("no lab key");
    expect(() => currentKey(first, new Map())).toThrow("cannot be opened");
  });
});

describe("private keys", () => {
  test("are read from a file with comments, and several at once", async () => {
    const text = `# created: today\r\n# public key: ${ada.publicKey}\r\n${ada.privateKey}\r\n\n${bea.privateKey}`;
    expect(await privateKeysIn(text)).toEqual([ada, bea]);
  });

  test.each(["", "# only a comment", "AGE-SECRET-KEY-1NONSENSE", "age1notprivate", "ssh-ed25519 AAAA"])(
    "%j is none",
    async (text) => {
      await expect(privateKeysIn(text)).rejects.toThrow("cannot be read");
    },
  );

  test("a public key that is none is said to be none", async () => {
    await expect(begun(["age1nonsense"])).rejects.toThrow("no public key");
  });

  test("the program `age` opens what we lock, and we what it locks", async (context) => {
    if (spawnSync("age", ["--version"]).status !== 0) return context.skip("age is not installed");
    const folder = mkdtempSync(join(tmpdir(), "mergepay-age-"));
    try {
      const [secret, keyFile] = [newSecret(), join(folder, "key.txt")];
      writeFileSync(keyFile, `# a comment\n${ada.privateKey}\n`);
      const locked = Buffer.from(await lockSecret(secret, [bea.publicKey, ada.publicKey]), "base64");
      expect(execFileSync("age", ["--decrypt", "--identity", keyFile], { input: locked })).toEqual(Buffer.from(secret));
      const theirs = execFileSync("age", ["--recipient", ada.publicKey], { input: secret });
      expect(await unlockSecret(theirs.toString("base64"), [bea.privateKey, ada.privateKey])).toEqual(
        new Uint8Array(secret),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the policy's section", () => {
  const policyOf = (text: string) => readPolicy(file(text, "payments/policy.yaml"));

  test("is read as it was written, whatever stands around it, and written again in its place", () => {
    const lines = fc.constantFrom(
      "workers: show\n",
      "limits:\n  rows: 10\n",
      "# a remark\n",
      "\n",
      "receipts: { branch: r }\n",
    );
    fc.assert(
      fc.property(fc.uniqueArray(lines), fc.nat(5), (around, at) => {
        const text = [...around.slice(0, at), withEncryption("", first), ...around.slice(at)].join("");
        const { policy, problems } = policyOf(text);
        expect(problems).toEqual([]);
        expect(policy?.encryption).toEqual(first);
        expect(policyOf(withEncryption(text, second)).policy).toEqual({ ...policy, encryption: second });
        expect(around.filter((line) => !text.includes(line) || !withEncryption(text, second).includes(line))).toEqual(
          [],
        );
        const { encryption: _, ...rest } = policy ?? DEFAULT_POLICY;
        expect(rest).toEqual({ ...policyOf(around.join("")).policy, source: "file" });
      }),
    );
  });

  test.each([
    ["a name", "nobody", "3:7 text-unsuitable"],
    ["a private key", ada.privateKey, "3:7 text-unsuitable"],
  ])("refuses %s among the public keys, and does not repeat it", (_, word, problem) => {
    const { problems } = policyOf(`encryption:\n  recipients:\n    - ${word}\n  keys: {}\n`);
    expect(problems.map(brief)).toEqual([problem]);
    expect(JSON.stringify(problems)).not.toContain(word);
  });

  test("refuses a lab key that nobody could have written", () => {
    const [[id = "", locked = ""] = []] = first.keys;
    for (const line of [`${id}: nonsense`, `NAME: ${locked}`, `${id}: ${locked.slice(0, 40)}`])
      expect(policyOf(`encryption:\n  recipients: []\n  keys:\n    ${line}\n`).problems.map(brief)).toEqual([
        "4:5 text-unsuitable",
      ]);
  });

  test("cannot be taken back by the change that it judges", () => {
    const before: Policy = { ...DEFAULT_POLICY, encryption: first };
    expect(stricter(before, DEFAULT_POLICY).encryption).toBe(first);
    expect(stricter(DEFAULT_POLICY, before).encryption).toBe(first);
    expect(stricter(DEFAULT_POLICY, DEFAULT_POLICY)).not.toHaveProperty("encryption");
  });
});
