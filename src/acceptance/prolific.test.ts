import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { openLab, startMTurk } from "./lab.fixture.ts";
import type { Lab, MTurk } from "./lab.fixture.ts";
import { buildProgram, endAll } from "./program.fixture.ts";
import type { Ended, Program } from "./program.fixture.ts";

let program: Program;

beforeAll(async () => {
  program = await buildProgram();
});
afterAll(async () => {
  await endAll();
  await program.remove();
});

/** Ids of the small lab that the embedded Prolific begins with. */
const [ONE, TWO, OTHER_STUDY] = ["01", "02", "05"].map((n) => `60dddddddddddddddddddd${n}`) as [string, string, string];
const GROUP = "60eeeeeeeeeeeeeeeeeeee02";
const POLICY = "currency: GBP\nlimits: { bonus: 20.00, manifest: 100.00, day: 200.00, rows: 50 }\n";

function list(rows: readonly string[], more = ""): string {
  const lines = rows.map((id) => `  - { submission: ${id}, amount: 1.50 }\n`).join("");
  return `study: panel\nplatform: prolific\nenvironment: simulator\nreason: Extra round.\nbonuses:\n${lines}${more}`;
}

test.concurrent("a person comes from an empty repository to a receipt of Prolific", async (context) => {
  const { lab, prolific, run } = await prolificLab(context);
  await lab.publish("ada", {
    "payments/wave-1.yaml": list(
      [ONE, TWO, OTHER_STUDY],
      `qualifications:\n  - name: stroop-wave-1\n    grant:\n      - { worker: ${GROUP} }\n`,
    ),
  });
  succeeded(await run("validate"), /^No problems in 1 manifest \(3 bonuses\)\.\n$/);
  succeeded(await run("plan"), /^Ready to pay 3 bonuses: £4\.50 \+ at most £1\.50 fees = £6\.00, and 1 group change/);
  succeeded(await run("apply"), /^Paid 3 of 3: £6\.00 with fees/);
  expect((await state(prolific)).payments.map(({ submission, amount }) => `${submission} ${amount}`).sort()).toEqual(
    [ONE, TWO, OTHER_STUDY].map((id) => `${id} 1.50`),
  );
  expect((await state(prolific)).orders, "one for each study").toHaveLength(2);
  succeeded(await run("apply"), /^Nothing to pay/);
  succeeded(await run("status"), /^Nothing is open and nothing is held/);
  await lab.git("ada", "fetch", "--quiet");
  succeeded(await run("verify"), /^The ledger is whole: 6 records/);
  succeeded(await run("audit"), /^Everything is explained/);
  succeeded(
    await run("doctor", "--environment", "simulator"),
    /Prolific answers: the pretend Prolific is part of mergepay[\s\S]*A payment would work\./,
  );
});

test.concurrent("a run that is killed while Prolific has its order does not give it again", async (context) => {
  const { lab, prolific, run } = await prolificLab(context);
  await prolific.control("POST", "switches", { processingSeconds: 0 });
  await prolific.control("POST", "faults", { operation: "pay-bonuses", fault: { kind: "hang-after" } });
  await lab.publish("ada", { "payments/wave-1.yaml": list([ONE, TWO]) });
  const killed = await lab.start("ada", ["apply"], { env: { MERGEPAY_PROLIFIC_URL: prolific.url } });
  await prolific.reached("pay-bonuses", 1);
  killed.child.kill("SIGKILL");
  expect(await killed.ended).toMatchObject({ signal: "SIGKILL" });
  succeeded(await run("apply"), /^Paid 2 of 2: £4\.00 with fees/);
  const { orders, payments } = await state(prolific);
  expect([orders.length, payments.length]).toEqual([1, 2]);
});

test.concurrent("real money without a token asks nobody, and says where a token comes from", async (context) => {
  const { lab, run } = await prolificLab(context);
  await lab.publish("ada", { "payments/real.yaml": list([ONE]).replace("simulator", "production") });
  const planned = await run("plan");
  expect(planned).toMatchObject({ exit: 2, stdout: "" });
  expect(planned.stderr).toMatch(/there is no token for Prolific\n {2}hint: make one .* set PROLIFIC_TOKEN/);
});

interface Books {
  readonly orders: readonly unknown[];
  readonly payments: readonly { readonly submission: string; readonly amount: string }[];
}

async function state(prolific: MTurk): Promise<Books> {
  return (await prolific.control("GET", "state")) as Books;
}

/** With a ledger, a policy in pounds, and the embedded Prolific in a process of its own. */
async function prolificLab({ onTestFinished }: TestContext): Promise<{
  lab: Lab;
  prolific: MTurk;
  run: (...args: string[]) => Promise<Ended>;
}> {
  const lab = await openLab(program, { policy: POLICY });
  const folder = join(lab.folder, "prolific");
  await mkdir(folder);
  const prolific = await startMTurk(program, folder, ["--platform", "prolific"]);
  onTestFinished(async () => {
    await prolific.end("SIGKILL");
    await lab.close();
  });
  const env = { MERGEPAY_PROLIFIC_URL: prolific.url };
  return { lab, prolific, run: (...args) => lab.run("ada", args, { env }) };
}

function succeeded({ exit, stdout, stderr }: Ended, says: RegExp): void {
  expect({ exit, stderr }, stdout).toEqual({ exit: 0, stderr: "" });
  expect(stdout).toMatch(says);
}
