import { maskFor } from "./mask.ts";
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
}

/** How much of a plan is told. What is false was given up so that the text keeps to its limit. */
export interface Detail {
  readonly everyRow: boolean;
  readonly sample: boolean;
  readonly warnings: boolean;
  readonly leftAlone: boolean;
  readonly statistics: boolean;
}

/** A part of the comment, and what it does not show, in words; empty where it shows everything. */
export interface Part {
  readonly text: string;
  readonly unseen: string;
}

const NAME_MOST = 120;

export function viewForMarkdown(options: MaskOptions, workers: Iterable<string>): MarkdownView {
  const mask = maskFor(options, workers);
  return {
    worker: (id) => code(mask.worker(id)),
    assignment: (id) => code(mask.assignment(id)),
    name: (text) => code(shorten(mask.text(text), NAME_MOST)),
    words: (text, most) => safeForMarkdown(shorten(mask.text(text), most)),
  };
}

function code(text: string): string {
  return isPlain(text) ? `\`${text}\`` : safeForMarkdown(text);
}
