import { isSealed } from "../encryption/lab-key.ts";
import type { Plan, Step } from "../plan/plan.ts";

/** Every worker that a plan names. */
export function workersOf(plan: Plan): Set<string> {
  const workers = new Set<string>();
  for (const step of plan.steps) if (step.kind !== "create-type") workers.add(step.worker);
  for (const { worker } of [...plan.settled, ...plan.held]) workers.add(worker);
  return workers;
}

/**
 * How many people these steps pay. Undefined where ids are encrypted that nobody here can open, each row having its own
 * then, and where the platform was not asked whose an assignment is.
 */
export function countPaid(steps: readonly Step[]): number | undefined {
  const workers = new Set(steps.flatMap((step) => (step.kind === "pay" ? [step.worker] : [])));
  return [...workers].some((id) => id === "" || isSealed(id)) ? undefined : workers.size;
}
