import { nearest } from "../manifest/nearest.ts";
import type { Currency } from "../money.ts";
import { columnOf } from "./columns.ts";
import type { Match } from "./columns.ts";
import type { NumberStyle } from "./numbers.ts";
import type { Table, TableRow } from "./table.ts";

/** The exports that a draft is made of. */
export interface Sources {
  /** Who did what: one row for each assignment. */
  readonly batch: Table;
  /** What the amounts depend on, where it stands in a file of its own: a survey's export. */
  readonly scores?: Table | undefined;
}

export type SourceName = "batch" | "scores";

export interface ColumnRef {
  readonly source: SourceName;
  readonly index: number;
}

export type ResolvedColumn =
  | { readonly kind: "found"; readonly column: ColumnRef }
  | { readonly kind: "none"; readonly message: string; readonly hint: string };

/** What a name in a formula means: a column of either file, or of the one that it names: `batch.Status`, `scores.Status`. */
export function resolveColumn({ batch, scores }: Sources, name: string, match: Match | undefined): ResolvedColumn {
  const tables = [
    ["batch", batch],
    ["scores", scores],
  ] as const;
  const found = tables.flatMap(([source, table]) => {
    if (!table) return [];
    const column = columnOf(table, name);
    return column.kind === "found" ? [{ source, index: column.index }] : [];
  });
  const [first, second] = found;
  if (first && second && !(match?.batch === name && match.scores === name))
    return {
      kind: "none",
      message: `both files have a column \`${name}\``,
      hint: `write batch.${name} or scores.${name}`,
    };
  if (first) return { kind: "found", column: first };
  for (const [source, table] of tables) {
    if (!table || !name.startsWith(`${source}.`)) continue;
    const column = columnOf(table, name.slice(source.length + 1));
    if (column.kind === "found") return { kind: "found", column: { source, index: column.index } };
    return column;
  }
  const meant = nearest(name, [...(scores?.columns ?? []), ...batch.columns]);
  return {
    kind: "none",
    message: scores ? `neither file has a column \`${name}\`` : `${batch.name} has no column \`${name}\``,
    hint: meant === undefined ? "the names stand in the first line of the file" : `did you mean \`${meant}\`?`,
  };
}

/** One row of the batch, with the row of the scores that belongs to it. */
export interface JoinedRow {
  readonly batch?: TableRow | undefined;
  readonly scores?: TableRow | undefined;
}

export function numberStyleOf(table: Table, currency: Currency): NumberStyle {
  return { currency, decimalComma: table.delimiter === ";" };
}
