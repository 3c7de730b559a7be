import type { ProofOptions, ProofRow, Section } from "../section.ts";
import { tryAdapter } from "./campaign.ts";

/** Every answer that may come back for an order, against the production code that reads it. */
export const ADAPTER: Section = {
  name: "adapter",
  about:
    "what speaks to MTurk, under every answer: one request for one order, and nothing is made of it that may not be",
  run,
};

async function run({ only }: ProofOptions, tell: (row: ProofRow) => void): Promise<void> {
  const scenario = "orders, grants and lists";
  if (!scenario.includes(only)) return;
  const began = performance.now();
  const { cases, violations } = await tryAdapter();
  tell({ scenario, cases, violations, ms: performance.now() - began });
}
