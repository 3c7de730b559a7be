import type { Run } from "./runs.ts";
import type { Order, Study } from "./study.ts";

/** What the story promises and did not keep, in words: only the first run pays, and each order is given once. */
export function brokenPromises(
  { title, bonuses, orders: wanted }: Pick<Study, "title" | "bonuses" | "orders">,
  [first, ...later]: readonly Run[],
  orders: readonly Order[],
): readonly string[] {
  const lost = orders.filter(({ answerLost }) => answerLost).length;
  return [
    ...(first?.bonuses === bonuses ? [] : [`the first run paid ${first?.bonuses ?? 0} bonuses, not ${bonuses}`]),
    ...later.flatMap(({ when, rows }) => (rows === 0 ? [] : [`after ${when} ${rows} rows were claimed again`])),
    ...(orders.length === wanted ? [] : [`${title} was given ${orders.length} orders to pay, and not ${wanted}`]),
    ...(lost === 1 ? [] : [`${lost} answers were lost, and not one`]),
  ];
}
