import type { ListedPayment } from "../platforms/ports.ts";

/** The same text for payments, and rows that ask for one, which are equal but for their time. */
export function paymentKey({
  assignment,
  worker,
  amount,
}: Pick<ListedPayment, "assignment" | "worker" | "amount">): string {
  return [assignment, worker, amount.minor].join("\0");
}
