import type { Manifest } from "../manifest/manifest.ts";
import { displayMoney, formatMoney, subtractMoney, sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import { isObject } from "../platforms/simulator/json.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { bookText, differences } from "./books.ts";
import { moneyNamed, objectsIn, textNamed } from "./json-rows.ts";
import type { BookedBonus } from "./books.ts";
import type { Moved } from "./study.ts";

/** Three accounts of the same money, none of them made from another. */
export interface ClosingInput {
  readonly manifests: readonly Manifest[];
  /** The texts of the receipts' files. */
  readonly receipts: readonly string[];
  /** As people call it. */
  readonly platform: string;
  /** What the platform itself holds. */
  readonly moved: Moved;
  /** What the account held at first. */
  readonly prepaid: Money;
}

/** One line for a person, and whatever does not agree. */
export interface Closing {
  readonly line: string;
  readonly differences: readonly string[];
}

/** Compares manifest, receipts and the platform's own books: bonus by bonus, then fees and balance, to the cent. */
export function closeBooks({ manifests, receipts, platform, moved: books, prepaid }: ClosingInput): Closing {
  const { currency } = prepaid;
  const rows = receipts.flatMap(paidRows);
  const moved = { name: platform, bonuses: books.bonuses };
  const recorded = { name: "the receipts", bonuses: rows.map((row) => bookedBonus(row, currency)) };
  const wanted = { name: "the manifest", bonuses: manifests.flatMap((each) => wantedBonuses(each, moved.bonuses)) };

  const amount = sumMoney(
    moved.bonuses.map((each) => each.amount),
    currency,
  );
  const recordedFees = sumMoney(
    rows.map((row) => moneyNamed(row, "fee", currency)),
    currency,
  );
  const { fees, balance } = books;
  const expected = subtractMoney(prepaid, sumMoney([amount, fees], currency));
  const text = (book: typeof moved) => bookText(book, currency);
  return {
    line: `${text(wanted)} = ${text(recorded)} = ${text(moved)}, and ${displayMoney(fees)} of fees`,
    differences: [
      ...differences(wanted, recorded),
      ...differences(recorded, moved),
      ...unequal("the fees", "the receipts", recordedFees, platform, fees),
      ...(expected
        ? unequal("the balance", "the books", expected, platform, balance)
        : ["more was paid than there was"]),
    ],
  };
}

/** A row that leaves it to the platform who did the work means whoever did it. */
function wantedBonuses({ bonuses }: Manifest, moved: readonly BookedBonus[]): readonly BookedBonus[] {
  const workers = new Map(moved.map(({ assignment, worker }) => [assignment, worker]));
  return bonuses.map((row) => ({ ...row, worker: row.worker || (workers.get(row.assignment) ?? "") }));
}

function paidRows(text: string): readonly JsonObject[] {
  const record: unknown = JSON.parse(text);
  if (!isObject(record)) throw new Error("a receipt is no JSON object");
  return objectsIn(record["rows"]).filter(
    ({ kind, outcome }) => kind === "pay" && (outcome === "done" || outcome === "found"),
  );
}

function bookedBonus(row: JsonObject, currency: Currency): BookedBonus {
  return {
    worker: textNamed(row, "worker"),
    assignment: textNamed(row, "assignment"),
    amount: moneyNamed(row, "amount", currency),
  };
}

function unequal(what: string, one: string, inOne: Money, other: string, inOther: Money): string[] {
  if (inOne.minor === inOther.minor) return [];
  return [`${what}: ${formatMoney(inOne)} by ${one}, ${formatMoney(inOther)} by ${other}`];
}
