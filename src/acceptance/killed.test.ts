import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { ledgerIsWhole, paidOnce } from "./books.fixture.ts";
import { manifest, openLab, owed, paid, startMTurk, writeHook } from "./lab.fixture.ts";
import type { Lab } from "./lab.fixture.ts";
import { buildProgram, endAll, NODES, until } from "./program.fixture.ts";
import type { Ended, Program } from "./program.fixture.ts";

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

describe.concurrent("a run that is killed pays nothing twice and loses nothing: the next run finishes its work", () => {
  test.for(ROWS.map((row) => row + 1))(
    "killed in the middle of bonus %i, before and after MTurk has paid it",
    async (nth, context) => {
      const killedAt = async (kind: "hang-before" | "hang-after") => {
        const lab = await labWithManifest(context);
        await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: nth - 1, fault: { kind } });
        const apply = await lab.start("ada", ONE_BY_ONE);
        await lab.mturk.reached("SendBonus", nth);
        apply.child.kill("SIGKILL");
        expect((await apply.ended).signal).toBe("SIGKILL");
        expect(await lab.mturk.bonuses()).toHaveLength(kind === "hang-before" ? nth - 1 : nth);

        expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 3, stdout: expect.stringContaining("5 open") });
        expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0, stderr: "" });
        await paidOnce(lab, ROWS);
      };
      await Promise.all([killedAt("hang-before"), killedAt("hang-after")]);
    },
  );

  test.for(NODES)("killed again and again, each time one call further, with %s", async (node, context) => {
    const lab = await labWithManifest(context);
    const made = async () => (await lab.mturk.calls()).length;
    let ended: Ended | undefined;
    let runs = 0;
    for (let calls = 1; ended?.exit !== 0; calls += 3) {
      const before = await made();
      const apply = await lab.start("ada", ONE_BY_ONE, { node });
      const over = apply.ended.then(() => "over" as const);
      await until(
        `${calls} calls`,
        async () => (await Promise.race([over, made()])) === "over" || (await made()) - before >= calls || undefined,
      );
      apply.child.kill("SIGKILL");
      ended = await apply.ended;
      expect(++runs).toBeLessThan(30);
    }
    await paidOnce(lab, ROWS);
  });

  test("killed while its claim is on the way, which arrives after its death", async (context) => {
    const { lab, gate } = await killedOnTheWay(context);
    await gate.open();
    expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 3, stdout: expect.stringContaining("5 open") });
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0, stderr: "" });
    await paidOnce(lab, ROWS);
  });

  test("killed while its claim is on the way, which arrives when another run has paid already", async (context) => {
    const { lab, gate } = await killedOnTheWay(context);
    await gate.letOthersPass();
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0, stderr: "" });
    await gate.open();
    await paidOnce(lab, ROWS);
  });
});

describe.concurrent("a network that goes away in the middle of a run", () => {
  test("and comes back: the next run finishes, each bonus once", async (context) => {
    const lab = await labWithManifest(context);
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 2, fault: { kind: "hang-after" } });
    const apply = await lab.start("ada", ONE_BY_ONE);
    await lab.mturk.reached("SendBonus", 3);
    await lab.mturk.end("SIGKILL");
    const cut = await apply.ended;
    expect([2, 3]).toContain(cut.exit);
    expect(cut.stderr).not.toContain("should not happen");

    const mturk = await startMTurk(program, lab.folder, ["--port", String(lab.mturk.port)]);
    expect(await mturk.bonuses()).toHaveLength(3);
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0, stderr: "" });
    expect(paid(await mturk.bonuses())).toEqual(owed(ROWS));
    await ledgerIsWhole(lab, ROWS);
    expect(await mturk.end("SIGTERM")).toMatchObject({ exit: 0, stderr: "" });
  });

  test("the remote's: what was paid is open until the remote is back, and then it has its receipt", async (context) => {
    const lab = await labWithManifest(context);
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", after: 4, fault: { kind: "delay", ms: 500 } });
    const apply = await lab.start("ada", ONE_BY_ONE);
    await until("four are paid", async () => (await lab.mturk.bonuses()).length >= 4 || undefined);
    await writeHook(lab, "exit 1");
    const ended = await apply.ended;
    expect(ended.exit).toBe(3);
    expect(ended.stdout).toMatch(/^Stopped after 5 of 5/);
    expect(ended.stdout.replaceAll(/\s+/g, " ")).toMatch(/ledger cannot be written.*next: .*mergepay apply/);
    await rm(join(lab.remote, "hooks/pre-receive"));
    expect(await lab.run("ada", ["status"])).toMatchObject({ exit: 3, stdout: expect.stringContaining("5 open") });
    expect(await lab.run("ada", ["apply"])).toMatchObject({ exit: 0 });
    await paidOnce(lab, ROWS);
  });
});

async function labWithManifest({ onTestFinished }: TestContext): Promise<Lab> {
  const lab = await openLab(program);
  onTestFinished(() => lab.close());
  await lab.publish("ada", { "payments/wave-1.yaml": manifest(ROWS) });
  return lab;
}

async function killedOnTheWay(context: TestContext): Promise<{ lab: Lab; gate: Gate }> {
  const lab = await labWithManifest(context);
  const gate = await gateOnPush(lab);
  const apply = await lab.start("ada", ONE_BY_ONE);
  await gate.reached();
  apply.child.kill("SIGKILL");
  await apply.ended;
  return { lab, gate };
}

interface Gate {
  reached(): Promise<void>;
  letOthersPass(): Promise<void>;
  /** Lets the push in, and waits until it is over. */
  open(): Promise<void>;
}

/** The first push to the ledger waits in the remote until it is let in. */
async function gateOnPush(lab: Lab): Promise<Gate> {
  const { here, go, over, pass } = {
    here: join(lab.folder, "here"),
    go: join(lab.folder, "go"),
    over: join(lab.folder, "over"),
    pass: join(lab.folder, "pass"),
  };
  await writeHook(
    lab,
    `if [ -e '${pass}' ] || [ -e '${go}' ]; then exit 0; fi
trap "touch '${over}'" EXIT
touch '${here}'
tries=0
while [ ! -e '${go}' ] && [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries+1)); done
exit 0
`,
  );
  const there = (file: string) => until(file, () => existsSync(file) || undefined).then(() => undefined);
  return {
    reached: () => there(here),
    letOthersPass: () => writeFile(pass, ""),
    open: async () => {
      await writeFile(go, "");
      await there(over);
      // After its hooks git still has to move the branch, or to find that it was moved.
      await until("the push is over", async () => !(await gitAtWork(lab.remote)) || undefined);
    },
  };
}

async function gitAtWork(remote: string): Promise<boolean> {
  const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.some((line) => line.includes("receive-pack") && line.includes(remote));
}
