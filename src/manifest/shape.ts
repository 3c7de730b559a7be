import type { DefinedError, ValidateFunction } from "ajv/dist/2020.js";
import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import type { YamlEntries, YamlEntry, YamlNode } from "./yaml-tree.ts";

/** The words of a published schema, which the messages about a file's shape use. */
export interface SchemaWords {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaWords>>;
  readonly items?: SchemaWords;
  readonly additionalProperties?: boolean | SchemaWords;
  readonly $defs?: Readonly<Record<string, SchemaWords>>;
}

/** Reports unknown keys, missing keys, and text where a list or map must be, each at its place in the file. */
export function checkShape(
  validate: ValidateFunction,
  node: YamlNode,
  schema: { readonly words: SchemaWords; readonly root: SchemaWords },
  findings: Findings,
): void {
  if (validate(valueOf(node))) return;
  const errors = validate.errors as DefinedError[];
  const meant = new Set<string>();
  for (const error of errors) {
    if (findings.full()) return;
    if (error.keyword !== "additionalProperties") continue;
    const key = unknownKey(error.params.additionalProperty, follow(error.instancePath, node, schema), findings);
    meant.add(`${error.instancePath} ${key}`);
  }
  for (const error of errors) {
    const spot = () => follow(error.instancePath, node, schema);
    // A key that is only misspelt is told once.
    if (error.keyword === "required" && !meant.has(`${error.instancePath} ${error.params.missingProperty}`))
      missingKey(error.params.missingProperty, spot(), findings);
    else if (error.keyword === "type") wrongKind(error.params.type, spot(), findings);
  }
}

/** As ajv takes it. Maps have no prototype: `__proto__` and `constructor` are keys like others. */
function valueOf(node: YamlNode): unknown {
  switch (node.kind) {
    case "text":
      return node.text;
    case "list":
      return node.items.map(valueOf);
    case "entries": {
      const value = Object.create(null) as Record<string, unknown>;
      for (const [key, entry] of node.entries) value[key] = valueOf(entry.node);
      return value;
    }
  }
}

interface Spot {
  readonly node: YamlNode;
  readonly words: SchemaWords;
  readonly root: SchemaWords;
  /** The key that holds the node, where one does. */
  readonly key?: string;
}

/** The node and the schema that a JSON pointer names. */
function follow(pointer: string, node: YamlNode, { words, root }: { words: SchemaWords; root: SchemaWords }): Spot {
  let spot: Spot = { node, words: resolve(words, root), root };
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const { properties, items, additionalProperties } = spot.words;
    const words = spot.node.kind === "list" ? items : (own(properties, key) ?? additionalProperties);
    spot = {
      node: partOf(spot.node, key),
      words: resolve(words as SchemaWords, root),
      root,
      ...(spot.node.kind === "entries" ? { key } : {}),
    };
  }
  return spot;
}

/** What ajv calls a part of the node is one: it was given the same tree. */
function partOf(node: YamlNode, key: string): YamlNode {
  const part = node.kind === "list" ? node.items[Number(key)] : asEntries(node)?.entries.get(key)?.node;
  return part as YamlNode;
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return Object.entries({ ...record }).find(([name]) => name === key)?.[1];
}

function resolve(words: SchemaWords, root: SchemaWords): SchemaWords {
  return words.$ref === undefined ? words : { ...own(root.$defs, words.$ref.replace("#/$defs/", "")), ...words };
}

/** Gives the key that was probably meant. */
function unknownKey(key: string, spot: Spot, findings: Findings): string | undefined {
  const { node, words } = spot;
  const entry = asEntries(node)?.entries.get(key) as YamlEntry;
  const known = Object.keys({ ...words.properties });
  const tell = (message: string, hint: string) => findings.error("unknown-key", entry.keyStart, message, hint);
  if (key === "") {
    tell("a key is missing before the colon", keysAre(known));
    return undefined;
  }
  const message = `\`${shown(key)}\` is no key of ${nameOf(spot)}`;
  const stuck = known.find((each) => key.startsWith(`${each}:`));
  if (stuck !== undefined) {
    tell(message, `put a blank after the colon: \`${stuck}: ${shown(key.slice(stuck.length + 1))}\``);
    return stuck;
  }
  const meant = nearest(key, known);
  if (meant === undefined && entry.node.kind === "text" && entry.node.empty && entry.node.text === "") {
    const mend = /^[0-9]+$/.test(key)
      ? "write amounts with a dot, such as 1.50"
      : "put quotes around text with a comma in it";
    tell(message, `a comma separates entries between braces: ${mend}`);
    return undefined;
  }
  tell(message, meant === undefined ? keysAre(known) : `did you mean \`${meant}\`?`);
  return meant;
}

function keysAre(known: readonly string[]): string {
  return `the keys that can stand here are ${known.join(", ")}`;
}

function missingKey(key: string, spot: Spot, findings: Findings): void {
  const { node, words, root } = spot;
  const { description, examples } = resolve(own(words.properties, key) as SchemaWords, root) as Required<SchemaWords>;
  const sample = `\`${key}: ${String(examples[0])}\``;
  findings.error("missing-key", node.start, `${nameOf(spot)} has no \`${key}\``, `add ${sample}. ${description}`);
}

function wrongKind(type: string, spot: Spot, findings: Findings): void {
  const { node, key } = spot;
  if (node.kind === "text" && node.faulty) return;
  const name = nameOf(spot);
  if (node.kind === "text" && node.empty)
    return findings.error(
      "wrong-shape",
      node.start,
      `${name} has no value`,
      key === undefined
        ? "write the entry, or delete its hyphen or comma"
        : "write what belongs here, or delete the key",
    );
  const kind = KINDS[type as keyof typeof KINDS];
  findings.error("wrong-shape", node.start, `${name} must be ${kind.name}`, kind.hint);
}

/** The types that `validators.ts` asks for. */
const KINDS = {
  array: { name: "a list", hint: "write each entry on a line of its own that begins with a hyphen and a blank: `- …`" },
  object: { name: "keys and values", hint: "write `key: value`, with a blank after the colon" },
  string: {
    name: "one value, not a list or keys",
    hint: "put quotes around text with brackets, braces or a colon in it",
  },
};

/** `this bonus`, `this manifest`; a part that has a key goes by it. */
function nameOf({ key, words }: Spot): string {
  if (key !== undefined) return `\`${shown(key)}\``;
  return `this ${(words.title as string).replace("mergepay ", "").toLowerCase()}`;
}

function shown(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

/** The node as a map; none where it is something else, which {@link checkShape} reports. */
export function asEntries(node: YamlNode | undefined): YamlEntries | undefined {
  return node?.kind === "entries" ? node : undefined;
}
