import type { Order } from "./backstage.ts";
import type { Run } from "./runs.ts";
import { ASSIGNMENTS } from "./wave.ts";

/** What the story promises and did not keep, in words: only the first run pays, and each bonus is ordered once. */
export function brokenPromises([first, ...later]: readonly Run[], orders: readonly Order[]): readonly string[] {
  const lost = orders.filter(({ answerLost }) => answerLost).length;
  return [
    ...(first?.bonuses === ASSIGNMENTS
      ? []
      : [`the first run paid ${first?.bonuses ?? 0} bonuses, not ${ASSIGNMENTS}`]),
    ...later.flatMap(({ when, rows }) => (rows === 0 ? [] : [`after ${when} ${rows} rows were claimed again`])),
    ...(orders.length === ASSIGNMENTS ? [] : [`MTurk was asked ${orders.length} times to pay ${ASSIGNMENTS} bonuses`]),
    ...(lost === 1 ? [] : [`${lost} answers were lost, and not one`]),
  ];
}
