import type { BulkRow, Pots } from "./state.ts";
import type { Switches } from "./switches.ts";

/** A share as two whole numbers: `33.3` is 333 of 1000. */
interface Share {
  readonly of: number;
  readonly parts: number;
}

/** What bonuses cost: the amounts, Prolific's fee on them, and the tax on the fee. In cents, which may have fractions. */
export function priceOf(rows: readonly Pick<BulkRow, "amount">[], switches: Switches): Pots {
  const rewards = rows.reduce((sum, { amount }) => sum + amount, 0);
  const fee = shareOf(switches.feePercent);
  const vat = shareOf(switches.vatPercent);
  switch (switches.rounding) {
    case "batch": {
      const fees = halfUp(rewards, fee);
      return { rewards, fees, vat: halfUp(fees, vat) };
    }
    case "row": {
      const fees = rows.map(({ amount }) => halfUp(amount, fee));
      return { rewards, fees: sum(fees), vat: sum(fees.map((each) => halfUp(each, vat))) };
    }
    case "none": {
      const fees = (rewards * fee.parts) / fee.of;
      return { rewards, fees, vat: (fees * vat.parts) / vat.of };
    }
  }
}

/** How money that was paid in without a word is divided, so that as much as possible can be given to participants. */
export function dividedPot(total: number, switches: Switches): Pots {
  const fee = shareOf(switches.feePercent);
  const vat = shareOf(switches.vatPercent);
  const charge = (fee.parts / fee.of) * (1 + vat.parts / vat.of);
  const rewards = Math.floor(total / (1 + charge));
  const tax = Math.floor(rewards * (charge - fee.parts / fee.of));
  return { rewards, fees: total - rewards - tax, vat: tax };
}

export function totalOf({ rewards, fees, vat }: Pots): number {
  return rewards + fees + vat;
}

function shareOf(percent: string): Share {
  const [whole = "0", fraction = ""] = percent.split(".");
  return { parts: Number(whole + fraction), of: 100 * 10 ** fraction.length };
}

function halfUp(amount: number, { parts, of }: Share): number {
  return Math.floor((2 * amount * parts + of) / (2 * of));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
