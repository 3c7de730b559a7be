/** One step between nothing and the first payment, and how far it is. A plain value. */
export interface Check {
  /** Stable: scripts may rely on it. */
  readonly id: string;
  readonly topic: Topic;
  /** What the step is about, in a few words. */
  readonly title: string;
  readonly state: State;
  /** No payment works without it. Otherwise it keeps money safe, or helps. */
  readonly needed: boolean;
  /** What was seen, as a sentence without its full stop. */
  readonly found: string;
  /** The exact next action, where something is left to do. */
  readonly next?: string;
  /** The page on which to do it. */
  readonly address?: string;
  /** Title of the step that has to be done before this one can be seen. */
  readonly after?: string;
}

/** `unknown`: it cannot be seen from here, with what there is. */
export type State = "done" | "missing" | "unknown";

/** In the order in which a person sets things up. */
export const TOPICS = ["accounts", "keys", "platform", "repository", "ledger", "github"] as const;
export type Topic = (typeof TOPICS)[number];

/** What a {@link Check} says beside what it is about. */
export type Finding = Pick<Check, "state" | "found" | "next" | "address" | "after">;

export function done(found: string): Finding {
  return { state: "done", found };
}

export function missing(found: string, next: string, address?: string): Finding {
  return { state: "missing", found, next, ...(address === undefined ? {} : { address }) };
}

export function unknown(found: string, next: string, address?: string): Finding {
  return { state: "unknown", found, next, ...(address === undefined ? {} : { address }) };
}

export function waiting(found: string, after: string): Finding {
  return { state: "unknown", found, after };
}
