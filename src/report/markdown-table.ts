export interface MarkdownColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** A table of cells that are safe already. */
export function table(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  return [
    tableLine(columns.map(({ title }) => title)),
    tableLine(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...rows.map(tableLine),
  ].join("\n");
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
