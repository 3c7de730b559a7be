import { findingsIn } from "../manifest/findings.ts";
import type { Findings } from "../manifest/findings.ts";
import { readYaml } from "../manifest/yaml-tree.ts";
import type { YamlEntries, YamlText } from "../manifest/yaml-tree.ts";
import { stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { isSealed } from "./lab-key.ts";
import type { LabKey, LabKeys } from "./lab-key.ts";
import { accountWords, openIds } from "./open-ids.ts";
import { turnIds } from "./turn-ids.ts";
import type { Turning } from "./turn-ids.ts";

/** A manifest's text with other ids in it. Everything else stays, letter by letter, and on its line. */
export type Turned =
  | { readonly kind: "turned"; readonly text: string; readonly ids: number }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** The text with all ids in clear. Its line `encrypted` stays. */
export function openText(file: string, text: string, keys: LabKeys): Turned {
  return change(file, text, (tree, findings) => {
    const key = keys.get(wordOf(tree, "encrypted")?.text ?? "");
    const edits: Edit[] = [];
    turnIds(tree, accountWords(tree), {
      clear: "after",
      turn({ node, key: name, context }) {
        if (!isSealed(node.text)) return node;
        const plain = key?.open(node.text, context);
        if (plain === undefined) {
          findings.error("sealed-unreadable", node.start, `\`${name}\` cannot be opened`, "put the row back as it was");
          return node;
        }
        edits.push({ node, text: SIMPLE.test(plain) ? plain : JSON.stringify(plain) });
        return { ...node, text: plain };
      },
    });
    return edits;
  });
}

/** The text with all ids sealed, and the line that says so. Ids must be in clear. */
export function sealText(file: string, text: string, key: LabKey): Turned {
  const turned = change(file, text, (tree) => {
    const edits: Edit[] = [];
    const turn: Turning["turn"] = ({ node, context }) => {
      edits.push({ node, text: key.seal(node.text, context) });
      return node;
    };
    turnIds(tree, accountWords(tree), { clear: "before", turn });
    return edits;
  });
  if (turned.kind === "problems") return turned;
  return withHeader(file, turned, key.id);
}

/** The text as if its ids had never been encrypted: for judging what was changed in it. Lines and columns stay. */
export function withoutHeader(file: string, text: string): string {
  const tree = readYaml(text, findingsIn(file, text));
  const entry = tree?.kind === "entries" ? tree.entries.get("encrypted") : undefined;
  if (entry?.node.kind !== "text") return text;
  const { keyStart, node } = entry;
  return `${text.slice(0, keyStart)}#${" ".repeat(Math.max(0, node.end - keyStart - 1))}${text.slice(node.end)}`;
}

/** Whether the file says that its ids are encrypted. */
export function saysEncrypted(file: string, text: string): boolean {
  const tree = readYaml(text, findingsIn(file, text));
  return (
    tree !== undefined &&
    openIds(tree, text, { keys: new Map(), findings: findingsIn(file, text) }).sealed !== undefined
  );
}

interface Edit {
  readonly node: YamlText;
  readonly text: string;
}

const SIMPLE = /^[A-Za-z0-9]+$/;

function change(file: string, text: string, find: (tree: YamlEntries, findings: Findings) => readonly Edit[]): Turned {
  const findings = findingsIn(file, text);
  const tree = readYaml(text, findings);
  if (tree && tree.kind !== "entries")
    findings.error("wrong-shape", tree.start, "this is no list that mergepay knows", "begin it with `study:`");
  const edits = tree?.kind === "entries" ? find(tree, findings) : [];
  if (stops(findings.problems)) return { kind: "problems", problems: findings.problems };
  let changed = "";
  let at = 0;
  for (const { node, text: instead } of [...edits].sort((a, b) => a.node.start - b.node.start)) {
    changed += text.slice(at, node.start) + instead;
    at = node.end;
  }
  return { kind: "turned", text: changed + text.slice(at), ids: edits.length };
}

function withHeader(file: string, turned: Extract<Turned, { kind: "turned" }>, id: string): Turned {
  const { text } = turned;
  const findings = findingsIn(file, text);
  const tree = readYaml(text, findings);
  if (tree?.kind !== "entries") return { kind: "problems", problems: findings.problems };
  const header = wordOf(tree, "encrypted");
  if (header) return { ...turned, text: text.slice(0, header.start) + id + text.slice(header.end) };
  const after = wordOf(tree, "environment")?.end ?? 0;
  const lineEnd = text.indexOf("\n", after);
  if (text[tree.start] === "{" || lineEnd === -1) {
    const hint = "begin with `study: …`, each key on a line of its own";
    findings.error("wrong-shape", tree.start, "this list is written in braces, and has no line for `encrypted:`", hint);
    return { kind: "problems", problems: findings.problems };
  }
  const ending = text[lineEnd - 1] === "\r" ? "\r\n" : "\n";
  return { ...turned, text: `${text.slice(0, lineEnd + 1)}encrypted: ${id}${ending}${text.slice(lineEnd + 1)}` };
}

function wordOf(tree: YamlEntries, key: string): YamlText | undefined {
  const node = tree.entries.get(key)?.node;
  return node?.kind === "text" ? node : undefined;
}
