import { problem } from "../problem.ts";
import type { Place, Problem, ProblemCode } from "../problem.ts";

/** Collects what is wrong in one file. Offsets are in UTF-16 units of the file's text, as editors count columns. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** True where so much is wrong that nothing more is collected. */
  readonly full: () => boolean;
  readonly at: (offset: number) => Place;
  readonly error: (code: ProblemCode, offset: number, message: string, hint: string) => void;
  readonly warning: (code: ProblemCode, offset: number, message: string, hint: string) => void;
}

/** More than anybody mends in one go; a hostile file could have millions. */
const PROBLEMS_MAX = 1000;

export function findingsIn(file: string, text: string): Findings {
  const problems: Problem[] = [];
  const starts = lineStarts(text);
  const at = (offset: number): Place => {
    const line = lastNotAfter(starts, offset);
    return { file, line: line + 1, column: offset - (starts[line] as number) + 1 };
  };
  const add = (found: Problem) => {
    if (problems.length < PROBLEMS_MAX) problems.push(found);
    else if (problems.length === PROBLEMS_MAX) problems.push(problem("too-many-problems", found, ...TOO_MANY));
  };
  return {
    problems,
    at,
    full: () => problems.length > PROBLEMS_MAX,
    error: (code, offset, message, hint) => add(problem(code, at(offset), message, hint)),
    warning: (code, offset, message, hint) => add(problem(code, at(offset), message, hint, "warning")),
  };
}

/** What can be read of each entry, until so much is wrong that nothing more is collected. */
export function readEach<Entry, T>(
  entries: readonly Entry[],
  { full }: Findings,
  read: (entry: Entry) => T | undefined,
): readonly T[] {
  return entries.flatMap((entry) => {
    const value = full() ? undefined : read(entry);
    return value === undefined ? [] : [value];
  });
}

const TOO_MANY = [
  `this file has more than ${PROBLEMS_MAX} problems; those from here on are not shown`,
  "mend the first ones and check again: they often have one cause",
] as const;

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last number that is not greater than `offset`. */
function lastNotAfter(sorted: readonly number[], offset: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
