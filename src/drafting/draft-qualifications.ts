import { idProblem } from "../manifest/ids.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { inOrder, problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { columnOf, guessColumn } from "./columns.ts";
import { amount as numberIn, truth } from "./evaluate.ts";
import { isFormula, readFormula, workOut } from "./formulas.ts";
import type { Formula } from "./formulas.ts";
import { isNoId } from "./cells.ts";
import type { Table, TableRow } from "./table.ts";

/** What a person asks for. Texts are as they were typed. */
export interface QualificationRequest {
  readonly batch: Table;
  /** Where the batch calls it otherwise than {@link guessColumn} knows. */
  readonly worker?: string | undefined;
  /** A whole number, a column, or a formula. */
  readonly score: string;
  readonly where?: string | undefined;
  readonly rules: PlatformRules;
  /** How messages call what is asked for. */
  readonly names: { readonly score: string; readonly where: string };
}

export interface DraftedGrant {
  readonly at: Place;
  readonly worker: string;
  readonly score: number;
}

export interface QualificationDraft {
  /** By worker, each once. Nothing may be made of them while a problem is an error. */
  readonly grants: readonly DraftedGrant[];
  readonly leftOut: { readonly where: number; readonly withoutIds: number; readonly repeated: number };
  readonly problems: readonly Problem[];
}

/** The largest score. Source: MTurk API, AssociateQualificationWithWorker, IntegerValue. */
const SCORE_MAX = 2_147_483_647;

/** Works out who is to hold which score: one row for each worker, however many assignments the worker did. */
export function draftQualifications(request: QualificationRequest): QualificationDraft {
  const { batch, rules, names } = request;
  const problems: Problem[] = [];
  const leftOut = { where: 0, withoutIds: 0, repeated: 0 };
  const column = workerColumn(batch, request.worker, rules, problems);
  if (rules.traits.membership === "plain" && request.score.trim() !== "1")
    problems.push(
      problem(
        "wrong-shape",
        { file: names.score, line: 1, column: 1 },
        `a ${rules.words.group} of ${rules.title} has no scores`,
        "leave it out; make a group for each level, with --where",
      ),
    );
  const score = readFormula({ option: names.score, text: request.score }, { batch }, undefined);
  const where =
    request.where === undefined
      ? undefined
      : readFormula({ option: names.where, text: request.where }, { batch }, undefined);
  for (const each of [score, where]) if (each && !isFormula(each)) problems.push(...each.problems);
  if (problems.length > 0 || column === undefined || !isFormula(score)) return { grants: [], leftOut, problems };
  const context = { sources: { batch }, currency: rules.currencies[0] };
  const grants = new Map<string, DraftedGrant>();
  for (const row of batch.rows) {
    if (where && isFormula(where)) {
      const kept = workOut(where, { batch: row }, context, truth);
      if ("problem" in kept) problems.push(kept.problem);
      if (!("value" in kept) || !kept.value) {
        leftOut.where++;
        continue;
      }
    }
    const worker = row.cells[column] ?? "";
    if (isNoId(worker)) {
      leftOut.withoutIds++;
      continue;
    }
    const wrong = idProblem(worker, "worker", rules);
    if (wrong?.severity === "error") {
      problems.push(
        problem("id-unreadable", row.at(column), `\`${batch.columns[column]}\` ${wrong.message}`, wrong.hint),
      );
      continue;
    }
    const value = scoreOf(score, row, request, problems);
    if (value === undefined) continue;
    const first = grants.get(worker);
    if (!first) grants.set(worker, { at: row.at(column), worker, score: value });
    else if (first.score === value) leftOut.repeated++;
    else problems.push(...conflict(first, row.at(column)));
  }
  return {
    grants: [...grants.values()].sort((a, b) => (a.worker < b.worker ? -1 : 1)),
    leftOut,
    problems: inOrder(problems),
  };
}

function workerColumn(
  batch: Table,
  given: string | undefined,
  rules: PlatformRules,
  problems: Problem[],
): number | undefined {
  const name = given ?? (batch.header === "none" ? "id" : guessColumn(batch, "worker", rules));
  const found = name === undefined ? undefined : columnOf(batch, name);
  if (found?.kind === "found") return found.index;
  problems.push(
    problem(
      "column-unknown",
      { file: batch.name, line: 1, column: 1 },
      found?.message ?? "no column of this file seems to hold worker ids",
      found?.hint ??
        `name it with --worker COLUMN; in the export of ${rules.title} it is ${rules.words.exportColumns.worker}`,
    ),
  );
  return undefined;
}

function scoreOf(
  formula: Formula,
  row: TableRow,
  { batch, rules }: QualificationRequest,
  problems: Problem[],
): number | undefined {
  const result = workOut(formula, { batch: row }, { sources: { batch }, currency: rules.currencies[0] }, numberIn);
  if ("problem" in result) {
    problems.push(result.problem);
    return undefined;
  }
  const value = result.value;
  if (value.eq(value.round(0, 0)) && value.gte(0) && value.lte(SCORE_MAX)) return value.toNumber();
  const [ref] = formula.columns.values();
  problems.push(
    problem(
      "wrong-shape",
      row.at(ref?.index ?? 0),
      `the score would be ${value.toFixed().slice(0, 20)}`,
      "a score is a whole number from 0 on: write round(…) around the formula",
    ),
  );
  return undefined;
}

function conflict(first: DraftedGrant, at: Place): Problem[] {
  const hint = "a worker holds one score: delete the line that does not count, or leave it out with --where";
  const tell = (here: Place, there: Place) =>
    problem("conflicting-rows", here, `this worker has another score in line ${there.line}`, hint);
  return [tell(first.at, at), tell(at, first.at)];
}
