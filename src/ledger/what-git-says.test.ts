import { expect, test } from "vitest";
import type { Git } from "../repository/git.ts";
import { recordAuthors } from "./record-authors.ts";
import { checkSignatures } from "./signatures.ts";

const TIP = "f".repeat(40);

/** A git that prints this log, and notes how it was asked. */
function saying(log: string): { git: Git; asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  const git: Git = async (args) => {
    asked.push(args);
    return { code: 0, stdout: Buffer.from(log), stderr: "" };
  };
  return { git, asked };
}

async function signatures(...lines: string[]) {
  return checkSignatures(saying(lines.map((line) => `${line}\0`).join("")).git, TIP, "/signers");
}

const commit = (n: number) => String(n).repeat(40);

test("every state that git knows of a signature is told, from the first signed commit on", async () => {
  const states = ["N", "G lab@example.org", "N", "B", "U", "E", "X", "G ada@example.org", "G lab@example.org"];
  const { commits, good, signers, faults } = await signatures(...states.map((state, n) => `${commit(n + 1)} ${state}`));
  expect({ commits, good, signers }).toEqual({ commits: 9, good: 3, signers: ["ada@example.org", "lab@example.org"] });
  const page = faults.map(({ code, message, hint }) => `${code}: ${message}\n  → ${hint}\n`);
  await expect(page.join("")).toMatchFileSnapshot("expected/signature-words.txt");
});

test("a ledger that nobody signed is told once, at its last commit", async () => {
  const { commits, good, faults } = await signatures(`${commit(1)} N`, `${commit(2)} N`);
  expect({ commits, good }).toEqual({ commits: 2, good: 0 });
  expect(faults.map(({ code, message }) => `${code} ${message.slice(7, 19)}`)).toEqual(["not-signed 222222222222"]);
});

test("an empty ledger has no signatures and no faults", async () => {
  expect(await signatures()).toEqual({ commits: 0, good: 0, signers: [], faults: [] });
});

test("what git never said of a signature is not taken for a good one", async () => {
  expect((await signatures("G")).faults.map(({ code }) => code)).toEqual(["signature-not-checked"]);
});

test("signatures are asked for with the given list of signers, oldest first", async () => {
  const { git, asked } = saying("");
  await checkSignatures(git, TIP, "/signers");
  expect(asked.at(-1)).toContain("gpg.ssh.allowedSignersFile=/signers");
  expect(asked.at(-1)).toEqual(expect.arrayContaining(["log", "--reverse", "--first-parent", TIP]));
});

test("each record is by the author of the commit that added it", async () => {
  const log = "author Ada\nof the lab\0\nreceipts/b\0receipts/c\0author Eve\0author Grace\0\nreceipts/a\0";
  const { git, asked } = saying(log);
  expect(await recordAuthors(git, TIP)).toEqual(
    new Map([
      ["receipts/b", "Ada\nof the lab"],
      ["receipts/c", "Ada\nof the lab"],
      ["receipts/a", "Grace"],
    ]),
  );
  expect(asked).toEqual([
    [
      "log",
      "-z",
      "--name-only",
      "--diff-filter=A",
      "--no-renames",
      "--no-color",
      "--no-ext-diff",
      "--first-parent",
      "-m",
      "--format=author %an",
      TIP,
      "--",
      "receipts",
    ],
  ]);
});
