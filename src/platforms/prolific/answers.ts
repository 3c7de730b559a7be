import type { Currency, Money } from "../../money.ts";
import { CURRENCIES, money } from "../../money.ts";

/** An answer of Prolific's that came whole. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  /** For how many milliseconds a 429 asks to be left alone. */
  readonly pauseMs: number;
}

export type Fields = Readonly<Record<string, unknown>>;

/** What an answer's JSON says; `undefined` where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** No fields where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Prolific writes money of bonuses as doubles in cents or pence, `40.0`. Undefined where it is no whole number of them. */
export function wholeMinor(value: unknown, currency: Currency): Money | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? money(value + 0, currency)
    : undefined;
}

/**
 * The same of Prolific's own charge, which may have fractions of a cent: rounded up, so that no order costs more than
 * what is written down for it.
 */
export function minorRoundedUp(value: unknown, currency: Currency): Money | undefined {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return undefined;
  // Doubles: 3.33 + 0.67 is not quite 4.
  return money(Math.max(0, Math.ceil(value - HAIR)), currency);
}

/** Less than any fraction of a cent that matters, more than doubles are wrong by. */
export const HAIR = 1e-4;

export function currencyIn(fields: Fields, name: string): Currency | undefined {
  return CURRENCIES.find((each) => each === fields[name]);
}

/**
 * What an error says, in any of the forms that Prolific's errors have. Undefined where it has none of them, and may come
 * from something in between. Source: Prolific's API reference, “Error”; the form without `error` and the one with
 * `message` are on record too.
 */
export function errorText(text: string): string | undefined {
  const whole = fieldsOf(jsonOf(text));
  const error = "error" in whole ? fieldsOf(whole["error"]) : whole;
  const title = textIn(error, "title") ?? textIn(error, "message");
  const detail = detailText(error["detail"]);
  if (title === undefined && detail === undefined) return undefined;
  return [title, detail].filter((part) => part !== undefined && part !== "").join(": ");
}

/** A text, a list of texts, or an object of field → list of texts. */
function detailText(detail: unknown): string | undefined {
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((each) => detailText(each) ?? "").join("; ");
  if (typeof detail !== "object" || detail === null) return undefined;
  return Object.entries(detail)
    .map(([field, texts]) => `${field}: ${detailText(texts) ?? ""}`)
    .join("; ");
}
