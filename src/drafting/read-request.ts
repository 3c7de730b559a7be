import { amountHint } from "../manifest/amount-hint.ts";
import { parseMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { BonusRequest } from "./bonus-request.ts";
import { columnOf, guessColumn } from "./columns.ts";
import type { Role } from "./columns.ts";
import { conjunctsOf, isFormula, readFormula } from "./formulas.ts";
import type { Formula } from "./formulas.ts";
import type { Table } from "./table.ts";

/** What was asked for, with every name found in the files. */
export interface ReadRequest {
  /** None where the platform knows whose an assignment is, and the file does not say. */
  readonly worker: number | undefined;
  readonly assignment: number;
  readonly amount: Formula;
  readonly max: Money | undefined;
  readonly reason: Formula | string;
  readonly where: readonly Formula[];
  readonly match: { readonly batch: number; readonly scores: number } | undefined;
}

/** Everything that is wrong with it is told at once. */
export function readRequest(request: BonusRequest): ReadRequest | { readonly problems: readonly Problem[] } {
  const { batch, scores, match, currency, names, rules } = request;
  const problems: Problem[] = [];
  const isTold = rules.words.assignment === "submission";
  const worker =
    isTold && request.worker === undefined && guessColumn(batch, "worker", rules) === undefined
      ? undefined
      : idColumn(request, "worker", problems);
  const assignment = idColumn(request, "assignment", problems);
  const amount = readFormula({ option: names.amount, text: request.amount }, request, match);
  const where =
    request.where === undefined ? undefined : readFormula({ option: names.where, text: request.where }, request, match);
  for (const each of [amount, where]) if (each && !isFormula(each)) problems.push(...each.problems);
  const max = request.max === undefined ? undefined : parseMoney(request.max.trim(), currency);
  if (request.max !== undefined && !max)
    problems.push(
      problem(
        "amount-unreadable",
        { file: names.max, line: 1, column: 1 },
        `\`${request.max.slice(0, 20)}\` is not an amount of money`,
        amountHint(request.max),
      ),
    );
  const matched = scores ? readMatch(request, scores, problems) : undefined;
  if (problems.length > 0 || assignment === undefined || !isFormula(amount)) return { problems };
  const reason = readFormula({ option: "", text: request.reason }, request, match);
  return {
    worker,
    assignment,
    amount,
    max,
    reason: isFormula(reason) && reason.expression.kind === "column" ? reason : request.reason,
    where: where && isFormula(where) ? conjunctsOf(where) : [],
    match: matched,
  };
}

function idColumn(request: BonusRequest, role: Role & ("worker" | "assignment"), problems: Problem[]) {
  const { batch, rules } = request;
  const { words } = rules;
  // Lines of id and amount are for the assignment, where that is enough to know whom to pay.
  const bare = batch.header === "none" && role === "assignment" && words.assignment === "submission" ? "id" : undefined;
  const name = request[role] ?? bare ?? guessColumn(batch, role, rules);
  const at = { file: batch.name, line: 1, column: 1 };
  if (name === undefined) {
    const ids = role === "worker" ? "worker" : words.assignment;
    problems.push(
      problem(
        "column-unknown",
        at,
        `no column of this file seems to hold ${ids} ids`,
        otherPlatform(batch, rules) ??
          (batch.header === "none"
            ? "lines of id and amount go to --scores, beside the batch that MTurk exported: a bonus is for an assignment"
            : `name it with --${role} COLUMN; in the export of ${rules.title} it is ${words.exportColumns[role]}`),
      ),
    );
    return undefined;
  }
  const found = columnOf(batch, name);
  if (found.kind === "found") return found.index;
  problems.push(problem("column-unknown", at, found.message, found.hint));
  return undefined;
}

/** What to do where a file has columns as another platform exports them. */
function otherPlatform(batch: Table, rules: PlatformRules): string | undefined {
  const other = [...PLATFORMS.values()].find(
    (each) => each.name !== rules.name && guessColumn(batch, "assignment", each) !== undefined,
  );
  return other && `this looks like an export of ${other.title}: say --platform ${other.name}`;
}

function readMatch({ batch, match, names }: BonusRequest, scores: Table, problems: Problem[]) {
  if (!match) {
    problems.push(
      problem(
        "column-unknown",
        { file: scores.name, line: 1, column: 1 },
        `no column of this file has values in common with ${batch.name}`,
        `say which columns hold the same code: ${names.match} Answer.surveycode=RandomID`,
      ),
    );
    return undefined;
  }
  const found = [columnOf(batch, match.batch), columnOf(scores, match.scores)] as const;
  for (const each of found)
    if (each.kind === "none")
      problems.push(problem("column-unknown", { file: names.match, line: 1, column: 1 }, each.message, each.hint));
  const [left, right] = found;
  return left.kind === "found" && right.kind === "found" ? { batch: left.index, scores: right.index } : undefined;
}
