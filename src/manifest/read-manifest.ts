import manifestSchema from "../../schemas/manifest.schema.json" with { type: "json" };
import { NO_KEYS } from "../encryption/lab-key.ts";
import type { LabKeys } from "../encryption/lab-key.ts";
import { openIds } from "../encryption/open-ids.ts";
import { sealMeaning } from "../encryption/seal-meaning.ts";
import type { Currency } from "../money.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import { inOrder, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { digestOf } from "./digest.ts";
import type { Draft } from "./draft.ts";
import { fieldOf, readChoice, readCurrency, readSlug } from "./fields.ts";
import { findingsIn } from "./findings.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { readProse, REASON_MAX } from "./prose.ts";
import { readAdopted } from "./read-adopted.ts";
import { readBonus } from "./read-bonus.ts";
import { readQualification } from "./read-qualification.ts";
import { asEntries, checkShape } from "./shape.ts";
import type { SourceFile } from "./source.ts";
import { textOf } from "./source-text.ts";
import { validateAdoptedShape, validateBonusShape, validateManifestShape } from "./validators.ts";
import { itemsOf, readYaml } from "./yaml-tree.ts";
import type { YamlEntries, YamlNode } from "./yaml-tree.ts";

/** One file as a manifest, or everything that is wrong in it. A warning may come with a manifest. */
export function readManifest(
  file: SourceFile,
  keys: LabKeys = NO_KEYS,
): { readonly manifest?: Manifest; readonly problems: readonly Problem[] } {
  const { draft, problems } = draftManifest(file, keys);
  const manifest = draft && manifestOf(draft, problems);
  return { problems: inOrder(problems), ...(manifest ? { manifest } : {}) };
}

/** What can be read of a file that may have mistakes, so that its sound rows are compared with other files all the same. */
export function draftManifest(
  file: SourceFile,
  keys: LabKeys = NO_KEYS,
): { readonly draft?: Draft; readonly problems: readonly Problem[] } {
  const text = textOf(file);
  if (typeof text !== "string") return { problems: [text] };
  const findings = findingsIn(file.path, text);
  const tree = readYaml(text, findings);
  const opened = tree && openIds(tree, text, { keys, findings });
  const draft = opened && draftOf(file.path, opened.tree, findings);
  const sealed = opened?.sealed ? { sealed: opened.sealed } : {};
  return { problems: findings.problems, ...(draft ? { draft: { ...draft, ...sealed } } : {}) };
}

/** The manifest of a draft without mistakes. */
export function manifestOf(draft: Draft, problems: readonly Problem[]): Manifest | undefined {
  const { file, study, platform, environment, currency, qualifications, adopted, sealed } = draft;
  if (stops(problems) || study === undefined || platform === undefined || environment === undefined) return undefined;
  const bonuses = draft.bonuses.map(({ row }) => row);
  const meaning = { study, platform, environment, currency, bonuses, qualifications, adopted };
  if (!sealed) return { file, digest: digestOf(meaning), ...meaning };
  const { id, at, key } = sealed;
  const digest = digestOf(key ? sealMeaning(meaning, key) : meaning);
  return { file, digest, ...meaning, sealed: { id, at, closed: key === undefined } };
}

function draftOf(file: string, tree: YamlNode, findings: Findings): Draft | undefined {
  if (tree.kind === "text" && tree.empty) {
    findings.error("missing-key", 0, "this manifest is empty", "write what to pay, or delete the file");
    return undefined;
  }
  checkShape(validateManifestShape, tree, { words: manifestSchema, root: manifestSchema }, findings);
  const map = asEntries(tree);
  if (!map) return undefined;
  const field = (key: string) => fieldOf(map, key, findings);
  const study = readSlug(field("study"), 60);
  const platform = map.entries.has("platform") ? readChoice(field("platform"), [...PLATFORMS.keys()]) : "mturk";
  const rules = platform === undefined ? undefined : PLATFORMS.get(platform);
  const environment = readChoice(field("environment"), rules?.traits.environments ?? ENVIRONMENTS);
  const currency = readCurrency(field("currency")) ?? rules?.currencies[0] ?? "USD";
  checkCurrency(currency, rules?.currencies, map, findings);
  const defaultReason = readProse(field("reason"), REASON_MAX);
  if (!map.entries.has("reason")) checkReasons(itemsOf(map, "bonuses"), findings);
  const bonuses = itemsOf(map, "bonuses").flatMap((node) => {
    if (findings.full()) return [];
    checkShape(validateBonusShape, node, { words: manifestSchema.$defs.bonus, root: manifestSchema }, findings);
    const row = asEntries(node);
    return row ? orNone(readBonus(row, { rules, currency, defaultReason, findings })) : [];
  });
  const blocks = itemsOf(map, "qualifications");
  const qualifications = blocks.flatMap((node) => {
    const block = asEntries(node);
    return block && !findings.full() ? orNone(readQualification(block, rules, findings)) : [];
  });
  const before = itemsOf(map, "adopted");
  const adopted = before.flatMap((node) => {
    if (findings.full()) return [];
    checkShape(validateAdoptedShape, node, { words: manifestSchema.$defs.adopted, root: manifestSchema }, findings);
    const row = asEntries(node);
    return row ? orNone(readAdopted(row, rules, currency, findings)) : [];
  });
  const rows =
    itemsOf(map, "bonuses").length + before.length + blocks.reduce((sum, each) => sum + rowsOfBlock(each), 0);
  if (rows + blocks.length === 0 && !stops(findings.problems))
    findings.error(
      "missing-key",
      map.start,
      "this manifest asks for nothing",
      "add a bonus or a qualification, or delete the file",
    );
  return {
    file,
    study,
    platform,
    environment,
    currency,
    rules,
    bonuses,
    qualifications,
    adopted,
    rows,
    bonusesAt: findings.at(map.entries.get("bonuses")?.keyStart ?? map.start),
    at: findings.at(map.start),
  };
}

const ENVIRONMENTS = ["production", "sandbox", "simulator"] as const;

function checkCurrency(
  currency: Currency,
  possible: readonly Currency[] | undefined,
  map: YamlEntries,
  findings: Findings,
): void {
  const written = map.entries.get("currency");
  if (!written || !possible || possible.includes(currency)) return;
  findings.error(
    "wrong-currency",
    written.node.start,
    `the platform pays in ${possible.join(" or ")}, not in ${currency}`,
    `write every amount in ${possible.join(" or ")}, and leave \`currency\` out`,
  );
}

/** One problem for all bonuses, since one line mends them. */
function checkReasons(bonuses: readonly YamlNode[], findings: Findings): void {
  const without = bonuses.filter((node) => node.kind === "entries" && !node.entries.has("reason"));
  const [first, ...others] = without;
  if (!first) return;
  findings.error(
    "missing-key",
    first.start,
    others.length === 0 ? "this bonus has no `reason`" : `this bonus and ${others.length} more have no \`reason\``,
    "workers want to know: write one `reason:` for all at the top of the file, or one for each bonus",
  );
}

function rowsOfBlock(block: YamlNode): number {
  return block.kind === "entries" ? itemsOf(block, "grant").length + itemsOf(block, "revoke").length : 0;
}

function orNone<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
