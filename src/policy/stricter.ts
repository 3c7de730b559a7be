import { compareMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Policy } from "./policy.ts";

/** The stricter of two policies in every point. The receipts' branch is that of `now`. */
export function stricter(before: Policy, now: Policy): Policy {
  const least = (a: Money, b: Money) => (compareMoney(a, b) <= 0 ? a : b);
  const { limits: a } = before;
  const { limits: b } = now;
  return {
    ...now,
    approvals: {
      ...now.approvals,
      required: Math.max(before.approvals.required, now.approvals.required),
      local: before.approvals.local && now.approvals.local,
    },
    limits: {
      bonus: least(a.bonus, b.bonus),
      manifest: least(a.manifest, b.manifest),
      day: least(a.day, b.day),
      rows: Math.min(a.rows, b.rows),
    },
  };
}
