import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aliasKey } from "./alias-key.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "mergepay-alias-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("a secret that is made is kept, for its owner alone and out of git, so that aliases stay the same", async () => {
  const root = folder();
  const made = await aliasKey(root, {});
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(await aliasKey(root, {})).toBe(made);
  expect(statSync(join(root, ".mergepay/alias-key")).mode & 0o077).toBe(0);
  expect(readFileSync(join(root, ".mergepay/.gitignore"), "utf8")).toBe("*\n");
  expect(await aliasKey(folder(), {})).not.toBe(made);
});

test("the secret of the environment goes before the one that is kept, and nothing is written for it", async () => {
  const root = folder();
  expect(await aliasKey(root, { MERGEPAY_ALIAS_KEY: " a secret of this lab \n" })).toBe("a secret of this lab");
  expect(() => statSync(join(root, ".mergepay"))).toThrow("ENOENT");
});

test("a runner must be given the secret, since it would forget one that it makes", async () => {
  const root = folder();
  await expect(aliasKey(root, { CI: "true", MERGEPAY_ALIAS_KEY: "" })).rejects.toThrow("needs a secret");
  await expect(aliasKey(root, { CI: "true", MERGEPAY_ALIAS_KEY: "a secret of this lab" })).resolves.toBeTruthy();
});

test("a secret that could be guessed is refused", async () => {
  await expect(aliasKey(folder(), { MERGEPAY_ALIAS_KEY: "stroop" })).rejects.toThrow("too short");
});

test("where nothing can be kept, it is said what to do", async () => {
  const root = folder();
  writeFileSync(join(root, ".mergepay"), "a file");
  await expect(aliasKey(root, {})).rejects.toMatchObject({ hint: "give one in MERGEPAY_ALIAS_KEY" });
});
