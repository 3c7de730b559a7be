import { expect, test } from "vitest";
import type { Git } from "../repository/git.ts";
import { historyFaults } from "./git-history.ts";

const TIP = "a".repeat(40);
const BLOB = "b".repeat(40);

/** A git that prints this log; whatever else it is asked, it says no. */
function saying(log: string): Git {
  return async ([command]) => ({ code: 0, stdout: Buffer.from(command === "log" ? log : "false"), stderr: "" });
}

function change(path: string, status = "A", mode = "100644"): string {
  return `:000000 ${mode} ${"0".repeat(40)} ${BLOB} ${status}\0${path}\0`;
}

async function codes(log: string, shared = false): Promise<string[]> {
  return (await historyFaults(saying(log), TIP, shared)).map(({ code, path = "" }) => `${code} ${path}`.trim());
}

test("each commit is judged by its own changes", async () => {
  const log = `commit ${TIP} ${BLOB}\0\n${change("receipts/b", "M")}commit ${BLOB} \0\n${change("README.md")}`;
  expect(await historyFaults(saying(log), TIP, false)).toEqual([
    {
      code: "record-changed",
      commit: TIP,
      path: "receipts/b",
      message: "commit aaaaaaaaaaaa changes receipts/b",
      hint: "records are only ever added, by mergepay: see with `git show` what the commit did, and who made it",
    },
  ]);
});

test.each([
  ["a record", change("receipts/a"), []],
  ["an executable record", change("receipts/a", "A", "100755"), ["not-a-file receipts/a"]],
  ["a record that becomes a link", change("receipts/a", "T", "120000"), ["record-changed receipts/a"]],
  ["a record that goes", change("receipts/a", "D", "000000"), ["record-deleted receipts/a"]],
  ["a file named like the folder", change("receipts"), ["foreign-file receipts"]],
  ["a folder named like a folder", change("my/receipts/a"), ["foreign-file my/receipts/a"]],
  ["the page that explains", change("README.md"), ["foreign-file README.md"]],
])("%s in a later commit", async (_what, changes, faults) => {
  expect(await codes(`commit ${TIP} ${BLOB}\0\n${changes}`)).toEqual(faults);
});

test.each([
  ["README.md", "100644", []],
  [".gitattributes", "100644", []],
  ["README.md", "120000", ["foreign-file README.md"]],
  ["LICENSE", "100644", ["foreign-file LICENSE"]],
])("%s with mode %s in the first commit", async (path, mode, faults) => {
  expect(await codes(`commit ${TIP} \0\n${change(path, "A", mode)}`)).toEqual(faults);
});

test("a merge is told, and on a shared branch not at all", async () => {
  const merge = `commit ${TIP} ${BLOB} ${"c".repeat(40)}\0`;
  expect(await historyFaults(saying(merge), TIP, false)).toEqual([
    {
      code: "merge-commit",
      commit: TIP,
      message: "commit aaaaaaaaaaaa merges two lines of records",
      hint: expect.stringContaining("git show"),
    },
  ]);
  expect(await codes(merge, true)).toEqual([]);
});

test("on a shared branch other files are nobody's business, and records are", async () => {
  const log = `commit ${TIP} ${BLOB}\0\n${change("payments/a.yaml", "M")}${change("receipts/a", "D", "000000")}`;
  expect(await codes(log, true)).toEqual(["record-deleted receipts/a"]);
  expect(await codes(log)).toEqual(["foreign-file payments/a.yaml", "record-deleted receipts/a"]);
});

test("a file that is no record and goes is told as gone, and one that comes as foreign", async () => {
  expect(await codes(`commit ${TIP} ${BLOB}\0\n${change("README.md", "D", "000000")}`)).toEqual([
    "record-deleted README.md",
  ]);
});

test.each(["x", "\n", `commit ${TIP}`, `xcommit ${TIP} `, `:000000 100644 ${TIP} ${BLOB} A x`, ":1 2 3 4 A"])(
  "nothing is vouched for where git says what it never said: %j",
  async (said) => {
    await expect(historyFaults(saying(`commit ${TIP} \0${said}\0`), TIP, false)).rejects.toThrow(
      `git log said something unforeseen: ${JSON.stringify(said)}`,
    );
  },
);
