import { money } from "../money.ts";
import type { Currency } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import type { CurrencyAmounts, Policy } from "./policy.ts";

/** Whether the policy says how much may be paid in this currency. */
export function hasAmountsIn({ limits, currencies }: Policy, currency: Currency): boolean {
  return limits.bonus.currency === currency || (currencies?.has(currency) ?? false);
}

/** The currency of a list that does not say so itself: the policy's, where the platform pays in it. */
export function usualCurrency({ limits }: Pick<Policy, "limits">, { currencies }: PlatformRules): Currency {
  const { currency } = limits.bonus;
  return currencies.includes(currency) ? currency : currencies[0];
}

/**
 * The policy with its amounts in this one currency: what judges an account. Where it has none, each amount is zero, so
 * that nothing can be paid.
 */
export function inCurrency(policy: Policy, currency: Currency): Policy {
  if (policy.limits.bonus.currency === currency) return policy;
  const { limits, budgets, above } = policy.currencies?.get(currency) ?? noAmounts(policy, currency);
  const need = policy.approvals.above;
  // Without an amount of its own, a list in this currency needs at once what the others need above theirs.
  const needed = need && { amount: above ?? money(0, currency), required: need.required };
  return {
    ...policy,
    approvals: { ...policy.approvals, ...(needed ? { above: needed } : {}) },
    limits: { ...policy.limits, ...limits },
    budgets,
  };
}

function noAmounts({ budgets }: Policy, currency: Currency): CurrencyAmounts {
  const none = money(0, currency);
  return {
    limits: { bonus: none, manifest: none, day: none },
    budgets: new Map([...budgets.keys()].map((study) => [study, none])),
  };
}
