import { type Call, Refused } from "./call.ts";
import { decimal } from "../../simulator/cents.ts";
import type { JsonObject } from "../../simulator/json.ts";
import { requestError } from "./refusal.ts";
import { type Change, numberIn, put, type State } from "./state.ts";
import type { Switches } from "./switches.ts";

/** Cents that can be spent: prepaid money, or what is left of the allowance under AWS Billing. */
export function available(state: State, switches: Switches): number {
  return switches.funding === "prepaid"
    ? numberIn(state, "balance")
    : Math.max(0, switches.billingAllowanceCents - numberIn(state, "spent"));
}

/** What leaves the account. Says InsufficientFunds where it is more than there is. */
export function debit(
  call: Call,
  what: "bonus" | "reward",
  id: string,
  amount: number,
  fee: number,
): readonly Change[] {
  requireFunds(call, amount + fee);
  return debited(call.state, call.switches, what, id, amount, fee, call.now);
}

export function debited(
  state: State,
  switches: Switches,
  what: "bonus" | "reward",
  id: string,
  amount: number,
  fee: number,
  at: number,
): readonly Change[] {
  const paid = put("debits", `${what}/${id}`, { for: what, id, amount, fee, at });
  return switches.funding === "prepaid"
    ? [put("numbers", "balance", numberIn(state, "balance") - amount - fee), paid]
    : [put("numbers", "spent", numberIn(state, "spent") + amount + fee), paid];
}

export function requireFunds({ state, switches }: Call, cents: number): void {
  if (available(state, switches) < cents)
    throw new Refused(
      requestError(
        "InsufficientFunds",
        "This Requester has insufficient funds in their account to complete this transaction. Please visit https://requester.mturk.com/prepayments/new to purchase Prepaid HITs.",
      ),
    );
}

export function getAccountBalance({ state, switches }: Call): { readonly output: JsonObject } {
  return { output: { AvailableBalance: decimal(available(state, switches), switches.amountForm) } };
}
