import { itemsOf } from "../manifest/yaml-tree.ts";
import type { YamlEntries, YamlNode, YamlText } from "../manifest/yaml-tree.ts";
import { assignmentContext, bonusContext, memberContext } from "./lab-key.ts";
import type { AccountWords, Context } from "./lab-key.ts";

/** An id of a manifest: of which kind, where, and the row that it is bound to. */
export interface IdCell {
  readonly node: YamlText;
  readonly key: "worker" | "participant" | "assignment" | "submission" | "hit";
  readonly context: Context;
}

export interface Turning {
  /** What stands there instead. */
  readonly turn: (cell: IdCell) => YamlText;
  /** Whether ids are in clear before they are turned, or after. */
  readonly clear: "before" | "after";
}

/** A manifest's tree with every id turned. What is no list, map or text where one must be is left for the shape's check. */
export function turnIds(tree: YamlEntries, account: AccountWords, { turn, clear }: Turning): YamlEntries {
  const turned = (map: YamlEntries, key: IdCell["key"], context: Context): YamlText | undefined => {
    const node = map.entries.get(key)?.node;
    return node?.kind === "text" && !node.empty && !node.faulty ? turn({ node, key, context }) : undefined;
  };
  const bonus = (row: YamlEntries): YamlEntries => {
    const label = textIn(row, "label") ?? "";
    const key = row.entries.has("submission") ? "submission" : "assignment";
    const assignment = turned(row, key, assignmentContext(account, label));
    const plain = { assignment: (clear === "before" ? textIn(row, key) : assignment?.text) ?? "", label };
    // What is bound to an assignment that cannot be told has no problem of its own.
    const bound = (key: "worker" | "participant" | "hit") => {
      const node = row.entries.get(key)?.node;
      if (assignment?.faulty && node?.kind === "text") return { ...node, faulty: true };
      return turned(row, key, bonusContext(key === "participant" ? "worker" : key, account, plain));
    };
    const others = { worker: bound("worker"), participant: bound("participant"), hit: bound("hit") };
    return withNodes(row, { ...others, [key]: assignment });
  };
  const block = (map: YamlEntries): YamlEntries => {
    const context = memberContext(account, (textIn(map, "name") ?? textIn(map, "id") ?? "").trim());
    const member = (row: YamlEntries) => withNodes(row, { worker: turned(row, "worker", context) });
    return withNodes(map, { grant: eachIn(map, "grant", member), revoke: eachIn(map, "revoke", member) });
  };
  return withNodes(tree, {
    bonuses: eachIn(tree, "bonuses", bonus),
    adopted: eachIn(tree, "adopted", bonus),
    qualifications: eachIn(tree, "qualifications", block),
  });
}

/** Undefined where there is no such list. */
function eachIn(map: YamlEntries, key: string, change: (row: YamlEntries) => YamlEntries): YamlNode | undefined {
  const node = map.entries.get(key)?.node;
  if (node?.kind !== "list") return undefined;
  return { ...node, items: itemsOf(map, key).map((item) => (item.kind === "entries" ? change(item) : item)) };
}

function textIn(map: YamlEntries, key: string): string | undefined {
  const node = map.entries.get(key)?.node;
  return node?.kind === "text" ? node.text : undefined;
}

function withNodes(map: YamlEntries, nodes: Readonly<Record<string, YamlNode | undefined>>): YamlEntries {
  const entries = new Map(map.entries);
  for (const [key, node] of Object.entries(nodes)) {
    const entry = entries.get(key);
    if (entry && node) entries.set(key, { ...entry, node });
  }
  return { ...map, entries };
}
