import type { Json, JsonObject } from "../../simulator/json.ts";
import type { Refusal } from "./refusal.ts";
import type { Change, State } from "./state.ts";
import type { Switches } from "./switches.ts";

/** What a decision is made from. It reads the state and never changes it. */
export interface Call {
  readonly state: State;
  readonly switches: Switches;
  /** Milliseconds since 1970, on the simulator's own clock. */
  readonly now: number;
  /** The next id; the same run makes the same ids. */
  readonly newId: () => string;
}

/** What a request asks, once its address is understood. */
export interface Asked {
  /** The ids in the path, in its order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly input: JsonObject;
  /** Scheme, host and path, for links to other pages. */
  readonly address: string;
}

/** What an operation answers and changes. Throws {@link Refused} where it refuses. */
export type Operation = (call: Call, asked: Asked) => Decision;

export interface Decision {
  /** 200 where absent. */
  readonly status?: number;
  /** No body where absent. */
  readonly output?: Json;
  readonly changes?: readonly Change[];
}

/** A decision not to do it: nothing changes, and the caller gets an error. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.title);
    this.refusal = refusal;
  }
}
