import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Findings } from "../manifest/findings.ts";
import { findingsIn } from "../manifest/findings.ts";
import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import { cleanCell } from "./cells.ts";
import { findDelimiter } from "./delimiter.ts";
import type { Delimiter } from "./delimiter.ts";
import { findHeader } from "./header.ts";
import { splitRecords } from "./records.ts";
import type { CsvRecord } from "./records.ts";
import { textOfBytes } from "./text-of-bytes.ts";
import type { Encoding } from "./text-of-bytes.ts";

/** A file as somebody exported it: nothing of it is believed yet. */
export interface ExportedFile {
  /** Its name, as messages and the manifest's header tell it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An exported file with its columns named. Cells are cleaned (see `cleanCell`), and no row is blank. */
export interface Table {
  readonly name: string;
  /** Of the file's bytes, hex; empty where they came from no file. */
  readonly sha256: string;
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** `qualtrics`: two rows of descriptions follow the header. `none`: the file begins with its data (`id,amount`). */
  readonly header: "ordinary" | "qualtrics" | "none";
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** By position of the column. A cell that the file does not have is empty. */
  readonly cells: readonly string[];
  /** Where a cell stands in the file. */
  readonly at: (column: number) => Place;
}

export interface ReadTable {
  /** Missing where nothing could be read. */
  readonly table?: Table;
  readonly problems: readonly Problem[];
}

/** Reads CSV as people have it: any usual delimiter, encoding and line end, quoted cells, Qualtrics's extra header rows. */
export function readTable({ name, bytes }: ExportedFile): ReadTable {
  const decoded = textOfBytes(bytes);
  if (decoded.kind === "not-text") return unreadable(name, decoded.message, decoded.hint);
  const text = decoded.text.replace(/\r(?!\n)/g, "\n");
  const { delimiter, begins } = findDelimiter(text);
  const findings = findingsIn(name, text);
  const records = splitRecords(text, { delimiter, begins });
  if (records.kind === "broken") {
    findings.error("csv-unreadable", records.offset, records.message, records.hint);
    return { problems: findings.problems };
  }
  const filled = records.records.filter(({ cells }) => cells.some((cell) => cleanCell(cell) !== ""));
  if (filled.length === 0) return unreadable(name, "this file is empty", "export it again, with its header");
  const { kind, columns, rows } = findHeader(filled);
  for (const row of rows) checkLength(row, columns.length, findings);
  return {
    table: {
      name,
      sha256: bytesToHex(sha256(bytes)),
      encoding: decoded.encoding,
      delimiter,
      header: kind,
      columns,
      rows: rows.map((record) => rowOf(record, columns.length, findings)),
    },
    problems: findings.problems,
  };
}

function unreadable(file: string, message: string, hint: string): ReadTable {
  return { problems: [problem("csv-unreadable", { file, line: 1, column: 1 }, message, hint)] };
}

function rowOf({ cells, starts }: CsvRecord, width: number, findings: Findings): TableRow {
  return {
    cells: Array.from({ length: width }, (_, index) => cleanCell(cells[index] ?? "")),
    at: (column) => findings.at(starts[column] ?? starts.at(-1) ?? 0),
  };
}

/** A row that is too long has a delimiter inside a cell, so that its cells stand under the wrong names. */
function checkLength({ cells, starts }: CsvRecord, width: number, findings: Findings): void {
  const more = cells.slice(width).findIndex((cell) => cleanCell(cell) !== "");
  if (more === -1) return;
  findings.error(
    "csv-row-shape",
    starts[width + more] ?? 0,
    `this row has ${cells.length} cells, and the header ${width}`,
    "put quotes around the cell that has the delimiter in it, or export the file again",
  );
}
