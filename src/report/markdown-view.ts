import { maskFor } from "./mask.ts";
import { NOBODY_TOLD } from "./phrases.ts";
import type { MaskOptions } from "./mask.ts";
import { isPlain, safeForMarkdown, shorten } from "./safe-text.ts";

/** How ids, names and words of others are written in a comment. What these return is safe in a table's cell. */
export interface MarkdownView {
  readonly worker: (id: string) => string;
  readonly assignment: (id: string) => string;
  /** A name, such as a file's: as code where that is safe. */
  readonly name: (text: string) => string;
  /** Words, cut to `most` characters. */
  readonly words: (text: string, most: number) => string;
  /** Words with the ids in them hidden, not yet made safe: for what has rules of its own. */
  readonly hidden: (text: string) => string;
}

/** How much is told. What was given up so that the text keeps to its limit is false or a smaller number. */
export interface Detail {
  readonly everyRow: boolean;
  readonly sample: boolean;
  readonly statistics: boolean;
  /** A table of every row, up to so many rows and bytes, instead of samples. */
  readonly list?: { readonly rows: number; readonly bytes: number };
  /** Characters that each part may take. */
  readonly errors: number;
  readonly warnings: number;
  readonly leftAlone: number;
  readonly changes: number;
  readonly names: number;
  /** False where the platform was not asked what workers hold now. */
  readonly asked: boolean;
}

/** A part of the comment, and what it does not show, in words; empty where it shows everything. */
export interface Part {
  readonly text: string;
  readonly unseen: string;
}

export const NOTHING: Part = { text: "", unseen: "" };

const NAME_MOST = 120;

export function viewForMarkdown(options: MaskOptions, workers: Iterable<string>): MarkdownView {
  const mask = maskFor(options, workers);
  return {
    worker: (id) => (id === "" ? NOBODY_TOLD : code(mask.worker(id), NAME_MOST)),
    assignment: (id) => code(mask.assignment(id), NAME_MOST),
    name: (text) => code(mask.text(text), NAME_MOST),
    words: (text, most) => escaped(mask.text(text), most),
    hidden: mask.text,
  };
}

function code(text: string, most: number): string {
  const short = shorten(text, most);
  return isPlain(short) ? `\`${short}\`` : escaped(text, most);
}

/** How many times longer a text may become by being made safe. */
const GROWTH_MOST = 4;

/** Text of which nearly every character must be escaped is cut earlier, so that a limit can be promised. */
function escaped(text: string, most: number): string {
  for (let kept = most; ; kept = Math.floor(kept / 2)) {
    const written = safeForMarkdown(shorten(text, kept));
    if (written.length <= Math.max(GROWTH_MOST * most, 40) || kept <= 2) return written;
  }
}
