import { Ajv2020 } from "ajv/dist/2020.js";
import policySchema from "../../schemas/policy.schema.json" with { type: "json" };
import { MANIFEST_SCHEMA } from "./manifest-schema.ts";

/** `code` is for the bundler, which replaces this file by what ajv writes for {@link names}. */
export const ajv = new Ajv2020({
  strict: true,
  allErrors: true,
  ownProperties: true,
  code: { source: true, esm: true },
});

/** Export → id of its schema. */
export const names = {
  validateManifestShape: "manifest",
  validateBonusShape: "bonus",
  validateSubmissionBonusShape: "submission-bonus",
  validateAdoptedShape: "adopted",
  validateSubmissionAdoptedShape: "submission-adopted",
  validateGrantShape: "grant",
  validateRevokeShape: "revoke",
  validatePolicyShape: "policy",
};

/** Rows are judged one by one, so that a file with a hundred thousand bad rows is given up after the first ones. */
const ROWS: ReadonlySet<string> = new Set(["#/$defs/grant", "#/$defs/revoke"]);

const { bonus, submissionBonus, adopted, submissionAdopted, grant, revoke } = MANIFEST_SCHEMA.$defs;
export const validateManifestShape = ajv.compile({
  $id: "manifest",
  ...shapeOf(MANIFEST_SCHEMA, MANIFEST_SCHEMA.$defs),
});
export const validateBonusShape = ajv.compile({ $id: "bonus", ...shapeOf(bonus, MANIFEST_SCHEMA.$defs) });
export const validateSubmissionBonusShape = ajv.compile({
  $id: "submission-bonus",
  ...shapeOf(submissionBonus, MANIFEST_SCHEMA.$defs),
});
export const validateAdoptedShape = ajv.compile({ $id: "adopted", ...shapeOf(adopted, MANIFEST_SCHEMA.$defs) });
export const validateSubmissionAdoptedShape = ajv.compile({
  $id: "submission-adopted",
  ...shapeOf(submissionAdopted, MANIFEST_SCHEMA.$defs),
});
export const validateGrantShape = ajv.compile({ $id: "grant", ...shapeOf(grant, MANIFEST_SCHEMA.$defs) });
export const validateRevokeShape = ajv.compile({ $id: "revoke", ...shapeOf(revoke, MANIFEST_SCHEMA.$defs) });
export const validatePolicyShape = ajv.compile({ $id: "policy", ...shapeOf(policySchema, policySchema.$defs) });

/**
 * Of a published schema, what maps and lists there are, which keys they take and which they need. Whatever is no map or
 * list is text here, as it stands in the file; what it may say is judged where it is read, by code that can explain.
 */
function shapeOf(schema: object, definitions: object): Record<string, unknown> {
  const { $ref, type, properties, required, additionalProperties, items } = schema as Schema;
  if ($ref !== undefined) return ROWS.has($ref) ? {} : shapeOf(definitionOf($ref, definitions), definitions);
  if (type === "array") return { type, ...(items ? { items: shapeOf(items, definitions) } : {}) };
  if (type !== "object") return { type: "string" };
  return {
    type,
    required: required ?? [],
    properties: mapValues(properties ?? {}, (each) => shapeOf(each, definitions)),
    additionalProperties: typeof additionalProperties === "object" ? shapeOf(additionalProperties, definitions) : false,
  };
}

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | object;
  readonly items?: object;
}

function definitionOf(ref: string, definitions: object): object {
  return (definitions as Readonly<Record<string, object>>)[ref.replace("#/$defs/", "")] as object;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
