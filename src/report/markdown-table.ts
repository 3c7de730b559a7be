export interface MarkdownColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** A table of cells that are safe already. */
export function table(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  return [...header(columns), ...rows.map(tableLine)].join("\n");
}

/** As many rows, from the first on, as fit into `most` bytes of UTF-8; empty where none does. */
export function tableWithin<Row>(
  columns: readonly MarkdownColumn[],
  rows: readonly Row[],
  cells: (row: Row) => readonly string[],
  most: number,
): { readonly text: string; readonly shown: number } {
  const lines = header(columns);
  let used = lines.reduce((sum, line) => sum + bytesOf(line) + 1, 0);
  let shown = 0;
  for (const row of rows) {
    const line = tableLine(cells(row));
    used += bytesOf(line) + 1;
    if (used > most) break;
    lines.push(line);
    shown++;
  }
  return { text: shown > 0 ? lines.join("\n") : "", shown };
}

function header(columns: readonly MarkdownColumn[]): string[] {
  return [
    tableLine(columns.map(({ title }) => title)),
    tableLine(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
  ];
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Something that opens on a click. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** As many items as fit into `most` characters, at least none; `rest` is how many did not. */
export function within(items: readonly string[], most: number): { readonly shown: string[]; readonly rest: number } {
  let used = 0;
  const end = items.findIndex((item) => (used += item.length + 1) > most);
  const shown = end < 0 ? [...items] : items.slice(0, end);
  return { shown, rest: items.length - shown.length };
}

/** Bytes of UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();
