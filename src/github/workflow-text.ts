import { createHash } from "node:crypto";
import { inOrder } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { safeForTerminal } from "../report/safe-text.ts";

/** What GitHub shows on a line of a file, in the pull request and in the run. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Text as one line of a job's log. The runner takes a line that begins with `::`, after any blanks, and `##[` anywhere in
 * a line for an order; neither can come out of this, nor a line break or an escape of the terminal.
 */
export function logLine(text: string): string {
  return safeForTerminal(text);
}

/** The order that makes the runner show an annotation. A message may have several lines. */
export function annotation({ level, file, line, column, title, message }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${forProperty(logLine(file))}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${forProperty(logLine(title))}`,
  ];
  return `::${level} ${properties.join(",")}::${forMessage(
    message
      .split(/\r\n?|\n/)
      .map(logLine)
      .join("\n"),
  )}`;
}

/** How many annotations of one level GitHub shows of one step. Source: its page on workflow commands. */
const SHOWN_MOST = 10;

/** Problems as annotations on their lines. Where a level has more than GitHub shows, the last one counts the rest. */
export function annotations(problems: readonly Problem[]): {
  readonly commands: readonly string[];
  readonly notShown: { readonly errors: number; readonly warnings: number };
} {
  const errors = annotationsOf("error", problems);
  const warnings = annotationsOf("warning", problems);
  return {
    commands: [...errors.commands, ...warnings.commands],
    notShown: { errors: errors.notShown, warnings: warnings.notShown },
  };
}

function annotationsOf(level: Problem["severity"], all: readonly Problem[]): { commands: string[]; notShown: number } {
  const problems = inOrder(all.filter(({ severity }) => severity === level));
  const shown = problems.length > SHOWN_MOST ? problems.slice(0, SHOWN_MOST - 1) : problems;
  const commands = shown.map(({ code, file, line, column, message, hint }) =>
    annotation({ level, file, line, column, title: code, message: `${message}\nhint: ${hint}` }),
  );
  const notShown = problems.length - shown.length;
  if (notShown > 0) {
    const title = `and ${notShown} more ${level}s`;
    commands.push(annotation({ level, title, message: `${notShown} more ${level}s are in the log of this step` }));
  }
  return { commands, notShown };
}

/**
 * An entry for the file of a step's outputs (`GITHUB_OUTPUT`), with its line break. The mark that ends the value is made
 * of the value, so that no value can hold its own, and the same value gives the same entry.
 */
export function outputEntry(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) throw new Error(`not the name of an output: ${name}`);
  const end = endMarkFor(value);
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/** A text that does not occur in the value. Exported for what else is written in this form. */
export function endMarkFor(value: string): string {
  let mark = `end_${createHash("sha256").update(value).digest("hex")}`;
  while (value.includes(mark)) mark = `end_${createHash("sha256").update(mark).digest("hex")}`;
  return mark;
}

/** What stands where a secret stood. */
const HIDDEN = "***";

/**
 * Takes out what must never be printed: the given secrets, and whatever looks like an access key of AWS, a secret of one
 * beside the word, a private key of age, a token of GitHub, or a signed token of an identity provider.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  const known = secrets
    .flatMap((secret) => [secret, ...secret.split(/[\r\n]+/)])
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= SECRET_LEAST)
    .sort((a, b) => b.length - a.length);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return PATTERNS.reduce((rest, pattern) => rest.replace(pattern, HIDDEN), without);
}

/** A secret as short as a word would take half of the text with it. */
const SECRET_LEAST = 4;

const PATTERNS: readonly RegExp[] = [
  /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/g,
  /(?<=(?:secret|key)[^\r\n]{0,40})(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
  /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])(?=[^\r\n]{0,40}(?:secret|key))/gi,
  /AGE-SECRET-KEY-[A-Z0-9-]{20,}/gi,
  /(?:gh[opsur]_[A-Za-z0-9._-]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
];

/** Source: the runner's `ActionCommand`, which undoes exactly these. */
function forMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function forProperty(text: string): string {
  return forMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
