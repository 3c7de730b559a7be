import { NO_KEYS } from "../encryption/lab-key.ts";
import type { LabKeys } from "../encryption/lab-key.ts";
import { openIds } from "../encryption/open-ids.ts";
import { sealMeaning } from "../encryption/seal-meaning.ts";
import type { Currency } from "../money.ts";
import type { Environment, PlatformRules } from "../platforms/ports.ts";
import { DEFAULT_PLATFORM, PLATFORMS, rulesOf } from "../platforms/rules.ts";
import { usualCurrency } from "../policy/in-currency.ts";
import type { Policy } from "../policy/policy.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { inOrder, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { digestOf } from "./digest.ts";
import type { Draft } from "./draft.ts";
import { ACCOUNT_MOST, fieldOf, readChoice, readCurrency, readSlug } from "./fields.ts";
import type { Field } from "./fields.ts";
import { findingsIn, readEach } from "./findings.ts";
import type { Findings } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import { readProse, REASON_MAX } from "./prose.ts";
import { readAdopted } from "./read-adopted.ts";
import { readBonus } from "./read-bonus.ts";
import { readQualification } from "./read-qualification.ts";
import { checkRowShape } from "./row-shapes.ts";
import { asEntries, checkShape } from "./shape.ts";
import type { SourceFile } from "./source.ts";
import { textOf } from "./source-text.ts";
import { validateManifestShape } from "./validators.ts";
import { itemsOf, readYaml } from "./yaml-tree.ts";
import type { YamlEntries, YamlNode } from "./yaml-tree.ts";

/** What a file is read with. */
export interface ManifestReading {
  readonly keys?: LabKeys;
  /** It says in which currency a list is that does not say so itself, and what the lab has on a platform. */
  readonly policy?: Pick<Policy, "limits" | "platforms">;
}

/** One file as a manifest, or everything that is wrong in it. A warning may come with a manifest. */
export function readManifest(
  file: SourceFile,
  reading: ManifestReading = {},
): { readonly manifest?: Manifest; readonly problems: readonly Problem[] } {
  const { draft, problems } = draftManifest(file, reading);
  const manifest = draft && manifestOf(draft, problems);
  return { problems: inOrder(problems), ...(manifest ? { manifest } : {}) };
}

/** What can be read of a file that may have mistakes, so that its sound rows are compared with other files all the same. */
export function draftManifest(
  file: SourceFile,
  { keys = NO_KEYS, policy = DEFAULT_POLICY }: ManifestReading = {},
): { readonly draft?: Draft; readonly problems: readonly Problem[] } {
  const text = textOf(file);
  if (typeof text !== "string") return { problems: [text] };
  const findings = findingsIn(file.path, text);
  const tree = readYaml(text, findings);
  const opened = tree && openIds(tree, text, { keys, findings });
  const draft = opened && draftOf(file.path, opened.tree, policy, findings);
  const sealed = opened?.sealed ? { sealed: opened.sealed } : {};
  return { problems: findings.problems, ...(draft ? { draft: { ...draft, ...sealed } } : {}) };
}

/** The manifest of a draft without mistakes. */
export function manifestOf(draft: Draft, problems: readonly Problem[]): Manifest | undefined {
  const { file, study, platform, environment, currency, qualifications, adopted, sealed } = draft;
  if (stops(problems) || study === undefined || platform === undefined || environment === undefined) return undefined;
  const bonuses = draft.bonuses.map(({ row }) => row);
  const account = draft.account ? { account: draft.account.name } : {};
  const meaning = { study, platform, environment, currency, ...account, bonuses, qualifications, adopted };
  if (!sealed) return { file, digest: digestOf(meaning), ...meaning };
  const { id, at, key } = sealed;
  const digest = digestOf(key ? sealMeaning(meaning, key) : meaning);
  return { file, digest, ...meaning, sealed: { id, at, closed: key === undefined } };
}

function draftOf(
  file: string,
  tree: YamlNode,
  policy: Pick<Policy, "limits" | "platforms">,
  findings: Findings,
): Draft | undefined {
  if (tree.kind === "text" && tree.empty) {
    findings.error("missing-key", 0, "this manifest is empty", "write what to pay, or delete the file");
    return undefined;
  }
  checkShape(validateManifestShape, tree, { words: MANIFEST_SCHEMA, root: MANIFEST_SCHEMA }, findings);
  const map = asEntries(tree);
  if (!map) return undefined;
  const field = (key: string) => fieldOf(map, key, findings);
  const study = readSlug(field("study"), 60);
  const platform = map.entries.has("platform")
    ? readChoice(field("platform"), [...PLATFORMS.keys()])
    : DEFAULT_PLATFORM;
  const rules = platform === undefined ? undefined : platformMeant(map, rulesOf(platform, policy.platforms), findings);
  const environment = readEnvironment(field("environment"), rules);
  const currency =
    readCurrency(field("currency")) ?? (rules ? usualCurrency(policy, rules) : policy.limits.bonus.currency);
  checkCurrency(currency, rules?.currencies, map, findings);
  const account = readAccount(field("account"));
  const defaultReason = readProse(field("reason"), REASON_MAX);
  if (!map.entries.has("reason")) checkReasons(itemsOf(map, "bonuses"), rules, findings);
  const bonuses = readEach(itemsOf(map, "bonuses"), findings, (node) => {
    checkRowShape("bonus", node, rules, findings);
    const row = asEntries(node);
    return row && readBonus(row, { rules, currency, defaultReason, findings });
  });
  const blocks = itemsOf(map, "qualifications");
  const qualifications = readEach(blocks, findings, (node) => {
    const block = asEntries(node);
    return block && readQualification(block, rules, findings);
  });
  const before = itemsOf(map, "adopted");
  const adopted = readEach(before, findings, (node) => {
    checkRowShape("adopted", node, rules, findings);
    const row = asEntries(node);
    return row && readAdopted(row, rules, currency, findings);
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
    ...(account ? { account } : {}),
    rules,
    bonuses,
    qualifications,
    adopted,
    rows,
    bonusesAt: findings.at(map.entries.get("bonuses")?.keyStart ?? map.start),
    at: findings.at(map.start),
  };
}

function readAccount(field: Field): Draft["account"] {
  const name = readSlug(field, ACCOUNT_MOST);
  return name === undefined || !field.node ? undefined : { name, at: field.findings.at(field.node.start) };
}

const ENVIRONMENTS = ["production", "sandbox", "simulator"] as const;

/** A test site that another platform has is more than a slip of the pen. */
function readEnvironment(field: Field, rules: PlatformRules | undefined): Environment | undefined {
  const { node } = field;
  const own = rules?.traits.environments ?? ENVIRONMENTS;
  const other = ENVIRONMENTS.find((each) => node?.kind === "text" && each === node.text && !own.includes(each));
  if (!node || !rules || other === undefined) return readChoice(field, own);
  field.findings.error(
    "wrong-environment",
    node.start,
    `${rules.title} has no ${other}`,
    "write `environment: simulator` to try a list out, and `environment: production` to pay",
  );
  return undefined;
}

/** A list that names no platform may have rows as only another one has them: they are judged as that one's then. */
function platformMeant(map: YamlEntries, rules: PlatformRules, findings: Findings): PlatformRules {
  const row = asEntries(itemsOf(map, "bonuses")[0]);
  if (!row || map.entries.has("platform") || row.entries.has(rules.words.assignment)) return rules;
  const meant = [...PLATFORMS.values()].find(({ words }) => row.entries.has(words.assignment));
  if (!meant) return rules;
  findings.error(
    "unknown-platform",
    map.start,
    `the bonuses of this list are for a \`${meant.words.assignment}\` each, which ${rules.title} does not have`,
    `add the line \`platform: ${meant.name}\` if they are of ${meant.title}; else name the \`${rules.words.assignment}\` of each bonus`,
  );
  return meant;
}

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
function checkReasons(bonuses: readonly YamlNode[], rules: PlatformRules | undefined, findings: Findings): void {
  const without = bonuses.filter((node) => node.kind === "entries" && !node.entries.has("reason"));
  const [first, ...others] = without;
  if (!first) return;
  findings.error(
    "missing-key",
    first.start,
    others.length === 0 ? "this bonus has no `reason`" : `this bonus and ${others.length} more have no \`reason\``,
    `${rules?.traits.message === "none" ? "the receipt keeps it" : "workers want to know"}: write one \`reason:\` for all at the top of the file, or one for each bonus`,
  );
}

function rowsOfBlock(block: YamlNode): number {
  return block.kind === "entries" ? itemsOf(block, "grant").length + itemsOf(block, "revoke").length : 0;
}
