import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HAS_SSH_KEYGEN, newSshKey } from "../ledger/ssh-keygen.fixture.ts";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

/** What the remote does with each push to the ledger's branch; `$n` counts them from 1. */
function onPush(lab: ActionLab, script: string): () => void {
  const hook = join(lab.bare, "hooks", "pre-receive");
  writeFileSync(hook, `#!/bin/sh\nn=$(cat pushes 2>/dev/null || echo 0); n=$((n + 1)); echo $n > pushes\n${script}\n`);
  chmodSync(hook, 0o755);
  return () => rmSync(hook);
}

/** A commit of somebody else, on top of the ledger: what a push of ours then follows is no longer the tip. */
const SOMEBODY_COMMITS = `
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_AUTHOR_NAME=rival GIT_AUTHOR_EMAIL=rival@example.org GIT_COMMITTER_NAME=rival GIT_COMMITTER_EMAIL=rival@example.org
git update-ref refs/heads/receipts "$(git commit-tree -p receipts -m moved 'receipts^{tree}')"`;

describe("a ledger whose commits GitHub makes", () => {
  const BY_GITHUB = { inputs: { "ledger-commits": "github" } };

  test("has the same records, in commits that GitHub signs in the workflow's name", async () => {
    const lab = await merged();
    const run = await lab.run("push", { by: "bea" }, BY_GITHUB);
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid", count: "2" } });
    expect(lab.records().map(({ record }) => record)).toEqual(["claim", "receipt"]);
    const [receipt, claim] = lab.state.git.run("log", "-2", "--format=%an, %cn", "receipts").split("\n");
    expect([claim, receipt]).toEqual(Array(2).fill("github-actions[bot], GitHub"));
    expect((await lab.run("schedule", {})).outputs, "and a run that pushes reads them").toMatchObject({ count: "0" });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });

  test("that moves in between is claimed on its new tip, and nobody is paid before", async () => {
    const lab = await merged();
    onPush(lab, `if [ $n -le 2 ]; then ${SOMEBODY_COMMITS}\nfi`);
    const run = await lab.run("push", { by: "bea" }, BY_GITHUB);
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid", count: "2" } });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
    expect(lab.records().map(({ record }) => record)).toEqual(["claim", "receipt"]);
  });

  test.each(["before", "after"] as const)(
    "whose answer is lost %s the commit is looked at, and paid once",
    async (when) => {
      const lab = await merged();
      lab.faults.next("POST /graphql", { kind: "drop", when });
      await lab.run("push", { by: "bea" }, BY_GITHUB);
      const run = await lab.run("schedule", {}, BY_GITHUB);
      expect(run.exitCode).toBe(0);
      expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
    },
  );

  test("that it may not write pays nobody", async () => {
    const lab = await merged();
    const token = lab.token(["contents:read", "pull-requests:write", "issues:write", "checks:write"]);
    const run = await lab.run("push", { by: "bea" }, { ...BY_GITHUB, token });
    expect(run.exitCode).toBe(1);
    expect(await lab.mturk.paid()).toEqual([]);
  });

  test("is not begun where `ledger-commits` is something else", async () => {
    const lab = await merged();
    const run = await lab.run("push", { by: "bea" }, { inputs: { "ledger-commits": "by hand" } });
    expect(run.exitCode).toBe(1);
    expect(await lab.mturk.paid()).toEqual([]);
  });
});

describe.skipIf(!HAS_SSH_KEYGEN)("a ledger whose commits the lab's key signs", () => {
  test("is signed in every record's commit, and the key stays nowhere", async () => {
    const lab = await merged();
    const key = newSshKey(join(lab.dir, "signing"));
    const run = await lab.run("push", { by: "bea" }, { inputs: { "signing-key": readFileSync(key.path, "utf8") } });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid", count: "2" } });
    writeFileSync(join(lab.dir, "signers"), `lab ${key.public}\n`);
    const list = `gpg.ssh.allowedSignersFile=${join(lab.dir, "signers")}`;
    const log = lab.state.git.run("-c", list, "log", "-2", "--format=%G? %GS %an", "receipts");
    expect(log.split("\n")).toEqual(Array(2).fill("G lab github-actions[bot]"));
    const secret = readFileSync(key.path, "utf8").split("\n")[1] ?? "";
    expect(run.log + run.summary + JSON.stringify(run.outputs)).not.toContain(secret);
  });

  test("is not written with a key that is none, and nobody is paid", async () => {
    const lab = await merged();
    const run = await lab.run("push", { by: "bea" }, { inputs: { "signing-key": "no key at all" } });
    expect(run.exitCode).toBe(1);
    expect(await lab.mturk.paid()).toEqual([]);
  });

  test("cannot be one whose commits GitHub makes", async () => {
    const lab = await merged();
    const inputs = { "signing-key": "x", "ledger-commits": "github" };
    expect((await lab.run("push", { by: "bea" }, { inputs })).exitCode).toBe(1);
    expect(await lab.mturk.paid()).toEqual([]);
  });
});

describe("a ledger", () => {
  test("that moves five times while a claim or a receipt is pushed has them in the end", async () => {
    const lab = await merged();
    onPush(lab, `if [ $n -le 3 ] || [ $n -eq 5 ] || [ $n -eq 6 ]; then ${SOMEBODY_COMMITS}\nfi`);
    const run = await lab.run("push", { by: "bea" });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid", count: "2" } });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
    expect(lab.records().map(({ record }) => record)).toEqual(["claim", "receipt"]);
    const moved = lab.state.git
      .run("log", "--format=%s", "receipts")
      .split("\n")
      .filter((line) => line === "moved");
    expect(moved).toHaveLength(5);
  });

  test("that refuses the receipt of what was paid makes the job red, and the next run writes it down", async () => {
    const lab = await merged();
    const mend = onPush(lab, `if [ $n -gt 1 ]; then echo "write limit reached" >&2; exit 1; fi`);
    const run = await lab.run("push", { by: "bea" });
    expect(run.exitCode).toBe(1);
    expect(run.outputs["decision"]).not.toBe("paid");
    expect(run.summary).toContain("the ledger cannot be written");
    expect(await lab.mturk.paid()).toHaveLength(2);
    mend();
    const next = await lab.run("schedule", {});
    expect(next.exitCode).toBe(0);
    expect(lab.records().map(({ record }) => record)).toEqual(["claim", "receipt"]);
    expect(stateOf(next.summary)).toBe("PAID");
    expect(await lab.mturk.paid()).toHaveLength(2);
  });
});

/** Two bonuses, approved and merged. */
async function merged(): Promise<ActionLab> {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0, 1]) });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  return lab;
}
