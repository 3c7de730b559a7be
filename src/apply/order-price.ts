import { compareMoney, displayMoney, money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Quote } from "../platforms/ports.ts";
import type { Stop } from "./settle-payment.ts";

export interface Expected {
  /** What the rows of the order are to get, one by one. */
  readonly amounts: readonly Money[];
  /** What the plan said that they cost with all charges. */
  readonly planned: Money;
  readonly balance: Money | "unknown";
}

/** Why an order is not given at the price that the platform asks. Undefined: it is what was planned, or less. */
export function priceFault(quote: Quote, { amounts, planned, balance }: Expected): Stop | undefined {
  const { amount, fee, tax, total } = quote;
  const { currency } = planned;
  if ([amount, fee, tax, total].some((each) => each.currency !== currency))
    return price(`the platform asks for ${amount.currency}, and the plan is in ${currency}`);
  const wanted = sumMoney(amounts, currency);
  if (compareMoney(amount, wanted) !== 0)
    return price(`the platform would pay ${displayMoney(amount)}, and the rows add up to ${displayMoney(wanted)}`);
  const sum = sumMoney([amount, fee, tax], currency);
  if (compareMoney(total, sum) !== 0)
    return price(`the platform asks for ${displayMoney(total)}, and its own parts add up to ${displayMoney(sum)}`);
  if (compareMoney(total, planned) > 0)
    return price(`the platform asks for ${displayMoney(total)}, and the plan allows ${displayMoney(planned)}`);
  if (balance !== "unknown" && compareMoney(total, balance) > 0)
    return {
      cause: "funds",
      message: `the account holds ${displayMoney(balance)}, and the next order costs ${displayMoney(total)}`,
    };
  return undefined;
}

function price(message: string): Stop {
  return { cause: "price", message };
}

/** Shares a charge out by amounts, to the cent: the shares add up to it. The amounts are more than nothing. */
export function shares(charge: Money, amounts: readonly Money[]): Money[] {
  const whole = BigInt(sumMoney(amounts, charge.currency).minor);
  let taken = 0n;
  let before = 0n;
  return amounts.map(({ minor }) => {
    before += BigInt(minor);
    const upTo = (BigInt(charge.minor) * before) / whole;
    const share = upTo - taken;
    taken = upTo;
    return money(Number(share), charge.currency);
  });
}
