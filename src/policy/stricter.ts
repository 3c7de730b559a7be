import { compareMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import { hasAmountsIn, inCurrency } from "./in-currency.ts";
import type { CurrencyAmounts, Policy } from "./policy.ts";

/**
 * The stricter of two policies in every single point: what either forbids is forbidden. Where both name approvers, those
 * whom both name count, and nobody where they have none in common. The receipts' branches, the accounts, the platforms and
 * the currency are those of `now`; where `before` has no amounts in that currency, each is taken for zero, so that nothing
 * can be paid. Other currencies are those of which both have amounts.
 */
export function stricter(before: Policy, now: Policy): Policy {
  const encryption = now.encryption ?? before.encryption;
  const { currency } = now.limits.bonus;
  const calls = Math.min(before.limits.calls ?? Infinity, now.limits.calls ?? Infinity);
  const amounts = amountsOfBoth(before, now, currency);
  const currencies = [...(now.currencies?.keys() ?? [])]
    .filter((other) => hasAmountsIn(before, other))
    .map((other) => [other, amountsOfBoth(before, now, other)] as const);
  return {
    source: before.source === "default" ? now.source : before.source,
    approvals: stricterApprovals(inCurrency(before, currency).approvals, now.approvals),
    limits: {
      ...amounts.limits,
      rows: Math.min(before.limits.rows, now.limits.rows),
      ...(calls === Infinity ? {} : { calls }),
    },
    budgets: amounts.budgets,
    ...(currencies.length > 0 ? { currencies: new Map(currencies) } : {}),
    receipts: now.receipts,
    ...(now.platforms ? { platforms: now.platforms } : {}),
    ...(now.accounts ? { accounts: now.accounts } : {}),
    ...(now.calibration ? { calibration: now.calibration } : {}),
    workers: HIDING.find((each) => each === before.workers || each === now.workers) ?? "alias",
    ...(encryption ? { encryption } : {}),
  };
}

type Approvals = Policy["approvals"];

/** From the one that hides most. */
const HIDING: readonly Policy["workers"][] = ["alias", "mask", "show"];

function stricterApprovals(before: Approvals, now: Approvals): Approvals {
  const above = aboveOfBoth(before.above, now.above);
  return {
    required: Math.max(before.required, now.required),
    by: namedByBoth(before.by, now.by),
    ...(above ? { above } : {}),
    local: before.local && now.local,
  };
}

function namedByBoth(before: Approvals["by"], now: Approvals["by"]): Approvals["by"] {
  if (before === "everybody") return now;
  if (now === "everybody") return before;
  const named = new Set(before.map((login) => login.toLowerCase()));
  return now.filter((login) => named.has(login.toLowerCase()));
}

function aboveOfBoth(before: Approvals["above"], now: Approvals["above"]): Approvals["above"] {
  if (!before || !now) return before ?? now;
  return { amount: less(before.amount, now.amount), required: Math.max(before.required, now.required) };
}

function amountsOfBoth(before: Policy, now: Policy, currency: Currency): CurrencyAmounts {
  const [a, b] = [inCurrency(before, currency), inCurrency(now, currency)];
  const above = aboveOfBoth(a.approvals.above, b.approvals.above)?.amount;
  return {
    limits: {
      bonus: less(a.limits.bonus, b.limits.bonus),
      manifest: less(a.limits.manifest, b.limits.manifest),
      day: less(a.limits.day, b.limits.day),
    },
    budgets: budgetsOfBoth(a.budgets, b.budgets),
    // None is as good as zero: see `inCurrency`.
    ...(above && above.minor > 0 ? { above } : {}),
  };
}

function budgetsOfBoth(before: Policy["budgets"], now: Policy["budgets"]): Policy["budgets"] {
  const budgets = new Map(now);
  for (const [study, amount] of before) budgets.set(study, less(amount, now.get(study) ?? amount));
  return budgets;
}

function less(a: Money, b: Money): Money {
  return compareMoney(a, b) <= 0 ? a : b;
}
