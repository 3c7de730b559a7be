import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ActionBundle, buildAction } from "./action-bundle.fixture.ts";
import { actionLab, type ActionLab, closeLabs, list } from "./action-lab.fixture.ts";
import type { AuditRecord } from "../ledger/audit-record.ts";
import { payByHand } from "./hand-payment.fixture.ts";
import { assignmentId, worker } from "./lab.fixture.ts";

let bundle: ActionBundle;
beforeAll(async () => {
  bundle = await buildAction();
});
afterAll(async () => {
  await closeLabs();
  bundle.remove();
});

const AUDIT = { inputs: { command: "audit" } };
const PROTECTED = {
  main: [{ type: "pull_request" }],
  receipts: [{ type: "deletion" }, { type: "non_fast_forward" }],
} as const;

describe("the daily audit", () => {
  test("explains every cent of what was approved and paid, and notes in the ledger that it did", async () => {
    const lab = await paid();
    const { exitCode, outputs, summary } = await audited(lab);
    expect({ exitCode, outputs, summary }).toMatchObject({
      exitCode: 0,
      outputs: { decision: "explained", "reason-code": "ok", count: "2", total: "2.01" },
    });
    expect(JSON.parse(outputs["result"] ?? "")).toMatchObject({ clean: true, findings: [], notAsked: [] });
    expect(summary).toContain("explained $2.01 of $2.01 in 2 bonuses");
    expect(lab.issues()).toEqual([]);
    expect(auditsOf(lab)).toMatchObject([
      {
        sequence: 1,
        ledger: { records: 2 },
        run: expect.stringMatching(/\/actions\/runs\//),
        clean: true,
        notAsked: [],
        accounts: [{ environment: "production", bonuses: 2, explained: "2.01", total: "2.01", findings: [] }],
      },
    ]);
    expect(summary).toContain("recorded in the ledger: `receipts/audits/");
    const tip = lab.state.git.run("rev-parse", "receipts");
    expect(lab.state.checks.at(-1)?.externalId, "it cannot be taken back unseen").toContain(tip);
    expect((await lab.run("schedule", {})).outputs, "and payments go on").toMatchObject({ count: "0" });
    expect(codesOf((await audited(lab)).outputs), "a second one follows the first").toEqual([]);
    const next = lab.propose({ "payments/july.yaml": list([4]) });
    await lab.run("pull_request", { pull: next });
    const [comment] = lab.state.comments.filter(({ issue }) => issue === next);
    expect(comment?.body).toContain("The books: last audit today: every cent explained, $2.01 in 2 bonuses.");
    expect(auditsOf(lab).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  test("is recorded in a commit that GitHub makes and signs, where the ledger has those", async () => {
    const lab = await paid();
    const run = await audited(lab, { "ledger-commits": "github" });
    expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "explained" } });
    expect(auditsOf(lab)).toHaveLength(1);
    expect(lab.state.git.run("log", "-1", "--format=%an, %cn", "receipts")).toBe("github-actions[bot], GitHub");
    expect(codesOf((await audited(lab)).outputs)).toEqual([]);
  });

  test("is made all the same where its token or key cannot write, and says that it is not recorded", async () => {
    const lab = await paid();
    const token = lab.token(["contents:read", "pull-requests:read", "checks:read", "issues:write"]);
    for (const more of [{ "ledger-commits": "github" }, { "signing-key": "no key at all" }] as const) {
      const run = await lab.run("schedule", {}, { inputs: { ...AUDIT.inputs, ...more }, token });
      expect(run).toMatchObject({ exitCode: 0, outputs: { decision: "explained" } });
      expect(run.log).toContain("the audit is not recorded");
      expect(run.summary).toContain("**not recorded in the ledger**");
    }
    expect(auditsOf(lab)).toEqual([]);
  });

  test("that finds something is recorded with how often it found what, and with nobody's id", async () => {
    const lab = await paid();
    await payByHand(lab.mturk.url, 3, "2.50");
    lab.state.settings.rules = {};
    await audited(lab);
    expect(auditsOf(lab)).toMatchObject([
      {
        clean: false,
        findings: [{ code: "posture-lost", count: 2 }],
        accounts: [{ explained: "2.01", total: "4.51", findings: [{ code: "paid-outside", count: 1 }] }],
      },
    ]);
    expect(JSON.stringify(auditsOf(lab))).not.toContain(worker(3));
  });

  test("keeps one issue about a bonus that was paid by hand, and closes it once an approved file adopts it", async () => {
    const lab = await paid();
    await payByHand(lab.mturk.url, 3, "2.50");
    for (const time of ["first", "second"]) {
      const run = await audited(lab);
      expect(run, time).toMatchObject({
        exitCode: 1,
        outputs: { decision: "unexplained", "reason-code": "audit_findings" },
      });
      expect(codesOf(run.outputs)).toEqual(["paid-outside"]);
      expect(lab.issues()).toHaveLength(1);
    }
    const [issue] = lab.issues();
    expect(issue?.title).toBe("Audit: not everything is explained");
    expect(issue?.body).toContain("paid-outside");
    expect(issue?.body, "ids are masked").not.toContain(worker(3));

    const file = `study: acceptance\nenvironment: production\nadopted:\n  - { worker: ${worker(3)}, assignment: ${assignmentId(3)}, amount: 2.50, paid: "${await timeOf(lab, 3)}" }\n`;
    lab.directPush("bea", { "payments/adopted/old.yaml": file });
    expect(codesOf((await audited(lab)).outputs), "nobody has reviewed the file").toEqual(["approval-invalid"]);
    expect(lab.issues()).toHaveLength(1);

    lab.directPush("bea", { "payments/adopted/old.yaml": null });
    const pull = lab.propose({ "payments/adopted/old.yaml": file });
    lab.review({ pull, by: "cem", state: "APPROVED" });
    lab.merge({ pull, by: "bea" });
    expect((await lab.run("push", { by: "bea" })).outputs).toMatchObject({ count: "0" });
    const clean = await audited(lab);
    expect(codesOf(clean.outputs)).toEqual([]);
    expect(clean).toMatchObject({ exitCode: 0, outputs: { decision: "explained", total: "4.51" } });
    expect(lab.issues()).toEqual([]);
    expect(await lab.mturk.paid()).toHaveLength(3);
  });

  test("finds a list that nobody approved, with what to do about it", async () => {
    const lab = await paid();
    lab.directPush("bea", { "payments/july.yaml": list([4]) });
    const { outputs } = await audited(lab);
    expect(codesOf(outputs)).toEqual(["merged-but-unpaid"]);
    expect(outputs["result"]).toContain("pull request");
  });

  test("finds branches that GitHub does not protect, and says nothing where GitHub does not tell", async () => {
    const lab = await paid();
    lab.state.settings.rules = { main: [{ type: "deletion" }] };
    expect(codesOf((await audited(lab)).outputs)).toEqual(["posture-lost", "posture-lost"]);
    lab.state.settings.protection = { main: {}, receipts: {} };
    expect(codesOf((await audited(lab)).outputs)).toEqual([]);
    lab.state.settings.protection = {};
    lab.state.settings.plan = "free";
    expect(codesOf((await audited(lab)).outputs)).toEqual([]);
  });

  test("finds an approver of whom GitHub knows no approval", async () => {
    const lab = await paid();
    lab.state.reviews.splice(0);
    expect(codesOf((await audited(lab)).outputs)).toEqual(["approval-invalid"]);
  });

  test("leaves its issue alone where it could not be made", async () => {
    const lab = await paid();
    await payByHand(lab.mturk.url, 3, "2.50");
    await audited(lab);
    await lab.mturk.control("POST", "faults", {
      operation: "ListBonusPayments",
      times: 9,
      fault: { kind: "code-before", code: "AccessDeniedException" },
    });
    const run = await audited(lab);
    expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "cannot-evaluate" } });
    expect(lab.issues()).toHaveLength(1);
  });

  test("is not made for a pull request", async () => {
    const lab = await actionLab(bundle);
    const pull = lab.propose({ "payments/june.yaml": list([0]) });
    expect(await lab.run("pull_request", { pull }, AUDIT)).toMatchObject({
      exitCode: 1,
      outputs: { "reason-code": "wrong_ref" },
    });
  });
});

describe("a ledger that was set back", () => {
  test("is not paid from, although the runner's clone never saw it: the comment and the check remember", async () => {
    const lab = await paid();
    const before = lab.state.git.run("rev-parse", "receipts");
    for (const forget of [() => {}, () => void lab.state.comments.splice(0)]) {
      lab.forcePush("receipts", "bea", "receipts~1");
      forget();
      const run = await lab.run("schedule", {});
      expect(run).toMatchObject({ exitCode: 1, outputs: { decision: "failed" } });
      expect(run.summary).toContain("it was set back or rewritten");
      expect(codesOf((await audited(lab)).outputs)).toContain("anchor-lost");
      lab.forcePush("receipts", "bea", before);
      expect((await lab.run("schedule", {})).exitCode).toBe(0);
    }
    expect(await lab.mturk.paid()).toHaveLength(2);
  });

  test("cannot be told from a forged anchor, which stops payments and pays nobody; another's comment is none", async () => {
    const lab = await paid();
    const [pull] = lab.state.pulls;
    const forged = `<!-- mergepay:plan v1 -->\n<!-- mergepay:ledger receipts ${"a".repeat(40)} -->`;
    const comment = { id: 1, issue: pull!.number, body: forged, createdAt: new Date(0), updatedAt: new Date(0) };
    lab.state.comments.push({ ...comment, author: "bea" });
    expect((await lab.run("schedule", {})).exitCode).toBe(0);
    lab.state.comments.push({ ...comment, author: "github-actions[bot]" });
    expect((await lab.run("schedule", {})).exitCode).toBe(1);
    expect(await lab.mturk.paid()).toHaveLength(2);
  });

  test("is still paid from where the token may not make checks, with a warning", async () => {
    const lab = await paid(["contents:write", "pull-requests:write", "issues:write"]);
    expect(lab.state.checks).toEqual([]);
    expect(await lab.mturk.paid()).toHaveLength(2);
  });
});

type Permissions = Parameters<ActionLab["token"]>[0];

/** Two bonuses that were reviewed, merged and paid; all branches are protected. */
async function paid(may?: Permissions): Promise<ActionLab> {
  const lab = await actionLab(bundle);
  lab.state.settings.rules = PROTECTED;
  const pull = lab.propose({ "payments/june.yaml": list([0, 1]) });
  lab.review({ pull, by: "cem", state: "APPROVED" });
  lab.merge({ pull, by: "bea" });
  const run = await lab.run("push", { by: "bea" }, may ? { token: lab.token(may) } : {});
  expect(run.outputs).toMatchObject({ decision: "paid", count: "2" });
  return lab;
}

/** With the token of the workflow's job `audit`. */
async function audited(lab: ActionLab, inputs: Readonly<Record<string, string>> = {}) {
  const token = lab.token(["contents:write", "pull-requests:read", "checks:write", "issues:write"]);
  return lab.run("schedule", {}, { inputs: { ...AUDIT.inputs, ...inputs }, token });
}

/** Those that the ledger has, in the order of their numbers. */
function auditsOf({ state: { git } }: ActionLab): AuditRecord[] {
  const paths = git.run("ls-tree", "-r", "--name-only", "receipts", "receipts/audits/").split("\n").filter(Boolean);
  return paths.map((path) => JSON.parse(git.run("show", `receipts:${path}`)) as AuditRecord);
}

async function timeOf(lab: ActionLab, n: number): Promise<string> {
  const { bonuses } = (await lab.mturk.control("GET", "state")) as { bonuses: { assignment: string; at: string }[] };
  return bonuses.find(({ assignment }) => assignment === assignmentId(n))!.at;
}

function codesOf(outputs: Readonly<Record<string, string>>): string[] {
  const { findings } = JSON.parse(outputs["result"] ?? "{}") as { findings?: { code: string }[] };
  return (findings ?? []).map(({ code }) => code);
}
