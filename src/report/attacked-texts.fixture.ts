import { grant as claimedGrant, pay as claimedPay, SampleChain } from "../ledger/sample-chain.fixture.ts";
import type { LedgerState } from "../ledger/state.ts";
import type { Policy } from "../policy/policy.ts";
import type { Finding } from "../audit/finding.ts";
import { auditIssue } from "./audit-markdown.ts";
import type { AuditReport } from "./audit-markdown.ts";
import { auditText } from "./audit-text.ts";
import type { CommentInput } from "./comment-input.ts";
import { EXAMPLE_POLICY } from "./example-comment.fixture.ts";
import { issueText } from "./issue-text.ts";
import type { Findings } from "./issue-text.ts";
import { maskFor } from "./mask.ts";
import { outcomesText } from "./outcomes-text.ts";
import { planText } from "./plan-text.ts";
import { grant, held, mistake, pay, plan, settledPay, usd } from "./plans.fixture.ts";
import { problemsText } from "./problems.ts";
import { payRow, report, result } from "./results.fixture.ts";
import { statusText } from "./status-text.ts";

export interface Attacked {
  readonly workers?: Policy["workers"];
  readonly aliasKey?: string;
  /** The workers that the rows name. */
  readonly worker?: string;
}

/** A plan's comment with `text` in every field that a person or a platform can write. */
export function attackedPlan(
  text: string,
  { workers = "mask", aliasKey, worker = WORKER }: Attacked = {},
): CommentInput {
  const real = plan(steps(text, worker), {
    manifests: [
      { file: text, digest: "d".repeat(64), study: text },
      { file: `${text}2`, digest: "e".repeat(64), study: "second" },
    ],
    settled: [
      settledPay({ file: text, worker, receipt: text, label: text }),
      { kind: "grant", file: text, line: 3, worker, because: "already-true", name: text, score: 1 },
    ],
    held: [held({ file: text, worker, why: text, next: text, record: text, label: text })],
    problems: [
      mistake({ severity: "warning", file: text, message: text, hint: text }),
      mistake({ severity: "error", file: text, message: `${text} ${text}`, hint: text }),
    ],
    totals: { ...plan(steps(text, worker)).totals, budgetsLeft: new Map([[text, usd("1.00")]]) },
  });
  const sandbox = { platform: "mturk", environment: "sandbox", currency: "USD" } as const;
  return {
    kind: "plan",
    state: "PLAN READY",
    plans: [
      { plan: real, approvers: { needed: 2, allowed: [text, "lee"], notAllowed: [text], strangers: [text] } },
      { plan: plan([pay({ file: text, worker, reason: text })], { account: sandbox }) },
    ],
    problems: [mistake({ file: text, message: text, hint: text })],
    changes: {
      added: [asked(text, worker)],
      removed: [{ kind: "revoke", file: text, line: 4, environment: "production", worker, name: text, notify: false }],
      changed: [{ before: asked("before", worker), after: asked(text, worker) }],
      money: [
        {
          account: { platform: "mturk", environment: "production", currency: "USD" },
          before: usd("1.00"),
          after: usd("2.00"),
        },
      ],
    },
    takenOut: { paid: { rows: 1, cost: text }, unpaid: { rows: 2, cost: text } },
    explanation: { why: text, next: text },
    skipCi: { token: text, where: text },
    policy: { ...EXAMPLE_POLICY, workers },
    aliasKey,
    footer: { ...footer(text), policyFrom: { commit: "a1b2c3d4", branch: text } },
  };
}

function steps(text: string, worker: string) {
  return [
    pay({ file: text, study: text, worker, label: text, reason: `${text} [ref K7QM-2N4D-XW5A]` }),
    pay({ file: text, study: "second", worker, assignment: "3B", label: text, reason: text, attempt: 2, others: 1 }),
    grant({ file: text, worker, name: text, notify: true, reason: text }),
    { kind: "create-type", file: text, line: 2, study: text, name: text, description: text } as const,
  ];
}

function asked(text: string, worker: string) {
  const row = {
    file: text,
    line: 4,
    environment: "production",
    study: text,
    worker,
    label: text,
    reason: text,
  } as const;
  return { kind: "pay", assignment: "3A", amount: usd("1.00"), attempt: 1, repeat: false, ...row } as const;
}

/** Addresses come from the runner, not from people. */
function footer(text: string) {
  return { runUrl: "https://github.com/example-lab/payments/actions/runs/7", tool: text, time: text };
}

/** A result's comment, the same way. */
export function attackedResult(text: string, options: Attacked = {}): CommentInput {
  const { accounts, held: manifests, policy, aliasKey } = attackedFindings(text, options);
  return result(accounts, {
    state: "PARTIAL",
    held: manifests,
    approvers: [text, "lee"],
    policy,
    aliasKey,
    explanation: { why: text, next: text },
    records: {
      repositoryUrl: "https://github.com/example-lab/payments",
      branch: text,
      paths: [text, `receipts/2026/${text}.claim.json`],
    },
    footer: footer(text),
  });
}

/** What an issue is made from, the same way. */
export function attackedFindings(
  text: string,
  { workers = "mask", aliasKey, worker = WORKER }: Attacked = {},
): Findings {
  const said = { worker, label: text, reason: text, message: text, code: text, reference: text };
  const rows = [
    payRow({ worker, label: text, reason: text }),
    payRow({ ...said, outcome: "unknown" }),
    payRow({ ...said, outcome: "refused", assignment: "3B" }),
    payRow({ ...said, outcome: "held", assignment: "3C", next: text }),
    { kind: "create-type", name: text, description: text, outcome: "held", time: "", message: text } as const,
    {
      kind: "grant",
      name: text,
      group: "3G",
      worker,
      score: 2,
      notify: true,
      reason: text,
      outcome: "done",
      time: "",
    } as const,
  ];
  return {
    policy: { ...EXAMPLE_POLICY, workers },
    aliasKey,
    accounts: [
      {
        report: report(rows, {
          held: [held({ file: text, worker, why: text, next: text })],
          stopped: { cause: text, message: text, next: text },
          problems: [mistake({ file: text, message: text, hint: text })],
          receipts: { branch: text, paths: [text] },
        }),
      },
    ],
    held: [{ file: text, code: "approval_missing", message: text, next: text }],
    footer: footer(text),
  };
}

/** An audit's findings, the same way. */
export function attackedAudit(text: string, options: Attacked = {}): AuditReport {
  const { workers = "mask", aliasKey, worker = WORKER } = options;
  const { account } = plan();
  const said = { account, place: text, message: text, next: text };
  const findings: Finding[] = [
    { code: "paid-outside", ...said, worker, assignment: "3B", amount: usd("1.50") },
    { code: "foreign-author", ...said },
  ];
  const money = { bonuses: 1, total: usd("1.50"), explained: usd("0.00"), fresh: 1, past: 1 };
  const audit = { accounts: [{ account, money, outside: [] }], findings, notAsked: ["reviews" as const] };
  return { audit, workers, aliasKey, footer: footer(text) };
}

/** Every text for a terminal or a log, the same way. */
export function attackedTerminal(text: string, options: Attacked = {}): string[] {
  const { workers = "mask", aliasKey, worker = WORKER } = options;
  const input = attackedPlan(text, options);
  const findings = attackedFindings(text, options);
  const problems = input.problems ?? [];
  return [40, 100, Infinity].flatMap((width) => {
    const style = { color: false, width };
    const shown = { style, workers, aliasKey };
    return [
      ...(input.kind === "plan" ? input.plans.map(({ plan: each }) => planText(each, shown)) : []),
      ...findings.accounts.map((each) => outcomesText(each.report, shown)),
      auditText(attackedAudit(text, options).audit, shown),
      problemsText(problems, style, maskFor(shown, [worker]).text),
      statusText([{ account: plan().account, state: stateOf(text, worker) }], {
        ...shown,
        now: "2026-12-13T00:00:00.000Z",
      }),
    ];
  });
}

function stateOf(text: string, worker: string): LedgerState {
  const chain = new SampleChain();
  chain.claim([
    claimedPay("3A", { worker, label: text, reason: text, reference: text }),
    claimedGrant(worker, { name: text }),
    { kind: "create-type", name: text, description: text },
  ]);
  const open = chain.records.flatMap((record) =>
    record.record === "claim" ? record.rows.map((row) => ({ claim: { path: text, record }, row })) : [],
  );
  return {
    bonuses: new Map(),
    elsewhere: new Map(),
    open,
    held: open.flatMap(({ claim, row }) => (row.kind === "pay" ? [{ claim, row, bonus: text }] : [])),
    unpaid: new Map(),
    claimedByStudy: new Map(),
    claimedByDay: new Map(),
  };
}

export function auditBody(report: AuditReport): string {
  return auditIssue(report)?.body ?? "";
}

export function issueBody(findings: Findings): string {
  return issueText(findings)?.body ?? "";
}

const WORKER = "A2WORKEREXAMPLE";
