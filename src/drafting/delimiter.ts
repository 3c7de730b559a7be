/** What stands between the cells of a row. */
export type Delimiter = "," | ";" | "\t" | "|";

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];

/** A first line such as `sep=;`, which tells Excel the delimiter and is no part of the table. */
const SEPARATOR_LINE = /^"?sep=([,;\t|])"?\r?\n/i;

/** How many characters are looked at: enough for the header and some rows. */
const LOOKED_AT = 20_000;

export interface FoundDelimiter {
  readonly delimiter: Delimiter;
  /** Where the table begins in the text. */
  readonly begins: number;
}

/** The delimiter that the first rows have most evenly, outside quotes. A comma where there is only one column. */
export function findDelimiter(text: string): FoundDelimiter {
  const told = SEPARATOR_LINE.exec(text);
  if (told) return { delimiter: DELIMITERS.find((each) => each === told[1]) ?? ",", begins: told[0].length };
  const lines = firstLines(text.slice(0, LOOKED_AT));
  const scores = DELIMITERS.map((delimiter) => ({ delimiter, score: evenness(lines, delimiter) }));
  const best = scores.reduce((most, each) => (each.score > most.score ? each : most));
  return { delimiter: best.score > 0 ? best.delimiter : ",", begins: 0 };
}

/** Up to twenty lines with everything in quotes taken out. */
function firstLines(text: string): string[] {
  return text
    .replace(/"(?:[^"]|"")*(?:"|$)/g, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, 20);
}

/** How many times the header has it, weighed by how many lines have it as often. */
function evenness(lines: readonly string[], delimiter: Delimiter): number {
  const counts = lines.map((line) => line.split(delimiter).length - 1);
  const [first = 0] = counts;
  if (first === 0) return 0;
  return first * (counts.filter((each) => each === first).length / counts.length);
}
