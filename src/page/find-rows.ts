import type { RowData } from "./page-data.ts";

/** What a reader asked for. Empty fields ask for nothing; days are `2026-11-23`, both included. */
export interface Filter {
  readonly text: string;
  readonly study: string;
  readonly kind: string;
  readonly outcome: string;
  readonly from: string;
  readonly to: string;
}

export const NO_FILTER: Filter = { text: "", study: "", kind: "", outcome: "", from: "", to: "" };

/** The rows that a filter asks for, in their order. Every word of `text` must stand somewhere in a row. */
export function findRows(rows: RowData, { text, study, kind, outcome, from, to }: Filter): Uint32Array {
  const found = new Uint32Array(rows.time.length);
  const place = (word: string) => (word === "" ? undefined : rows.words.indexOf(word));
  const [inStudy, ofKind, withOutcome] = [place(study), place(kind), place(outcome)];
  const since = from === "" ? Number.NEGATIVE_INFINITY : Date.parse(from) / 1000;
  const until = to === "" ? Number.POSITIVE_INFINITY : Date.parse(to) / 1000 + 86_400;
  const wanted = text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ word, inWords: rows.words.map((each) => each.toLowerCase().includes(word)) }));
  let count = 0;
  for (let at = 0; at < rows.time.length; at++) {
    const time = rows.time[at] ?? 0;
    if (time < since || time >= until) continue;
    if (inStudy !== undefined && rows.studyAt[at] !== inStudy) continue;
    if (ofKind !== undefined && rows.kindAt[at] !== ofKind) continue;
    if (withOutcome !== undefined && rows.outcomeAt[at] !== withOutcome) continue;
    if (wanted.every(({ word, inWords }) => stands(rows, at, word, inWords))) found[count++] = at;
  }
  return found.subarray(0, count);
}

function stands(rows: RowData, at: number, word: string, inWords: readonly boolean[]): boolean {
  const columns = [rows.workerAt, rows.studyAt, rows.labelAt, rows.reasonAt, rows.approversAt, rows.fileAt];
  return (
    columns.some((column) => inWords[column[at] ?? 0]) ||
    (rows.assignment[at] ?? "").toLowerCase().includes(word) ||
    (rows.reference[at] ?? "").toLowerCase().includes(word)
  );
}
