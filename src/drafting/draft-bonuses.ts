import { Big } from "big.js";
import { idProblem } from "../manifest/ids.ts";
import type { IdKind } from "../manifest/ids.ts";
import { compareMoney, displayMoney, parseMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { inOrder, problem, stops } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { amountHint } from "../manifest/amount-hint.ts";
import { isNoId } from "./cells.ts";
import { columnOf, guessColumn } from "./columns.ts";
import type { Match, Role } from "./columns.ts";
import { amount as numberIn, truth } from "./evaluate.ts";
import { conjunctsOf, isFormula, readFormula, sourcesUsed, workOut } from "./formulas.ts";
import type { Formula } from "./formulas.ts";
import { joinTables } from "./join-tables.ts";
import type { JoinedRow, SourceName, Sources } from "./sources.ts";
import type { Table, TableRow } from "./table.ts";

/** What a person asks for. Texts are as they were typed. */
export interface BonusRequest extends Sources {
  /** The columns that hold the same code. Needed where there are scores. */
  readonly match?: Match | undefined;
  /** Where the batch calls them otherwise than {@link guessColumn} knows. */
  readonly worker?: string | undefined;
  readonly assignment?: string | undefined;
  /** A column, an amount, or a formula. */
  readonly amount: string;
  /** No bonus is more than this. */
  readonly max?: string | undefined;
  /** A column, or what all workers read. */
  readonly reason: string;
  readonly where?: string | undefined;
  /** What happens to amounts with more than two decimals. */
  readonly rounding: "refuse" | "half-up";
  readonly label: string;
  readonly rules: PlatformRules;
  /** What was asked for or paid before, for an assignment with this draft's label. */
  readonly known: (assignment: string) => KnownBonus | undefined;
  /** How messages call what is asked for: an option of the command line, or a field of a page. */
  readonly names: OptionNames;
}

export interface KnownBonus {
  readonly where: "ledger" | "manifest";
  /** The receipt or the manifest. */
  readonly file: string;
  readonly amount: Money;
}

export type OptionNames = Readonly<Record<"amount" | "max" | "where" | "match" | "round", string>>;

export interface DraftedBonus {
  /** The row of the batch. */
  readonly at: Place;
  readonly worker: string;
  readonly assignment: string;
  readonly amount: Money;
  readonly reason: string;
}

/** Why rows of the batch are not in the draft, and how many. */
export interface LeftOut {
  readonly where: number;
  readonly unmatched: number;
  readonly withoutIds: number;
  readonly zero: number;
  readonly repeated: number;
  readonly inLedger: number;
  readonly inManifests: number;
}

export interface BonusDraft {
  /** By worker, then assignment. Nothing may be made of them while a problem is an error. */
  readonly bonuses: readonly DraftedBonus[];
  readonly leftOut: LeftOut;
  /** Rows of the scores that nobody in the batch belongs to. */
  readonly scoresUnused: number;
  readonly rounded: number;
  /** Cut down to the most that was given. */
  readonly capped: number;
  readonly problems: readonly Problem[];
}

/** Works out who gets what. Every problem is told at once, at its cell. */
export function draftBonuses(request: BonusRequest): BonusDraft {
  const read = readRequest(request);
  if ("problems" in read) return { ...NOTHING, problems: inOrder(read.problems) };
  const found: Found = { problems: [], leftOut: { ...NOTHING.leftOut }, rounded: 0, capped: 0 };
  const { rows, scoresUnused } = rowsToPay(request, read, found);
  const bonuses = rows.flatMap((row) => bonusOf(row, request, read, found) ?? []);
  const once = withoutRepeats(bonuses, found);
  const open = withoutKnown(once, request, found);
  return {
    bonuses: open.sort((a, b) => compare(a.worker, b.worker) || compare(a.assignment, b.assignment)),
    leftOut: found.leftOut,
    scoresUnused,
    rounded: found.rounded,
    capped: found.capped,
    problems: inOrder(found.problems),
  };
}

const NOTHING: Omit<BonusDraft, "problems"> = {
  bonuses: [],
  leftOut: { where: 0, unmatched: 0, withoutIds: 0, zero: 0, repeated: 0, inLedger: 0, inManifests: 0 },
  scoresUnused: 0,
  rounded: 0,
  capped: 0,
};

interface Found {
  readonly problems: Problem[];
  readonly leftOut: { -readonly [K in keyof LeftOut]: number };
  rounded: number;
  capped: number;
}

/** What was asked for, with every name found in the files. */
interface ReadRequest {
  readonly worker: number;
  readonly assignment: number;
  readonly amount: Formula;
  readonly max: Money | undefined;
  readonly reason: Formula | string;
  readonly where: readonly Formula[];
  readonly match: { readonly batch: number; readonly scores: number } | undefined;
}

function readRequest(request: BonusRequest): ReadRequest | { readonly problems: readonly Problem[] } {
  const { batch, scores, match, rules, names } = request;
  const problems: Problem[] = [];
  const worker = idColumn(batch, "worker", request.worker, problems);
  const assignment = idColumn(batch, "assignment", request.assignment, problems);
  const amount = readFormula({ option: names.amount, text: request.amount }, request, match);
  const where =
    request.where === undefined ? undefined : readFormula({ option: names.where, text: request.where }, request, match);
  for (const each of [amount, where]) if (each && !isFormula(each)) problems.push(...each.problems);
  const max = request.max === undefined ? undefined : parseMoney(request.max.trim(), rules.currency);
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
  if (problems.length > 0 || worker === undefined || assignment === undefined || !isFormula(amount))
    return { problems };
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

function idColumn(
  batch: Table,
  role: Role & ("worker" | "assignment"),
  given: string | undefined,
  problems: Problem[],
) {
  const name = given ?? guessColumn(batch, role);
  const at = { file: batch.name, line: 1, column: 1 };
  if (name === undefined) {
    const ids = role === "worker" ? "worker" : "assignment";
    problems.push(
      problem(
        "column-unknown",
        at,
        `no column of this file seems to hold ${ids} ids`,
        batch.header === "none"
          ? "lines of id and amount go to --scores, beside the batch that MTurk exported: a bonus is for an assignment"
          : `name it with --${ids} COLUMN; in MTurk's batch results it is ${role === "worker" ? "WorkerId" : "AssignmentId"}`,
      ),
    );
    return undefined;
  }
  const found = columnOf(batch, name);
  if (found.kind === "found") return found.index;
  problems.push(problem("column-unknown", at, found.message, found.hint));
  return undefined;
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

/** The rows of the batch that `where` leaves, each with its scores. Conditions on one file are asked before files are joined. */
function rowsToPay(
  request: BonusRequest,
  { where, match }: ReadRequest,
  found: Found,
): { readonly rows: readonly JoinedRow[]; readonly scoresUnused: number } {
  const keep = (rows: readonly JoinedRow[], formulas: readonly Formula[]) =>
    rows.filter((row) => formulas.every((each) => holds(each, row, request, found.problems)));
  const on = (source: SourceName) => where.filter((each) => [...sourcesUsed(each)].every((used) => used === source));
  const both = where.filter((each) => sourcesUsed(each).size > 1);
  const batch = keep(
    request.batch.rows.map((row) => ({ batch: row })),
    on("batch"),
  );
  found.leftOut.where += request.batch.rows.length - batch.length;
  if (!request.scores || !match) return { rows: batch, scoresUnused: 0 };
  const scores = keep(
    request.scores.rows.map((row) => ({ scores: row })),
    on("scores"),
  );
  const rowsOf = (rows: readonly JoinedRow[], source: SourceName) =>
    rows.flatMap((row): TableRow[] => (row[source] ? [row[source]] : []));
  const joined = joinTables({
    batch: { table: request.batch, rows: rowsOf(batch, "batch"), column: match.batch },
    scores: { table: request.scores, rows: rowsOf(scores, "scores"), column: match.scores },
  });
  found.problems.push(...joined.problems);
  found.leftOut.unmatched += joined.unmatched.batch;
  const rows = keep(joined.rows, both);
  found.leftOut.where += joined.rows.length - rows.length;
  return { rows, scoresUnused: joined.unmatched.scores };
}

function holds(formula: Formula, row: JoinedRow, request: BonusRequest, problems: Problem[]): boolean {
  const result = workOut(formula, row, { sources: request, currency: request.rules.currency }, truth);
  if ("value" in result) return result.value;
  problems.push(result.problem);
  return false;
}

function bonusOf(row: JoinedRow, request: BonusRequest, read: ReadRequest, found: Found): DraftedBonus | undefined {
  const { batch } = row;
  if (!batch) throw new Error("a bonus without a row of the batch");
  if ([read.worker, read.assignment].every((column) => isNoId(batch.cells[column] ?? ""))) {
    found.leftOut.withoutIds++;
    return undefined;
  }
  const worker = readId(batch, read.worker, "worker", request, found.problems);
  const assignment = readId(batch, read.assignment, "assignment", request, found.problems);
  const amount = amountOf(row, request, read, found);
  const reason = reasonOf(row, request, read, found);
  if (worker === undefined || assignment === undefined || !amount || reason === undefined) return undefined;
  return { at: batch.at(0), worker, assignment, amount, reason };
}

function readId(
  row: TableRow,
  column: number,
  kind: IdKind & ("worker" | "assignment"),
  { rules, batch }: BonusRequest,
  problems: Problem[],
): string | undefined {
  const id = row.cells[column] ?? "";
  const name = batch.columns[column] ?? kind;
  const wrong = isNoId(id)
    ? { message: "is blank", hint: "find the id and write it in, or delete the line" }
    : idProblem(id, kind, rules);
  // An unusual length is told of the manifest, once.
  if (!wrong || ("severity" in wrong && wrong.severity === "warning")) return id;
  problems.push(
    problem(isNoId(id) ? "cell-blank" : "id-unreadable", row.at(column), `\`${name}\` ${wrong.message}`, wrong.hint),
  );
  return undefined;
}

function amountOf(row: JoinedRow, request: BonusRequest, read: ReadRequest, found: Found): Money | undefined {
  const { rules, names, rounding } = request;
  const result = workOut(read.amount, row, { sources: request, currency: rules.currency }, numberIn);
  if ("problem" in result) {
    found.problems.push(result.problem);
    return undefined;
  }
  const at = amountPlace(row, read.amount);
  const refuse = (code: "amount-unreadable" | "amount-too-precise", message: string, hint: string) => {
    found.problems.push(problem(code, at, message, hint));
    return undefined;
  };
  const exact = result.value;
  if (exact.lt(0))
    return refuse(
      "amount-unreadable",
      `the bonus would be ${exact.toFixed()}`,
      `write max(0, …) around the formula if nothing is meant`,
    );
  const cents = exact.round(2, Big.roundHalfUp);
  if (!cents.eq(exact) && rounding === "refuse")
    return refuse(
      "amount-too-precise",
      `${shortened(exact)} has more than two decimals; rounded half up it is ${cents.toFixed(2)}`,
      `${names.round} rounds all such amounts and says how many; round(…, 2) in the formula does it as well`,
    );
  const amount = parseMoney(cents.toFixed(2), rules.currency);
  if (!amount)
    return refuse("amount-unreadable", `the bonus would be ${shortened(exact)}`, "check the formula and the row");
  if (amount.minor === 0) {
    found.leftOut.zero++;
    return undefined;
  }
  if (!cents.eq(exact)) found.rounded++;
  if (!read.max || compareMoney(amount, read.max) <= 0) return amount;
  found.capped++;
  return read.max;
}

function shortened(value: Big): string {
  const text = value.toFixed();
  return text.length <= 12 ? text : `${text.slice(0, 12)}…`;
}

/** The first cell that the amount is made of, or the row. */
function amountPlace(row: JoinedRow, { columns }: Formula): Place {
  for (const { source, index } of columns.values()) {
    const found = row[source];
    if (found) return found.at(index);
  }
  return (row.batch ?? row.scores)?.at(0) ?? { file: "", line: 1, column: 1 };
}

function reasonOf(
  row: JoinedRow,
  { batch, scores }: Sources,
  { reason }: ReadRequest,
  found: Found,
): string | undefined {
  if (typeof reason === "string") return reason.trim();
  const [[name, { source, index }] = ["", { source: "batch", index: 0 }] as const] = reason.columns;
  const table = { batch, scores }[source];
  const cell = table && row[source]?.cells[index]?.replace(/\s+/g, " ");
  if (cell !== undefined && cell !== "") return cell;
  found.problems.push(
    problem(
      "cell-blank",
      row[source]?.at(index) ?? amountPlace(row, reason),
      `\`${name}\` is blank: the worker would read no reason`,
      "write one in, or give one reason for all",
    ),
  );
  return undefined;
}

/** An assignment that stands twice with the same bonus is paid it once; with another bonus a person must decide. */
function withoutRepeats(bonuses: readonly DraftedBonus[], found: Found): DraftedBonus[] {
  const firsts = new Map<string, DraftedBonus>();
  for (const bonus of bonuses) {
    const first = firsts.get(bonus.assignment);
    if (!first) {
      firsts.set(bonus.assignment, bonus);
    } else if (first.worker === bonus.worker && compareMoney(first.amount, bonus.amount) === 0) {
      found.leftOut.repeated++;
    } else {
      const hint =
        "delete the line that does not count; a second bonus for an assignment is drafted by itself, with a label";
      const tell = (here: DraftedBonus, there: DraftedBonus) =>
        problem(
          "duplicate-row",
          here.at,
          `this assignment stands in line ${there.at.line} as well, with another worker or amount`,
          hint,
        );
      found.problems.push(tell(first, bonus), tell(bonus, first));
    }
  }
  return [...firsts.values()];
}

function withoutKnown(bonuses: readonly DraftedBonus[], { known, label }: BonusRequest, found: Found): DraftedBonus[] {
  return bonuses.filter((bonus) => {
    const before = known(bonus.assignment);
    if (!before) return true;
    if (before.where === "ledger") found.leftOut.inLedger++;
    else found.leftOut.inManifests++;
    if (compareMoney(before.amount, bonus.amount) !== 0)
      found.problems.push(
        problem(
          "listed-already",
          bonus.at,
          `this bonus of ${displayMoney(bonus.amount)} is left out: ${before.file} has ${displayMoney(before.amount)} for the assignment`,
          label === ""
            ? "to pay another bonus as well, draft it with a label: --label extra"
            : "to pay yet another bonus, use another label",
          "warning",
        ),
      );
    return false;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True where nothing may be written. */
export function isRefused({ problems }: BonusDraft): boolean {
  return stops(problems);
}
