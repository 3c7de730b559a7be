import type { RowHistory } from "../ledger/chain-rows.ts";
import type { FiledRecord } from "../ledger/records.ts";
import type { Money } from "../money.ts";
import type { MembershipOrder, ObservedPayment, PayBatch, PayOrder, Prepared, Sent } from "../platforms/ports.ts";

/**
 * What the protocol asks of the world. Each is a point where a run may be cut off. The protocol is a generator of these
 * values: a driver performs them in production, and a simulator may crash it at every one.
 *
 * One effect is answered before the next is asked for, but for those that are begun: `begin` is answered at once, and
 * the answer of the begun effect comes with one of the `next` that follow.
 */
export type Effect = Begun | Local | SideBySide;

export type SideBySide =
  | { readonly op: "begin"; readonly id: number; readonly effect: Begun }
  /** Waits for whichever begun effect is answered first. */
  | { readonly op: "next" };

/** Answered by this machine alone, so that nothing is gained by doing anything else meanwhile. */
export type Local =
  | { readonly op: "now" }
  /** Has somebody asked to stop: a signal, or a cancelled job. */
  | { readonly op: "asked-to-stop" }
  | { readonly op: "progress"; readonly done: number; readonly of: number };

/** What may take a while: several may be under way at once. */
export type Begun =
  | { readonly op: "read-ledger" }
  /** Push these new files as one commit on top of `parent`, or not at all. */
  | { readonly op: "append"; readonly parent: string; readonly files: readonly NewFile[]; readonly message: string }
  | { readonly op: "wallet" }
  | { readonly op: "evidence"; readonly containers: readonly string[] }
  | { readonly op: "prepare"; readonly batch: PayBatch }
  /** Waits until the platform is likely to take one more order. */
  | { readonly op: "turn" }
  | { readonly op: "list"; readonly assignment: string }
  | { readonly op: "pay"; readonly order: PayOrder }
  | { readonly op: "score"; readonly group: string; readonly worker: string }
  | { readonly op: "group-id"; readonly name: string }
  | { readonly op: "member"; readonly order: MembershipOrder }
  | { readonly op: "create-group"; readonly name: string; readonly description: string; readonly keywords?: string }
  | { readonly op: "wait"; readonly ms: number };

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The answer to each effect. */
export interface Answers {
  begin: undefined;
  next: Finished;
  turn: undefined;
  "read-ledger": LedgerRead;
  append: Appended;
  wallet: Asked<Money | "unknown">;
  evidence: Asked<Readonly<Record<string, string>>>;
  prepare: Prepared;
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

/** A begun effect has its answer. */
export interface Finished {
  readonly id: number;
  readonly answer: Answer;
}

export type Answer = { [Op in keyof Answers]: Answers[Op] }[Begun["op"] | Local["op"]];

/** An answer, or the reason why there is none. */
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: string };

export type LedgerRead =
  | {
      readonly kind: "ledger";
      readonly commit: string;
      readonly head: Head;
      readonly records: readonly FiledRecord[];
      /** What the records say of rows, where the reader kept it. Good until the ledger is read again. */
      readonly rows?: RowHistory;
    }
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

export type Protocol<T> = Generator<Effect, T, Answer | Finished>;

const LOCAL: ReadonlySet<Effect["op"]> = new Set<Local["op"]>(["now", "asked-to-stop", "progress"]);

export function isLocal(effect: Begun | Local): effect is Local {
  return LOCAL.has(effect.op);
}

/** Yields an effect and gives back its answer under its own type. */
export function* ask<Op extends Effect["op"]>(effect: Extract<Effect, { readonly op: Op }>): Protocol<Answers[Op]> {
  // The driver answers each effect with its own kind of answer; `Answers` says which.
  return (yield effect) as Answers[Op];
}

/** ISO 8601, UTC. */
export function* instant(): Protocol<string> {
  return new Date(yield* ask({ op: "now" })).toISOString();
}
