import { formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { HeldRow, Plan, SettledRow, Step } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import type { Problem } from "../problem.ts";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";

/** A value that `JSON.stringify` writes as it is. Ids are in clear: it is for programs on the person's own machine. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What `plan --json` prints. Amounts are strings such as `"1.50"`; a balance that nobody knows is null. */
export function planJson(plan: Plan): Json {
  const { totals } = plan;
  return {
    version: 1,
    platform: plan.account.platform,
    environment: plan.account.environment,
    currency: plan.account.currency,
    ...named(plan.account),
    manifests: plan.manifests.map(({ file, digest }) => ({ file, digest })),
    steps: plan.steps.map(stepJson),
    settled: plan.settled.map(settledJson),
    held: plan.held.map(heldJson),
    totals: {
      bonuses: totals.bonuses,
      amount: formatMoney(totals.amount),
      fees: formatMoney(totals.fees),
      cost: formatMoney(totals.cost),
      ...given("feeBasis", totals.feeBasis),
      balance: knownMoney(totals.balance),
      balanceAfter: knownMoney(totals.balanceAfter),
      open: { bonuses: totals.open.bonuses, cost: formatMoney(totals.open.cost) },
      grants: totals.grants,
      rescores: totals.rescores,
      revokes: totals.revokes,
      emails: totals.emails,
    },
    problems: plan.problems.map(problemJson),
  };
}

/** What `apply --json` prints. */
export function applyJson(report: ApplyReport): Json {
  const { totals, balance, stopped } = report;
  return {
    version: 1,
    environment: report.account.environment,
    ...named(report.account),
    outcomes: report.rows.map(outcomeJson),
    held: (report.held ?? []).map(heldJson),
    totals: {
      bonuses: totals.bonuses,
      paid: totals.paid,
      amount: formatMoney(totals.amount),
      fees: formatMoney(totals.fees),
      cost: formatMoney(totals.cost),
      balance: knownMoney(balance.before),
      balanceAfter: knownMoney(balance.after),
    },
    receipts: report.receipts.paths,
    problems: report.problems.map(problemJson),
    ...(stopped ? { stopped: { cause: stopped.cause, message: stopped.message, next: stopped.next } } : {}),
  };
}

/** The account, where it is not the one that needs no name. */
export function named({ name }: Pick<Account, "name">): { readonly account?: string } {
  return name === undefined ? {} : { account: name };
}

const NOTHING = {
  version: 1,
  environment: null,
} as const;

const NO_MONEY = { bonuses: 0, amount: "0.00", fees: "0.00", cost: "0.00", balance: null, balanceAfter: null } as const;

/** What `plan --json` prints where no account could be planned: the same keys, so that a program finds them. */
export function noPlanJson(problems: readonly Problem[]): Json {
  const totals = { ...NO_MONEY, grants: 0, rescores: 0, revokes: 0, emails: 0 };
  return { ...NOTHING, manifests: [], steps: [], settled: [], held: [], totals, ...problemsJson(problems) };
}

/** The same for `apply --json`. */
export function noApplyJson(problems: readonly Problem[]): Json {
  return {
    ...NOTHING,
    outcomes: [],
    held: [],
    totals: { ...NO_MONEY, paid: 0 },
    receipts: [],
    ...problemsJson(problems),
  };
}

/** What `validate --json` prints. */
export function problemsJson(problems: readonly Problem[]): { readonly problems: readonly Json[] } {
  return { problems: problems.map(problemJson) };
}

/** Indented JSON in which nothing steers a terminal: what JSON itself leaves unescaped is escaped too. */
export function jsonText(value: Json): string {
  return JSON.stringify(value, null, 2).replace(STEERING, (found) => found.split("").map(unicodeEscape).join(""));
}

/** The same text in pieces: where the value is a document, its lists come entry by entry. */
export function* jsonPieces(value: Json): Generator<string> {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (entries.length === 0) return yield jsonText(value);
  for (const [at, [key, each]] of entries.entries()) {
    yield `${at === 0 ? "{" : ","}\n  ${jsonText(key)}: `;
    if (!Array.isArray(each) || each.length === 0) {
      yield indented(each, "  ");
      continue;
    }
    for (const [n, item] of each.entries()) yield `${n === 0 ? "[" : ","}\n    ${indented(item, "    ")}`;
    yield "\n  ]";
  }
  yield "\n}";
}

/** No text of JSON has a line break of its own. */
function indented(value: Json, by: string): string {
  return jsonText(value).replaceAll("\n", `\n${by}`);
}

const STEERING = /[\u007f-\u009f]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

function unicodeEscape(codeUnit: string): string {
  return `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function stepJson(step: Step): Json {
  switch (step.kind) {
    case "pay":
      return {
        kind: step.kind,
        file: step.file,
        line: step.line,
        worker: step.worker,
        assignment: step.assignment,
        label: step.label,
        amount: formatMoney(step.amount),
        fee: formatMoney(step.fee),
        reference: step.reference,
      };
    case "grant":
    case "rescore":
    case "revoke":
      return {
        kind: step.kind,
        file: step.file,
        line: step.line,
        worker: step.worker,
        name: step.name,
        ...given("score", step.score),
        ...given("was", step.was),
        notify: step.notify,
      };
    case "create-type":
      return {
        kind: step.kind,
        file: step.file,
        line: step.line,
        name: step.name,
        description: step.description,
      };
  }
}

function settledJson(row: SettledRow): Json {
  return {
    kind: row.kind,
    file: row.file,
    line: row.line,
    worker: row.worker,
    ...(row.kind === "pay"
      ? { assignment: row.assignment, label: row.label, amount: formatMoney(row.amount) }
      : { name: row.name, ...given("score", row.score) }),
    because: row.because,
    ...given("receipt", row.receipt),
  };
}

function heldJson(row: HeldRow): Json {
  return {
    kind: row.kind,
    state: row.state,
    file: row.file,
    line: row.line,
    worker: row.worker,
    assignment: row.assignment,
    label: row.label,
    attempt: row.attempt,
    amount: formatMoney(row.amount),
    why: row.why,
    next: row.next,
    record: row.record,
  };
}

function outcomeJson(row: ApplyRow): Json {
  return { kind: row.kind, outcome: publicOutcome(row), ...rowJson(row), ...endJson(row) };
}

/** A record says `done`; a program is told what was done. */
function publicOutcome(row: ApplyRow): string {
  if (row.outcome !== "done") return row.outcome;
  return { pay: "paid", grant: "granted", rescore: "rescored", revoke: "revoked", "create-type": "created" }[row.kind];
}

function rowJson(row: ApplyRow): { readonly [key: string]: Json } {
  switch (row.kind) {
    case "pay":
      return {
        worker: row.worker,
        assignment: row.assignment,
        label: row.label,
        amount: row.amount,
        fee: row.fee,
        attempt: row.attempt,
        reference: row.reference,
      };
    case "grant":
    case "rescore":
    case "revoke":
      return {
        worker: row.worker,
        name: row.name,
        ...given("score", row.score),
        ...given("was", row.was),
        notify: row.notify,
      };
    case "create-type":
      return { name: row.name };
  }
}

function endJson(row: ApplyRow): { readonly [key: string]: Json } {
  const end = row.outcome === "unknown" ? {} : { ...given("time", row.time), ...given("requestId", row.requestId) };
  return {
    ...end,
    ...(row.outcome === "unknown" ? {} : given("code", row.code)),
    ...given("message", row.message),
    ...given("next", row.next),
  };
}

function problemJson(problem: Problem): Json {
  return {
    code: problem.code,
    severity: problem.severity,
    file: problem.file,
    line: problem.line,
    column: problem.column,
    message: problem.message,
    hint: problem.hint,
  };
}

function knownMoney(amount: Money | "unknown"): string | null {
  return amount === "unknown" ? null : formatMoney(amount);
}

function given(key: string, value: string | number | undefined): { readonly [key: string]: Json } {
  return value === undefined ? {} : { [key]: value };
}
