import { isObject, type Json } from "./json.ts";

/** One thing that a service does not document, or that depends on the account: its default and what may be set. */
export interface Switch<T> {
  readonly standard: T;
  readonly takes: string;
  /** Undefined where it takes no such value. */
  readonly read: (value: Json | undefined) => T | undefined;
}

type Board = Readonly<Record<string, Switch<unknown>>>;

export type Settings<B extends Board> = {
  readonly [Name in keyof B]: B[Name] extends Switch<infer T> ? T : never;
};

/** How a service behaves unless told otherwise. */
export function standardOf<B extends Board>(board: B): Settings<B> {
  const standard: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(board)) standard[name] = each.standard;
  return standard as unknown as Settings<B>; // each entry is the standard of its own switch
}

/** Sets the named switches. Throws an Error that lists what may be set where a name or a value is wrong. */
export function switched<B extends Board>(board: B, now: Settings<B>, wanted: Json | undefined): Settings<B> {
  if (!isObject(wanted)) throw new Error("switches are an object of names and values");
  const changed = Object.entries(wanted).map(([name, value]) => {
    const each = Object.hasOwn(board, name) ? board[name] : undefined;
    if (!each) throw new Error(`no switch ${name}; there are ${Object.keys(board).join(", ")}`);
    const read = each.read(value);
    if (read === undefined) throw new Error(`switch ${name} takes ${each.takes}`);
    return [name, read] as const;
  });
  return { ...now, ...Object.fromEntries(changed) };
}

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values): Switch<Values[number]> {
  return {
    standard: values[0],
    takes: values.join(" or "),
    read: (value) => values.find((each) => each === value),
  };
}

export function count(standard: number): Switch<number> {
  return {
    standard,
    takes: "a whole number",
    read: (value) => {
      const number = typeof value === "string" && /^[0-9]+$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isInteger(number) && number >= 0 ? number : undefined;
    },
  };
}

export function flag(standard: boolean): Switch<boolean> {
  return {
    standard,
    takes: "true or false",
    read: (value) =>
      value === "true" || value === true ? true : value === "false" || value === false ? false : undefined,
  };
}

export function text(standard: string): Switch<string> {
  return {
    standard,
    takes: "a text",
    read: (value) => (typeof value === "string" && value !== "" ? value : undefined),
  };
}
