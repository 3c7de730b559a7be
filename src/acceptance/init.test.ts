import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPolicy } from "../policy/read-policy.ts";
import { git, scratch } from "../repository/scratch.fixture.ts";
import { buildProgram } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";
import { atTerminal, CAN_PLAY_TERMINAL } from "./terminal.fixture.ts";
import type { Answers } from "./terminal.fixture.ts";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(() => program.remove());

const ENTER = "\r";

describe.skipIf(!CAN_PLAY_TERMINAL)("init, at a terminal (needs python3),", () => {
  test("asks, says what is wrong with an answer, and writes what was answered", async () => {
    const folder = lab();
    const { screen, exit } = await init(folder, [
      ["Whose approval", `ada bea${ENTER}`],
      ["How many", `0${ENTER}`],
      ["0 is no number from 1 to 9", `\u007f2${ENTER}`],
      ["one bonus be", `5${ENTER}`],
      ["one list cost", ENTER],
      ["one day cost", ENTER],
      ["shall have a budget", `stroop${ENTER}`],
      ["that study cost", `70.25${ENTER}`],
      ["from their own computer", ENTER],
      ["Write an example", ENTER],
    ]);
    expect({ exit, screen }).toMatchObject({ exit: 0 });
    expect(screen).toMatch(/wrote +payments\/policy\.yaml/);
    expect(await policyOf(folder)).toMatchObject({
      approvals: { required: 2, by: ["ada", "bea"], local: false },
      limits: { bonus: { minor: 500 }, manifest: { minor: 500_00 } },
      budgets: new Map([["stroop", { minor: 70_25, currency: "USD" }]]),
    });
    expect(await readdir(join(folder, "payments"))).toContain("example.yaml");
  });

  test("asks nothing that an option says, or that a policy has said already", async () => {
    const folder = lab();
    await init(
      folder,
      [["Write an example", ENTER]],
      "--approvers",
      "ada",
      "--required",
      "1",
      "--bonus",
      "5",
      "--list",
      "50",
      "--day",
      "60",
      "--study",
      "stroop",
      "--budget",
      "70",
      "--local",
    );
    expect((await policyOf(folder))?.approvals).toMatchObject({ by: ["ada"], local: true });
    const again = await init(folder, [["Write an example", ENTER]]);
    expect(again.exit).toBe(0);
    expect(again.screen).not.toMatch(/Whose approval/);
    expect(again.screen).toMatch(/kept +payments\/policy\.yaml/);
  });

  test("writes nothing where the person breaks off", async () => {
    const folder = lab();
    const { screen, exit } = await init(folder, [
      ["Whose approval", `ada${ENTER}`],
      ["How many", "\u0003"],
    ]);
    expect(exit).toBe(2);
    expect(screen).toMatch(/Nothing was written/);
    expect(await readdir(folder)).toEqual([".git"]);
  });
});

/** A clone of a remote with a default branch and nothing in it. */
function lab(): string {
  const { clone } = scratch();
  const folder = clone("lab");
  git(folder, "rm", "--quiet", "-r", "payments");
  git(folder, "commit", "--quiet", "--message", "begin", "--allow-empty");
  git(folder, "push", "--quiet", "origin", "main");
  return folder;
}

function init(folder: string, answers: Answers, ...options: readonly string[]) {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    TERM: "xterm",
    NODE_DISABLE_COMPILE_CACHE: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  return atTerminal([process.execPath, program.cli, "init", ...options], answers, { cwd: folder, env });
}

async function policyOf(folder: string) {
  const bytes = await readFile(join(folder, "payments/policy.yaml"));
  return readPolicy({ path: "payments/policy.yaml", kind: "file", bytes }).policy;
}
