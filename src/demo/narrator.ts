import { wrap } from "../report/columns.ts";
import { paint } from "../report/style.ts";
import type { Style } from "../report/style.ts";

/** Where the story is told. */
export interface Audience {
  readonly style: Style;
  readonly say: (text: string) => void;
  readonly progress: { readonly show: (done: number, of: number) => void; readonly end: () => void };
}

/** Tells the story: numbered scenes, a line or two of each, what a person would type, and what is shown for it. */
export interface Narrator {
  /** Of what is shown, which is indented. */
  readonly style: Style;
  readonly progress: Audience["progress"];
  readonly scene: (title: string, ...lines: readonly string[]) => void;
  readonly line: (text: string) => void;
  readonly typed: (command: string) => void;
  readonly shows: (text: string) => void;
}

const WIDTH_MAX = 110;
const INDENT = "   ";

export function narratorFor({ style, say, progress }: Audience): Narrator {
  const width = Math.min(style.width, WIDTH_MAX);
  let scenes = 0;
  const line = (text: string) => say(INDENT + wrap(text, width, { first: INDENT.length }));
  return {
    style: { ...style, width: width - 2 * INDENT.length },
    progress,
    line,
    scene(title, ...lines) {
      scenes += 1;
      say(`\n${paint(style, "bold", `${String(scenes).padStart(2)} ${title}`)}`);
      for (const each of lines) line(each);
    },
    typed: (command) => say(`${INDENT}${paint(style, "bold", `$ ${command}`)}`),
    shows: (text) => say(text.replace(/^/gm, `${INDENT}${paint(style, "dim", "│")} `)),
  };
}
