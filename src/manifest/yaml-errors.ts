import type { YAMLError } from "yaml";

/** What a YAML mistake means to somebody who does not know YAML. `openQuote`: where a quote was opened and not closed. */
export function explainYamlError(
  { code, message, pos: [start, end] }: YAMLError,
  text: string,
  openQuote: number | undefined,
): { offset: number; message: string; hint: string } {
  const found = text.slice(start, Math.min(end, start + 200));
  const say = (message: string, hint: string, offset = start) => ({ offset, message, hint });
  const joined = /^([A-Za-z]+):[^\s:]/.exec(found);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the compiler sees that the rest is `Unexplained`
  switch (code) {
    case "TAB_AS_INDENT":
      return say("this line is indented with a tab", "use blanks: YAML does not take tabs before text");
    case "MISSING_CHAR":
      if (message.includes("quote")) return say(OPEN_QUOTE.message, OPEN_QUOTE.hint, openQuote);
      if (message.includes("flow")) return say("a bracket or a comma is missing here", CLOSE);
      return say(
        "a colon and a value are missing here",
        "write `key: value`, with a blank after the colon, and indent like the lines around",
      );
    case "MULTILINE_IMPLICIT_KEY":
      if (joined) return say("a blank is missing after the colon", `write \`${joined[1]}: …\``);
      return say(
        "this text goes on in the next line, where a key was expected",
        "write `key: value` on one line; long text needs quotes around it",
      );
    case "BLOCK_AS_IMPLICIT_KEY":
      return say(
        "there are two colons on this line, or the next line is indented too far",
        "put quotes around text with a colon in it; begin keys that belong together in the same column",
      );
    case "BAD_INDENT":
      if (message.startsWith("Flow")) return say("a bracket or brace that was opened is not closed before this", CLOSE);
      return say(
        "this line is not indented like its neighbours",
        "begin entries that belong together in the same column",
      );
    case "BAD_SCALAR_START":
      return say(`text cannot begin with \`${found.slice(0, 1)}\``, "put quotes around the text");
    case "BAD_DQ_ESCAPE":
      return say(
        "a backslash is not followed by anything it can stand for",
        "write the backslash twice, or use single quotes",
      );
    case "UNEXPECTED_TOKEN":
      if (/^[\]}]/.test(found))
        return say(`\`${found.slice(0, 1)}\` closes nothing`, "delete it, or write the bracket that it closes");
      if (found.startsWith(","))
        return say("there is nothing before this comma", "delete the comma, or write the entry");
      if (/^[-?:](\s|$)/.test(found)) return say("a list or map cannot begin here", "begin it on a line of its own");
      return say(
        "this text is not expected here",
        "put quotes around the whole text, or begin it on a line of its own",
      );
    case "BLOCK_IN_FLOW":
      return say(
        "a list with hyphens cannot be inside brackets",
        "write it with brackets and commas, or everything with hyphens",
      );
    case "KEY_OVER_1024_CHARS":
      return say("this key is too long", "look for a colon too late or a quote too many");
    default:
      code satisfies Unexplained;
      return say(
        "this is not a form of YAML that can be read here",
        "compare it with the example in the documentation",
      );
  }
}

/** Not found in a file without anchors, tags and directives, or told from its tokens. One that is new must be judged. */
type Unexplained =
  | "BAD_PROP_ORDER"
  | "BAD_COLLECTION_TYPE"
  | "ALIAS_PROPS"
  | "BAD_ALIAS"
  | "BAD_DIRECTIVE"
  | "DUPLICATE_KEY"
  | "IMPOSSIBLE"
  | "MULTIPLE_ANCHORS"
  | "MULTIPLE_DOCS"
  | "MULTIPLE_TAGS"
  | "NON_STRING_KEY"
  | "RESOURCE_EXHAUSTION"
  | "TAG_RESOLVE_FAILED";

export const OPEN_QUOTE = {
  message: "a quote is opened here and never closed",
  hint: "write the closing quote, or leave both out",
};
const CLOSE = "close every `{` with `}` and every `[` with `]`, and put commas between entries";
