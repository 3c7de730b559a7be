import { expect, test } from "vitest";
import { leakedKeys } from "./leaked-keys.ts";
import { commitAll, git, scratch, write } from "./scratch.fixture.ts";

const PATTERN = "A[KS]IA[A-Z0-9]{16}";
// In two pieces, so that no file of this repository holds one.
const KEY = ["AKIA", "MERGEPAYTEST0001"].join("");
const OTHER = ["ASIA", "MERGEPAYTEST0002"].join("");

test("a repository without keys has none", async () => {
  const folder = scratch().clone("lab");
  write(folder, "notes.txt", "AKIA is how a key begins, and AKIASHORT is none\n");
  commitAll(folder, "notes");
  expect(await leakedKeys(folder, PATTERN)).toEqual([]);
});

test("a key that a later commit took out is still found, once, with its commit", async () => {
  const folder = scratch().clone("lab");
  write(folder, "analysis/run.R", `Sys.setenv(KEY = "${KEY}")\n`);
  commitAll(folder, "run");
  write(folder, "analysis/run.R", "\n");
  const removed = commitAll(folder, "clean");
  expect(await leakedKeys(folder, PATTERN)).toEqual([
    { path: "analysis/run.R", commit: removed.slice(0, 7), key: KEY },
  ]);
});

test("a key on another branch, in a deleted file or with a name in any letters is found", async () => {
  const folder = scratch().clone("lab");
  git(folder, "checkout", "--quiet", "-b", "other");
  write(folder, "Schlüssel für AWS.txt", `${KEY}\n`);
  commitAll(folder, "other");
  git(folder, "checkout", "--quiet", "main");
  write(folder, "gone.env", `${OTHER}\n`);
  commitAll(folder, "gone");
  git(folder, "rm", "--quiet", "gone.env");
  commitAll(folder, "rm");
  const found = await leakedKeys(folder, PATTERN);
  expect(found.map(({ path, key }) => [path, key])).toEqual([
    ["gone.env", OTHER],
    ["Schlüssel für AWS.txt", KEY],
  ]);
});

test("a file that somebody might commit is looked at, and one that git ignores is not", async () => {
  const folder = scratch().clone("lab");
  write(folder, ".gitignore", "secret/\n");
  write(folder, "secret/plan.csv", `${OTHER}\n`);
  write(folder, "pay.csv", `Access key ID\n${KEY},x\n`);
  expect(await leakedKeys(folder, PATTERN)).toEqual([{ path: "pay.csv", key: KEY }]);
});

test("a repository without a commit is looked through, too", async () => {
  const { dir } = scratch();
  git(dir, "init", "--quiet", "new");
  write(`${dir}/new`, "keys.txt", `${KEY}\n`);
  expect(await leakedKeys(`${dir}/new`, PATTERN)).toEqual([{ path: "keys.txt", key: KEY }]);
});
