import type { GroupRef, PlatformRules } from "../platforms/ports.ts";
import { fieldOf, readFlag, readWhole } from "./fields.ts";
import type { Field } from "./fields.ts";
import { readEach } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { readId } from "./ids.ts";
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";
import type { GrantRow, QualificationBlock, RevokeRow } from "./manifest.ts";
import { readProse, REASON_MAX } from "./prose.ts";
import { asEntries, checkShape } from "./shape.ts";
import { validateGrantShape, validateRevokeShape } from "./validators.ts";
import { itemsOf } from "./yaml-tree.ts";
import type { YamlEntries } from "./yaml-tree.ts";

/** One entry of `qualifications`, or `undefined` where the type could not be read. Rows that could not be read are left out. */
export function readQualification(
  map: YamlEntries,
  rules: PlatformRules | undefined,
  findings: Findings,
): QualificationBlock | undefined {
  const type = readType(map, rules, findings);
  const create = readCreate(map, findings);
  const notify = readNotify(fieldOf(map, "notify", findings), rules);
  const grant = readRows(map, "grant", readGrant, rules, findings);
  const revoke = readRows(map, "revoke", readRevoke, rules, findings);
  if (!map.entries.has("grant") && !map.entries.has("revoke") && !map.entries.has("create"))
    findings.error(
      "missing-key",
      map.start,
      "this qualification asks for nothing",
      "add `grant:` or `revoke:` with the workers, or delete it",
    );
  if (!type) return undefined;
  return { at: findings.at(map.start), type, notify, grant, revoke, ...(create ? { create } : {}) };
}

function readNotify(field: Field, rules: PlatformRules | undefined): boolean {
  const notify = readFlag(field) ?? false;
  if (notify && field.node && rules?.traits.membership === "plain")
    field.findings.error(
      "wrong-shape",
      field.node.start,
      `${rules.title} tells nobody who is put into a ${rules.words.group}`,
      "delete `notify`; write to the workers on the platform where they should know",
    );
  return notify;
}

function readType(map: YamlEntries, rules: PlatformRules | undefined, findings: Findings): GroupRef | undefined {
  const { entries } = map;
  const name = readProse(fieldOf(map, "name", findings), NAME_MAX);
  const id = readId(fieldOf(map, "id", findings), "group", rules);
  const byId = entries.get("id");
  if (entries.has("name") && byId)
    findings.error("wrong-shape", byId.keyStart, "this qualification has a `name` and an `id`", "keep one of them");
  else if (name !== undefined) return { name };
  else if (id !== undefined) return { id };
  else if (!entries.has("name") && !byId)
    findings.error(
      "missing-key",
      map.start,
      "this qualification has neither a `name` nor an `id`",
      "add the exact `name` of one of your account's qualification types",
    );
  return undefined;
}

/** Amazon states no limit for a name; its website takes 200 characters. */
const NAME_MAX = 200;

function readCreate(map: YamlEntries, findings: Findings): QualificationBlock["create"] {
  const found = map.entries.get("create");
  const create = asEntries(found?.node);
  if (!found || !create) return undefined;
  if (map.entries.has("id"))
    findings.error(
      "wrong-shape",
      found.keyStart,
      "a type given by `id` exists already, so there is nothing to create",
      "delete `create`, or give the type by `name`",
    );
  const description = readProse(fieldOf(create, "description", findings), DESCRIPTION_MAX);
  const keywords = readProse(fieldOf(create, "keywords", findings), KEYWORDS_MAX);
  if (description === undefined) return undefined;
  return keywords === undefined ? { description } : { description, keywords };
}

/** Source: MTurk API reference (2014), QualificationType data structure. */
const DESCRIPTION_MAX = 2000;
const KEYWORDS_MAX = 1000;

function readRows<T>(
  map: YamlEntries,
  key: "grant" | "revoke",
  read: (row: YamlEntries, rules: PlatformRules | undefined, findings: Findings) => T | undefined,
  rules: PlatformRules | undefined,
  findings: Findings,
): readonly T[] {
  const validate = key === "grant" ? validateGrantShape : validateRevokeShape;
  const words = MANIFEST_SCHEMA.$defs[rules?.traits.membership === "plain" ? PLAIN_ROWS[key] : key];
  return readEach(itemsOf(map, key), findings, (node) => {
    checkShape(validate, node, { words, root: MANIFEST_SCHEMA }, findings);
    const row = asEntries(node);
    return row && read(row, rules, findings);
  });
}

/** How the schema calls rows of groups without scores. */
const PLAIN_ROWS = { grant: "member", revoke: "formerMember" } as const;

function readGrant(row: YamlEntries, rules: PlatformRules | undefined, findings: Findings): GrantRow | undefined {
  const worker = readId(fieldOf(row, "worker", findings), "worker", rules);
  const written = row.entries.get("score");
  const isScored = rules?.traits.membership !== "plain";
  const score = written && isScored ? readWhole(fieldOf(row, "score", findings), SCORES) : 1;
  if (written && rules && !isScored)
    findings.error(
      "wrong-shape",
      written.keyStart,
      `a ${rules.words.group} of ${rules.title} has no scores: a worker is in it or not`,
      "delete `score`; for several levels make several groups",
    );
  return worker === undefined || score === undefined ? undefined : { at: findings.at(row.start), worker, score };
}

/** What MTurk's 32-bit IntegerValue holds, without negative scores. */
const SCORES = { least: 0, most: 2_147_483_647 };

function readRevoke(row: YamlEntries, rules: PlatformRules | undefined, findings: Findings): RevokeRow | undefined {
  const worker = readId(fieldOf(row, "worker", findings), "worker", rules);
  const reason = readProse(fieldOf(row, "reason", findings), REASON_MAX);
  if (worker === undefined) return undefined;
  return { at: findings.at(row.start), worker, ...(reason === undefined ? {} : { reason }) };
}
