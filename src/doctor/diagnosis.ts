import { TOPICS } from "./check.ts";
import type { Account } from "../platforms/ports.ts";
import type { Check } from "./check.ts";

/** What `doctor` found. */
export interface Diagnosis {
  readonly account: Account;
  readonly checks: readonly Check[];
  readonly verdict: Verdict;
}

/** `cannot-tell`: nothing that a payment needs is known to be missing, but not all of it could be seen. */
export type Verdict = "ready" | "not-ready" | "cannot-tell";

/** What all checks together come to. Without one check that a payment needs there is nothing to be ready with. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const needed = checks.filter((each) => each.needed);
  if (needed.some(({ state }) => state === "missing")) return "not-ready";
  if (needed.length === 0 || needed.some(({ state }) => state === "unknown")) return "cannot-tell";
  return "ready";
}

/** By topic, in the order of setting up; within a topic as they were found. */
export function inOrderOfSetUp(checks: readonly Check[]): Check[] {
  return TOPICS.flatMap((topic) => checks.filter((each) => each.topic === topic));
}
