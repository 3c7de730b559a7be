import { Ajv2020 } from "ajv/dist/2020.js";
import manifestSchema from "../../schemas/manifest.schema.json" with { type: "json" };
import policySchema from "../../schemas/policy.schema.json" with { type: "json" };

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
  validateAdoptedShape: "adopted",
  validateGrantShape: "grant",
  validateRevokeShape: "revoke",
  validatePolicyShape: "policy",
};

/** Rows are judged one by one, so that a file with a hundred thousand bad rows is given up after the first ones. */
const ROWS: ReadonlySet<string> = new Set(["#/$defs/bonus", "#/$defs/adopted", "#/$defs/grant", "#/$defs/revoke"]);

const { bonus, adopted, grant, revoke } = manifestSchema.$defs;
export const validateManifestShape = ajv.compile({ $id: "manifest", ...shapeOf(manifestSchema, manifestSchema.$defs) });
export const validateBonusShape = ajv.compile({ $id: "bonus", ...shapeOf(bonus, manifestSchema.$defs) });
export const validateAdoptedShape = ajv.compile({ $id: "adopted", ...shapeOf(adopted, manifestSchema.$defs) });
export const validateGrantShape = ajv.compile({ $id: "grant", ...shapeOf(grant, manifestSchema.$defs) });
export const validateRevokeShape = ajv.compile({ $id: "revoke", ...shapeOf(revoke, manifestSchema.$defs) });
export const validatePolicyShape = ajv.compile({ $id: "policy", ...shapeOf(policySchema, policySchema.$defs) });

/**
 * Of a published schema, what maps and lists there are, which keys they take and which they need. Whatever is no map or
 * list is text here, as it stands in the file; what it may say is judged where it is read, by code that can explain.
 */
function shapeOf(schema: object, definitions: object): Record<string, unknown> {
  const { $ref, type, properties, required, additionalProperties, items } = schema as Schema;
  if ($ref !== undefined) return ROWS.has($ref) ? {} : shapeOf(definitionOf($ref, definitions), definitions);
  if (type === "array") return { type, items: shapeOf({ ...items }, definitions) };
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
