import { describe, expect, test } from "vitest";
import { paymentsWorkflow } from "./payments-workflow.ts";
import { gitHubNameIn, workflowsIn } from "./workflow-files.ts";

describe("the workflow that init writes", () => {
  test("is seen as one that plans and pays, with every action pinned", () => {
    const text = paymentsWorkflow("lab/mergepay@0123456789abcdef0123456789abcdef01234567 # v0.1.0");
    expect(workflowsIn([{ path: ".github/workflows/payments.yml", text }])).toEqual([
      {
        path: ".github/workflows/payments.yml",
        events: ["pull_request", "merge_group", "push", "schedule", "workflow_dispatch"],
        pushBranches: ["main", "master"],
        pays: { job: "pay", environment: "payments" },
        plans: true,
        audits: true,
        unpinned: [],
      },
    ]);
  });
});

describe("a workflow file", () => {
  test.each([
    ["on: push\njobs: { test: { steps: [{ uses: actions/checkout@v4 }] } }"],
    ["jobs: { a: { steps: [{ uses: lab/not-mergepay@v1 }] } }"],
    ["jobs: ["],
    [""],
    ["- 1\n- 2"],
    ["jobs: { a: { steps: nonsense }, b: 7 }"],
  ])("that does not use mergepay, or is none, is passed over: %j", (text) => {
    expect(workflowsIn([{ path: "ci.yml", text }])).toEqual([]);
  });

  test("without a command may do both, as the event decides", () => {
    const text =
      "on: [push, pull_request]\njobs: { both: { environment: { name: lab }, steps: [{ uses: lab/mergepay@v1 }] } }";
    expect(workflowsIn([{ path: "one.yaml", text }])).toMatchObject([
      {
        events: ["push", "pull_request"],
        pushBranches: "every",
        pays: { job: "both", environment: "lab" },
        plans: true,
        unpinned: ["lab/mergepay@v1"],
      },
    ]);
  });
});

test("a workflow that only audits pays nobody", () => {
  const text = "on: schedule\njobs: { audit: { steps: [{ uses: ./, with: { command: audit } }] } }";
  expect(workflowsIn([{ path: "audit.yml", text }])).toMatchObject([{ pays: undefined, plans: false, audits: true }]);
});

test.each([
  ["https://github.com/lab/payments.git", "lab/payments"],
  ["https://github.com/lab/payments", "lab/payments"],
  ["git@github.com:lab/payments.git", "lab/payments"],
  ["ssh://git@github.com/lab/pay.ments/", "lab/pay.ments"],
  ["https://gitlab.com/lab/payments.git", undefined],
  ["https://notgithub.com/lab/payments.git", undefined],
  ["../remote.git", undefined],
])("the name on GitHub of %s is %s", (url, name) => {
  expect(gitHubNameIn(url)).toBe(name);
});
