import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { centsOf } from "./cents.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

export function readYaml(yaml: string): Json {
  const document = parseDocument(yaml, { schema: "failsafe" });
  const [error] = document.errors;
  if (error) throw new Error(`the world file cannot be read: ${error.message}`);
  return document.contents === null ? {} : plain(document.contents);
}

function plain(node: unknown): Json {
  if (isScalar(node)) return typeof node.value === "string" ? node.value : "";
  if (isSeq(node)) return node.items.map(plain);
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [String(key), plain(value)]));
  return null;
}

export function fields(value: Json, where: string, allowed: readonly string[]): JsonObject {
  if (!isObject(value)) throw new Error(`${where}: not a mapping`);
  const odd = Object.keys(value).find((key) => !allowed.includes(key));
  if (odd !== undefined) throw new Error(`${where}: no key ${odd}; there are ${allowed.join(", ")}`);
  return value;
}

export function text(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Error(`${key}: not a text`);
  return value;
}

export function needed(from: JsonObject, key: string, where: string): string {
  const value = text(from, key);
  if (value === undefined) throw new Error(`${where}: ${key} is missing`);
  return value;
}

export function whole(from: JsonObject, key: string, otherwise: number): number {
  const value = text(from, key) ?? String(otherwise);
  if (!/^-?[0-9]+$/.test(value)) throw new Error(`${key}: ${value} is not a whole number`);
  return Number(value);
}

export function oneOf<const Values extends readonly [string, ...string[]]>(
  from: JsonObject,
  key: string,
  values: Values,
): Values[number] {
  const value = text(from, key);
  const found = value === undefined ? values[0] : values.find((each) => each === value);
  if (found === undefined) throw new Error(`${key}: ${value} is not one of ${values.join(", ")}`);
  return found;
}

export function cents(value: string, key: string): number {
  if (!/^[0-9]+(\.[0-9]{1,2})?$/.test(value)) throw new Error(`${key}: ${value} is not an amount`);
  return centsOf(value);
}

export function listIn(from: JsonObject, key: string): readonly Json[] {
  const value = from[key] ?? [];
  if (!isList(value)) throw new Error(`${key}: not a list`);
  return value;
}

export function texts(from: JsonObject, key: string): readonly string[] {
  return listIn(from, key).map((each) => {
    if (typeof each !== "string") throw new Error(`${key}: not a list of texts`);
    return each;
  });
}
