import { expect, test } from "vitest";
import { pushOutcome } from "./push-outcome.ts";

const REF = "0123456789abcdef:refs/heads/receipts";

function outcome(stdout: string, stderr = "", code: number | undefined = 1) {
  return pushOutcome({ code, stdout: Buffer.from(stdout), stderr });
}

function line(flag: string, summary: string): string {
  return `To https://github.com/lab/study.git\n${flag}\t${REF}\t${summary}\nDone\n`;
}

test.each([" ", "*"])("a push that git marks with %j has arrived", (flag) => {
  expect(outcome(line(flag, "123..456"), "", 0)).toEqual({ kind: "pushed" });
});

test("a push that finds its own commit there belongs to a twin of this run", () => {
  expect(outcome(line("=", "[up to date]"), "", 0)).toEqual({ kind: "rejected" });
});

test.each([
  "[rejected] (stale info)",
  "[rejected] (fetch first)",
  "[rejected] (non-fast-forward)",
  "[remote rejected] (cannot lock ref 'refs/heads/receipts': is at 12 but expected 34)",
  "[remote rejected] (failed to update ref)",
  "[remote rejected] (incorrect old value provided)",
  "[remote rejected] (reference already exists)",
])("%s: somebody else was faster", (summary) => {
  expect(outcome(line("!", summary), "error: failed to push some refs to 'x'\n")).toEqual({ kind: "rejected" });
});

test("a protected branch refuses, with the server's own words in one line", () => {
  const stderr = [
    "remote: error: GH006: Protected branch update failed for refs/heads/receipts.        ",
    "remote: ",
    "remote: - Changes must be made through a pull request.        ",
    "error: failed to push some refs to 'https://x-access-token:secret@github.com/lab/study.git'",
    "",
  ].join("\n");
  expect(outcome(line("!", "[remote rejected] (protected branch hook declined)"), stderr)).toEqual({
    kind: "refused",
    message:
      "error: GH006: Protected branch update failed for refs/heads/receipts.; - Changes must be made through a pull request.; protected branch hook declined",
  });
});

test.each(["[remote rejected] (pre-receive hook declined)", "[remote rejected] (shallow update not allowed)"])(
  "%s is a refusal",
  (summary) => expect(outcome(line("!", summary)).kind).toBe("refused"),
);

test.each([
  "remote: Permission to lab/study.git denied to github-actions[bot].\nfatal: unable to access 'https://github.com/lab/study.git/': The requested URL returned error: 403\n",
  "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n",
  "fatal: could not read Username for 'https://github.com': terminal prompts disabled\n",
  "remote: Repository not found.\nfatal: repository 'https://github.com/lab/study.git/' not found\n",
  "fatal: Authentication failed for 'https://github.com/lab/study.git/'\n",
])("who is turned away at the door is refused: %s", (stderr) => {
  const refused = outcome("", stderr, 128);
  expect(refused.kind).toBe("refused");
  expect(refused).toEqual({ kind: "refused", message: expect.not.stringMatching(/\n/) });
});

test.each([
  ["fatal: the remote end hung up unexpectedly\n", 128],
  ["error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\n", 1],
  ["fatal: unable to access 'https://github.com/': Could not resolve host: github.com\n", 128],
  ["", 141],
])("whatever else goes wrong may have arrived: %j", (stderr, code) => {
  expect(outcome("", stderr, code).kind).toBe("unknown");
});

test("what git says of the ref is told where the server said nothing, and the reason it gives beside what it did say", () => {
  const told = (summary: string, stderr = "") => outcome(line("!", summary), stderr);
  expect(told("[rejected]")).toEqual({ kind: "refused", message: "[rejected]" });
  expect(told("something of a later git")).toEqual({ kind: "unknown", message: "something of a later git" });
  expect(told("[no match]", "fatal: odd\n")).toEqual({ kind: "unknown", message: "odd" });
  expect(told("[remote rejected] (quota)", " ! [remote rejected] x -> y (quota)\nremote: full\n")).toEqual({
    kind: "refused",
    message: "full; quota",
  });
  expect(told("[rejected] (stale info) and more").kind).toBe("unknown");
  expect(told("x [rejected] (stale info)").kind).toBe("unknown");
});

test("words of a lost race count only from who can say them", () => {
  const kind = (summary: string) => outcome(line("!", summary)).kind;
  expect(kind("[remote rejected] (stale info)")).toBe("refused");
  expect(kind("[rejected] (cannot lock ref)")).toBe("refused");
  expect(kind("[rejected] (no: fetch first)")).toBe("refused");
  expect(kind("[remote rejected] (hook: fetch first)")).toBe("rejected");
  expect(kind("[rejected] (needs force)")).toBe("rejected");
  expect(kind("[rejected] (already exists)")).toBe("rejected");
  expect(kind("[rejected] (remote ref updated since checkout)")).toBe("rejected");
  expect(kind("[remote rejected] (failed to lock ref)")).toBe("rejected");
  expect(kind("[remote rejected] (non-fast-forward)")).toBe("rejected");
});

test("only git's own line says how the ref ended", () => {
  expect(outcome("remote: x\n!\tab\n", "", 1).kind).toBe("unknown");
  expect(outcome(` ${line(" ", "ok")}`.replace("\n \t", "\nx \t"), "", 0).kind).toBe("unknown");
  expect(outcome(line("+", "forced"), "odd", 0)).toEqual({ kind: "unknown", message: "odd" });
  expect(outcome(line("-", "[deleted]"), "odd", 0)).toEqual({ kind: "unknown", message: "odd" });
});

test("a push that did not end says so", () => {
  expect(pushOutcome({ code: undefined, stdout: Buffer.alloc(0), stderr: "" })).toEqual({
    kind: "unknown",
    message: "the remote did not answer the push",
  });
});

test.each([
  "remote: Access denied\n",
  "ERROR: Permission to lab/study.git denied to deploy key\n",
  "fatal: '/x' does not appear to be a git repository\n",
  "fatal: could not read Password for 'https://github.com'\n",
  "The requested URL returned error: 401\n",
  "The requested URL returned error: 404\n",
  "remote: GH006: Protected branch update failed\n",
])("is turned away at the door: %s", (stderr) => {
  expect(outcome("", stderr, 128).kind).toBe("refused");
});

test("a push that was killed, or that the server did not report on, may have arrived", () => {
  expect(outcome("", "", undefined).kind).toBe("unknown");
  expect(pushOutcome({ code: undefined, stdout: Buffer.alloc(0), stderr: "" }).kind).toBe("unknown");
  expect(outcome(line("!", "[remote failure] (remote failed to report status)")).kind).toBe("unknown");
});
