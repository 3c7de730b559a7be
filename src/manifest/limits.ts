import { compareMoney, displayMoney, money, sumMoney } from "../money.ts";
import { hasAmountsIn, inCurrency } from "../policy/in-currency.ts";
import type { Policy } from "../policy/policy.ts";
import { problem } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { Draft } from "./draft.ts";

/** Where a manifest, whatever was paid of it already, is over the policy's limits, or has a bonus that looks like a slip. */
export function withinLimits(draft: Draft, policy: Policy): Problem[] {
  const { currency } = draft;
  const { limits } = inCurrency(policy, currency);
  const found = [...tooManyRows(draft, limits.rows), ...unusualAmounts(draft)];
  if (!hasAmountsIn(policy, currency))
    return [
      ...found,
      problem(
        "wrong-currency",
        draft.at,
        `this manifest is in ${currency}, and the policy does not say how much may be paid in ${currency}`,
        `add \`currencies: { ${currency}: { limits: { bonus: 20.00, manifest: 500.00, day: 1000.00 } } }\` ${TO_POLICY}; or write \`currency: ${currency}\` at its top where every list is in ${currency}`,
      ),
    ];
  return [...found, ...bonusesOver(draft, limits.bonus), ...costOver(draft, limits.manifest)];
}

const TO_POLICY = "to payments/policy.yaml by a reviewed change of its own, with amounts that suit the lab";

const RAISE = "in payments/policy.yaml by a reviewed change of its own";

function tooManyRows({ rows, at }: Draft, most: number): Problem[] {
  if (rows <= most) return [];
  return [
    problem(
      "too-many-rows",
      at,
      `${rows} rows; limits.rows is ${most}`,
      `split the manifest, or raise limits.rows ${RAISE}`,
    ),
  ];
}

function bonusesOver({ bonuses }: Draft, most: Policy["limits"]["bonus"]): Problem[] {
  return bonuses
    .filter(({ row }) => compareMoney(row.amount, most) > 0)
    .map(({ row, amountAt }) =>
      problem(
        "bonus-over-limit",
        amountAt,
        `${displayMoney(row.amount)} is over the limit of ${displayMoney(most)} for one bonus`,
        `check the amount, or raise limits.bonus ${RAISE}`,
      ),
    );
}

function costOver({ bonuses, rules, currency, bonusesAt }: Draft, most: Policy["limits"]["manifest"]): Problem[] {
  if (!rules || !rules.currencies.includes(currency)) return [];
  const cost = sumMoney(
    bonuses.flatMap(({ row }) => [row.amount, rules.fee(row.amount)]),
    currency,
  );
  if (compareMoney(cost, most) <= 0) return [];
  return [
    problem(
      "manifest-over-limit",
      bonusesAt,
      `these bonuses cost ${displayMoney(cost)} with fees; limits.manifest is ${displayMoney(most)}`,
      `split the manifest, or raise limits.manifest ${RAISE}`,
    ),
  ];
}

/** With fewer rows there is no usual amount. */
const ROWS_MIN = 5;
const TIMES = 10;

function unusualAmounts({ bonuses, currency }: Draft): Problem[] {
  if (bonuses.length < ROWS_MIN) return [];
  const sorted = bonuses.map(({ row }) => row.amount.minor).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] as number;
  return bonuses
    .filter(({ row }) => row.amount.minor > TIMES * median)
    .map(({ row, amountAt }) =>
      problem(
        "amount-unusual",
        amountAt,
        `${displayMoney(row.amount)} is more than ${TIMES} times what this manifest usually pays (${displayMoney(money(median, currency))})`,
        "look whether the dot is at the right place",
        "warning",
      ),
    );
}
