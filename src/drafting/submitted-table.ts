import type { ObservedAssignment, PlatformRules } from "../platforms/ports.ts";
import type { Table } from "./table.ts";

/** What a platform says was submitted, as if it stood in an export. */
export function submittedTable(
  name: string,
  submitted: readonly ObservedAssignment[],
  { words }: Pick<PlatformRules, "words">,
): Table {
  return {
    name,
    sha256: "",
    encoding: "UTF-8",
    delimiter: ",",
    header: "ordinary",
    columns: [words.exportColumns.worker, words.exportColumns.assignment],
    rows: submitted.map(({ worker, assignment }, index) => ({
      cells: [worker, assignment],
      at: (column) => ({ file: name, line: index + 1, column: column + 1 }),
    })),
  };
}
