import { Composer, CST, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from "yaml";
import type { Document, ParsedNode, Scalar, YAMLMap } from "yaml";
import { forbiddenIn, hasForbidden } from "./characters.ts";
import type { Findings } from "./findings.ts";
import { explainYamlError } from "./yaml-errors.ts";

/** The small part of YAML that people need: text, lists and maps. Every text is as it stands in the file: `1.50` stays `1.50`. */
export type YamlNode = YamlText | YamlList | YamlEntries;

export interface YamlText {
  readonly kind: "text";
  readonly start: number;
  readonly text: string;
  /** Nothing was written, or `null` or `~`, which mean nothing in YAML. */
  readonly empty: boolean;
  /** A problem with this text was reported already. */
  readonly faulty: boolean;
}

export interface YamlList {
  readonly kind: "list";
  readonly start: number;
  readonly items: readonly YamlNode[];
}

export interface YamlEntries {
  readonly kind: "entries";
  readonly start: number;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly keyStart: number;
  readonly node: YamlNode;
}

/**
 * Reads one YAML text. Whatever could make two readers of the file disagree is refused: anchors, aliases, merge keys,
 * tags, directives, several documents, keys that are not plain words, keys that appear twice. `undefined` where
 * nothing can be made of the text; then the findings say why.
 */
export function readYaml(text: string, findings: Findings): YamlNode | undefined {
  let spoiled = false;
  for (const { offset, message, hint } of forbiddenIn(text)) {
    findings.error("forbidden-character", offset, message, hint);
    spoiled = true;
    if (findings.full()) return undefined;
  }
  const document = compose(text, findings);
  if (!document) return undefined;
  if (document.contents === null) return { kind: "text", start: 0, text: "", empty: true, faulty: false };
  return treeOf(document.contents, { text, findings, spoiled });
}

// ── the library: text → document ──

/** Nothing that people write nests deeper than six. */
const DEPTH_MAX = 50;
/** Pieces of text and punctuation. A bonus has some 45 of them. */
const PIECES_MAX = 1_500_000;
const ERRORS_MAX = 100;

function compose(text: string, findings: Findings): Document.Parsed | undefined {
  const before = findings.problems.length;
  const seen: Seen = { documents: [] };
  const composer = boundedComposer();
  const [document] = composer.compose(tokensOf(text, findings, seen), true, text.length);
  if (seen.givenUp || !document) return undefined;
  let line = 0;
  for (const error of [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])) {
    if (REPORTED_FROM_TOKENS.has(error.code)) continue;
    const { offset, message, hint } = explainYamlError(error, text, seen.openQuote);
    // One mistake makes the library stumble several times on the same line.
    const place = findings.at(offset);
    if (place.line === line) continue;
    line = place.line;
    findings.error("yaml-syntax", offset, message, hint);
  }
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

/** Told from the tokens, where their places are exact. */
const REPORTED_FROM_TOKENS: ReadonlySet<string> = new Set([
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
    prettyErrors: false,
    logLevel: "silent",
  });
  const keep: unknown = Reflect.get(composer, "onError");
  if (typeof keep !== "function") throw new Error("yaml: its Composer has no onError any more");
  let count = 0;
  Reflect.set(composer, "onError", (...error: unknown[]) => {
    if (++count <= ERRORS_MAX) Reflect.apply(keep, composer, error);
  });
  return composer;
}

/** The tokens of the first document; features that are refused are told on the way. */
function* tokensOf(text: string, findings: Findings, seen: Seen): Generator<CST.Token, void> {
  const giveUp = (code: "wrong-shape" | "file-too-large", message: string, hint: string) => {
    findings.error(code, parser.offset, message, hint);
    seen.givenUp = true;
  };
  const parser = new Parser();
  let pieces = 0;
  let stray = 0;
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
    for (const token of parser.next(piece)) {
      if (token.type === "document") seen.documents.push(token.offset);
      if (seen.documents.length > 1) return;
      if (token.type === "error" && ++stray > ERRORS_MAX) return;
      yield token;
    }
  }
  for (const token of parser.end()) {
    if (token.type === "document") seen.documents.push(token.offset);
    if (seen.documents.length > 1) return;
    yield token;
  }
}

function noteQuote(piece: string, offset: number, seen: Seen): void {
  const [quote = ""] = piece;
  if ((quote === '"' || quote === "'") && (piece.length === 1 || !piece.endsWith(quote))) seen.openQuote ??= offset;
}

function noteFeature(piece: string, offset: number, findings: Findings): void {
  const feature = FEATURES[piece[0] ?? ""];
  if (feature) findings.error("yaml-feature", offset, feature.message, feature.hint);
}

const QUOTE_IT = "write the text out; where it is meant to begin so, put it in quotes";
const FEATURES: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  "&": { message: "a YAML anchor (&) is not allowed", hint: QUOTE_IT },
  "*": { message: "a YAML alias (*) is not allowed", hint: QUOTE_IT },
  "!": { message: "a YAML tag (!) is not allowed", hint: QUOTE_IT },
  "%": { message: "a YAML directive (%) is not allowed", hint: "delete the line" },
};

// ── the document → our tree ──

interface Walk {
  readonly text: string;
  readonly findings: Findings;
  /** The file has forbidden characters: each text is searched for one, so that it is not reported twice. */
  readonly spoiled: boolean;
}

function treeOf(node: ParsedNode | null, walk: Walk, otherwise = 0): YamlNode {
  if (node === null) return { kind: "text", start: otherwise, text: "", empty: true, faulty: false };
  const [start] = node.range;
  if (isAlias(node)) return { kind: "text", start, text: "", empty: false, faulty: true };
  if (isScalar(node)) return leafOf(node, start, walk);
  if (isSeq(node)) return { kind: "list", start, items: node.items.map((item) => treeOf(asNode(item), walk, start)) };
  return { kind: "entries", start, entries: entriesOf(node, walk) };
}

function leafOf({ value, type }: Scalar, start: number, walk: Walk): YamlText {
  if (typeof value !== "string") return { kind: "text", start, text: "", empty: false, faulty: true };
  return {
    kind: "text",
    start,
    text: value,
    empty: type === "PLAIN" && NOTHING.has(value),
    faulty: isFaulty(value, type, start, walk),
  };
}

const NOTHING: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);

/** Only double quotes know escapes, through which a forbidden character can come in unseen. */
function isFaulty(value: string, type: Scalar["type"], start: number, { spoiled, findings }: Walk): boolean {
  if (type !== "QUOTE_DOUBLE") return spoiled && hasForbidden(value);
  const [first] = forbiddenIn(value);
  if (!first) return false;
  if (!spoiled) findings.error("forbidden-character", start, `in this text, ${first.message}`, first.hint);
  return true;
}

function entriesOf(map: YAMLMap, walk: Walk): ReadonlyMap<string, YamlEntry> {
  const entries = new Map<string, YamlEntry>();
  for (const { key, value } of map.items) {
    const keyNode = asNode(key);
    const keyStart = keyNode?.range[0] ?? map.range?.[0] ?? 0;
    const name = isScalar(keyNode) ? keyNode.value : undefined;
    const node = treeOf(asNode(value), walk, keyNode?.range[1] ?? keyStart);
    if (!isScalar(keyNode) || typeof name !== "string" || !PLAIN_KEYS.has(keyNode.type ?? "")) {
      walk.findings.error("yaml-feature", keyStart, "a key must be one word", "write the key as a word, then a colon");
      continue;
    }
    if (isFaulty(name, keyNode.type, keyStart, walk)) continue;
    if (name === "<<" && keyNode.type === "PLAIN") {
      walk.findings.error("yaml-feature", keyStart, "a YAML merge key (<<) is not allowed", "write the entries out");
      continue;
    }
    const earlier = entries.get(name);
    if (!earlier) entries.set(name, { keyStart, node });
    else {
      const { line } = walk.findings.at(earlier.keyStart);
      walk.findings.error(
        "duplicate-key",
        keyStart,
        `\`${name}\` is here twice, first on line ${line}`,
        "keep one of them",
      );
    }
  }
  return entries;
}

const PLAIN_KEYS: ReadonlySet<string> = new Set(["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE"]);

/** What the parser puts into a map or list is always a node, or null for nothing; the library's types do not say so. */
function asNode(item: unknown): ParsedNode | null {
  return isMap(item) || isSeq(item) || isScalar(item) || isAlias(item) ? (item as ParsedNode) : null;
}

// ── asking the tree ──

/** The entries of a list; none where there is no list, which the shape's check reports. */
export function itemsOf(map: YamlEntries, key: string): readonly YamlNode[] {
  const node = map.entries.get(key)?.node;
  return node?.kind === "list" ? node.items : [];
}
