import { useState } from "preact/hooks";
import { guessColumn, guessPlatform } from "../../drafting/columns.ts";
import type { Table, TableRow } from "../../drafting/table.ts";
import type { Problem } from "../../problem.ts";
import { idsMasked } from "./ids-masked.ts";
import { Words } from "./words.tsx";

/** More are shown when they are asked for. */
const SHOWN = 8;

/** Each problem with the row that it stands in. */
export function Problems({
  problems,
  tables,
}: {
  readonly problems: readonly Problem[];
  readonly tables: readonly (Table | undefined)[];
}) {
  const [all, setAll] = useState(false);
  const sorted = [...problems].sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return (
    <>
      <ul class="problems">
        {shown.map((each) => (
          <li key={`${each.file}:${each.line}:${each.column}:${each.message}`} class={each.severity}>
            <p class="place">
              <span class="severity">{each.severity}</span> {each.file}, line {each.line}
            </p>
            <p class="message">
              <Words text={idsMasked(each.message)} />
            </p>
            <Excerpt problem={each} tables={tables} />
            <p class="mend">
              <Words text={idsMasked(each.hint)} />
            </p>
          </li>
        ))}
      </ul>
      {sorted.length > shown.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          Show {sorted.length - shown.length} more
        </button>
      ) : undefined}
    </>
  );
}

/** The cell in its place, between its neighbours. */
function Excerpt({ problem, tables }: { readonly problem: Problem; readonly tables: readonly (Table | undefined)[] }) {
  const table = tables.find((each) => each?.name === problem.file);
  const row = table && rowAt(table, problem.line);
  if (!table || !row) return null;
  const at = row.cells.findLastIndex((_, index) => isNotAfter(row.at(index), problem));
  const columns = neighbours(table, at).map((index) => ({
    name: table.columns[index] ?? "",
    cell: row.cells[index] ?? "",
    index,
  }));
  return (
    <div class="excerpt">
      {columns.map(({ name, cell, index }) => (
        <span key={index} class={index === at ? "cell here" : "cell"}>
          <span class="column">{name}</span>
          <span class="value">{cell === "" ? "–" : idsMasked(cell)}</span>
        </span>
      ))}
    </div>
  );
}

/** The cell, with the worker whose row it is where the file says so, and with what stands beside it. */
function neighbours(table: Table, at: number): number[] {
  const worker = table.columns.indexOf(guessColumn(table, "worker", guessPlatform(table)) ?? "");
  const before = worker === -1 ? at - 1 : worker;
  return [...new Set([before, at, at + 1])].filter((index) => index >= 0 && index < table.columns.length);
}

/** Rows stand in the order of the file. */
function rowAt({ rows }: Table, line: number): TableRow | undefined {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rows[middle]?.at(0).line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  const found = rows[low];
  return found && found.at(0).line <= line ? found : undefined;
}

function isNotAfter(cell: { readonly line: number; readonly column: number }, { line, column }: Problem): boolean {
  return cell.line < line || (cell.line === line && cell.column <= column);
}
