import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ActionResult } from "../github/loopback/runner.fixture.ts";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";
import { deskOf, type End, fileOf, HISTORIES } from "./action-histories.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

const NAMES = Object.keys(HISTORIES);

describe("of all the ways to the default branch, told in one repository and paid by one run", () => {
  let lab: ActionLab;
  let run: ActionResult;
  let paid: readonly string[];

  beforeAll(async () => {
    lab = await actionLab(bundle, { assignments: NAMES.length });
    NAMES.forEach((name, row) => HISTORIES[name]?.[0](deskOf(lab, row)));
    run = await lab.run("push", { by: "bea" });
    paid = (await lab.mturk.paid()).map((line) => line.split(" ")[0] ?? "");
  });

  test.each(NAMES)("%s", (name) => {
    const row = NAMES.indexOf(name);
    const end = HISTORIES[name]?.[1];
    expect([heldIn(run).get(fileOf(row)) ?? "paid", paid.includes(String(row))]).toEqual([end, end === "paid"]);
  });

  test("what was approved is paid, the job is red, and one issue names the manifests that wait, and counts those it has no room for", () => {
    const waiting = NAMES.filter((name) => HISTORIES[name]?.[1] !== "paid");
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: "",
      outputs: { decision: "partial", count: String(NAMES.length - waiting.length) },
    });
    const [issue, ...others] = lab.issues();
    expect(others).toEqual([]);
    expect(issue?.title).toBe(`Payments need a person: ${waiting.length} manifests held`);
    const named = waiting.filter((name) => issue?.body?.includes(`\`${fileOf(NAMES.indexOf(name))}\``));
    expect(named.length).toBeGreaterThan(20);
    expect(issue?.body).toContain(`${waiting.length - named.length} of ${waiting.length} held manifests`);
  });
});

test("without an approval nothing is paid, the job is red, and an issue is opened; approved later, the schedule pays and closes it", async () => {
  const lab = await actionLab(bundle);
  const pull = lab.propose({ "payments/june.yaml": list([0]) });
  lab.merge({ pull, by: "bea" });
  const held = await lab.run("push", { by: "bea" });
  expect(held).toMatchObject({
    exitCode: 1,
    outputs: { decision: "held", "reason-code": "approval_missing", count: "0", total: "0.00" },
  });
  expect(await lab.mturk.paid()).toEqual([]);
  expect(lab.records()).toEqual([]);
  expect(lab.comments(pull).map(stateOf)).toEqual(["HELD"]);
  expect(lab.issues()).toMatchObject([
    { title: "Payments need a person: 1 manifest held", body: expect.stringContaining("payments/june.yaml") },
  ]);
  const still = await lab.run("schedule", {});
  expect(still.outputs["decision"]).toBe("held");
  expect(lab.issues(), "one issue, not one a day").toHaveLength(1);

  lab.review({ pull, by: "cem", state: "APPROVED" });
  expect(await lab.run("schedule", {})).toMatchObject({ exitCode: 0, outputs: { decision: "paid", total: "1.20" } });
  expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  expect(lab.comments(pull).map(stateOf)).toEqual(["PAID"]);
  expect(lab.issues()).toEqual([]);
  expect(lab.state.issues).toMatchObject([{ state: "closed" }]);
});

describe("the policy may ask for more than one, and name who counts", () => {
  const POLICY = "approvals: { required: 1, by: [ada, Cem], above: { amount: 5.00, required: 2 } }\n";
  const cases: readonly [string, string, readonly string[], End][] = [
    ["a listed person", "1.00", ["cem"], "paid"],
    ["somebody who is not listed", "1.00", ["gil"], "approval_not_allowed"],
    ["one listed person, for more than the amount", "5.00", ["cem"], "approval_missing"],
    ["one listed person and one who is not, for more than the amount", "5.00", ["cem", "gil"], "approval_missing"],
    ["two listed people, for more than the amount", "5.00", ["cem", "ada"], "paid"],
  ];

  test("what they approve is paid, and no more", async () => {
    const lab = await actionLab(bundle, { policy: POLICY });
    lab.addUser("gil", { permission: "write", email: "gil@example.org" });
    cases.forEach(([, amount, people], row) => {
      const desk = deskOf(lab, row);
      const pull = lab.propose({ [desk.file]: desk.text({ amounts: { [row]: amount } }) });
      for (const by of people) desk.approve(pull, by);
      lab.merge({ pull, by: "bea" });
    });
    const held = heldIn(await lab.run("push", { by: "bea" }));
    const ends = cases.map(([who], row) => [who, held.get(fileOf(row)) ?? "paid"]);
    expect(ends).toEqual(cases.map(([who, , , end]) => [who, end]));
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "4 5.00"]);
  });
});

/** File → code, of the manifests that wait. */
function heldIn({ outputs }: ActionResult): ReadonlyMap<string, string> {
  const { heldManifests } = JSON.parse(outputs["result"] ?? "") as {
    heldManifests: readonly { readonly file: string; readonly code: string }[];
  };
  return new Map(heldManifests.map(({ file, code }) => [file, code]));
}
