import { CsvError, parse } from "csv-parse/browser/esm/sync";
import type { Delimiter } from "./delimiter.ts";

/** One row of the file, as it stands there. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where each cell begins in the text, in UTF-16 units. */
  readonly starts: readonly number[];
}

export type SplitText =
  | { readonly kind: "records"; readonly records: readonly CsvRecord[] }
  | { readonly kind: "broken"; readonly offset: number; readonly message: string; readonly hint: string };

/** Splits CSV text, whose lines end in LF or CRLF, into rows and cells. */
export function splitRecords(
  text: string,
  { delimiter, begins }: { readonly delimiter: Delimiter; readonly begins: number },
): SplitText {
  const ends: number[] = [];
  try {
    const rows = parse(text.slice(begins), {
      delimiter,
      record_delimiter: ["\r\n", "\n"],
      // People's cells have quotes within them, and rows of different lengths are told with their place.
      relax_quotes: true,
      relax_column_count: true,
      cast: (value, { bytes }) => {
        ends.push(bytes);
        return value;
      },
    });
    return { kind: "records", records: withStarts(rows, ends, text, begins) };
  } catch (thrown) {
    if (!(thrown instanceof CsvError) || thrown.code !== "CSV_QUOTE_NOT_CLOSED") throw thrown;
    return {
      kind: "broken",
      offset: lastLonelyQuote(text),
      message: "a quote opens here and never closes",
      hint: 'close the cell with a quote; a quote inside a quoted cell is written twice: ""',
    };
  }
}

/** The parser counts bytes of UTF-8 up to the end of each cell; editors count UTF-16 units from its beginning. */
function withStarts(rows: readonly string[][], ends: readonly number[], text: string, begins: number): CsvRecord[] {
  const offsetOf = unitCounter(text, begins);
  let cell = 0;
  let next = begins;
  return rows.map((cells) => ({
    cells,
    starts: cells.map((_, index) => {
      const start = next;
      const end = offsetOf(ends[cell++] ?? 0);
      next = index + 1 < cells.length ? end + 1 : afterLine(text, end);
      return start;
    }),
  }));
}

function afterLine(text: string, end: number): number {
  return text.startsWith("\r\n", end) ? end + 2 : end + 1;
}

/** Gives UTF-16 offsets for byte offsets that only grow. */
function unitCounter(text: string, begins: number): (bytes: number) => number {
  let offset = begins;
  let counted = 0;
  return (bytes) => {
    while (counted < bytes && offset < text.length) {
      const code = text.codePointAt(offset) ?? 0;
      counted += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      offset += code < 0x10000 ? 1 : 2;
    }
    return offset;
  };
}

/** Quotes open and close in turn: the one that opened last is where the open cell begins. */
function lastLonelyQuote(text: string): number {
  let open = -1;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) open = open === -1 ? at : -1;
  return Math.max(open, 0);
}
