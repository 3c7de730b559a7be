import { Big } from "big.js";
import type { Currency } from "../money.ts";
import { amountHint } from "../manifest/amount-hint.ts";
import { damageOf } from "./cells.ts";
import type { CellDamage } from "./cells.ts";

export type ReadNumber =
  | { readonly kind: "number"; readonly value: Big }
  | { readonly kind: "blank" }
  | ({ readonly kind: "damaged" } & CellDamage)
  | { readonly kind: "unreadable"; readonly message: string; readonly hint: string };

/** How numbers are written in the file that they come from. */
export interface NumberStyle {
  readonly currency: Currency;
  /** Where cells are parted by semicolons, a comma is what a dot is elsewhere. */
  readonly decimalComma: boolean;
}

/** The exact number that a cell says. A sign of the account's own currency and separators of thousands do no harm. */
export function readNumber(cell: string, { currency, decimalComma }: NumberStyle): ReadNumber {
  if (cell === "") return { kind: "blank" };
  const bare = cell.replace(SIGNS[currency], "").trim();
  const plain = decimalComma ? withDot(bare) : bare;
  if (decimalComma && EITHER.test(bare))
    return {
      kind: "unreadable",
      message: `\`${cell}\` may be a fraction or thousands: numbers in this file have decimal commas`,
      hint: "write it without a dot, or export the file with commas between the cells",
    };
  if (PLAIN.test(plain)) return { kind: "number", value: new Big(plain.replace(/^\+/, "")) };
  if (GROUPED.test(plain)) return { kind: "number", value: new Big(plain.replaceAll(",", "")) };
  const damage = damageOf(cell);
  if (damage) return { kind: "damaged", ...damage };
  return { kind: "unreadable", message: `\`${cell.slice(0, 40)}\` is not a number`, hint: amountHint(cell) };
}

/** More digits than any payment or score has. */
const PLAIN = /^[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})$/;
/** With a comma alone (`1,234`) it cannot be told what is meant. */
const GROUPED = /^[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,2}$/;

/** Where commas are decimal, a dot before three digits may part thousands. */
const EITHER = /^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$/;

const SIGNS: Readonly<Record<Currency, RegExp>> = {
  USD: /^(?:US)?\$|^USD(?= )|(?<= )USD$/i,
  GBP: /^£|^GBP(?= )|(?<= )GBP$/i,
};

function withDot(text: string): string {
  return /^[+-]?[0-9]+,[0-9]+$/.test(text) ? text.replace(",", ".") : text;
}
