import { idProblem } from "../manifest/ids.ts";
import type { IdKind } from "../manifest/ids.ts";
import { compareMoney, displayMoney, isSameMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { inOrder, problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { workOutAmount } from "./bonus-amount.ts";
import type { BonusRequest } from "./bonus-request.ts";
import { isNoId } from "./cells.ts";
import { truth } from "./evaluate.ts";
import { rowPlace, sourcesUsed, workOut } from "./formulas.ts";
import type { Formula } from "./formulas.ts";
import { joinTables } from "./join-tables.ts";
import { readRequest } from "./read-request.ts";
import type { ReadRequest } from "./read-request.ts";
import type { JoinedRow, SourceName, Sources } from "./sources.ts";
import type { TableRow } from "./table.ts";

export interface DraftedBonus {
  /** The row of the batch. */
  readonly at: Place;
  /** Empty where the file does not say, and the platform knows. */
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
  const result = workOut(formula, row, { sources: request, currency: request.currency }, truth);
  if ("value" in result) return result.value;
  problems.push(result.problem);
  return false;
}

function bonusOf(row: JoinedRow, request: BonusRequest, read: ReadRequest, found: Found): DraftedBonus | undefined {
  const { batch } = row;
  if (!batch) throw new Error("a bonus without a row of the batch");
  const columns = read.worker === undefined ? [read.assignment] : [read.worker, read.assignment];
  if (columns.every((column) => isNoId(batch.cells[column] ?? ""))) {
    found.leftOut.withoutIds++;
    return undefined;
  }
  const worker = read.worker === undefined ? "" : readId(batch, read.worker, "worker", request, found.problems);
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
  const worked = workOutAmount(row, request, read);
  switch (worked.kind) {
    case "problem":
      found.problems.push(worked.problem);
      return undefined;
    case "zero":
      found.leftOut.zero++;
      return undefined;
    case "amount":
      if (worked.isRounded) found.rounded++;
      if (worked.isCapped) found.capped++;
      return worked.amount;
  }
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
      row[source]?.at(index) ?? rowPlace(row),
      `\`${name}\` is blank: there would be no reason`,
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
    if (!isSameMoney(before.amount, bonus.amount))
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
