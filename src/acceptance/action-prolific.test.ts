import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ActionResult } from "../github/loopback/runner.fixture.ts";
import { startSimulator } from "../platforms/prolific/simulator/server.ts";
import { SIMULATOR_TOKEN } from "../platforms/prolific/simulator/example-world.ts";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, closeLabs, stateOf } from "./action-lab.fixture.ts";
import type { ActionLab } from "./action-lab.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

/** Ids of the small lab that the embedded Prolific begins with. */
const [ONE, TWO, OTHER_STUDY] = ["01", "02", "05"].map((n) => `60dddddddddddddddddddd${n}`) as [string, string, string];
const POLICY = "currency: GBP\nlimits: { bonus: 20.00, manifest: 100.00, day: 200.00, rows: 50 }\n";

function list(ids: readonly string[]): string {
  const rows = ids.map((id) => `  - { submission: ${id}, amount: 1.50 }\n`).join("");
  return `study: panel\nplatform: prolific\nenvironment: production\nreason: Extra round.\nbonuses:\n${rows}`;
}

test("a pull request shows what Prolific would be paid, the review approves it, the merge pays it once, and the daily audit explains every penny", async () => {
  const { lab, prolific, run } = await prolificLab();
  const pull = lab.propose({ "payments/panel.yaml": list([ONE, TWO, OTHER_STUDY]) });
  const planned = await run("pull_request", { pull });
  expect(planned).toMatchObject({
    exitCode: 0,
    stderr: "",
    outputs: { decision: "ready", "reason-code": "ok", count: "3", total: "6.00" },
  });
  const [comment = ""] = lab.comments(pull);
  expect(stateOf(comment)).toBe("PLAN READY");
  expect(comment).toContain("£4.50");
  expect(comment, "the worker will not see the reason").toMatch(/reason/i);
  expect(await prolific.orders(), "a plan orders nothing").toEqual([]);

  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  const paid = await run("push", { by: "bea" });
  expect(paid).toMatchObject({ exitCode: 0, stderr: "", outputs: { decision: "paid", count: "3", total: "6.00" } });
  expect(stateOf(lab.comments(pull)[0])).toBe("PAID");
  expect(await prolific.paid()).toEqual([ONE, TWO, OTHER_STUDY].map((id) => `${id} 1.50`));
  expect(await prolific.orders(), "one for each study").toHaveLength(2);
  expect(lab.records()).toMatchObject([{ record: "claim", platform: "prolific", approvers: ["cem"] }, {}, {}, {}]);

  const repeated = await run("push", { by: "bea", runAttempt: 2 });
  expect(repeated).toMatchObject({ exitCode: 0, outputs: { decision: "nothing-to-pay", count: "0" } });
  expect(await prolific.orders()).toHaveLength(2);
  const audited = await run("schedule", {}, { command: "audit" });
  expect(audited.summary).toContain("explained £4.50 of £4.50 in 3 bonuses");
  for (const { stdout, summary } of [planned, paid, audited])
    expect(stdout.replaceAll(/^::add-mask::.*$/gm, "") + summary).not.toContain(SIMULATOR_TOKEN);
});

test("an order that Prolific takes and does not answer is held open, and the next run finds it and orders nothing", async () => {
  const { lab, prolific, run } = await prolificLab();
  await prolific.control("faults", { operation: "pay-bonuses", fault: { kind: "drop-after" } });
  const pull = lab.propose({ "payments/panel.yaml": list([ONE, TWO]) });
  await run("pull_request", { pull });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  await run("push", { by: "bea" });
  await run("schedule", {});
  expect(await prolific.orders()).toHaveLength(1);
  expect(await prolific.paid()).toEqual([ONE, TWO].map((id) => `${id} 1.50`));
  expect(lab.records().at(-1)).toMatchObject({ record: "receipt", totals: { rows: 2 } });
});

test("a fork has no token: its list is checked offline, Prolific is not asked, and the summary says so", async () => {
  const { lab, prolific, run } = await prolificLab();
  const pull = lab.propose({ "payments/panel.yaml": list([ONE]) }, "eve", "eve:panel");
  const planned = await run("pull_request", { pull }, { "prolific-token": "" });
  expect(planned).toMatchObject({ outputs: { decision: "cannot-evaluate", "reason-code": "fork", count: "1" } });
  expect(planned.summary).toContain("comes from a fork");
  expect(await prolific.calls()).toEqual([]);
});

test("a merge without the token pays nobody, and says where a token comes from", async () => {
  const { lab, prolific, run } = await prolificLab();
  const pull = lab.propose({ "payments/panel.yaml": list([ONE]) });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  const failed = await run("push", { by: "bea" }, { "prolific-token": "" });
  expect(failed.exitCode).not.toBe(0);
  expect(failed.summary).toContain("there is no token for Prolific");
  expect(await prolific.orders()).toEqual([]);
});

interface Books {
  readonly orders: readonly unknown[];
  readonly payments: readonly { readonly submission: string; readonly amount: string }[];
}

interface LabProlific {
  readonly control: (path: string, body: unknown) => Promise<unknown>;
  readonly orders: () => Promise<readonly unknown[]>;
  /** Submission and amount, in the order of their ids. */
  readonly paid: () => Promise<readonly string[]>;
  readonly calls: () => Promise<readonly unknown[]>;
}

/** A lab that pays in pounds, whose workflow has a Prolific token and finds an embedded Prolific at Prolific's address. */
async function prolificLab(): Promise<{
  lab: ActionLab;
  prolific: LabProlific;
  run: (
    name: "pull_request" | "push" | "schedule",
    event: object,
    inputs?: Readonly<Record<string, string>>,
  ) => Promise<ActionResult>;
}> {
  const { url, close } = await startSimulator();
  const lab = await actionLab(bundle, { policy: POLICY });
  onTestFinished(close);
  const ask = async (method: "GET" | "POST", path: string, body?: unknown) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/_simulator/${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  await ask("POST", "switches", { processingSeconds: 0 });
  const books = async () => (await ask("GET", "state")) as Books;
  return {
    lab,
    prolific: {
      control: (path, body) => ask("POST", path, body),
      orders: async () => (await books()).orders,
      paid: async () => (await books()).payments.map(({ submission, amount }) => `${submission} ${amount}`).sort(),
      calls: async () => (await ask("GET", "calls")) as readonly unknown[],
    },
    run: (name, event, inputs) =>
      lab.run(name, event, {
        inputs: { "prolific-token": SIMULATOR_TOKEN, ...inputs },
        env: { TEST_PROLIFIC: url },
      }),
  };
}
