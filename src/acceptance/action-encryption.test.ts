import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRecords } from "../encryption/sealed-record.ts";
import { readChain } from "../ledger/chain.ts";
import { formatRecord, recordPath } from "../ledger/record-text.ts";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";
import { canaries, labSecrets, type LabSecrets, leaks, publicTexts } from "./encrypted-lab.fixture.ts";
import { assignmentId, worker } from "./lab.fixture.ts";

let bundle: ActionBundle;
let secrets: LabSecrets;
beforeAll(async () => {
  [bundle, secrets] = await Promise.all([buildAction(), labSecrets()]);
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

const open = (policy = secrets.policy) => actionLab(bundle, { policy, github: { isPrivate: false } });
const withKey = () => ({ inputs: { "age-key": `# the runner's\n${secrets.privateKey}\n` } });

describe("an encrypted list in a public repository", () => {
  test("is shown by aliases, approved, paid, recorded; and nobody can read an id, a reference or a token anywhere", async () => {
    const lab = await open();
    const pull = lab.propose({ "payments/june.yaml": secrets.seal(list([0, 1, 2])) });
    const planned = await lab.run("pull_request", { pull }, withKey());
    expect(planned).toMatchObject({
      exitCode: 0,
      stderr: "",
      outputs: { decision: "ready", count: "3", total: "3.63" },
    });
    const alias = secrets.key.alias("w", worker(1)).slice(0, 8);
    expect(lab.comments(pull)[0]).toContain(alias);
    expect(lab.comments(pull)[0]).toContain("$1.01");

    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea" });
    await lab.mturk.control("POST", "faults", {
      operation: "SendBonus",
      fault: {
        kind: "code-before",
        type: "RequestError",
        turkErrorCode: "AWS.MechanicalTurk.InvalidAssignmentState",
        message: `Worker ${worker(2).toLowerCase()} is not eligible for ${assignmentId(2)}`,
      },
    });
    const paid = await lab.run("push", { by: "bea" }, withKey());
    expect(paid.outputs).toMatchObject({ decision: "partial", count: "2" });
    expect(await lab.mturk.paid()).toHaveLength(2);
    expect(lab.comments(pull).map(stateOf)).toEqual(["PARTIAL"]);
    const again = await lab.run("schedule", {}, withKey());
    expect(again.outputs["count"]).toBe("0");

    const wrong = secrets.seal(list([3]).replace(worker(3), worker(4)));
    const other = lab.propose({ "payments/july.yaml": wrong });
    const blocked = await lab.run("pull_request", { pull: other }, withKey());
    expect(blocked.outputs["decision"]).toBe("blocked");
    expect(blocked.annotations[0]?.message).toContain("another worker did this assignment");

    const audited = await lab.run("schedule", {}, { inputs: { ...withKey().inputs, command: "audit" } });
    expect(audited.outputs["decision"]).toBe("unexplained");
    const aliases = [0, 1, 2].map((n) => secrets.key.alias("w", worker(n)).slice(0, 8));
    expect(aliases.filter((each) => audited.summary.includes(each))).toHaveLength(1);
    const keyless = await lab.run("schedule", {}, { inputs: { command: "audit" } });
    expect(keyless).toMatchObject({ exitCode: 1, outputs: { decision: "cannot-evaluate" } });
    expect(keyless.summary).toContain("key");

    const seen = publicTexts(lab, [planned, paid, again, blocked, audited, keyless]);
    expect(leaks(seen, [...canaries([0, 1, 2, 3, 4]), secrets.privateKey])).toEqual([]);
    expect(seen).toContain("is not eligible for …");
  });

  test("leaves a ledger that anybody can check, and that the key opens", async () => {
    const lab = await merged(secrets.seal(list([0, 1])));
    const run = await lab.run("push", { by: "bea" }, withKey());
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid" } });
    const files = lab
      .records()
      .map((record) => ({ path: recordPath(record), bytes: Buffer.from(formatRecord(record)) }));
    const { records, problems } = readChain(files);
    expect(problems).toEqual([]);
    const opened = openRecords(records, new Map([[secrets.key.id, secrets.key]]));
    expect(
      opened.records.map(({ record }) => new Set(record.rows.map((row) => row.kind === "pay" && row.worker))),
    ).toEqual([new Set([worker(0), worker(1)]), new Set([worker(0), worker(1)])]);
  });

  test("needs its approval again once a row was changed, and only then", async () => {
    const lab = await open();
    const text = list([0, 1]);
    const pull = lab.propose({ "payments/june.yaml": secrets.seal(text) });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.pushTo("change-1", "bea", { "payments/june.yaml": `${secrets.seal(text)}# tidied\n` });
    lab.merge({ pull, by: "bea" });
    expect((await lab.run("push", { by: "bea" }, withKey())).outputs["decision"]).toBe("paid");

    const second = lab.propose({ "payments/july.yaml": secrets.seal(list([2])) });
    lab.review({ pull: second, by: "cem", state: "APPROVED" });
    lab.pushTo("change-2", "bea", { "payments/july.yaml": secrets.seal(list([3])) });
    lab.merge({ pull: second, by: "bea" });
    const held = await lab.run("push", { by: "bea" }, withKey());
    expect(held.outputs).toMatchObject({ decision: "held", "reason-code": "approval_stale" });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });
});

describe("without the private key", () => {
  test("a fork's list is planned as far as that goes, and the summary says what nobody could check", async () => {
    const lab = await open();
    const pull = lab.propose({ "payments/june.yaml": secrets.seal(list([0, 1])) }, "eve", "eve:june");
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "cannot-evaluate", count: "2", total: "2.41" } });
    expect(run.summary).toContain("this list is encrypted and its key is not here");
    expect(run.summary).toContain("$1.01");
    expect(leaks(publicTexts(lab, [run]), canaries([0, 1]))).toEqual([]);
    expect(await lab.mturk.calls()).toEqual([]);
  });

  test("a plan is red and says what to do, and a merge pays nobody", async () => {
    const lab = await merged(secrets.seal(list([0])));
    const pull = lab.propose({ "payments/july.yaml": secrets.seal(list([1])) });
    const planned = await lab.run("pull_request", { pull });
    expect(planned).toMatchObject({ exitCode: 1, outputs: { decision: "blocked", "reason-code": "problems" } });
    expect(lab.comments(pull)[0]).toContain("its key is not here");
    const run = await lab.run("push", { by: "bea" });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", count: "0" } });
    expect(await lab.mturk.paid()).toEqual([]);
    expect(lab.records()).toEqual([]);
  });

  test("a ledger that is encrypted stops every payment, also of a list in clear", async () => {
    const lab = await merged(secrets.seal(list([0])));
    await lab.run("push", { by: "bea" }, withKey());
    lab.directPush("ada", {
      "payments/june.yaml": null,
      "payments/more.yaml": list([1], { environment: "simulator" }),
    });
    const calls = (await lab.mturk.calls()).length;
    const run = await lab.run("push", { by: "ada" });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "problems" } });
    expect((await lab.mturk.calls()).length).toBe(calls);
    expect(lab.records()).toHaveLength(2);
  });

  test("a key that is none is said to be none, and is in no log", async () => {
    const lab = await merged(secrets.seal(list([0])));
    const wrong = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
    const run = await lab.run("push", { by: "bea" }, { inputs: { "age-key": wrong } });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed" } });
    expect(run.summary).toContain("private key cannot be read");
    expect(`${run.log}${run.summary}`).not.toContain(wrong);
    expect(await lab.mturk.paid()).toEqual([]);
  });
});

describe("ids in clear in a public repository", () => {
  test.each(["pull request", "fork"])(
    "block a %s, and are not paid where they were merged all the same",
    async (from) => {
      const lab = await actionLab(bundle, { github: { isPrivate: false } });
      const text = list([0]);
      const pull =
        from === "fork"
          ? lab.propose({ "payments/june.yaml": text }, "eve", "eve:june")
          : lab.propose({ "payments/june.yaml": text });
      const planned = await lab.run("pull_request", { pull });
      expect(planned).toMatchObject({ exitCode: 1, outputs: { decision: "blocked" } });
      expect(planned.annotations).toMatchObject([
        { level: "error", title: "ids-in-public", file: "payments/june.yaml" },
      ]);
      if (from === "fork") return;
      lab.review({ pull, by: "cem", state: "APPROVED" });
      lab.merge({ pull, by: "bea" });
      for (const event of ["push", "schedule"] as const) {
        const run = await (event === "push" ? lab.run("push", { by: "bea" }) : lab.run("schedule", {}));
        expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "problems" } });
      }
      expect(await lab.mturk.paid()).toEqual([]);
      expect(lab.records()).toEqual([]);
    },
  );

  test("are let through where a reviewed policy shows ids", async () => {
    const lab = await open("workers: show\n");
    const pull = lab.propose({ "payments/june.yaml": list([0]) });
    const planned = await lab.run("pull_request", { pull });
    expect(planned).toMatchObject({ exitCode: 0, outputs: { decision: "ready" } });
    expect(planned.annotations).toMatchObject([{ level: "warning", title: "ids-in-public" }]);
  });
});

async function merged(text: string): Promise<ActionLab> {
  const lab = await open();
  const pull = lab.propose({ "payments/june.yaml": text });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  return lab;
}
