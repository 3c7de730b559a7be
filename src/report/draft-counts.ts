import type { BonusDraft } from "../drafting/draft-bonuses.ts";

/** How many rows, and which, in words that fit one or many. */
export interface Counted {
  readonly number: number;
  readonly what: string;
}

/** Rows that are not in the draft. */
export function leftOutOf({ leftOut, scoresUnused }: BonusDraft): Counted[] {
  return [
    { number: leftOut.zero, what: "whose bonus is nothing" },
    { number: leftOut.where, what: "that the condition leaves out" },
    { number: leftOut.unmatched, what: "whose code is blank or not in the scores" },
    { number: scoresUnused, what: "of the scores whose code nobody handed in" },
    { number: leftOut.withoutIds, what: "without worker and assignment" },
    { number: leftOut.repeated, what: "that stand in the file twice" },
    { number: leftOut.inLedger, what: "in the ledger already" },
    { number: leftOut.inManifests, what: "in another list already" },
  ];
}

/** Amounts that are not as they were worked out. */
export function changesOf({ rounded, capped }: BonusDraft): Counted[] {
  return [
    { number: rounded, what: "rounded half up to whole cents" },
    { number: capped, what: "cut down to the most that a bonus may be" },
  ];
}
