/** Where a person should look. Lines and columns count from 1, as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong that a person can mend. An `error` stops everything; a `warning` is shown and stops nothing. */
export interface Problem extends Place {
  readonly code: ProblemCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}

/**
 * Every kind of problem. A code is stable: scripts and annotations may rely on it. A stage that finds a new kind of
 * problem adds its code here; its words are written where it is found, with the facts at hand.
 */
export type ProblemCode =
  // reading a file
  | "file-not-utf8"
  | "file-not-regular"
  | "file-name"
  | "file-too-large"
  | "too-many-problems"
  | "forbidden-character"
  | "yaml-syntax"
  | "yaml-feature"
  | "duplicate-key"
  | "unknown-key"
  | "missing-key"
  | "wrong-shape"
  // reading an export of a spreadsheet, from which a manifest is drafted
  | "csv-unreadable"
  | "csv-row-shape"
  | "column-unknown"
  | "expression-wrong"
  | "cell-blank"
  | "cell-damaged"
  | "code-twice"
  | "code-unknown"
  | "amount-too-precise"
  | "listed-already"
  // what a manifest says
  | "amount-unreadable"
  | "amount-zero"
  | "id-unreadable"
  | "id-unusual"
  | "text-unsuitable"
  | "reference-in-reason"
  // encrypted lists
  | "id-in-clear"
  | "ids-in-public"
  | "sealed-unreadable"
  | "key-unknown"
  | "key-missing"
  | "unknown-platform"
  | "account-unknown"
  | "wrong-environment"
  | "wrong-currency"
  | "duplicate-row"
  | "conflicting-rows"
  | "too-many-rows"
  | "bonus-over-limit"
  | "manifest-over-limit"
  // what the plan finds
  | "paused"
  | "day-over-limit"
  | "budget-exceeded"
  | "balance-too-small"
  | "assignment-unknown"
  | "worker-mismatch"
  | "container-mismatch"
  | "assignment-not-payable"
  | "equal-bonus-exists"
  | "paid-without-record"
  | "paid-row-changed"
  | "attempt-wrong"
  | "type-unknown"
  | "amount-unusual"
  | "claim-open-elsewhere"
  | "ledger-broken"
  | "platform-worse"
  | "calibration-missing"
  | "policy-missing"
  | "policy-and-manifests";

/** Builds a problem at a place. */
export function problem(
  code: ProblemCode,
  at: Place,
  message: string,
  hint: string,
  severity: Problem["severity"] = "error",
): Problem {
  return { code, severity, file: at.file, line: at.line, column: at.column, message, hint };
}

/** True where nothing may be applied. */
export function stops(problems: readonly Problem[]): boolean {
  return problems.some((each) => each.severity === "error");
}

/** By file, then line, then column, so that two runs print the same list. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
