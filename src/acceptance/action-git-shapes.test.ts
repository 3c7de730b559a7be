import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ActionResult } from "../github/loopback/runner.fixture.ts";
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

type Files = Parameters<ActionLab["propose"]>[0];

const JUNE = "payments/june.yaml";

/** Shapes in which one manifest says what it said. */
const SAME_DIGEST = new Set([
  "its file is renamed",
  "its file is moved into a folder",
  "its rows are written in another order",
  "its file gets comments and the line ends of Windows",
]);

describe("what is paid stays paid and is not paid again, when", () => {
  const rows = list([0, 1])
    .split("\n")
    .filter((line) => line.startsWith("  - "));
  const head = list([]).trimEnd();
  const shapes: Readonly<Record<string, Files>> = {
    "its file is renamed": { [JUNE]: null, "payments/renamed.yaml": list([0, 1]) },
    "its file is moved into a folder": { [JUNE]: null, "payments/2026/june.yaml": list([0, 1]) },
    "its file is split in two": { [JUNE]: null, "payments/a.yaml": list([0]), "payments/b.yaml": list([1]) },
    "its rows are written in another order": { [JUNE]: `${head}\n${rows.toReversed().join("\n")}\n` },
    "its file gets comments and the line ends of Windows": {
      [JUNE]: `# paid\n${list([0, 1])}`.replaceAll("\n", "\r\n"),
    },
    "its reason is worded otherwise": { [JUNE]: list([0, 1], { reason: "Many thanks." }) },
    "its file is deleted": { [JUNE]: null },
  };

  let lab: ActionLab;
  let paidDigest: string | undefined;
  beforeAll(async () => {
    lab = await paidLab(actionLab(bundle), list([0, 1]));
    paidDigest = (await lab.run("schedule", {})).outputs["digest"];
  });

  test.each(Object.entries(shapes))("%s", async (shape, files) => {
    const pull = lab.propose(files);
    expect(await lab.run("pull_request", { pull })).toMatchObject({
      exitCode: 0,
      outputs: {
        decision: "nothing-to-pay",
        count: "0",
        total: "0.00",
        ...(SAME_DIGEST.has(shape) ? { digest: paidDigest } : {}),
      },
    });
    lab.closePull(pull);
  });

  test("all of this happens one after another, and it comes again under a new name", async () => {
    let before: string[] = [JUNE];
    for (const files of [...Object.values(shapes), { "payments/again.yaml": list([0, 1]) }]) {
      const gone = Object.fromEntries(before.map((file) => [file, null]));
      lab.merge({ pull: approved(lab, { ...gone, ...files }), by: "bea" });
      before = Object.entries(files).flatMap(([file, text]) => (text === null ? [] : [file]));
    }
    expect(await lab.run("push", { by: "bea" })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "nothing-to-pay" },
    });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
    expect(lab.records()).toHaveLength(2);
  });
});

describe("what is paid is not paid again, when", () => {
  test("two files are joined", async () => {
    const lab = await paidLab(actionLab(bundle), list([0]), { "payments/july.yaml": list([1]) });
    const { plan } = await through(lab, { "payments/july.yaml": null, [JUNE]: list([0, 1]) });
    expect(plan.outputs["decision"]).toBe("nothing-to-pay");
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });

  test("its pull request is reverted, which the plan says takes no money back, and the revert is reverted", async () => {
    const lab = await paidLab(actionLab(bundle), list([0, 1]));
    const revert = lab.revert(1, "bea");
    const plan = await lab.run("pull_request", { pull: revert });
    expect(plan).toMatchObject({ exitCode: 0, outputs: { decision: "nothing-to-pay" } });
    expect(lab.comments(revert)[0]).toContain("takes out 2 paid rows, which does not take money back");
    lab.merge({ pull: revert, by: "bea" });
    expect((await lab.run("push", { by: "bea" })).outputs["decision"]).toBe("nothing-to-pay");
    const again = lab.revert(revert, "bea");
    expect((await lab.run("pull_request", { pull: again })).outputs["decision"]).toBe("nothing-to-pay");
    lab.merge({ pull: again, by: "bea" });
    expect(await lab.run("push", { by: "bea" })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "nothing-to-pay" },
    });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });

  test("the default branch is rewritten", async () => {
    const lab = await paidLab(actionLab(bundle), list([0]));
    const first = lab.state.git.run("rev-list", "--max-parents=0", "main");
    lab.forcePush("main", "ada", first);
    lab.directPush("ada", { [JUNE]: list([0, 1]) });
    const run = await lab.run("push", { by: "ada", forced: true });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "held", "reason-code": "unapproved_direct_push" } });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  });
});

describe("a change of what is paid", () => {
  test("is blocked in the pull request, with the receipt's name, and pays nothing where it is merged all the same", async () => {
    const lab = await paidLab(actionLab(bundle), list([0, 1]));
    const { plan, pay } = await through(lab, { [JUNE]: list([0, 1], { amounts: { 0: "2.00" } }) });
    expect(plan).toMatchObject({ exitCode: 1, outputs: { decision: "blocked", "reason-code": "problems" } });
    expect(plan.annotations).toMatchObject([
      { level: "error", file: JUNE, line: 6, message: expect.stringContaining("000002-acceptance.receipt.json") },
    ]);
    expect(pay).toMatchObject({ exitCode: 1, outputs: { count: "0" } });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });

  test("may add a row, which alone is paid", async () => {
    const lab = await paidLab(actionLab(bundle), list([0, 1]));
    const { plan, pay } = await through(lab, { [JUNE]: list([0, 1, 2]) });
    expect(plan.outputs).toMatchObject({ decision: "ready", count: "1", total: "1.22" });
    expect(pay.outputs).toMatchObject({ decision: "paid", count: "1", total: "1.22" });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01", "2 1.02"]);
  });
});

describe("what is not paid yet", () => {
  test("is cancelled by a revert, and says so", async () => {
    const lab = await actionLab(bundle);
    const pull = approved(lab, { [JUNE]: list([0]) });
    lab.merge({ pull, by: "bea" });
    const revert = lab.revert(pull, "bea");
    await lab.run("pull_request", { pull: revert });
    expect(lab.comments(revert)[0]).toMatch(/cancels? 1 .*row|1 .*row.*cancel/i);
    lab.merge({ pull: revert, by: "bea" });
    expect(await lab.run("push", { by: "bea" })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "nothing-to-pay" },
    });
    expect(await lab.mturk.paid()).toEqual([]);
  });

  test("never existed where one pull request adds it and takes it out again, however it is merged", async () => {
    const lab = await actionLab(bundle);
    for (const [n, method] of (["merge", "squash", "rebase"] as const).entries()) {
      const [file, branch] = [`payments/${method}.yaml`, `by-${method}`];
      const pull = lab.propose({ [file]: list([n, n + 3]) }, "bea", branch);
      lab.pushTo(branch, "bea", { [file]: list([n]) });
      lab.review({ pull, by: "cem", state: "APPROVED" });
      lab.merge({ pull, by: "bea", method });
    }
    expect((await lab.run("push", { by: "bea" })).outputs).toMatchObject({ decision: "paid", count: "3" });
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01", "2 1.02"]);
  });

  test("is paid once where two pull requests ask for it: the second is blocked, and merged all the same it pays nothing", async () => {
    const lab = await actionLab(bundle);
    const one = approved(lab, { "payments/a.yaml": list([0]) });
    const two = approved(lab, { "payments/b.yaml": list([0, 1]) });
    const group = lab.queue({ pull: two, by: "bea" }, lab.queue({ pull: one, by: "bea" }));
    expect(await lab.run("merge_group", { group })).toMatchObject({ exitCode: 1, outputs: { decision: "blocked" } });
    lab.merge({ pull: one, by: "bea" });
    expect((await lab.run("push", { by: "bea" })).outputs["decision"]).toBe("paid");
    expect(await lab.run("pull_request", { pull: two, action: "synchronize" })).toMatchObject({
      exitCode: 1,
      outputs: { decision: "blocked" },
    });
    lab.merge({ pull: two, by: "bea" });
    expect(await lab.run("push", { by: "bea" })).toMatchObject({
      exitCode: 1,
      outputs: { decision: "failed", "reason-code": "problems" },
    });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  });

  test("is refused as a symlink or a submodule", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({
      "payments/link.yaml": { mode: "120000", text: "../secret.yaml" },
      "payments/module.yaml": { mode: "160000", commit: "1234567890123456789012345678901234567890" },
    });
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "blocked" } });
    expect(run.annotations).toMatchObject([
      { level: "error", file: "payments/link.yaml" },
      { level: "error", file: "payments/module.yaml" },
    ]);
  });
});

/** Pull request 1 with the manifest, and further files, is paid. */
async function paidLab(opening: Promise<ActionLab>, text: string, more: Files = {}): Promise<ActionLab> {
  const lab = await opening;
  lab.merge({ pull: approved(lab, { [JUNE]: text, ...more }), by: "bea" });
  const run = await lab.run("push", { by: "bea" });
  expect(run.outputs["decision"]).toBe("paid");
  return lab;
}

function approved(lab: ActionLab, files: Files): number {
  const pull = lab.propose(files);
  lab.review({ pull, by: "cem", state: "APPROVED" });
  return pull;
}

/** A change on its whole way: planned, approved, merged, and the run of its push. */
async function through(lab: ActionLab, files: Files): Promise<{ plan: ActionResult; pay: ActionResult }> {
  const pull = approved(lab, files);
  const plan = await lab.run("pull_request", { pull });
  lab.merge({ pull, by: "bea" });
  const pay = await lab.run("push", { by: "bea" });
  expect(stateOf(lab.comments(pull)[0])).toBeDefined();
  return { plan, pay };
}
