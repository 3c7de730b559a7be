import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";
import { worker } from "./lab.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

describe("a pull request from a fork", () => {
  test("is checked offline: nothing is written, MTurk is not asked, the summary has the plan, and sound files are green", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0, 1]) }, "eve", "eve:june");
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: "",
      outputs: { decision: "cannot-evaluate", "reason-code": "fork", count: "2", total: "2.41" },
    });
    expect(stateOf(run.summary)).toBe("CANNOT EVALUATE");
    expect(run.summary).toContain("comes from a fork");
    expect(run.summary).toContain("$1.01");
    expect(lab.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await lab.mturk.calls()).toEqual([]);
    expect(lab.comments(pull)).toEqual([]);
  });

  test("is red where a file is wrong, on the line that is wrong", async () => {
    const lab = await actionLab(bundle);
    const text = list([0]).replace("amount: 1.00", "amount: 1.005");
    const pull = lab.propose({ "payments/june.yaml": text }, "eve", "eve:june");
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "blocked", "reason-code": "problems" } });
    expect(run.annotations).toMatchObject([{ level: "error", file: "payments/june.yaml", line: 6 }]);
    expect(stateOf(run.summary)).toBe("BLOCKED");
    expect(await lab.mturk.calls()).toEqual([]);
    expect(lab.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("Dependabot's pull request is checked offline too, and is not called a fork", async () => {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0]) }, "dependabot[bot]");
  const run = await lab.run("pull_request", { pull }, { inputs: NO_KEYS });
  expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "cannot-evaluate" } });
  expect(run.summary).toContain("Dependabot");
  expect(run.summary).not.toContain("comes from a fork");
  expect(lab.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await lab.mturk.calls()).toEqual([]);
});

describe("what may pay", () => {
  test("the merge queue plans what would be merged together, and pays nothing", async () => {
    const lab = await actionLab(bundle, { policy: "budgets: { acceptance: 2.00 }\n" });
    const [one, two] = [lab.propose({ "payments/a.yaml": list([0]) }), lab.propose({ "payments/b.yaml": list([1]) })];
    const first = lab.queue({ pull: one, by: "bea" });
    const second = lab.queue({ pull: two, by: "bea" }, first);
    expect(await lab.run("merge_group", { group: first })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "ready", count: "1" },
    });
    expect(await lab.run("merge_group", { group: second }), "each is within the budget, both are not").toMatchObject({
      exitCode: 1,
      outputs: { decision: "blocked", "reason-code": "problems" },
    });
    const told = await lab.run("merge_group", { group: first }, { inputs: { command: "apply" } });
    expect(told).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "wrong_ref" } });
    expect(await lab.mturk.paid()).toEqual([]);
    expect(lab.records()).toEqual([]);
  });

  test.each(["", "apply"])("a run by hand from another branch pays nothing (command: %j)", async (command) => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0]) });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea" });
    lab.pushTo("other", "bea", { "payments/more.yaml": list([1], { environment: "simulator" }) });
    const run = await lab.run("workflow_dispatch", { by: "bea", branch: "other" }, { inputs: { command } });
    if (command === "apply")
      expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "wrong_ref" } });
    else expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "nothing-to-pay" } });
    expect(await lab.mturk.calls()).toEqual([]);
    expect(lab.records()).toEqual([]);
  });

  test("a pull request's own workflow that says `command: apply` pays nothing", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0], { environment: "simulator" }) });
    const run = await lab.run("pull_request", { pull }, { inputs: { command: "apply" } });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "wrong_ref" } });
    expect(await lab.mturk.calls()).toEqual([]);
  });

  test("a run by hand from the default branch pays what a lost push left", async () => {
    const lab = await merged(list([0]));
    expect(await lab.run("workflow_dispatch", { by: "bea" })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "paid", count: "1" },
    });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  });

  test("the schedule pays what a squash title with [skip ci] left, of which the plan had warned", async () => {
    const lab = await actionLab(bundle);
    lab.pushTo("june", "bea", { "payments/june.yaml": list([0]) });
    const pull = lab.openPull({ author: "bea", branch: "june", title: "[skip ci] June bonuses" });
    await lab.run("pull_request", { pull });
    expect(lab.comments(pull)[0]).toContain("The merge would not start the payment");
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea", method: "squash" });
    expect(await lab.run("schedule", {})).toMatchObject({ exitCode: 0, outputs: { decision: "paid" } });
    expect(lab.comments(pull).map(stateOf)).toEqual(["PAID"]);
  });

  test("no variable of the job's environment moves a payment of real money to another address", async () => {
    const lab = await merged(list([0]));
    const elsewhere = "http://127.0.0.1:9";
    const env = {
      AWS_ENDPOINT_URL: elsewhere,
      AWS_ENDPOINT_URL_MTURK: elsewhere,
      MERGEPAY_SIMULATOR_URL: elsewhere,
      AWS_REGION: "eu-central-1",
    };
    const run = await lab.run("push", { by: "bea" }, { env, inputs: { "simulator-url": elsewhere } });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid" } });
    expect(lab.records()[0]).toMatchObject({ endpoint: "mturk-requester.us-east-1.amazonaws.com" });
  });

  test("three merges in a row are paid by whichever run comes first, and each keeps its result", async () => {
    const lab = await actionLab(bundle);
    const pulls = [0, 1, 2].map((n) => {
      const pull = lab.propose({ [`payments/${n}.yaml`]: list([n]) });
      lab.review({ pull, by: "cem", state: "APPROVED" });
      return pull;
    });
    const events = pulls.map((pull) => {
      const after = lab.merge({ pull, by: "bea" });
      return lab.eventFor("push", { by: "bea", after });
    });
    const counts: (string | undefined)[] = [];
    for (const event of events) counts.push((await lab.runEvent(event)).outputs["count"]);
    expect(counts).toEqual(["3", "0", "0"]);
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01", "2 1.02"]);
    expect(pulls.flatMap(lab.comments).map(stateOf)).toEqual(["PAID", "PAID", "PAID"]);
  });

  test("an old run that is repeated weeks later pays nothing", async () => {
    const lab = await merged(list([0]));
    const old = lab.eventFor("push", { by: "bea" });
    await lab.runEvent(old);
    lab.directPush("ada", { "news.txt": "" });
    await lab.mturk.control("POST", "clock", { advance: 29 * 86_400 });
    const again = await lab.runEvent({ ...old, env: { ...old.env, GITHUB_RUN_ATTEMPT: "2" } });
    expect(again).toMatchObject({ exitCode: 0, outputs: { decision: "nothing-to-pay" } });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  });
});

describe("the policy", () => {
  test("and manifests in one pull request are blocked", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0]), "payments/policy.yaml": "limits: { bonus: 50.00 }\n" });
    expect(await lab.run("pull_request", { pull })).toMatchObject({
      exitCode: 1,
      outputs: { decision: "blocked", "reason-code": "policy_and_manifests" },
    });
  });

  test("of the base branch judges a pull request that raises a limit and uses it", async () => {
    const lab = await actionLab(bundle, { policy: "limits: { bonus: 5.00 }\n" });
    const rich = list([0], { amounts: { 0: "9.00" } });
    const pull = lab.propose({ "payments/june.yaml": rich, "payments/policy.yaml": "limits: { bonus: 50.00 }\n" });
    const run = await lab.run("pull_request", { pull });
    expect(run.outputs["decision"]).toBe("blocked");
    expect(run.annotations.map(({ message }) => message).join("\n")).toContain("$5.00");
  });

  test("of before the merge holds at pay time where it was the stricter one, and of now where that is", async () => {
    for (const [before, now] of [
      ["limits: { bonus: 5.00 }\n", "limits: { bonus: 20.00 }\n"],
      ["limits: { bonus: 20.00 }\n", "limits: { bonus: 5.00 }\n"],
    ] as const) {
      const lab = await actionLab(bundle, { policy: before });
      const pull = lab.propose({ "payments/june.yaml": list([0], { amounts: { 0: "9.00" } }) });
      lab.review({ pull, by: "cem", state: "APPROVED" });
      lab.merge({ pull, by: "bea" });
      lab.directPush("ada", { "payments/policy.yaml": now });
      const run = await lab.run("schedule", {});
      expect({ before, ...run }).toMatchObject({ exitCode: 1, outputs: { decision: "failed", count: "0" } });
      expect(await lab.mturk.paid()).toEqual([]);
    }
  });

  test("payments/PAUSED stops every payment, and the job says so", async () => {
    const lab = await merged(list([0]));
    lab.directPush("ada", { "payments/PAUSED": "" });
    expect(await lab.run("schedule", {})).toMatchObject({
      exitCode: 1,
      outputs: { decision: "failed", "reason-code": "paused" },
    });
    expect(await lab.mturk.paid()).toEqual([]);
  });
});

describe("the comment", () => {
  test("with our marker by somebody else is theirs, and ours that was edited is written anew", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0]) });
    const forged = "<!-- mergepay:plan v1 -->\n## ✅ PAID: everything\n";
    lab.comment(pull, "bea", forged);
    await lab.run("pull_request", { pull });
    const [ours] = lab.state.comments.filter(({ author }) => author !== "bea");
    expect(stateOf(ours?.body)).toBe("PLAN READY");
    lab.editComment(ours?.id ?? 0, forged);
    await lab.run("pull_request", { pull, action: "synchronize" });
    expect(lab.comments(pull).map(stateOf)).toEqual(["PLAN READY"]);
    expect(lab.state.comments.filter(({ author }) => author === "bea").map(({ body }) => body)).toEqual([forged]);
  });

  test("is written by the account that the token belongs to, and found again by it", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0]) });
    const token = lab.token(["contents:read", "pull-requests:write"], "cem");
    for (const action of ["opened", "synchronize"] as const) await lab.run("pull_request", { pull, action }, { token });
    expect(lab.state.comments.map(({ author, body }) => [author, stateOf(body)])).toEqual([["cem", "PLAN READY"]]);
  });

  test("worker ids are nowhere in it, nor in summary, log, annotations, outputs or issue, where the policy masks them", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0, 1]) });
    const planned = await lab.run("pull_request", { pull });
    lab.merge({ pull, by: "bea" });
    const held = await lab.run("push", { by: "bea" });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    await lab.mturk.control("POST", "faults", {
      operation: "SendBonus",
      fault: {
        kind: "code-before",
        type: "RequestError",
        turkErrorCode: "AWS.MechanicalTurk.InvalidWorkerId",
        message: `Worker ${worker(0)} is not eligible`,
      },
    });
    const paid = await lab.run("schedule", {});
    const wrong = lab.propose({ "payments/july.yaml": list([2]).replace(worker(2), worker(3)) });
    const blocked = await lab.run("pull_request", { pull: wrong });
    expect(blocked.outputs["decision"]).toBe("blocked");
    const seen = [
      ...[planned, held, paid, blocked].flatMap(({ stdout, stderr, summary, outputs }) => [
        stdout,
        stderr,
        summary,
        JSON.stringify(outputs),
      ]),
      ...lab.state.comments.map(({ body }) => body),
      ...lab.state.issues.map(({ title, body }) => title + body),
    ];
    for (const n of [0, 1, 2, 3]) expect(seen.filter((text) => text.includes(worker(n)))).toEqual([]);
  });
});

const NO_KEYS = { "aws-access-key-id": "", "aws-secret-access-key": "" };

/** A lab whose default branch has an approved manifest that no run has seen. */
async function merged(text: string): Promise<ActionLab> {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": text });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  return lab;
}
