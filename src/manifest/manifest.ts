import type { Currency, Money } from "../money.ts";
import type { Environment, GroupRef } from "../platforms/ports.ts";
import type { Place } from "../problem.ts";

/** A file a person wrote, read and found sound. */
export interface Manifest {
  readonly file: string;
  /** SHA-256, hex, of the canonical form of its meaning: what a reviewer approves. See `digest.ts`. */
  readonly digest: string;
  readonly study: string;
  readonly platform: string;
  readonly environment: Environment;
  readonly currency: Currency;
  /** Which of the lab's accounts pays, where it is not the one that needs no name. */
  readonly account?: string;
  readonly bonuses: readonly BonusRow[];
  readonly qualifications: readonly QualificationBlock[];
  /** Bonuses that were paid before, without this repository. Nothing is ever paid for them. */
  readonly adopted: readonly AdoptedRow[];
  /** Its ids are encrypted in the file. `closed`: nobody here can open them, and rows have them as they stand there. */
  readonly sealed?: { readonly id: string; readonly at: Place; readonly closed: boolean };
}

export interface BonusRow {
  readonly at: Place;
  /** Empty where the row leaves it out, and the platform knows whose the assignment is. */
  readonly worker: string;
  readonly assignment: string;
  /** The assignment's HIT, where the manifest names it: it saves calls and is checked. */
  readonly container?: string;
  readonly amount: Money;
  /** Why, without the reference that apply adds where the worker reads it. The manifest's default where the row has none. */
  readonly reason: string;
  /** Empty for the first bonus of an assignment. */
  readonly label: string;
  /** 1 unless a reviewed change asks for another try of a held row. */
  readonly attempt: number;
  /** Pay although the platform lists an equal bonus that is not ours. */
  readonly repeat: boolean;
}

/** A payment as the platform lists it. It has the identity of a bonus, so that no other row can ask for that one. */
export interface AdoptedRow {
  readonly at: Place;
  /** Empty as in {@link BonusRow}. */
  readonly worker: string;
  readonly assignment: string;
  readonly container?: string;
  readonly amount: Money;
  readonly label: string;
  /** When the platform says that it was paid: ISO 8601, UTC. */
  readonly paid: string;
}

export interface QualificationBlock {
  readonly at: Place;
  readonly type: GroupRef;
  readonly create?: { readonly description: string; readonly keywords?: string };
  readonly notify: boolean;
  readonly grant: readonly GrantRow[];
  readonly revoke: readonly RevokeRow[];
}

export interface GrantRow {
  readonly at: Place;
  readonly worker: string;
  readonly score: number;
}

export interface RevokeRow {
  readonly at: Place;
  readonly worker: string;
  readonly reason?: string;
}
