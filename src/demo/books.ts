import { displayMoney, formatMoney, sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";

/** One side's account of who was given what. */
export interface Book {
  /** Whose it is: “the manifest”. */
  readonly name: string;
  readonly bonuses: readonly BookedBonus[];
}

export interface BookedBonus {
  readonly worker: string;
  readonly assignment: string;
  readonly amount: Money;
}

/** What stands in one book and not in the other, bonus by bonus, in words. Empty where they agree to the cent. */
export function differences(one: Book, other: Book): readonly string[] {
  return [...onlyIn(one, other), ...onlyIn(other, one)];
}

function onlyIn(one: Book, other: Book): string[] {
  const left = other.bonuses.map(line);
  return one.bonuses.map(line).flatMap((each) => {
    const at = left.indexOf(each);
    if (at < 0) return [`${each} is in ${one.name} and not in ${other.name}`];
    left.splice(at, 1);
    return [];
  });
}

function line({ worker, assignment, amount }: BookedBonus): string {
  return `${formatMoney(amount)} to ${worker} for ${assignment}`;
}

/** `the receipts 300 bonuses, $273.00` */
export function bookText({ name, bonuses }: Book, currency: Currency): string {
  const sum = sumMoney(
    bonuses.map(({ amount }) => amount),
    currency,
  );
  return `${name} ${bonuses.length} bonuses, ${displayMoney(sum)}`;
}
