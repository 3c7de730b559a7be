import type { FiledRecord } from "../ledger/records.ts";
import type { Money } from "../money.ts";
import type { MembershipOrder, ObservedPayment, PaymentIdentity, PayOrder, Sent } from "../platforms/ports.ts";

/**
 * What the protocol asks of the world, one at a time. Each is a point where a run may be cut off. The protocol is a
 * generator of these values: a driver performs them in production, and a simulator may crash it at every one.
 */
export type Effect =
  | { readonly op: "read-ledger" }
  /** Push these new files as one commit on top of `parent`, or not at all. */
  | { readonly op: "append"; readonly parent: string; readonly files: readonly NewFile[]; readonly message: string }
  | { readonly op: "wallet" }
  | { readonly op: "prepare"; readonly identity: PaymentIdentity }
  | { readonly op: "list"; readonly assignment: string }
  | { readonly op: "pay"; readonly order: PayOrder }
  | { readonly op: "score"; readonly group: string; readonly worker: string }
  | { readonly op: "group-id"; readonly name: string }
  | { readonly op: "member"; readonly order: MembershipOrder }
  | { readonly op: "create-group"; readonly name: string; readonly description: string; readonly keywords?: string }
  | { readonly op: "wait"; readonly ms: number }
  | { readonly op: "now" }
  /** Has somebody asked to stop: a signal, or `payments/PAUSED`. */
  | { readonly op: "asked-to-stop" }
  | { readonly op: "progress"; readonly done: number; readonly of: number };

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The answer to each effect. */
export interface Answers {
  "read-ledger": LedgerRead;
  append: Appended;
  wallet: Asked<Money | "unknown">;
  prepare: { readonly handle: string };
  list: Asked<readonly ObservedPayment[]>;
  pay: Sent;
  score: Asked<number | undefined>;
  "group-id": Asked<string | undefined>;
  member: Sent;
  "create-group": Sent & { readonly group?: string };
  wait: undefined;
  now: number;
  "asked-to-stop": boolean;
  progress: undefined;
}

/** An answer, or the reason why there is none. */
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: string };

export type LedgerRead =
  | { readonly kind: "ledger"; readonly commit: string; readonly head: Head; readonly records: readonly FiledRecord[] }
  | { readonly kind: "unusable"; readonly message: string; readonly hint: string };

/** The last record: its number, and the hash that the next one must name. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

export type Appended =
  | { readonly kind: "pushed" }
  /** Somebody else was faster; nothing of ours is there. */
  | { readonly kind: "rejected" }
  /** The remote will not take it: a protected branch, no permission. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string };

export type Protocol<T> = Generator<Effect, T, Answers[keyof Answers]>;

/** Yields an effect and gives back its answer under its own type. */
export function* ask<Op extends Effect["op"]>(effect: Extract<Effect, { readonly op: Op }>): Protocol<Answers[Op]> {
  // The driver answers each effect with its own kind of answer; `Answers` says which.
  return (yield effect) as Answers[Op];
}
