/** The currencies that a platform may pay in. MTurk pays in US dollars only. */
export const CURRENCIES = ["USD", "GBP"] as const;
export type Currency = (typeof CURRENCIES)[number];

/**
 * An amount of money in whole minor units: `{ minor: 150, currency: "USD" }` is $1.50.
 * Never negative, never fractional. Text becomes `Money` in {@link parseMoney} alone, and text again in {@link formatMoney}.
 */
export interface Money {
  readonly minor: number;
  readonly currency: Currency;
}

/** The largest single amount that can be written: 9,999,999.99. Sums may be larger. */
const DIGITS_MAX = 7;
const AMOUNT = new RegExp(`^(0|[1-9][0-9]{0,${DIGITS_MAX - 1}})(?:\\.([0-9]{1,2}))?$`);

/**
 * Reads an amount as people and MTurk write it: digits, then at most a dot and one or two digits.
 * `undefined` for anything else: `1e2`, `-1`, `1,000`, `.5`, `1.005`, `01`, `5.`.
 */
export function parseMoney(text: string, currency: Currency): Money | undefined {
  const match = AMOUNT.exec(text);
  if (!match) return undefined;
  const [, whole, fraction = ""] = match;
  return money(Number(whole) * 100 + Number(fraction.padEnd(2, "0")), currency);
}

/** Makes money of a number that must already be a whole count of minor units. Throws where it is not. */
export function money(minor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(minor) || minor < 0) throw new Error(`not a whole number of minor units: ${minor}`);
  return { minor, currency };
}

/** `1.50`: what is sent, stored and compared. */
export function formatMoney({ minor }: Money): string {
  return `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
}

/** `$1,234.50`: what a person reads. */
export function displayMoney(amount: Money): string {
  return `${SIGNS[amount.currency]}${formatMoney(amount).replace(/\B(?=(\d{3})+\.)/g, ",")}`;
}

const SIGNS: Readonly<Record<Currency, string>> = { USD: "$", GBP: "£" };

/** Adds amounts of one currency. Throws where they differ: no rate of exchange is known here. */
export function sumMoney(amounts: Iterable<Money>, currency: Currency): Money {
  let minor = 0;
  for (const amount of amounts) minor += same(amount, currency).minor;
  return money(minor, currency);
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`. Throws where the currencies differ. */
export function compareMoney(a: Money, b: Money): number {
  return a.minor - same(b, a.currency).minor;
}

/** Whether both are the same amount of the same currency. */
export function isSameMoney(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.minor === b.minor;
}

/** What is left of `from` after `amount`; `undefined` where it is not enough. */
export function subtractMoney(from: Money, amount: Money): Money | undefined {
  const left = from.minor - same(amount, from.currency).minor;
  return left < 0 ? undefined : money(left, from.currency);
}

function same(amount: Money, currency: Currency): Money {
  if (amount.currency !== currency) throw new Error(`${amount.currency} and ${currency} cannot be counted together`);
  return amount;
}
