import type { NewFile } from "../../apply/effects.ts";
import type { LedgerNode } from "./ledger-tree.ts";
import { EMPTY_LEDGER } from "./ledger-tree.ts";
import type { Scenario } from "./scenario.ts";

/**
 * Everything outside of the runs: MTurk, the remote's ledger branch, the clock, the tip of the default branch, and what
 * may still go wrong. Every field is replaced and never changed in place, so that a spread copies it.
 */
export interface World {
  /** The true time, epoch milliseconds. */
  now: number;
  ledger: LedgerNode;
  bonuses: readonly Bonus[];
  tokens: readonly UsedToken[];
  /** In cents. */
  balance: number;
  types: readonly MadeType[];
  /** `type worker` → score. */
  scores: ReadonlyMap<string, number>;
  /** Orders and pushes that are still under way, and may yet arrive. */
  late: readonly Late[];
  tip: Tip;
  left: Left;
  /** Runs begun so far. Names them, too. */
  runs: number;
  /** The ledger lost records that it once held. */
  rewound: boolean;
  /** MTurk may hide a new bonus for more than a day. What then cannot be promised, SECURITY.md says. */
  readonly blind: boolean;
  /** How far the next run's clock is from the true time. */
  skew: number;
}

/** What may still go wrong, and what may still happen between runs. */
export interface Left {
  readonly crashes: number;
  readonly faults: number;
  readonly switches: number;
  readonly events: number;
}

export interface Bonus {
  /** The claim's identity that it was ordered for; `by hand` for one that a person paid. */
  readonly identity: string;
  readonly assignment: string;
  readonly worker: string;
  readonly cents: number;
  readonly reason: string;
  readonly at: number;
  readonly listedFrom: number;
}

export interface UsedToken {
  readonly token: string;
  readonly at: number;
  /** Worker, assignment, amount and reason of its first use. */
  readonly parameters: string;
}

export interface MadeType {
  readonly name: string;
  readonly id: string;
  readonly listedFrom: number;
}

export type Late =
  | { readonly kind: "pay"; readonly order: OrderedBonus; readonly until: number }
  | { readonly kind: "member"; readonly change: MemberChange; readonly until: number }
  | { readonly kind: "push"; readonly parent: string; readonly files: readonly NewFile[] };

export interface OrderedBonus {
  readonly identity: string;
  readonly assignment: string;
  readonly worker: string;
  readonly cents: number;
  readonly reason: string;
  readonly token: string;
}

/** Without a score: revoked. */
export interface MemberChange {
  readonly key: string;
  readonly score?: number;
}

/** What the default branch asks for: a version of the scenario's manifests, and the attempts that reviewers raised. */
export interface Tip {
  readonly version: number;
  /** Bonus → attempt, where it is not 1. */
  readonly attempts: ReadonlyMap<string, number>;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const BEGIN = Date.parse("2026-11-23T08:00:00.000Z");

export function newWorld({ left, cents, events }: Scenario): World {
  return {
    now: BEGIN,
    ledger: EMPTY_LEDGER,
    bonuses: [],
    tokens: [],
    balance: cents,
    types: [],
    scores: new Map(),
    late: [],
    tip: { version: 0, attempts: new Map() },
    left,
    runs: 0,
    rewound: false,
    blind: !events.includes("ledger rewound"),
    skew: 0,
  };
}

/** The same text for worlds from which the same can follow. */
export function worldKey(world: World): string {
  const { left, tip } = world;
  return [
    world.now,
    world.ledger.commit,
    world.balance,
    world.runs,
    world.skew,
    world.rewound,
    `${left.crashes}.${left.faults}.${left.switches}.${left.events}`,
    `${tip.version} ${[...tip.attempts].join()}`,
    world.bonuses
      .map((each) => `${each.identity} ${each.cents} ${each.reason} ${each.at} ${yetToCome(each, world)}`)
      .join(),
    world.tokens.map((each) => `${each.token} ${each.at} ${each.parameters}`).join(),
    world.types.map((each) => `${each.id} ${yetToCome(each, world)}`).join(),
    [...world.scores].join(),
    world.late.map(lateKey).join(),
  ].join("|");
}

/** When it will be listed, where it is not listed yet. */
function yetToCome({ listedFrom }: Pick<Bonus, "listedFrom">, { now }: World): string {
  return listedFrom > now ? String(listedFrom) : "";
}

function lateKey(late: Late): string {
  switch (late.kind) {
    case "pay":
      return `${late.order.token} ${late.order.cents} ${late.order.reason} ${late.until}`;
    case "member":
      return `${late.change.key} ${late.change.score} ${late.until}`;
    case "push":
      return `${late.parent} ${late.files.at(-1)?.text}`;
  }
}

/** One fault less may happen from here on. */
export function spend(world: World, what: keyof Left): void {
  world.left = { ...world.left, [what]: world.left[what] - 1 };
}
