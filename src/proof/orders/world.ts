import type { NewFile } from "../../apply/effects.ts";
import type { PayClaim } from "../../ledger/records.ts";
import type { Left } from "../schedules/world.ts";
import { EMPTY } from "./branch.ts";
import type { Branch } from "./branch.ts";
import type { Scenario } from "./scenario.ts";

/** Everything outside of the runs: the platform, the ledger's branch, the clock, the tip, and what may still go wrong. */
export interface World {
  /** The true time, epoch milliseconds. */
  now: number;
  branch: Branch;
  entries: readonly Entry[];
  /** Handle → what it would pay. */
  readonly prepared: Map<string, readonly Line[]>;
  /** Handles under which an order was given, so that it may have arrived or may arrive yet → how often. */
  readonly given: Map<string, number>;
  /** Orders and pushes that are under way, and may yet arrive. */
  late: readonly Late[];
  /** Bonuses that the tip does not ask for now, and attempts that reviewers raised. */
  takenOut: ReadonlySet<string>;
  attempts: ReadonlyMap<string, number>;
  left: Left;
  runs: number;
  /** How far the next run's clock is from the true time. */
  skew: number;
  /** Something was done to this submission's list by other hands than ours. */
  readonly touched: Set<string>;
}

/** One payment on a submission's list. */
export interface Entry {
  readonly assignment: string;
  readonly minor: number;
  /** The order that paid it; undefined where somebody else did. */
  readonly handle?: string;
  readonly identity?: string;
  /** Listed from then on. */
  readonly from: number;
}

export interface Line {
  readonly identity: string;
  readonly assignment: string;
  readonly minor: number;
}

export type Late =
  | { readonly kind: "pay"; readonly handle: string }
  | { readonly kind: "push"; readonly parent: string; readonly files: readonly NewFile[] };

export const BEGIN = Date.parse("2026-11-23T08:00:00.000Z");

export function newWorld({ left }: Scenario): World {
  return {
    now: BEGIN,
    branch: EMPTY,
    entries: [],
    prepared: new Map(),
    given: new Map(),
    late: [],
    takenOut: new Set(),
    attempts: new Map(),
    left,
    runs: 0,
    skew: 0,
    touched: new Set(),
  };
}

export function spend(world: World, what: keyof Left): void {
  world.left = { ...world.left, [what]: world.left[what] - 1 };
}

export function listed({ entries, now }: World, assignment: string): readonly Entry[] {
  return entries.filter((each) => each.assignment === assignment && each.from <= now);
}

/** Somebody else than mergepay changes what is listed. */
export function byOthers(
  world: World,
  assignment: string,
  change: (entries: readonly Entry[]) => readonly Entry[],
): void {
  world.touched.add(assignment);
  world.entries = change(world.entries);
}

export function rowOf(branch: Branch, handle: string): PayClaim | undefined {
  for (const { row } of branch.rows.values()) if (row.handle === handle) return row;
  return undefined;
}
