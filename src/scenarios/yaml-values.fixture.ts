/** A value of a scenario's YAML in the shape that a step needs, or an Error that names the place. */
export type Mapping = Readonly<Record<string, unknown>>;

/** `allowed` lists the keys that may stand there; undefined allows any. */
export function mapping(value: unknown, allowed: readonly string[] | undefined, where: string): Mapping {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where}: not a mapping`);
  const odd = Object.keys(value).find((key) => allowed && !allowed.includes(key));
  if (odd !== undefined) throw new Error(`${where}: no key ${odd}; there are ${allowed?.join(", ")}`);
  return { ...value };
}

export function oneEntry(value: unknown, where: string): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(mapping(value, undefined, where));
  if (!entry || more.length > 0) throw new Error(`${where}: not a single key`);
  return entry;
}

export function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where}: not a list`);
  return value;
}

export function listOrOne(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

export function text(value: unknown, where: string): string {
  if (typeof value !== "string") throw new Error(`${where}: not a text`);
  return value;
}

export function number(value: unknown, where: string): number {
  if (typeof value !== "number") throw new Error(`${where}: not a number`);
  return value;
}

/** Dollars with two digits, whether YAML took them for a text or for a number. */
export function amount(value: unknown): string {
  return typeof value === "number" ? value.toFixed(2) : text(value, "an amount");
}

export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
