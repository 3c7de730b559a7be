import { compareMoney, money } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { Policy } from "./policy.ts";

/**
 * The stricter of two policies in every single point: what either forbids is forbidden. Where both name approvers, those
 * whom both name count, and nobody where they have none in common. The receipts' branch and the currency are those of
 * `now`; where `before` counts in another currency, each of its amounts is taken for zero, so that nothing can be paid.
 */
export function stricter(before: Policy, now: Policy): Policy {
  const encryption = now.encryption ?? before.encryption;
  const { currency } = now.limits.bonus;
  const calls = Math.min(before.limits.calls ?? Infinity, now.limits.calls ?? Infinity);
  const least = (a: Money, b: Money) => less(inCurrency(a, currency), b);
  return {
    source: before.source === "default" ? now.source : before.source,
    approvals: stricterApprovals(before.approvals, now.approvals, currency),
    limits: {
      bonus: least(before.limits.bonus, now.limits.bonus),
      manifest: least(before.limits.manifest, now.limits.manifest),
      day: least(before.limits.day, now.limits.day),
      rows: Math.min(before.limits.rows, now.limits.rows),
      ...(calls === Infinity ? {} : { calls }),
    },
    budgets: budgetsOfBoth(before.budgets, now.budgets, currency),
    receipts: now.receipts,
    ...(now.calibration ? { calibration: now.calibration } : {}),
    workers: HIDING.find((each) => each === before.workers || each === now.workers) ?? "alias",
    ...(encryption ? { encryption } : {}),
  };
}

type Approvals = Policy["approvals"];

/** From the one that hides most. */
const HIDING: readonly Policy["workers"][] = ["alias", "mask", "show"];

function stricterApprovals(before: Approvals, now: Approvals, currency: Currency): Approvals {
  const above = aboveOfBoth(before.above, now.above, currency);
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

function aboveOfBoth(before: Approvals["above"], now: Approvals["above"], currency: Currency): Approvals["above"] {
  if (!before) return now;
  const amount = inCurrency(before.amount, currency);
  if (!now) return { ...before, amount };
  return { amount: less(amount, now.amount), required: Math.max(before.required, now.required) };
}

function budgetsOfBoth(before: Policy["budgets"], now: Policy["budgets"], currency: Currency): Policy["budgets"] {
  const budgets = new Map(now);
  for (const [study, amount] of before) {
    const converted = inCurrency(amount, currency);
    budgets.set(study, less(converted, now.get(study) ?? converted));
  }
  return budgets;
}

function inCurrency(amount: Money, currency: Currency): Money {
  return amount.currency === currency ? amount : money(0, currency);
}

function less(a: Money, b: Money): Money {
  return compareMoney(a, b) <= 0 ? a : b;
}
