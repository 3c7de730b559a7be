import type { Manifest } from "../manifest/manifest.ts";
import { displayMoney, formatMoney, parseMoney, subtractMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { isObject } from "../platforms/simulator/json.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { objectsIn, textNamed } from "./backstage.ts";
import { bookText, differences } from "./books.ts";
import type { BookedBonus } from "./books.ts";

/** Three accounts of the same money, none of them made from another. */
export interface ClosingInput {
  readonly manifests: readonly Manifest[];
  /** The texts of the receipts' files. */
  readonly receipts: readonly string[];
  /** What MTurk itself holds. */
  readonly state: JsonObject;
  /** What the account held at first. */
  readonly prepaid: Money;
}

/** One line for a person, and whatever does not agree. */
export interface Closing {
  readonly line: string;
  readonly differences: readonly string[];
}

/** Compares manifest, receipts and MTurk's own books: bonus by bonus, then fees and balance, to the cent. */
export function closeBooks({ manifests, receipts, state, prepaid }: ClosingInput): Closing {
  const rows = receipts.flatMap(paidRows);
  const listed = objectsIn(state["bonuses"]);
  const wanted = { name: "the manifest", bonuses: manifests.flatMap(({ bonuses }) => bonuses) };
  const recorded = { name: "the receipts", bonuses: rows.map(bookedBonus) };
  const moved = { name: "MTurk", bonuses: listed.map(bookedBonus) };

  const amount = sumMoney(
    moved.bonuses.map((each) => each.amount),
    "USD",
  );
  const recordedFees = sumMoney(rows.map(feeOf), "USD");
  const fees = sumMoney(listed.map(feeOf), "USD");
  const balance = moneyNamed(state, "balance");
  const expected = subtractMoney(prepaid, sumMoney([amount, fees], "USD"));
  return {
    line: `${bookText(wanted)} = ${bookText(recorded)} = ${bookText(moved)}, and ${displayMoney(fees)} of fees`,
    differences: [
      ...differences(wanted, recorded),
      ...differences(recorded, moved),
      ...unequal("the fees", "the receipts", recordedFees, "MTurk", fees),
      ...(expected
        ? unequal("the balance", "the books", expected, "MTurk", balance)
        : ["more was paid than there was"]),
    ],
  };
}

function paidRows(text: string): readonly JsonObject[] {
  const record: unknown = JSON.parse(text);
  if (!isObject(record)) throw new Error("a receipt is no JSON object");
  return objectsIn(record["rows"]).filter(
    ({ kind, outcome }) => kind === "pay" && (outcome === "done" || outcome === "found"),
  );
}

function bookedBonus(row: JsonObject): BookedBonus {
  return {
    worker: textNamed(row, "worker"),
    assignment: textNamed(row, "assignment"),
    amount: moneyNamed(row, "amount"),
  };
}

function feeOf(row: JsonObject): Money {
  return moneyNamed(row, "fee");
}

function moneyNamed(object: JsonObject, name: string): Money {
  const text = textNamed(object, name);
  const amount = parseMoney(text, "USD");
  if (!amount) throw new Error(`${name} is ${text}, which is no amount`);
  return amount;
}

function unequal(what: string, one: string, inOne: Money, other: string, inOther: Money): string[] {
  if (inOne.minor === inOther.minor) return [];
  return [`${what}: ${formatMoney(inOne)} by ${one}, ${formatMoney(inOther)} by ${other}`];
}
