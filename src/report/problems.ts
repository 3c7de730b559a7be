import { inOrder } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { displayWidth, wrap } from "./columns.ts";
import { count } from "./phrases.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

/** How many problems a terminal shows; the rest is counted. */
const SHOWN_MOST = 100;

/**
 * Every problem with its place and what to do, by file, and the counts in the last line. `hide` is applied to messages
 * and hints (see `Mask.text`).
 */
export function problemsText(
  problems: readonly Problem[],
  style: Style,
  hide: (words: string) => string = (words) => words,
): string {
  if (problems.length === 0) return "No problems.";
  const shown = inOrder(mostSevere(problems));
  const blocks = shown.map((each, index) => {
    const newFile = index > 0 && shown[index - 1]?.file !== each.file;
    return `${newFile ? "\n" : ""}${problemText(each, style, (words) => safeForTerminal(hide(words)))}`;
  });
  const rest = problems.length - shown.length;
  if (rest > 0) blocks.push(`\n… and ${rest.toLocaleString("en-US")} more`);
  const files = new Set(problems.map(({ file }) => file)).size;
  return [...blocks, "", `${problemCounts(problems)} in ${count(files, "file")}`].join("\n");
}

/** `3 errors, 1 warning` */
export function problemCounts(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  return [...(errors > 0 ? [count(errors, "error")] : []), ...(warnings > 0 ? [count(warnings, "warning")] : [])].join(
    ", ",
  );
}

/** Where not all can be shown, no warning takes the place of an error. */
function mostSevere(problems: readonly Problem[]): Problem[] {
  if (problems.length <= SHOWN_MOST) return [...problems];
  const ordered = inOrder(problems);
  const errors = ordered.filter(({ severity }) => severity === "error");
  const warnings = ordered.filter(({ severity }) => severity === "warning");
  return [...errors, ...warnings].slice(0, SHOWN_MOST);
}

function problemText(problem: Problem, style: Style, words: (text: string) => string): string {
  const place = `${words(problem.file)}:${problem.line}:${problem.column}`;
  const color = problem.severity === "error" ? "red" : "yellow";
  const start = displayWidth(`${place}  ${problem.severity}  ${problem.code}  `);
  const message = wrap(words(problem.message), style.width, { first: start, indent: 4 });
  const painted = `${paint(style, "bold", place)}  ${paint(style, color, problem.severity)}  ${problem.code}`;
  const hint = wrap(words(problem.hint), style.width, { first: "  hint: ".length });
  return `${painted}${message.startsWith("\n") ? "" : "  "}${message}\n  hint: ${hint}`;
}
