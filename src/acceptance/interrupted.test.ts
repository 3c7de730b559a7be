import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { paidOnce } from "./books.fixture.ts";
import { manifest, openLab } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll, NODES, until } from "./program.fixture.ts";
import type { Program } from "./program.fixture.ts";

const ROWS = [0, 1, 2, 3, 4];

/** So that it is known which call a run has come to. */
const ONE_BY_ONE = ["apply", "--at-once", "1"];

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

describe.concurrent("a run that is asked to stop", () => {
  test.for(["SIGTERM", "SIGINT"] as const)(
    "ends after the payments in flight and writes their receipt: %s",
    async (signal, context) => {
      const lab = await labWithManifest(context);
      await lab.mturk.control("POST", "faults", {
        operation: "SendBonus",
        after: 1,
        fault: { kind: "delay", ms: 700 },
      });
      const apply = await lab.start("ada", ONE_BY_ONE);
      await until("the second bonus is in flight", async () => (await lab.mturk.bonuses()).length === 1 || undefined);
      await until("its look is over", async () => (await faultsLeft(lab)) === 0 || undefined);
      apply.child.kill(signal);
      const ended = await apply.ended;
      expect(ended).toMatchObject({
        exit: 3,
        stderr: expect.stringContaining("stopping after the payments in flight"),
      });
      expect(ended.stdout).toMatch(/^Stopped after 2 of 5/);
      expect(ended.stdout).toContain("Receipt on the branch receipts");
      expect(await lab.mturk.bonuses()).toHaveLength(2);
      expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 0 });

      expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Paid 3 of 3/) });
      await paidOnce(lab, ROWS);
    },
  );

  test("by its time, ends what is in flight, and the next run goes on without anybody doing anything", async (context) => {
    const lab = await labWithManifest(context);
    await lab.mturk.control("POST", "faults", {
      operation: "SendBonus",
      after: 1,
      fault: { kind: "delay", ms: 700 },
    });
    const apply = await lab.start("ada", [...ONE_BY_ONE, "--stop-after", "30m"]);
    await until("the second bonus is in flight", async () => (await faultsLeft(lab)) === 0 || undefined);
    await lab.mturk.control("POST", "clock", { advance: 60 * 60 });
    const ended = await apply.ended;
    expect(ended).toMatchObject({ exit: 3, stderr: "" });
    expect(ended.stdout).toMatch(/^Paid 2 of 5 so far: .* and the next run goes on/);
    expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 0 });
    await paidOnce(lab, [0, 1]);

    expect(await lab.run("ada", ["apply", "--stop-after", "30m"])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^Paid 3 of 3/),
    });
    await paidOnce(lab, ROWS);
  });

  test("ends at once when it is asked a second time", async (context) => {
    const lab = await labWithManifest(context);
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 1, fault: { kind: "hang-after" } });
    const apply = await lab.start("ada", ONE_BY_ONE);
    await lab.mturk.reached("SendBonus", 2);
    apply.child.kill("SIGINT");
    await until("it has heard", () => apply.stderr().includes("stopping after") || undefined);
    apply.child.kill("SIGINT");
    expect(await apply.ended).toMatchObject({ exit: 130, stdout: "" });
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    await paidOnce(lab, ROWS);
  });
});

describe.concurrent("two runs at the same time", () => {
  test.for(NODES)(
    "pay each bonus once between them, and a third one finds nothing left, with %s",
    async (node, context) => {
      const lab = await labWithManifest(context);
      const both = [await lab.start("ada", ["apply"]), await lab.start("bob", ["apply"], { node })];
      const ends = await Promise.all(both.map(({ ended }) => ended));
      for (const { exit, stderr } of ends) {
        expect([0, 1, 3]).toContain(exit);
        expect(stderr).not.toContain("should not happen");
      }
      expect(await lab.run("eve", ["apply"])).toMatchObject({ exit: 0, stderr: "" });
      await paidOnce(lab, ROWS);
    },
  );

  test("one that begins while another is at work leaves its rows alone, and says so", async (context) => {
    const lab = await labWithManifest(context);
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 2, fault: { kind: "hang-after" } });
    const first = await lab.start("ada", ONE_BY_ONE);
    await lab.mturk.reached("SendBonus", 3);
    const second = await lab.run("bob", ["apply"]);
    expect(second.exit).not.toBe(0);
    expect(second.stdout).toMatch(/another run|at work|still running/i);
    first.child.kill("SIGKILL");
    await first.ended;
    await lab.mturk.control("DELETE", "faults");
    expect(await lab.run("bob", ["apply"])).toMatchObject({ exit: 0 });
    await paidOnce(lab, ROWS);
  });
});

async function labWithManifest({ onTestFinished }: TestContext): Promise<Lab> {
  const lab = await openLab(program);
  onTestFinished(() => lab.close());
  await lab.publish("ada", { "payments/wave-1.yaml": manifest(ROWS) });
  return lab;
}

async function faultsLeft({ mturk }: Lab): Promise<number> {
  return ((await mturk.control("GET", "faults")) as unknown[]).length;
}
