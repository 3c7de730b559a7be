import { displayMoney, money, sumMoney } from "../money.ts";
import type { PayStep, Plan } from "../plan/plan.ts";
import { table } from "./markdown-table.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { bareReason, count } from "./phrases.ts";

const AMOUNTS_SHOWN = 10;
const REASONS_SHOWN = 10;
const FILES_SHOWN = 30;

/** A long plan in numbers: the spread of its amounts, and subtotals by amount, reason and manifest. */
export function statisticsText(plan: Plan, steps: readonly PayStep[], view: MarkdownView): string {
  const files = new Set(steps.map(({ file }) => file)).size;
  return [
    spread(plan, steps),
    subtotals(
      "Amount",
      plan,
      steps,
      ({ amount }) => displayMoney(amount),
      AMOUNTS_SHOWN,
      (key) => key,
    ),
    subtotals(
      "Reason",
      plan,
      steps,
      (step) => bareReason(step.reason, step.reference),
      REASONS_SHOWN,
      (key) => view.words(key, 60),
    ),
    ...(files > 1 ? [subtotals("Manifest", plan, steps, ({ file }) => file, FILES_SHOWN, view.name)] : []),
  ].join("\n\n");
}

function spread(plan: Plan, steps: readonly PayStep[]): string {
  const amounts = steps.map(({ amount }) => amount.minor).sort((a, b) => a - b);
  const show = (minor: number) => displayMoney(money(minor, plan.account.currency));
  const perWorker = new Map<string, number>();
  for (const { worker } of steps) perWorker.set(worker, (perWorker.get(worker) ?? 0) + 1);
  const often = [...perWorker.values()].filter((times) => times > 1).length;
  return table(
    [
      { title: "Smallest", align: "right" },
      { title: "Median", align: "right" },
      { title: "Largest", align: "right" },
      { title: "Workers paid more than once", align: "right" },
    ],
    [
      [
        show(amounts[0] ?? 0),
        show(amounts[Math.floor((amounts.length - 1) / 2)] ?? 0),
        show(amounts.at(-1) ?? 0),
        often.toLocaleString("en-US"),
      ],
    ],
  );
}

/** How many bonuses and how much by `keyOf`, the largest sums first, the rest in one line. */
function subtotals(
  title: string,
  plan: Plan,
  steps: readonly PayStep[],
  keyOf: (step: PayStep) => string,
  most: number,
  show: (key: string) => string,
): string {
  const groups = new Map<string, { number: number; minor: number }>();
  for (const step of steps) {
    const group = groups.get(keyOf(step)) ?? { number: 0, minor: 0 };
    groups.set(keyOf(step), { number: group.number + 1, minor: group.minor + step.amount.minor });
  }
  const ordered = [...groups].sort(([a, x], [b, y]) => y.minor - x.minor || (a < b ? -1 : 1));
  const rest = ordered.slice(most).map(([, group]) => group);
  const line = (name: string, number: number, minor: number) => [
    name,
    number.toLocaleString("en-US"),
    displayMoney(money(minor, plan.account.currency)),
  ];
  const restSum = sumMoney(
    rest.map(({ minor }) => money(minor, plan.account.currency)),
    plan.account.currency,
  );
  return table(
    [{ title }, { title: "Bonuses", align: "right" }, { title: "Sum", align: "right" }],
    [
      ...ordered.slice(0, most).map(([key, { number, minor }]) => line(show(key), number, minor)),
      ...(rest.length > 0
        ? [
            line(
              `_${count(rest.length, "other")}_`,
              rest.reduce((sum, { number }) => sum + number, 0),
              restSum.minor,
            ),
          ]
        : []),
    ],
  );
}
