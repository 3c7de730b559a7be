import { isList, isObject, type Json, type JsonObject } from "../../simulator/json.ts";
import { frontError, type Refusal } from "./refusal.ts";
import { type Member, SHAPES } from "./shapes.ts";

/**
 * What Amazon's front end refuses before MTurk sees a call: a member of the wrong JSON type (SerializationException), then
 * every broken constraint at once (ValidationException). Undefined where the input keeps all the rules.
 */
export function inputRefusal(members: readonly Member[], input: JsonObject): Refusal | undefined {
  const found: Finding[] = [...structureFindings(members, input, "")];
  const mistyped = found.find((each) => each.kind === "type");
  if (mistyped) return frontError("SerializationException", mistyped.text);
  if (found.length === 0) return undefined;
  const detected = found.length === 1 ? "1 validation error detected" : `${found.length} validation errors detected`;
  return frontError("ValidationException", `${detected}: ${found.map((each) => each.text).join("; ")}`);
}

type Finding = { readonly kind: "type" | "constraint"; readonly text: string };

function* structureFindings(members: readonly Member[], value: JsonObject, path: string): Generator<Finding> {
  for (const { name, shape, required } of members) {
    const member = value[name];
    const where = path === "" ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    if (member !== undefined && member !== null) yield* valueFindings(shape, member, where);
    else if (required) yield broken("null", where, "Member must not be null");
  }
}

function* valueFindings(name: string, value: Json, path: string): Generator<Finding> {
  const shape = SHAPES[name];
  if (!shape) throw new Error(`no such shape: ${name}`);
  switch (shape.kind) {
    case "string":
      if (typeof value !== "string") return yield mistyped(value, "String");
      if (shape.max !== undefined && value.length > shape.max)
        yield broken(quoted(value), path, `Member must have length less than or equal to ${shape.max}`);
      if (shape.min !== undefined && value.length < shape.min)
        yield broken(quoted(value), path, `Member must have length greater than or equal to ${shape.min}`);
      if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(value))
        yield broken(quoted(value), path, `Member must satisfy regular expression pattern: ${shape.pattern}`);
      return;
    case "enum":
      if (typeof value !== "string") return yield mistyped(value, "String");
      if (!shape.values.includes(value))
        yield broken(quoted(value), path, `Member must satisfy enum value set: [${shape.values.join(", ")}]`);
      return;
    case "integer":
    case "long":
      if (typeof value !== "number") return yield mistyped(value, shape.kind === "integer" ? "Integer" : "Long");
      if (!Number.isInteger(value) || Math.abs(value) > (shape.kind === "integer" ? 2 ** 31 - 1 : 2 ** 53))
        return yield mistyped(value, shape.kind === "integer" ? "Integer" : "Long");
      if (shape.max !== undefined && value > shape.max)
        yield broken(quoted(value), path, `Member must have value less than or equal to ${shape.max}`);
      if (shape.min !== undefined && value < shape.min)
        yield broken(quoted(value), path, `Member must have value greater than or equal to ${shape.min}`);
      return;
    case "boolean":
      if (typeof value !== "boolean") yield mistyped(value, "Boolean");
      return;
    case "timestamp":
      if (typeof value !== "number") yield mistyped(value, "Timestamp");
      return;
    case "list":
      if (!isList(value)) return yield mistyped(value, "List");
      for (const [index, each] of value.entries()) {
        const where = `${path}.${index + 1}.member`;
        if (each === null) yield broken("null", where, "Member must not be null");
        else yield* valueFindings(shape.of, each, where);
      }
      return;
    case "structure":
      if (!isObject(value)) return yield mistyped(value, "Structure");
      yield* structureFindings(shape.members, value, path);
  }
}

function broken(value: string, path: string, rule: string): Finding {
  return { kind: "constraint", text: `Value ${value} at '${path}' failed to satisfy constraint: ${rule}` };
}

function mistyped(value: Json, wanted: string): Finding {
  const article = /^[AEIOU]/.test(wanted) ? "an" : "a";
  return { kind: "type", text: `${jsonType(value)}_VALUE can not be converted to ${article} ${wanted}` };
}

function jsonType(value: Json): string {
  if (isList(value)) return "LIST";
  if (isObject(value)) return "STRUCTURE";
  return typeof value === "boolean" ? String(value).toUpperCase() : (typeof value).toUpperCase();
}

const quoted = (value: string | number) => `'${value}'`;
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
