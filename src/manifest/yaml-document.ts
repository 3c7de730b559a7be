import { Composer, CST, Lexer, Parser } from "yaml";
import type { Document } from "yaml";
import type { Findings } from "./findings.ts";
import { explainYamlError, OPEN_QUOTE } from "./yaml-errors.ts";

/**
 * The one document of a YAML text as the library reads it, with every scalar as it is written. `undefined` where it has
 * mistakes, or more in it than anybody writes; then the findings say so.
 */
export function composeYaml(text: string, findings: Findings): Document.Parsed | undefined {
  const before = findings.problems.length;
  const seen: Seen = { documents: [] };
  const composer = boundedComposer();
  const [document] = composer.compose(tokensOf(text, findings, seen), true, text.length);
  if (seen.givenUp || !document) return undefined;
  const featureTold = findings.problems.slice(before).some(({ code }) => code === "yaml-feature");
  let line = 0;
  for (const error of [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])) {
    if (featureTold && TOLD_FROM_TOKENS.has(error.code)) continue;
    const { offset, message, hint } = explainYamlError(error, text, seen.openQuote);
    // One mistake makes the library stumble several times on the same line.
    const place = findings.at(offset);
    if (place.line === line) continue;
    line = place.line;
    findings.error("yaml-syntax", offset, message, hint);
  }
  // The library takes a last quote that is escaped for the closing one.
  if (line === 0 && seen.openQuote !== undefined)
    findings.error("yaml-syntax", seen.openQuote, OPEN_QUOTE.message, OPEN_QUOTE.hint);
  const [, second] = seen.documents;
  if (second !== undefined)
    findings.error(
      "yaml-feature",
      second,
      "a second YAML document begins here",
      "delete the line `---`, or put the second document into a file of its own",
    );
  const broken = findings.problems.slice(before).some(({ code }) => code === "yaml-syntax");
  return broken || second !== undefined ? undefined : document;
}

const ERRORS_MAX = 100;

/** Told from the tokens, where their places are exact. */
const TOLD_FROM_TOKENS: ReadonlySet<string> = new Set([
  "BAD_ALIAS",
  "ALIAS_PROPS",
  "TAG_RESOLVE_FAILED",
  "BAD_DIRECTIVE",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_TAGS",
]);

interface Seen {
  readonly documents: number[];
  givenUp?: true;
  /** Where a quote was opened that nothing closes. */
  openQuote?: number;
}

/** The library keeps every mistake that it meets, of which a hostile file has millions. The first ones are enough. */
function boundedComposer(): Composer {
  const composer = new Composer({
    schema: "failsafe",
    strict: true,
    // Ours is told by line and does not compare every key with every other.
    uniqueKeys: false,
    merge: false,
  });
  // Throws at once where a newer version of the library has no such method.
  const keep = (Reflect.get(composer, "onError") as (...error: unknown[]) => void).bind(composer);
  let count = 0;
  Reflect.set(composer, "onError", (...error: unknown[]) => {
    if (++count <= ERRORS_MAX) keep(...error);
  });
  return composer;
}

/** Nothing that people write nests deeper than six. */
const DEPTH_MAX = 50;
/** Pieces of text and punctuation. A bonus has some 45 of them. */
const PIECES_MAX = 1_500_000;

/** The tokens of the first document. */
function* tokensOf(text: string, findings: Findings, seen: Seen): Generator<CST.Token, void> {
  let stray = 0;
  for (const token of allTokens(text, findings, seen)) {
    if (token.type === "document") seen.documents.push(token.offset);
    if (seen.documents.length > 1) return;
    if (token.type === "error" && ++stray > ERRORS_MAX) return;
    yield token;
  }
}

/** Features that are refused are told on the way. */
function* allTokens(text: string, findings: Findings, seen: Seen): Generator<CST.Token, void> {
  const giveUp = (code: "wrong-shape" | "file-too-large", message: string, hint: string) => {
    findings.error(code, parser.offset, message, hint);
    seen.givenUp = true;
  };
  const parser = new Parser();
  let pieces = 0;
  let scalar = false;
  for (const piece of new Lexer().lex(text)) {
    if (!scalar) {
      noteQuote(piece, parser.offset, seen);
      noteFeature(piece, parser.offset, findings);
    }
    scalar = !scalar && piece === CST.SCALAR;
    if (findings.full()) {
      seen.givenUp = true;
      return;
    }
    if (++pieces > PIECES_MAX)
      return giveUp(
        "file-too-large",
        "the file has more entries than can be read from here on",
        "split it into several manifests",
      );
    if (parser.stack.length > DEPTH_MAX)
      return giveUp(
        "wrong-shape",
        `lists and maps are nested more than ${DEPTH_MAX - 10} deep`,
        "look for brackets, braces or hyphens that do not belong here",
      );
    yield* parser.next(piece);
  }
  yield* parser.end();
}

function noteQuote(piece: string, offset: number, seen: Seen): void {
  const quote = piece.charAt(0);
  if ((quote === '"' || quote === "'") && !isClosed(piece, quote)) seen.openQuote ??= offset;
}

function isClosed(piece: string, quote: string): boolean {
  if (piece.length === 1 || !piece.endsWith(quote)) return false;
  const escape = quote === "'" ? "'" : "\\";
  let escapes = 0;
  while (escapes < piece.length - 2 && piece.at(-2 - escapes) === escape) escapes++;
  return escapes % 2 === 0;
}

function noteFeature(piece: string, offset: number, findings: Findings): void {
  const feature = FEATURES[piece.charAt(0)];
  if (feature) findings.error("yaml-feature", offset, feature.message, feature.hint);
}

const QUOTE_IT = "write the text out; where it is meant to begin so, put it in quotes";
const FEATURES: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  "&": { message: "a YAML anchor (&) is not allowed", hint: QUOTE_IT },
  "*": { message: "a YAML alias (*) is not allowed", hint: QUOTE_IT },
  "!": { message: "a YAML tag (!) is not allowed", hint: QUOTE_IT },
  "%": { message: "a YAML directive (%) is not allowed", hint: "delete the line" },
};
