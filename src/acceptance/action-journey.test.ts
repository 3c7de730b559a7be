import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

test("a pull request shows it, a push changes what is shown, the review approves it, the merge pays it, and a repeated run pays nothing", async () => {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0, 1]) });

  const planned = await lab.run("pull_request", { pull });
  expect(planned.stderr).toBe("");
  expect(planned).toMatchObject({
    exitCode: 0,
    outputs: { decision: "ready", "reason-code": "ok", count: "2", total: "2.41" },
  });
  expect(planned.outputs["digest"]).toMatch(/^[0-9a-f]{12}$/);
  expect(JSON.parse(planned.outputs["result"] ?? "")).toMatchObject({
    version: 1,
    environment: "production",
    totals: { bonuses: 2, cost: "2.41" },
  });
  const [first = "", ...others] = lab.comments(pull);
  expect(others).toEqual([]);
  expect(first).toMatch(/^<!-- mergepay:plan v1 -->\n/);
  expect(stateOf(first)).toBe("PLAN READY");
  expect(stateOf(planned.summary)).toBe("PLAN READY");
  expect(first).not.toContain("Since the previous plan");

  lab.pushTo("change-1", "bea", { "payments/june.yaml": list([0, 1, 2]) });
  const again = await lab.run("pull_request", { pull, action: "synchronize" });
  expect(again.outputs).toMatchObject({ decision: "ready", count: "3", total: "3.63" });
  expect(again.outputs["digest"]).not.toBe(planned.outputs["digest"]);
  const [second = "", ...more] = lab.comments(pull);
  expect(more).toEqual([]);
  expect(second).toContain("**Since the previous plan of this pull request:** 1 row (1 added)");
  expect(await lab.mturk.paid(), "a plan pays nobody").toEqual([]);

  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  lab.requests.length = 0;
  const paid = await lab.run("push", { by: "bea" });
  expect(paid).toMatchObject({
    exitCode: 0,
    stderr: "",
    outputs: { decision: "paid", "reason-code": "ok", count: "3", total: "3.63", digest: again.outputs["digest"] },
  });
  expect(lab.said().map(stateOf)).toEqual(["PAYING", "PAID"]);
  expect(lab.comments(pull)).toHaveLength(1);
  expect(stateOf(lab.comments(pull)[0])).toBe("PAID");
  expect(stateOf(paid.summary)).toBe("PAID");
  expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01", "2 1.02"]);
  const [claim, receipt, ...rest] = lab.records();
  expect(rest).toEqual([]);
  const origin = { pullRequest: pull, author: "bea", approvers: ["cem"], actor: "bea", environment: "production" };
  expect(claim).toMatchObject({ record: "claim", ...origin, manifest: { file: "payments/june.yaml" } });
  expect(receipt).toMatchObject({ record: "receipt", ...origin, totals: { rows: 3, cost: "3.63" } });
  expect(receipt?.run).toMatch(/^https:\/\/github\.com\/lab\/payments\/actions\/runs\/\d+\/attempts\/1$/);
  expect(lab.comments(pull)[0]).toContain("000002-acceptance.receipt.json");
  expect(lab.issues()).toEqual([]);

  const repeated = await lab.run("push", { by: "bea", runAttempt: 2 });
  expect(repeated).toMatchObject({ exitCode: 0, outputs: { decision: "nothing-to-pay", count: "0", total: "0.00" } });
  expect(await lab.mturk.paid()).toHaveLength(3);
  expect(lab.records()).toHaveLength(2);
  expect(stateOf(lab.comments(pull)[0]), "the result stays").toBe("PAID");
});

test("a plan that a newer push has overtaken says so, until the newer plan takes its place", async () => {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0]) });
  const overtaken = lab.eventFor("pull_request", { pull });
  lab.pushTo("change-1", "bea", { "payments/june.yaml": list([0, 1]) });
  const late = await lab.runEvent(overtaken);
  expect(late.outputs).toMatchObject({ decision: "ready", count: "1" });
  expect(lab.comments(pull).map(stateOf)).toEqual(["SUPERSEDED"]);
  await lab.run("pull_request", { pull, action: "synchronize" });
  expect(lab.comments(pull).map(stateOf)).toEqual(["PLAN READY"]);
});

test("a job whose time is up says how far it came and passes, and the schedule goes on with the rest", async () => {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0, 1]) });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  const first = await lab.run("push", { by: "bea" }, { inputs: { "stop-after": "0m" } });
  expect(first).toMatchObject({
    exitCode: 0,
    outputs: { decision: "partial", "reason-code": "out_of_time", count: "0", total: "0.00" },
  });
  expect(lab.comments(pull)[0]).toContain("0 of 2 bonuses paid, **$0.00**, goes on at the next run");
  expect(first.summary).toContain("goes on at the next run");
  expect(lab.issues()).toEqual([]);

  const next = await lab.run("schedule", {});
  expect(next).toMatchObject({ exitCode: 0, outputs: { decision: "paid", "reason-code": "ok", count: "2" } });
  expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  expect(lab.comments(pull).map(stateOf)).toEqual(["PAID"]);
});
