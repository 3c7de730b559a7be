import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

let program: Program;
let lab: Lab;

beforeAll(async () => {
  program = await buildProgram();
  lab = await openLab(program);
});
afterAll(async () => {
  await lab.close();
  await endAll();
  await program.remove();
});

const FILE = "payments/mturk-calibration.yaml";

test("what calibrate found is written, named in the policy, and told by plan and doctor where it is worse than assumed", async () => {
  await lab.mturk.control("POST", "switches", { failedCallBurnsToken: true });
  const { exit, stdout } = await lab.run("ada", ["calibrate", "--environment", "simulator", "--json"]);
  expect(exit).toBe(3);
  const printed = JSON.parse(stdout) as { facts: { id: string; value: string; says: string; worse?: object }[] };
  expect(printed).toMatchObject({ environment: "simulator", file: FILE });
  expect(printed.facts.filter(({ worse }) => worse).map(({ id, value }) => `${id}: ${value}`)).toEqual([
    "failed-order-uses-token: yes",
  ]);
  const text = await readFile(join(await lab.clone("ada"), FILE), "utf8");
  for (const { id, value } of printed.facts) expect(text).toMatch(new RegExp(`  ${id}: "?${value}"?\n`));

  await lab.publish("ada", { "payments/policy.yaml": `calibration: ${FILE}\n` });
  const plan = await lab.run("ada", ["validate"]);
  expect(plan.exit).toBe(0);
  expect(plan.stdout.replaceAll(/\s+/g, " ")).toContain("cannot be ordered again within a day");
  const doctor = await lab.run("ada", ["doctor", "--environment", "simulator", "--json"]);
  expect(JSON.parse(doctor.stdout)).toMatchObject({
    checks: expect.arrayContaining([
      expect.objectContaining({
        id: "calibrated",
        state: "missing",
        found: expect.stringContaining("measured in the simulator on"),
      }),
    ]) as unknown,
  });
});

test("production is refused before anything is asked", async () => {
  const before = (await lab.mturk.calls()).length;
  const ended = await lab.run("ada", ["calibrate", "--environment", "production"]);
  expect(ended).toMatchObject({ exit: 2, stdout: "", stderr: expect.stringContaining("never with real money") });
  expect(await lab.mturk.calls()).toHaveLength(before);
});

test("where the file cannot be written, nothing is asked", async () => {
  const before = (await lab.mturk.calls()).length;
  const ended = await lab.run("ada", ["calibrate", "--environment", "simulator", "--output", "nowhere/facts.yaml"]);
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining("nowhere/facts.yaml cannot be written") });
  expect(await lab.mturk.calls()).toHaveLength(before);
});
