import { cleanCell } from "./cells.ts";
import type { CsvRecord } from "./records.ts";
import type { Table } from "./table.ts";

export interface FoundHeader {
  readonly kind: Table["header"];
  readonly columns: readonly string[];
  readonly rows: readonly CsvRecord[];
}

/** Which rows name the columns, and which hold data. `records` are those that are not blank. */
export function findHeader(records: readonly CsvRecord[]): FoundHeader {
  const [first, second, third] = records;
  const names = first?.cells.map(cleanCell) ?? [];
  if (isIdAndAmount(names)) return { kind: "none", columns: ["id", "amount"], rows: records };
  const columns = withoutEmptyEnd(names);
  // Qualtrics: names, then questions, then `{"ImportId":"…"}` in every column.
  const ofQualtrics = (record: CsvRecord | undefined) => record?.cells.some((cell) => /^\{\s*"ImportId"/.test(cell));
  if (ofQualtrics(third)) return { kind: "qualtrics", columns, rows: records.slice(3) };
  if (ofQualtrics(second)) return { kind: "qualtrics", columns, rows: records.slice(2) };
  return { kind: "ordinary", columns, rows: records.slice(1) };
}

/** Prolific's form of bonuses has no header: `60fd9…,1.50` on every line. */
function isIdAndAmount(cells: readonly string[]): boolean {
  return cells.length === 2 && /^[A-Za-z0-9]{8,64}$/.test(cells[0] ?? "") && /^[0-9]+(\.[0-9]+)?$/.test(cells[1] ?? "");
}

function withoutEmptyEnd(names: readonly string[]): string[] {
  const last = names.findLastIndex((name) => name !== "");
  return names.slice(0, last + 1);
}
