/** One column of a table in a terminal. Numbers and money stand to the right. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** What the last column keeps, however narrow the terminal is. */
const LAST_LEAST = 16;

/**
 * A header and one line per row, aligned; two spaces between columns and before the first. The last column is cut so
 * that lines keep to `width`. Cells must be safe for a terminal.
 */
export function columns(
  spec: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): { readonly header: string; readonly lines: string[] } {
  const last = spec.length - 1;
  const widths = spec.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[index] ?? "")), displayWidth(title)),
  );
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 2);
  const line = (cells: readonly string[]) =>
    spec
      .map(({ align }, index) => {
        const cell = cells[index] ?? "";
        if (index === last && align !== "right") return `  ${cut(cell, Math.max(LAST_LEAST, width - before))}`;
        const gap = " ".repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(cell)));
        return align === "right" ? `  ${gap}${cell}` : `  ${cell}${gap}`;
      })
      .join("")
      .trimEnd();
  return { header: line(spec.map(({ title }) => title)), lines: rows.map(line) };
}

/**
 * Breaks text at spaces so that lines keep to `width`; a longer word stays whole. `first` columns of the first line
 * are taken already; later lines are indented.
 */
export function wrap(
  text: string,
  width: number,
  taken: { readonly first?: number; readonly indent?: number } = {},
): string {
  const { first = 0, indent = first } = taken;
  const lines: string[] = [];
  let line = "";
  let used = first;
  for (const word of text.split(" ")) {
    const gap = line.trim() === "" ? 0 : 1;
    const length = displayWidth(word);
    if (used > indent && used + gap + length > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
      used = indent + length;
    } else {
      line += " ".repeat(gap) + word;
      used += gap + length;
    }
  }
  return [...lines, line].join("\n");
}

/** Two texts on one line where they fit, else on two. */
export function beside(left: string, right: string, width: number): string {
  return displayWidth(left) + 1 + displayWidth(right) <= width ? `${left} ${right}` : `${left}\n${right}`;
}

/** Cuts to `width` columns, the last of them `…`. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** How many columns a terminal gives to a text: East Asian and emoji characters take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Source of the ranges: Unicode Standard Annex 11, East Asian Width W and F. */
const WIDE =
  /[\u1100-\u115e\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}]/u;

function characterWidth(character: string): number {
  if (character <= "~") return 1;
  return NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
