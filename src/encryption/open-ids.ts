import type { Findings } from "../manifest/findings.ts";
import type { YamlEntries, YamlNode, YamlText } from "../manifest/yaml-tree.ts";
import type { Place } from "../problem.ts";
import { isSealed } from "./lab-key.ts";
import type { AccountWords, LabKey, LabKeys } from "./lab-key.ts";
import { turnIds } from "./turn-ids.ts";
import type { IdCell } from "./turn-ids.ts";

/** What a manifest says about how its ids are encrypted. */
export interface SealedWith {
  /** The name of the lab key. */
  readonly id: string;
  readonly at: Place;
  /** Undefined: nobody here can open it, and its ids are as they stand in the file. */
  readonly key?: LabKey;
}

/** The tree with its ids in clear, each at its place in the file, where the file says `encrypted` and its key is at hand. */
export function openIds(
  tree: YamlNode,
  text: string,
  { keys, findings }: { readonly keys: LabKeys; readonly findings: Findings },
): { readonly tree: YamlNode; readonly sealed?: SealedWith } {
  const entry = tree.kind === "entries" ? tree.entries.get("encrypted") : undefined;
  if (tree.kind !== "entries" || entry?.node.kind !== "text") return { tree };
  const { text: id, start } = entry.node;
  if (!/^[0-9a-f]{16}$/.test(id)) {
    findings.error(
      "text-unsuitable",
      start,
      "`encrypted` must be the name of a lab key: 16 digits and letters from a to f",
      "put the line back as it was; in a list whose ids are in clear, delete it and run `mergepay encrypt`",
    );
    return { tree };
  }
  const key = keys.get(id);
  const sealed: SealedWith = { id, at: findings.at(entry.keyStart), ...(key ? { key } : {}) };
  const turn = (cell: IdCell) => openedNode(cell, key, findings);
  const opened = turnIds(tree, accountWords(tree), { turn, clear: "after" });
  if (key) refuseNamedIds(opened, text, findings);
  return { tree: opened, sealed };
}

/** As they stand in the file; what they may be is judged elsewhere. */
export function accountWords(tree: YamlEntries): AccountWords {
  const word = (key: string) => {
    const node = tree.entries.get(key)?.node;
    return node?.kind === "text" ? node.text : undefined;
  };
  return { platform: word("platform") ?? "mturk", environment: word("environment") ?? "" };
}

function openedNode({ node, key: name, context }: IdCell, key: LabKey | undefined, findings: Findings): YamlText {
  if (!isSealed(node.text)) {
    findings.error(
      "id-in-clear",
      node.start,
      `\`${name}\` is in clear in an encrypted list`,
      "run `mergepay encrypt` on the file before you commit it; change encrypted lists with `mergepay edit`",
    );
    return { ...node, faulty: true };
  }
  if (!key) return { ...node, closed: true };
  const plain = key.open(node.text, context);
  if (plain !== undefined) return { ...node, text: plain };
  findings.error(
    "sealed-unreadable",
    node.start,
    `\`${name}\` cannot be opened here`,
    "it was changed by hand, or it belongs to another row: its assignment, label, type or environment was changed without `mergepay edit`. Put the row back, and use that",
  );
  return { ...node, faulty: true };
}

/** Comments and reasons stay readable: an encrypted id must not stand in them as well. */
function refuseNamedIds(opened: YamlEntries, text: string, findings: Findings): void {
  const ids = new Set<string>();
  turnIds(
    opened,
    { platform: "", environment: "" },
    {
      clear: "before",
      turn({ node }) {
        if (!node.faulty && !isSealed(node.text)) ids.add(node.text.toUpperCase());
        return node;
      },
    },
  );
  for (const { 0: word, index } of text.matchAll(/[A-Za-z0-9]{6,}/g)) {
    if (!ids.has(word.toUpperCase())) continue;
    findings.error(
      "id-in-clear",
      index,
      "this text names a worker or assignment whose id is encrypted in this list",
      "take the id out: comments, reasons and labels can be read by everybody",
    );
  }
}
