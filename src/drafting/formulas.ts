import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import type { Currency } from "../money.ts";
import type { Match } from "./columns.ts";
import { CannotEvaluate, evaluate } from "./evaluate.ts";
import type { Value } from "./evaluate.ts";
import { parseExpression } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { numberStyleOf, resolveColumn } from "./sources.ts";
import type { ColumnRef, JoinedRow, SourceName, Sources } from "./sources.ts";

/** A formula whose names are all columns of the files at hand. */
export interface Formula {
  readonly expression: Expression;
  readonly columns: ReadonlyMap<string, ColumnRef>;
}

/** What a person wrote, and the option or field that it was written in: messages point there. */
export interface FormulaText {
  readonly option: string;
  readonly text: string;
}

export type ReadFormula = Formula | { readonly problems: readonly Problem[] };

export function isFormula(read: ReadFormula): read is Formula {
  return "expression" in read;
}

/** Text that is the name of a column means that column, whatever signs are in it. */
export function readFormula({ option, text }: FormulaText, sources: Sources, match: Match | undefined): ReadFormula {
  const at = (offset: number): Place => ({ file: option, line: 1, column: offset + 1 });
  const whole = resolveColumn(sources, text.trim(), match);
  if (whole.kind === "found")
    return {
      expression: { kind: "column", name: text.trim() },
      columns: new Map([[text.trim(), whole.column]]),
    };
  const parsed = parseExpression(text);
  if (parsed.kind === "wrong")
    return { problems: [problem("expression-wrong", at(parsed.offset), parsed.message, parsed.hint)] };
  const columns = new Map<string, ColumnRef>();
  const problems: Problem[] = [];
  for (const name of parsed.columns) {
    const found = resolveColumn(sources, name, match);
    if (found.kind === "found") columns.set(name, found.column);
    else problems.push(problem("column-unknown", at(Math.max(0, text.indexOf(name))), found.message, found.hint));
  }
  return problems.length > 0 ? { problems } : { expression: parsed.expression, columns };
}

/** The files that a formula looks at. */
export function sourcesUsed({ columns }: Formula): ReadonlySet<SourceName> {
  return new Set([...columns.values()].map(({ source }) => source));
}

/** `a && b && c` as three formulas: each is asked as early as its columns are there. */
export function conjunctsOf({ expression, columns }: Formula): Formula[] {
  if (expression.kind !== "binary" || expression.operator !== "&&") {
    const names = namesIn(expression);
    return [{ expression, columns: new Map([...columns].filter(([name]) => names.has(name))) }];
  }
  return [expression.left, expression.right].flatMap((each) => conjunctsOf({ expression: each, columns }));
}

function namesIn(expression: Expression): ReadonlySet<string> {
  switch (expression.kind) {
    case "column":
      return new Set([expression.name]);
    case "unary":
      return namesIn(expression.of);
    case "binary":
      return new Set([...namesIn(expression.left), ...namesIn(expression.right)]);
    case "choice":
      return new Set([expression.condition, expression.yes, expression.no].flatMap((each) => [...namesIn(each)]));
    case "call":
      return new Set(expression.args.flatMap((each) => [...namesIn(each)]));
    case "number":
    case "text":
    case "flag":
      return new Set();
  }
}

export interface RowContext {
  readonly sources: Sources;
  readonly currency: Currency;
}

/** The formula's value for a row, or the problem at the cell that is its cause. `then` turns the value into what is asked. */
export function workOut<T>(
  { expression, columns }: Formula,
  row: JoinedRow,
  { sources, currency }: RowContext,
  then: (value: Value) => T,
): { readonly value: T } | { readonly problem: Problem } {
  const cellOf = (name: string) => {
    const ref = columns.get(name);
    const found = ref && row[ref.source];
    const table = ref && sources[ref.source];
    if (!ref || !found || !table) throw new Error(`no row for the column ${name}`);
    return { table, cell: found.cells[ref.index] ?? "", at: () => found.at(ref.index) };
  };
  try {
    return {
      value: then(
        evaluate(expression, (name) => {
          const { table, cell } = cellOf(name);
          return { cell, style: numberStyleOf(table, currency) };
        }),
      ),
    };
  } catch (thrown) {
    if (!(thrown instanceof CannotEvaluate)) throw thrown;
    const [first] = columns.keys();
    const cause = thrown.column ?? first;
    const at = cause === undefined ? rowPlace(row) : cellOf(cause).at();
    return { problem: problem(thrown.code, at, thrown.message, thrown.hint) };
  }
}

/** The beginning of a row. */
export function rowPlace({ batch, scores }: JoinedRow): Place {
  const row = batch ?? scores;
  if (!row) throw new Error("a row of neither file");
  return row.at(0);
}
