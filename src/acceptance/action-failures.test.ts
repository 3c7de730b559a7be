import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../github/loopback/faults.fixture.ts";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list, stateOf } from "./action-lab.fixture.ts";
import { assignmentId } from "./lab.fixture.ts";
import { until } from "./program.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

const COMMENTS = "* /repos/*/*/issues/**";
const JUNE = "payments/june.yaml";

describe("where nothing can be posted", () => {
  const faults: readonly Fault[] = [
    { kind: "forbidden" },
    { kind: "body-too-long" },
    { kind: "server-error" },
    { kind: "secondary-limit", retryAfterSeconds: 60 },
    { kind: "drop", when: "before" },
    { kind: "not-json" },
  ];

  test.each(faults)("the verdict of a plan is the same ($kind)", async (fault) => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ [JUNE]: list([0]) });
    lab.faults.next(COMMENTS, fault, 1000);
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "ready", "reason-code": "ok", count: "1" } });
    expect(stateOf(run.summary)).toBe("PLAN READY");
    expect(run.annotations).toMatchObject([{ level: "warning", message: expect.stringContaining("comment") }]);
    expect(lab.comments(pull)).toEqual([]);
  });

  test("what is paid is paid, and the job is green", async () => {
    const lab = await ready(list([0, 1]));
    lab.faults.next(COMMENTS, { kind: "forbidden" }, 1000);
    const run = await lab.run("push", { by: "bea" });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "paid", "reason-code": "ok", count: "2" } });
    expect(stateOf(run.summary)).toBe("PAID");
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
    expect(lab.records()).toHaveLength(2);
  });

  test("because it is too long, the comment shrinks and keeps its verdict, totals and approval", async () => {
    const lab = await actionLab(bundle, { assignments: 300 });
    const pull = lab.propose({ [JUNE]: dimes(300) });
    lab.faults.next("POST /repos/*/*/issues/*/comments", { kind: "body-too-long" });
    const run = await lab.run("pull_request", { pull });
    expect(run.outputs["decision"]).toBe("ready");
    const [first = "", second = ""] = lab.said();
    expect(second.length).toBeLessThan(first.length);
    expect(lab.comments(pull)).toEqual([second]);
    expect(stateOf(second)).toBe("PLAN READY");
    for (const part of ["| Bonuses | Workers |", "**To approve:**", "**Next:**", "[this run]"])
      expect(second).toContain(part);
  });

  test("because an answer was lost after the comment was made, the next run finds it and makes no second one", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ [JUNE]: list([0]) });
    lab.faults.next("POST /repos/*/*/issues/*/comments", { kind: "drop", when: "after" });
    expect((await lab.run("pull_request", { pull })).outputs["decision"]).toBe("ready");
    await lab.run("pull_request", { pull, action: "synchronize" });
    expect(lab.comments(pull).map(stateOf)).toEqual(["PLAN READY"]);
  });
});

describe("where reviews cannot be read, nothing is paid", () => {
  test.each([
    ["reviews", "GET /repos/*/*/pulls/*/reviews", { kind: "server-error" }],
    ["reviews", "GET /repos/*/*/pulls/*/reviews", { kind: "forbidden" }],
    ["permissions", "GET /repos/*/*/collaborators/*/permission", { kind: "unavailable" }],
    ["the pull request", "GET /repos/*/*/commits/*/pulls", { kind: "lag" }],
  ] as const)("%s (%s, %o)", async (_, pattern, fault) => {
    const lab = await ready(list([0]));
    lab.faults.next(pattern, fault, 1000);
    const run = await lab.run("push", { by: "bea" });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ count: "0", total: "0.00" });
    expect(await lab.mturk.paid()).toEqual([]);
    lab.faults.clear();
    expect((await lab.run("schedule", {})).outputs["decision"]).toBe("paid");
  });

  test("and an issue that is open stays open", async () => {
    const lab = await ready(list([0]));
    lab.state.reviews.length = 0;
    await lab.run("push", { by: "bea" });
    expect(lab.issues()).toHaveLength(1);
    lab.faults.next("GET /repos/*/*/pulls/*/reviews", { kind: "server-error" }, 1000);
    expect(await lab.run("schedule", {})).toMatchObject({ exitCode: 1, outputs: { decision: "failed" } });
    expect(lab.issues()).toHaveLength(1);
  });

  test("but what is asked again after a moment may be", async () => {
    const lab = await ready(list([0]));
    lab.faults.next("GET /repos/*/*/pulls/*/reviews", { kind: "bad-gateway" }, 2);
    lab.faults.next("GET /repos/*/*/commits/*/pulls", { kind: "lag" });
    expect((await lab.run("push", { by: "bea" })).outputs["decision"]).toBe("paid");
  });
});

describe("a ledger that is not what it was stops every payment:", () => {
  const harms: Readonly<Record<string, (lab: ActionLab) => void>> = {
    "its branch is gone": (lab) => lab.deleteBranch("receipts", "ada"),
    "a record was changed": (lab) => {
      const path = lab.state.git.run("ls-tree", "-r", "--name-only", "receipts", "receipts/").split("\n").at(-1) ?? "";
      lab.pushTo("receipts", "ada", { [path]: lab.state.git.run("show", `receipts:${path}`).replace("1.00", "9.00") });
    },
    "a record was added by hand": (lab) =>
      void lab.pushTo("receipts", "ada", { "receipts/2026/11/000003-acceptance.receipt.json": "{}\n" }),
    "it may not be pushed to": (lab) => lab.setProtection("receipts", { forbidPush: "everyone" }),
  };

  test.each(Object.entries(harms))("%s", async (_, harm) => {
    const lab = await ready(list([0]));
    await lab.run("push", { by: "bea" });
    harm(lab);
    const pull = lab.propose({ "payments/july.yaml": list([1]) });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea" });
    const run = await lab.run("push", { by: "bea" });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", count: "0" } });
    expect(stateOf(lab.comments(pull)[0])).toBe("FAILED");
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
  });
});

describe("a ledger that was set back by a forced push pays nobody twice, also where nothing remembers what it held:", () => {
  test("what was paid after a claim is found, and its receipt written again", async () => {
    const lab = await ready(list([0]));
    await lab.run("push", { by: "bea" });
    lab.forcePush("receipts", "ada", "receipts~1");
    forgetAnchors(lab);
    expect((await lab.run("schedule", {})).outputs).toMatchObject({ decision: "paid", count: "1" });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
    expect(lab.records().at(-1)).toMatchObject({ rows: [{ outcome: "found" }] });
  });

  test("what it has no claim of is known by its reference, and everything stops", async () => {
    const lab = await ready(list([0, 1]));
    await lab.run("push", { by: "bea" });
    lab.forcePush("receipts", "ada", "receipts~2");
    forgetAnchors(lab);
    const pull = lab.propose({ "payments/july.yaml": list([2]) });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea" });
    const run = await lab.run("schedule", {});
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", "reason-code": "problems", count: "0" } });
    expect(run.annotations).toMatchObject([
      { level: "error", title: "paid-without-record", file: JUNE, line: 6 },
      { level: "error", title: "paid-without-record", file: JUNE, line: 7 },
    ]);
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01"]);
  });
});

describe("a run that is cut off", () => {
  test("by a cancel stops sending and writes its receipt; the next one pays the rest", async () => {
    // More than a run has under way by the time that it hears of the cancel.
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const lab = await ready(list(numbers), { assignments: numbers.length });
    const cancel = new AbortController();
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", times: 20, fault: { kind: "delay", ms: 500 } });
    const running = lab.run("push", { by: "bea" }, { signal: cancel.signal });
    await sent(lab, 1);
    cancel.abort();
    const run = await running;
    expect(run).toMatchObject({ exitCode: 1, killedBy: undefined });
    const done = await lab.mturk.paid();
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(numbers.length);
    expect(lab.records().at(-1)).toMatchObject({ record: "receipt" });
    expect(stateOf(lab.comments(1)[0])).toBe("PARTIAL");
    expect(lab.issues()).toHaveLength(1);
    expect(await lab.run("push", { by: "bea", runAttempt: 2 })).toMatchObject({ exitCode: 0 });
    expect(await lab.mturk.paid()).toEqual(numbers.map((n) => `${n} ${(1 + n / 100).toFixed(2)}`));
    expect(stateOf(lab.comments(1)[0])).toBe("PAID");
    expect(lab.issues()).toEqual([]);
  });

  test("by a kill after the payment and before the receipt is looked up by the next, and paid once", async () => {
    const lab = await ready(list([0]));
    const cancel = new AbortController();
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", fault: { kind: "hang-after" } });
    const patience = { interruptMs: 0, terminateMs: 0 };
    const running = lab.run("push", { by: "bea" }, { signal: cancel.signal, patience });
    await until("the payment", async () => ((await lab.mturk.paid()).length > 0 ? true : undefined));
    cancel.abort();
    expect(await running).toMatchObject({ exitCode: 137, killedBy: "SIGKILL" });
    expect(lab.records().map(({ record }) => record)).toEqual(["claim"]);
    expect(await lab.run("push", { by: "bea", runAttempt: 2 })).toMatchObject({
      exitCode: 0,
      outputs: { decision: "paid", count: "1", total: "1.20" },
    });
    expect(await lab.mturk.paid()).toEqual(["0 1.00"]);
    expect((await lab.mturk.calls()).filter(({ operation }) => operation === "SendBonus")).toHaveLength(1);
    expect(lab.records().at(-1)).toMatchObject({ rows: [{ assignment: assignmentId(0), outcome: "found" }] });
  });

  test.each([
    [
      "after",
      "is found a day later, when MTurk has forgotten its token, and is not sent again",
      0,
      "found",
      ["0 1.00"],
    ],
    ["before", "is not sent again a day later: a person decides", 1, "held", []],
  ] as const)("by a kill %s the payment %s", async (when, _, exitCode, outcome, paid) => {
    const lab = await actionLab(bundle);
    lab.directPush("ada", { [JUNE]: list([0], { environment: "simulator" }) });
    const cancel = new AbortController();
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", fault: { kind: `hang-${when}` } });
    const patience = { interruptMs: 0, terminateMs: 0 };
    const running = lab.run("push", { by: "ada" }, { signal: cancel.signal, patience });
    await until("the order", async () =>
      (await lab.mturk.calls()).some(({ operation }) => operation === "SendBonus") ? true : undefined,
    );
    cancel.abort();
    await running;
    await lab.mturk.control("POST", "clock", { advance: 25 * 3600 });
    expect((await lab.run("schedule", {})).exitCode).toBe(exitCode);
    expect(await lab.mturk.paid()).toEqual(paid);
    expect(lab.records().at(-1)).toMatchObject({ record: "receipt", rows: [{ outcome }] });
    expect((await lab.mturk.calls()).filter(({ operation }) => operation === "SendBonus")).toHaveLength(1);
  });

  test("by another that pays at the same time pays each row once between them", async () => {
    const lab = await ready(list([0, 1, 2]));
    await lab.mturk.control("POST", "faults", { operation: "SendBonus", times: 9, fault: { kind: "delay", ms: 30 } });
    const runs = await Promise.all([lab.run("push", { by: "bea" }), lab.run("schedule", {})]);
    expect(await lab.mturk.paid()).toEqual(["0 1.00", "1 1.01", "2 1.02"]);
    expect(runs.map(({ outputs }) => outputs["decision"])).toContain("paid");
    expect((await lab.run("schedule", {})).outputs["decision"]).toBe("nothing-to-pay");
    expect(
      (await lab.mturk.calls()).filter(({ operation, effect }) => operation === "SendBonus" && effect),
    ).toHaveLength(3);
  });
});

describe("the account", () => {
  test("whose balance fell between plan and payment pays nobody", async () => {
    const lab = await ready(list([0, 1]));
    await lab.mturk.control("POST", "world", { yaml: "balance: 1.50\n" });
    const run = await lab.run("push", { by: "bea" });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", count: "0" } });
    expect(stateOf(lab.comments(1)[0])).toBe("FAILED");
    expect(await lab.mturk.paid()).toEqual([]);
    expect(lab.records()).toEqual([]);
  });

  test("of a plan without keys cannot be evaluated, which is not green", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ [JUNE]: list([0]) });
    const inputs = { "aws-access-key-id": "", "aws-secret-access-key": "" };
    const run = await lab.run("pull_request", { pull }, { inputs });
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { decision: "cannot-evaluate", "reason-code": "cannot_evaluate" },
    });
    expect(lab.comments(pull)[0]).toContain("has no credentials for the platform");
  });

  test("of a wrong key pays nobody, and the key is in no output", async () => {
    const lab = await ready(list([0]));
    await lab.mturk.control("POST", "switches", { auth: "strict" });
    const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00";
    const inputs = { "aws-access-key-id": "AKIAWRONGWRONGWRONG0", "aws-secret-access-key": secret };
    const run = await lab.run("push", { by: "bea" }, { inputs });
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed", count: "0" } });
    expect(await lab.mturk.paid()).toEqual([]);
    expect(lab.records()).toEqual([]);
    const said = [run.log, run.summary, JSON.stringify(run.outputs), ...lab.comments(1), JSON.stringify(lab.issues())];
    for (const part of [secret, "AKIAWRONGWRONGWRONG0"]) expect(said.filter((text) => text.includes(part))).toEqual([]);
  });
});

describe("what somebody writes", () => {
  test("into a manifest starts no command, mentions nobody and closes no fence", async () => {
    const lab = await actionLab(bundle);
    const reason = '"::error::x ##[error]y @everyone <img src=x> | ```"';
    const pull = lab.propose({ [JUNE]: list([0], { reason }) });
    const run = await lab.run("pull_request", { pull });
    expect(run.outputs["decision"]).toBe("ready");
    expect(run.annotations).toEqual([]);
    for (const text of [lab.comments(pull)[0] ?? "", run.summary]) {
      expect(text).not.toMatch(/(?<![`\w])@everyone|<img|::error::x|```/);
      expect(text).toContain("everyone");
    }
  });

  test("wrong on fifteen lines is shown on nine, the rest is counted, and all of it is in the summary", async () => {
    const lab = await actionLab(bundle, { assignments: 15 });
    const text = list(Array.from({ length: 15 }, (_, n) => n)).replaceAll(/amount: [\d.]+/g, "amount: 0.00");
    const pull = lab.propose({ [JUNE]: text });
    const run = await lab.run("pull_request", { pull });
    expect(run).toMatchObject({ exitCode: 1, annotationsNotShown: 0, outputs: { decision: "blocked" } });
    expect(run.annotations.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, undefined]);
    for (let line = 6; line < 21; line += 1) expect(run.summary).toContain(`line ${line}`);
  });

  test("in a thousand rows fits: comment under 60,000 characters, summary with every row", async () => {
    const lab = await actionLab(bundle, { assignments: 1000 });
    const pull = lab.propose({ [JUNE]: dimes(1000) });
    const run = await lab.run("pull_request", { pull });
    expect(run.outputs).toMatchObject({ decision: "ready", count: "1000", total: "120.00" });
    expect(lab.comments(pull)[0]?.length).toBeLessThanOrEqual(60_000);
    expect(run.summary.match(/\| line \d+ \|/g)).toHaveLength(1000);
  });
});

/** A lab whose default branch has an approved manifest, of pull request 1, that no run has seen. */
async function ready(text: string, options: { readonly assignments?: number } = {}): Promise<ActionLab> {
  const lab = await actionLab(bundle, options);
  const pull = lab.propose({ [JUNE]: text });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  return lab;
}

/** That many rows of ten cents. */
function dimes(count: number): string {
  const rows = Array.from({ length: count }, (_, n) => n);
  return list(rows, { amounts: Object.fromEntries(rows.map((n) => [n, "0.10"])) });
}

/** Waits until so many bonuses are paid. */
async function sent(lab: ActionLab, count: number): Promise<void> {
  await until("the first bonus", async () => ((await lab.mturk.paid()).length >= count ? true : undefined));
}

/** As where the comments were deleted, and the token could make no checks. */
function forgetAnchors({ state: { comments, checks } }: ActionLab): void {
  comments.splice(0);
  checks.splice(0);
}
