import type { JsonObject } from "../../simulator/json.ts";
import type { Refusal } from "./refusal.ts";
import type { Change, State } from "./state.ts";
import type { Switches } from "./switches.ts";

/** What a decision is made from. It reads the state and never changes it. */
export interface Call {
  readonly state: State;
  readonly switches: Switches;
  /** Milliseconds since 1970, on the simulator's own clock. */
  readonly now: number;
  readonly requestId: string;
  /** The next id; the same run makes the same ids. */
  readonly newId: () => string;
}

/** What an operation answers and changes. Throws {@link Refused} where it refuses. */
export type Operation = (call: Call, input: JsonObject) => Decision;

export interface Decision {
  readonly output?: JsonObject;
  readonly changes?: readonly Change[];
}

/** A decision not to do it: nothing changes, and the caller gets an error. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Timestamps travel as seconds with a fraction. */
export const seconds = (ms: number): number => ms / 1000;
