import type { Plan } from "../plan/plan.ts";

/** Every worker that a plan names. */
export function workersOf(plan: Plan): Set<string> {
  const workers = new Set<string>();
  for (const step of plan.steps) if (step.kind !== "create-type") workers.add(step.worker);
  for (const { worker } of [...plan.settled, ...plan.held]) workers.add(worker);
  return workers;
}
