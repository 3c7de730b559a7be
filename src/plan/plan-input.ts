import type { LedgerState } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Account, PlatformRules } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import type { Place, Problem } from "../problem.ts";
import type { Observed } from "./observed.ts";
import type { HeldRow, SettledRow, Step } from "./plan.ts";

/** Everything that a plan depends on. The same input gives the same plan. */
export interface PlanInput {
  readonly account: Account;
  readonly rules: PlatformRules;
  /** The manifests of this account alone. */
  readonly manifests: readonly Manifest[];
  /** With its amounts in the account's currency: see `inCurrency`. */
  readonly policy: Policy;
  readonly ledger: LedgerState;
  readonly observed: Observed;
  /** Where `payments/PAUSED` stands, if it does. */
  readonly paused?: Place;
  /** Runs that are known to be at work now, by the address that their claims carry. */
  readonly liveRuns: ReadonlySet<string>;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** What was found wrong before: in files, in the ledger. */
  readonly problems: readonly Problem[];
}

/** What one stage of planning finds out. */
export interface Findings {
  readonly steps: Step[];
  readonly settled: SettledRow[];
  readonly held: HeldRow[];
  readonly problems: Problem[];
}
