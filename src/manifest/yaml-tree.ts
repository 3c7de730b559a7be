import { isAlias, isScalar, isSeq } from "yaml";
import type { ParsedNode, Scalar, YAMLMap } from "yaml";
import { forbiddenIn, hasForbidden } from "./characters.ts";
import type { Findings } from "./findings.ts";
import { composeYaml } from "./yaml-document.ts";

/** The small part of YAML that people need: text, lists and maps. Every text is as it stands in the file: `1.50` stays `1.50`. */
export type YamlNode = YamlText | YamlList | YamlEntries;

export interface YamlText {
  readonly kind: "text";
  readonly start: number;
  /** Where what is written ends, quotes included. */
  readonly end: number;
  readonly text: string;
  /** Nothing was written, or `null` or `~`, which mean nothing in YAML. */
  readonly empty: boolean;
  /** A problem with this text was reported already. */
  readonly faulty: boolean;
  /** An encrypted id that nobody here can open: its text is what stands in the file, and is no id. */
  readonly closed?: true;
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
  const document = composeYaml(text, findings);
  if (!document) return undefined;
  return treeOf(document.contents, { text, findings, spoiled });
}

interface Walk {
  readonly text: string;
  readonly findings: Findings;
  /** The file has forbidden characters: each text is searched for one, so that it is not reported twice. */
  readonly spoiled: boolean;
}

function treeOf(node: ParsedNode | null, walk: Walk, otherwise = 0): YamlNode {
  if (node === null) return { kind: "text", start: otherwise, end: otherwise, text: "", empty: true, faulty: false };
  const [start, end] = node.range;
  if (isAlias(node)) return { kind: "text", start, end, text: "", empty: false, faulty: true };
  if (isScalar(node)) return leafOf(node, { start, end }, walk);
  if (isSeq(node)) return { kind: "list", start, items: node.items.map((item) => treeOf(item, walk)) };
  return { kind: "entries", start, entries: entriesOf(node, walk) };
}

function leafOf({ source, type }: Scalar.Parsed, range: { start: number; end: number }, walk: Walk): YamlText {
  return {
    kind: "text",
    ...range,
    text: source,
    empty: type === "PLAIN" && NOTHING.has(source),
    faulty: isFaulty(source, type, range.start, walk),
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

function entriesOf(map: YAMLMap.Parsed, walk: Walk): ReadonlyMap<string, YamlEntry> {
  const entries = new Map<string, YamlEntry>();
  for (const { key, value } of map.items) {
    const [keyStart, keyEnd] = key.range;
    const node = treeOf(value, walk, keyEnd);
    if (!isScalar(key) || !PLAIN_KEYS.has(key.type)) {
      walk.findings.error("yaml-feature", keyStart, "a key must be one word", "write the key as a word, then a colon");
      continue;
    }
    const name = key.source;
    if (isFaulty(name, key.type, keyStart, walk)) continue;
    if (name === "<<" && key.type === "PLAIN") {
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

const PLAIN_KEYS: ReadonlySet<Scalar["type"]> = new Set(["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE"]);

/** The entries of a list; none where there is no list, which the shape's check reports. */
export function itemsOf(map: YamlEntries, key: string): readonly YamlNode[] {
  const node = map.entries.get(key)?.node;
  return node?.kind === "list" ? node.items : [];
}
