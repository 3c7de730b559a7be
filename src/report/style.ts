/** How a terminal wants its text. */
export interface Style {
  readonly color: boolean;
  /** Columns. `Infinity` where nothing is to be wrapped or cut, as in a pipe. */
  readonly width: number;
}

export type Paint = keyof typeof CODES;

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

/**
 * Colours text that is already safe; plain where the style has no colour. Node's `styleText` is not used because it
 * looks at the process's own streams and environment.
 */
export function paint(style: Style, how: Paint, text: string): string {
  const [on, off] = CODES[how];
  return style.color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}
