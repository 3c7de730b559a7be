import { describe, expect, test } from "vitest";
import type { Check } from "../doctor/check.ts";
import { mturkDoctor } from "../platforms/mturk/doctor/doctor.ts";
import { sampleAudits } from "../ledger/sample-audits.fixture.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { askPosture } from "./ask-posture.ts";
import type { Schema } from "./loopback/answers.fixture.ts";
import { exampleLab } from "./loopback/example-lab.fixture.ts";
import type { ExampleLab } from "./loopback/example-lab.fixture.ts";
import type { GitHubOptions } from "./loopback/state.fixture.ts";
import type { TokenPermission } from "./loopback/tokens.fixture.ts";
import { paymentsWorkflow } from "./payments-workflow.ts";
import { gitHubChecks } from "./posture-checks.ts";
import type { GitHubFacts } from "./posture-facts.ts";
import { workflowsIn } from "./workflow-files.ts";

const ADMIN: readonly TokenPermission[] = [
  "contents:read",
  "actions:read",
  "administration:read",
  "environments:read",
  "secrets:read",
];
const WORKFLOW = paymentsWorkflow("lab/mergepay@0123456789abcdef0123456789abcdef01234567 # v0.1.0");
const BOTH_SECRETS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
const PULL_REQUEST = {
  type: "pull_request",
  parameters: {
    required_approving_review_count: 1,
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: true,
    require_last_push_approval: true,
    required_review_thread_resolution: false,
  },
} as const;
const CHECK = checkFrom(15368);
const AUDIT =
  "on: { schedule: [{ cron: 0 5 * * 1 }] }\njobs: { audit: { steps: [{ uses: ./, with: { command: audit } }] } }\n";
const APPEND_ONLY = [{ type: "non_fast_forward" }, { type: "deletion" }] as const;

describe("a repository on GitHub that is set up as the guide says", () => {
  test("has nothing left to do", async () => {
    const checks = await examine(await ready());
    expect(checks.filter(({ state }) => state !== "done")).toEqual([]);
    expect(found(checks, "github")).toBe("ada may do everything in lab/payments");
    expect(found(checks, "approvers")).toBe("ada, bea, cem: any 1 who did not write the list");
  });

  test("with classic branch protection instead of rulesets, too", async () => {
    const lab = await ready();
    lab.state.settings.rules = {};
    lab.state.settings.protection = {
      main: {
        required_pull_request_reviews: {
          dismiss_stale_reviews: true,
          require_code_owner_reviews: true,
          required_approving_review_count: 1,
          require_last_push_approval: true,
        },
        required_status_checks: { contexts: ["plan"], checks: [{ context: "plan", app_id: 15368 }] },
      },
      receipts: {},
    };
    const checks = await examine(lab);
    expect(checks.filter(({ state }) => state !== "done")).toEqual([]);
  });

  test("is only read", async () => {
    const lab = await ready();
    await examine(lab);
    expect(lab.requests.length).toBeGreaterThan(10);
    expect(lab.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

describe("doctor tells of GitHub", () => {
  test.each<[string, (lab: ExampleLab) => void, Record<string, string>, RegExp]>([
    [
      "a new repository, where nothing is protected",
      ({ state }) => void (state.settings.rules = {}),
      { "branch-rules": "missing", "ledger-protected": "missing", "ledger-writable": "done" },
      /main lacks “Require a pull request before merging”, with one approval; the required check plan; “Block force pushes”/,
    ],
    [
      "stale approvals that are kept",
      ({ state }) => {
        const parameters = { ...PULL_REQUEST.parameters, dismiss_stale_reviews_on_push: false };
        state.settings.rules = {
          ...state.settings.rules,
          main: [{ ...PULL_REQUEST, parameters }, CHECK, ...APPEND_ONLY],
        };
      },
      { "branch-rules": "missing" },
      /main lacks “Dismiss stale pull request approvals”$/,
    ],
    [
      "a check that anybody could say had passed",
      ({ state }) => {
        state.settings.rules = {
          ...state.settings.rules,
          main: [PULL_REQUEST, checkFrom(undefined), ...APPEND_ONLY],
        };
      },
      { "branch-rules": "missing" },
      /plan with GitHub Actions as its source/,
    ],
    [
      "a rule for every branch, which the ledger cannot live with",
      ({ state }) =>
        void (state.settings.rules = { ...state.settings.rules, receipts: [PULL_REQUEST, ...APPEND_ONLY] }),
      { "ledger-writable": "missing", "ledger-protected": "done" },
      /“Require a pull request before merging” holds for `receipts`/,
    ],
    [
      "a ledger that may be rewritten",
      ({ state }) => void (state.settings.rules = { ...state.settings.rules, receipts: [{ type: "deletion" }] }),
      { "ledger-protected": "missing", "ledger-writable": "done" },
      /`receipts` lacks “Block force pushes”/,
    ],
    [
      "Actions that are turned off",
      ({ state }) => void (state.settings.actionsEnabled = false),
      { "workflow-runs": "missing", workflow: "done" },
      /Actions are turned off/,
    ],
    [
      "a workflow that slept for sixty days",
      ({ state }) => void (state.settings.workflows = { "payments.yml": "disabled_inactivity" }),
      { "workflow-runs": "missing" },
      /disabled_inactivity/,
    ],
    [
      "Actions that may approve",
      ({ state }) => void (state.settings.actionsMayApprove = true),
      { "actions-approve": "missing" },
      /a workflow could approve/,
    ],
    [
      "forks that get secrets",
      ({ state }) => void (state.settings.forksGetSecrets = true),
      { "secrets-safe": "missing" },
      /sends secrets to pull requests from forks/,
    ],
    [
      "an environment that every branch may use",
      ({ state }) => void (state.settings.environments = { payments: { branches: "every", secrets: BOTH_SECRETS } }),
      { "secrets-safe": "missing", "secrets-pay": "done" },
      /every branch may use/,
    ],
    [
      "an environment for other branches, too",
      ({ state }) =>
        void (state.settings.environments = { payments: { branches: ["main", "wave-*"], secrets: BOTH_SECRETS } }),
      { "secrets-safe": "missing" },
      /also be used from wave-\*/,
    ],
    [
      "an environment without its secrets",
      ({ state }) =>
        void (state.settings.environments = { payments: { branches: ["main"], secrets: ["AWS_ACCESS_KEY_ID"] } }),
      { "secrets-pay": "missing", "secrets-safe": "done" },
      /lacks AWS_SECRET_ACCESS_KEY$/,
    ],
    [
      "no environment",
      ({ state }) => void (state.settings.environments = {}),
      { "secrets-pay": "missing", "secrets-safe": "missing" },
      /there is no environment payments/,
    ],
    [
      "no key for plans",
      ({ state }) => void (state.settings.secrets = []),
      { "secrets-plan": "missing", "secrets-pay": "done" },
      /lacks AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
    ],
    [
      "somebody who works alone",
      (lab) => {
        for (const login of ["bea", "cem"]) lab.setPermission(login, "read");
      },
      { approvers: "missing" },
      /whoever writes the list does not count/,
    ],
    [
      "a merge that GitHub skipped",
      (lab) =>
        lab.directPush("ada", { "payments/june.yaml": "study: june\n" }, { message: "Pay A1EXAMPLE00001 [skip ci]" }),
      { "skip-ci": "missing" },
      /“Pay A1…001 \[skip ci\]” told GitHub to start no run/,
    ],
    [
      "no owner of the rules",
      (lab) => lab.directPush("ada", { ".github/CODEOWNERS": "/payments/wave-1.yaml @bea\n" }),
      { owners: "missing" },
      /names no owner of payments\/policy\.yaml and \.github\/workflows\/payments\.yml/,
    ],
    [
      "no owners at all",
      (lab) => lab.directPush("ada", { ".github/CODEOWNERS": null }),
      { owners: "missing" },
      /there is no CODEOWNERS/,
    ],
    [
      "no workflow",
      (lab) => lab.directPush("ada", { ".github/workflows/payments.yml": null }),
      { workflow: "missing", "workflow-runs": "unknown", "secrets-pay": "unknown" },
      /no workflow on main has mergepay pay/,
    ],
    [
      "a mergepay that somebody else can change",
      (lab) => lab.directPush("ada", { ".github/workflows/payments.yml": paymentsWorkflow("lab/mergepay@v1") }),
      { workflow: "done", "workflow-pinned": "missing" },
      /lab\/mergepay@v1 in \.github\/workflows\/payments\.yml is not fixed/,
    ],
    [
      "a workflow for another branch",
      (lab) => workflow(lab, "[main, master]", "[trunk]"),
      { "workflow-runs": "missing" },
      /a push to main does not start/,
    ],
    [
      "a workflow without a schedule",
      (lab) => workflow(lab, /^ {2}schedule:.*$/m, ""),
      { "workflow-runs": "missing" },
      /has no schedule/,
    ],
    [
      "a job that pays outside of any environment",
      (lab) => workflow(lab, /^ {4}environment:.*$/m, ""),
      { "secrets-safe": "missing", "secrets-pay": "done" },
      /names no environment/,
    ],
    [
      "pull_request_target",
      (lab) => workflow(lab, "pull_request:", "pull_request_target:"),
      { "secrets-safe": "missing" },
      /runs on pull_request_target/,
    ],
  ])("%s", async (_what, change, expected, words) => {
    const lab = await ready();
    change(lab);
    const checks = await examine(lab);
    expect(states(checks)).toMatchObject(expected);
    const told = checks.filter(({ state }) => state === "missing");
    expect(told.map((each) => each.found).join("\n")).toMatch(new RegExp(words.source, "m"));
    for (const each of told) expect(each.next, each.id).toMatch(/\w/);
  });

  test.each([
    ["that nobody audits", "", [], "missing", /no workflow on the default branch audits/],
    ["that the audit never ran", AUDIT, [], "missing", /has not started one yet/],
    ["that the audit found something", AUDIT, [run("failure", "2026-11-24")], "missing", /2026-11-24 ended in failure/],
    ["an audit of long ago", AUDIT, [run("success", "2026-10-01")], "missing", /the last one was on 2026-10-01/],
    ["the last audit", AUDIT, [run("success", "2026-11-24"), run("failure", "2026-11-17")], "done", /on 2026-11-24/],
  ] as const)("%s", async (_what, text, runs, state, words) => {
    const lab = await ready();
    workflow(lab, /\n {2}audit:[\s\S]*$/, "\n");
    if (text !== "") lab.directPush("ada", { ".github/workflows/audit.yml": text });
    lab.state.settings.runs = { "audit.yml": runs };
    const checks = await examine(lab, { hasRecords: true });
    expect(states(checks)["last-audit"]).toBe(state);
    expect(found(checks, "last-audit")).toMatch(words);
  });

  test.each([
    ["2026-11-24", [], "done", "on 2026-11-24, and everything was explained"],
    ["2026-11-24", [{ code: "held-row", count: 3 }], "missing", "that of 2026-11-24 left 3 findings"],
    ["2026-11-17", [], "missing", "the last one was on 2026-11-17"],
  ] as const)("an audit that the ledger has of %s, with %j", async (day, findings, state, words) => {
    const clean = findings.length === 0;
    const [lastAudit] = sampleAudits([], [{ clean, findings, time: `${day}T07:00:00.000Z` }]).audits;
    const checks = await examine(await ready(), { hasRecords: true, lastAudit });
    expect([states(checks)["last-audit"], found(checks, "last-audit")]).toEqual([state, words]);
  });

  test("encrypted lists need their key among the repository's secrets, and lists in clear need none", async () => {
    const encryption = { recipients: [], keys: new Map() };
    const policy = { ...DEFAULT_POLICY, encryption };
    const lab = await ready();
    expect(states(await examine(lab))).not.toHaveProperty("secrets-age");
    expect(found(await examine(lab, { policy }), "secrets-age")).toMatch(/lacks MERGEPAY_AGE_KEY/);
    const own = [...BOTH_SECRETS, "MERGEPAY_AGE_KEY"];
    lab.state.settings.environments = { payments: { branches: ["main"], secrets: own } };
    expect(found(await examine(lab, { policy }), "secrets-age")).toMatch(/only the job that pays has it/);
    lab.state.settings.secrets = own;
    expect(states(await examine(lab, { policy }))["secrets-age"]).toBe("done");
    expect(states(await examine(lab, { policy }, "none"))["secrets-age"]).toBe("unknown");
  });

  test("approvers who may not write", async () => {
    const approvals = { ...DEFAULT_POLICY.approvals, by: ["dan", "eve"], required: 2 };
    const checks = await examine(await ready(), { policy: { ...DEFAULT_POLICY, approvals } });
    expect(states(checks)).toMatchObject({ approvers: "missing" });
    expect(found(checks, "approvers")).toBe(
      "the policy asks for 2 approvals, and nobody could give one: dan, eve may not write to the repository",
    );
  });

  test("one approver, who counts only where somebody else wrote the list", async () => {
    const approvals = { ...DEFAULT_POLICY.approvals, by: ["Bea"] };
    const checks = await examine(await ready(), { policy: { ...DEFAULT_POLICY, approvals } });
    expect(found(checks, "approvers")).toBe("Bea, as long as somebody else writes the list");
  });

  test("that a private repository on the Free plan has no rules", async () => {
    const lab = await ready();
    lab.state.settings.plan = "free";
    const checks = await examine(lab);
    expect(states(checks)).toMatchObject({
      "branch-rules": "missing",
      "ledger-protected": "missing",
      "ledger-writable": "done",
    });
    expect(checks.find(({ id }) => id === "branch-rules")).toMatchObject({ address: "https://education.github.com" });
  });

  test("nothing without a token, but what git shows", async () => {
    const checks = await examine(await ready(), {}, "none");
    expect(states(checks)).toMatchObject({
      github: "unknown",
      workflow: "done",
      "workflow-pinned": "done",
      "workflow-runs": "unknown",
      "secrets-pay": "unknown",
      approvers: "unknown",
      "branch-rules": "unknown",
      owners: "done",
      "skip-ci": "done",
    });
    expect(checks.find(({ id }) => id === "github")?.next).toContain("GH_TOKEN=$(gh auth token) mergepay doctor");
  });

  test("what somebody who is no administrator may see", async () => {
    const lab = await ready();
    const checks = await examine(lab, {}, lab.token(["contents:read"], "dan"));
    expect(states(checks)).toMatchObject({
      github: "done",
      "branch-rules": "done",
      approvers: "unknown",
      "secrets-pay": "unknown",
      "actions-approve": "unknown",
    });
  });

  test("that a token is none, and goes on", async () => {
    const checks = await examine(await ready(), {}, "ghp_wrong");
    expect(states(checks)).toMatchObject({ github: "missing", "branch-rules": "unknown", workflow: "done" });
    expect(found(checks, "github")).toMatch(/401/);
  });

  test("that GitHub does not answer, and goes on", async () => {
    const lab = await ready();
    const token = lab.token(ADMIN, "ada");
    await lab.close();
    const checks = await examine(lab, {}, token);
    expect(states(checks)).toMatchObject({ github: "missing", workflow: "done", approvers: "unknown" });
  }, 60_000);
});

/** `lab/payments` as the guide would have it. */
async function ready(options: Partial<GitHubOptions> = {}): Promise<ExampleLab> {
  const lab = await exampleLab(options);
  lab.directPush("ada", {
    ".github/workflows/payments.yml": WORKFLOW,
    ".github/CODEOWNERS": "# money\n/payments/policy.yaml @ada\n/.github/ @ada @lab/payers\n",
    "payments/policy.yaml": "approvals: { required: 1 }\n",
  });
  lab.state.git.run("update-ref", "refs/heads/receipts", "refs/heads/main");
  Object.assign(lab.state.settings, {
    rules: { main: [PULL_REQUEST, CHECK, ...APPEND_ONLY], receipts: APPEND_ONLY },
    environments: { payments: { branches: ["main"], secrets: BOTH_SECRETS } },
    secrets: [...BOTH_SECRETS, "SLACK"],
  });
  return lab;
}

function run<C extends "success" | "failure">(conclusion: C, day: string): { conclusion: C; at: string } {
  return { conclusion, at: `${day}T05:00:00Z` };
}

/** The App of GitHub Actions, or no App in particular. */
function checkFrom(app: number | undefined): Schema<"repository-rule-detailed"> {
  const check = { context: "plan", ...(app === undefined ? {} : { integration_id: app }) };
  return {
    type: "required_status_checks",
    parameters: { strict_required_status_checks_policy: false, required_status_checks: [check] },
  };
}

function workflow(lab: ExampleLab, from: string | RegExp, to: string): void {
  const text = WORKFLOW.replace(from, to);
  if (text === WORKFLOW) throw new Error(`the workflow has no ${String(from)}`);
  lab.directPush("ada", { ".github/workflows/payments.yml": text });
}

async function examine(
  lab: ExampleLab,
  more: Partial<Pick<GitHubFacts, "policy" | "hasRecords" | "lastAudit">> = {},
  token?: string,
): Promise<Check[]> {
  const { git } = lab.state;
  const workflows = workflowsIn(
    [".github/workflows/payments.yml", ".github/workflows/audit.yml"].flatMap((path) => {
      const found = git.file("main", path);
      return found === undefined ? [] : [{ path, text: found }];
    }),
  );
  const owners = git.file("main", ".github/CODEOWNERS");
  const paying = workflows.find(({ pays }) => pays !== undefined);
  const policy = more.policy ?? DEFAULT_POLICY;
  const facts: GitHubFacts = {
    secrets: mturkDoctor.secrets,
    environment: "production",
    posture: await askPosture({
      repository: lab.repository,
      token: token === "none" ? undefined : (token ?? lab.token(ADMIN, "ada")),
      apiUrl: lab.url,
      defaultBranch: "main",
      ledgerBranch: policy.receipts.branch,
      workflow: paying && "payments.yml",
      auditWorkflow: workflows
        .find(({ audits }) => audits)
        ?.path.split("/")
        .at(-1),
      environment: paying?.pays?.environment,
    }),
    defaultBranch: "main",
    policy,
    workflows,
    owners: owners === undefined ? undefined : { path: ".github/CODEOWNERS", text: owners },
    steps: git
      .run("log", "--format=%h%x00%B%x01", "main", "--", "payments")
      .split("\u0001")
      .map((each) => each.trim().split("\0"))
      .flatMap(([commit = "", message = ""]) => (commit === "" ? [] : [{ commit, message }])),
    isWay: true,
    hasRecords: more.hasRecords ?? false,
    lastAudit: more.lastAudit,
    now: "2026-11-25T12:00:00Z",
  };
  return gitHubChecks(facts);
}

function states(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ id, state }) => [id, state]));
}

function found(checks: readonly Check[], id: string): string | undefined {
  return checks.find((each) => each.id === id)?.found;
}
