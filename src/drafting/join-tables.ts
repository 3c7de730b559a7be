import { nearest } from "../manifest/nearest.ts";
import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { damageOf } from "./cells.ts";
import { codeKey } from "./columns.ts";
import type { JoinedRow } from "./sources.ts";
import type { Table, TableRow } from "./table.ts";

/** Rows of both files, and the position of the column that holds the code in each. */
export interface ToJoin {
  readonly batch: { readonly table: Table; readonly rows: readonly TableRow[]; readonly column: number };
  readonly scores: { readonly table: Table; readonly rows: readonly TableRow[]; readonly column: number };
}

export interface Joined {
  readonly rows: readonly Required<JoinedRow>[];
  readonly problems: readonly Problem[];
  /** How many rows of each file have no counterpart in the other. */
  readonly unmatched: { readonly batch: number; readonly scores: number };
}

/** Puts together the rows that hold the same code. A code that stands twice in a file pays nobody before a person looked. */
export function joinTables({ batch, scores }: ToJoin): Joined {
  const byCode = groupByCode(scores.rows, scores.column);
  const inBatch = groupByCode(batch.rows, batch.column);
  const unused = new Map([...byCode].filter(([code]) => !inBatch.has(code)));
  const problems: Problem[] = [...blanks(batch, "was not asked for a code, or gave none")];
  for (const [code, rows] of inBatch) {
    if (rows.length > 1)
      problems.push(...twice(rows, batch, "the same code was handed in for several assignments", code, byCode));
    const found = byCode.get(code);
    if (!found) problems.push(...rows.map((row) => unknown(row, code, { batch, scores }, unused)));
    else if (found.length > 1)
      problems.push(...twice(found, scores, "the same code stands here more than once", code, inBatch));
  }
  for (const rows of unused.values())
    problems.push(
      ...rows.map((row) =>
        problem(
          "code-unknown",
          row.at(scores.column),
          `the code in \`${nameOf(scores)}\` is in no row of ${batch.table.name}: this person handed in no assignment`,
          "nobody is paid for this row; look whether a worker mistyped the code",
          "warning",
        ),
      ),
    );
  const rows = batch.rows.flatMap((row) => {
    const code = codeKey(row.cells[batch.column] ?? "");
    const found = code === "" ? undefined : byCode.get(code);
    return found?.[0] ? [{ batch: row, scores: found[0] }] : [];
  });
  return {
    rows,
    problems,
    unmatched: {
      batch: batch.rows.length - rows.length,
      scores: [...unused.values()].reduce((sum, each) => sum + each.length, 0),
    },
  };
}

type Side = ToJoin["batch"];

function nameOf({ table, column }: Side): string {
  return table.columns[column] ?? "";
}

function groupByCode(rows: readonly TableRow[], column: number): Map<string, TableRow[]> {
  const groups = new Map<string, TableRow[]>();
  for (const row of rows) {
    const code = codeKey(row.cells[column] ?? "");
    if (code === "") continue;
    const group = groups.get(code);
    if (group) group.push(row);
    else groups.set(code, [row]);
  }
  return groups;
}

function blanks(side: Side, why: string): Problem[] {
  return side.rows
    .filter(({ cells }) => (cells[side.column] ?? "") === "")
    .map((row) =>
      problem(
        "cell-blank",
        row.at(side.column),
        `\`${nameOf(side)}\` is blank: this worker ${why}`,
        "nobody is paid for this row; find the code and write it in, or leave it so",
        "warning",
      ),
    );
}

/** Told on each line of one file where the code stands, and only where the other file has it too. */
function twice(
  rows: readonly TableRow[],
  side: Side,
  message: string,
  code: string,
  others: ReadonlyMap<string, readonly TableRow[]>,
): Problem[] {
  if (!others.has(code)) return [];
  const lines = rows.map((row) => row.at(side.column).line);
  return rows.map((row) => {
    const at = row.at(side.column);
    const rest = lines.filter((line) => line !== at.line);
    return problem(
      "code-twice",
      at,
      `${message}, also in line ${rest.join(", ")}`,
      "decide which one counts and delete the other line, or leave it out with --where",
    );
  });
}

/** A person may have mistyped at most this many of the other side's codes. */
const COMPARED_MOST = 500;

function unknown(
  row: TableRow,
  code: string,
  { batch, scores }: ToJoin,
  unused: ReadonlyMap<string, readonly TableRow[]>,
): Problem {
  const at = row.at(batch.column);
  const damage = damageOf(row.cells[batch.column] ?? "");
  const message = `the code in \`${nameOf(batch)}\` is in no row of ${scores.table.name}`;
  if (damage) return problem("code-unknown", at, `${message}: ${damage.message}`, damage.hint, "warning");
  const meant = code.length >= 4 && unused.size <= COMPARED_MOST ? nearest(code, unused.keys()) : undefined;
  const there = meant === undefined ? undefined : unused.get(meant)?.[0]?.at(scores.column);
  const hint = there
    ? `nobody is paid for this row; it nearly is the code in line ${there.line} of ${scores.table.name}`
    : "nobody is paid for this row; look whether this worker gave a wrong code";
  return problem("code-unknown", at, message, hint, "warning");
}
