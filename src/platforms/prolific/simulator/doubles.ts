const MARK = "\u0000double:";

/** A number that is written with its fraction, also where that is zero: `40.0`. Text until {@link written} writes it. */
export function double(value: number): string {
  const text = String(value);
  return MARK + (/[.e]/.test(text) ? text : `${text}.0`);
}

/** JSON, with every {@link double} in it as the number it is. */
export function written(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0000double:([^"]*)"/g, "$1");
}
