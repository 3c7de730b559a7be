/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The text of a member, or undefined where it is absent, null or something else. */
export function textOf(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
}

/** The number of a member, or undefined where it is absent, null or something else. */
export function numberOf(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  return typeof value === "number" ? value : undefined;
}

export function booleanOf(input: JsonObject, name: string): boolean | undefined {
  const value = input[name];
  return typeof value === "boolean" ? value : undefined;
}

export function textsOf(input: JsonObject, name: string): readonly string[] | undefined {
  const value = input[name];
  return isList(value) ? value.filter((each) => typeof each === "string") : undefined;
}

/** The text of a member that validation has already required. Throws if it is not there. */
export function requiredText(input: JsonObject, name: string): string {
  const value = textOf(input, name);
  if (value === undefined) throw new Error(`${name} was not validated`);
  return value;
}

/** The number of a member that validation has already required. Throws if it is not there. */
export function requiredNumber(input: JsonObject, name: string): number {
  const value = numberOf(input, name);
  if (value === undefined) throw new Error(`${name} was not validated`);
  return value;
}

/** The members in an order that does not depend on how they were written. */
export function sortedMembers(input: JsonObject): readonly (readonly [string, Json | undefined])[] {
  return Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What the bytes say, or undefined where they are not JSON. */
export function parsed(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
