import { maskFor } from "./mask.ts";
import { NOBODY_TOLD } from "./phrases.ts";
import type { Mask, MaskOptions } from "./mask.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

export interface TerminalOptions extends MaskOptions {
  readonly style: Style;
  /** Every row, and reasons in full. */
  readonly verbose?: boolean;
  /** Rows of one table before the rest is counted; 50 unless told. */
  readonly rowsShown?: number;
}

/** Rows of one table before the rest is counted. */
const ROWS_SHOWN = 50;

/** What every part of a terminal text needs: how ids and other people's words are written, and how much is shown. */
export interface View {
  readonly style: Style;
  readonly mask: Mask;
  readonly verbose: boolean;
  readonly rowsShown: number;
  readonly worker: (id: string) => string;
  readonly assignment: (id: string) => string;
  /** Words of others: ids hidden, safe for a terminal. */
  readonly words: (text: string) => string;
}

export function viewFor(options: TerminalOptions, workers: Iterable<string>): View {
  const { style, verbose = false, rowsShown = ROWS_SHOWN } = options;
  const mask = maskFor(options, workers);
  return {
    style,
    mask,
    verbose,
    rowsShown: verbose ? Infinity : rowsShown,
    worker: (id) => (id === "" ? NOBODY_TOLD : safeForTerminal(mask.worker(id))),
    assignment: (id) => safeForTerminal(mask.assignment(id)),
    words: (text) => safeForTerminal(mask.text(text)),
  };
}

/** The heading of a section. */
export function title(text: string, { style }: View): string {
  return paint(style, "bold", text);
}

/** The line that stands for rows which are not shown, where there are any. */
export function counted(rest: number, what = ""): string[] {
  return rest > 0 ? [`  … and ${rest.toLocaleString("en-US")} more${what}: --verbose shows all`] : [];
}

/** `Name  text` lines, the texts aligned. */
export function facts(lines: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
