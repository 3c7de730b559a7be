import { createHash } from "node:crypto";
import { compareMoney } from "../money.ts";
import type { PayStep, Plan } from "../plan/plan.ts";

export const SAMPLE_SIZE = 20;

/**
 * The bonuses that a reviewer of a long plan sees: the largest, and some drawn by the plan's digest. Everybody sees the
 * same ones, nobody can fish for a friendly sample, and any change draws anew.
 */
export function samplePays(
  plan: Plan,
  steps: readonly PayStep[],
): { readonly largest: PayStep[]; readonly drawn: PayStep[] } {
  const seed = planDigest(plan);
  const bySize = [...steps].sort((a, b) => compareMoney(b.amount, a.amount));
  const tickets = bySize
    .slice(SAMPLE_SIZE)
    .map((step) => ({ step, ticket: hash([seed, step.assignment, step.label]) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1));
  return {
    largest: bySize.slice(0, SAMPLE_SIZE),
    drawn: tickets.slice(0, SAMPLE_SIZE).map(({ step }) => step),
  };
}

/** SHA-256, hex, over the manifests' digests: what the plan was asked to do, whatever was paid since. */
export function planDigest({ manifests }: Plan): string {
  return hash(manifests.map(({ digest }) => digest).sort());
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
