import { setMaxListeners } from "node:events";
import type { PlatformClock } from "../platforms/connect.ts";
import { PlatformFailure } from "../platforms/ports.ts";
import type { PlatformPayer, PlatformReader, Sent } from "../platforms/ports.ts";
import type {
  Answer,
  Appended,
  Asked,
  Begun,
  Effect,
  Finished,
  LedgerRead,
  Local,
  NewFile,
  Protocol,
} from "./effects.ts";

/** What the protocol's effects are performed on. */
export interface World {
  readonly ledger: {
    read(): Promise<LedgerRead>;
    append(files: readonly NewFile[], parent: string, message: string): Promise<Appended>;
  };
  readonly reader: PlatformReader;
  readonly payer: PlatformPayer;
  readonly clock: PlatformClock;
  /** Aborted when somebody asks the run to stop. */
  readonly stop: AbortSignal;
  /** From this time of the clock on, in epoch milliseconds, the run is asked to stop as well: what is in flight has time to end. */
  readonly stopAt?: number | undefined;
  readonly onProgress: (done: number, of: number) => void;
}

/**
 * How long a run that was asked to stop waits for answers that are under way. A cancelled job of GitHub's is killed ten
 * seconds after it was told; the receipt is written in what is left.
 */
const GRACE_MS = { question: 1_000, order: 3_000 } as const;

/** Performs a protocol's effects to its end. What was begun goes on while the protocol asks for more. */
export async function drive<T>(protocol: Protocol<T>, world: World): Promise<T> {
  // One for each effect under way, which is no leak.
  setMaxListeners(0, world.stop);
  const begun = new Map<number, Promise<Finished>>();
  let next = protocol.next();
  while (!next.done) next = protocol.next(await answerTo(next.value));
  return next.value;

  async function answerTo(effect: Effect): Promise<Answer | Finished> {
    if (effect.op === "begin") {
      const { id } = effect;
      const finished = perform(effect.effect, world).then((answer) => ({ id, answer }));
      // What it throws is thrown when it is waited for.
      finished.catch(() => {});
      begun.set(id, finished);
      return undefined;
    }
    if (effect.op !== "next") return perform(effect, world);
    const finished = await Promise.race(begun.values());
    begun.delete(finished.id);
    return finished;
  }
}

async function perform(effect: Begun | Local, world: World): Promise<Answer> {
  const { ledger, reader, payer, clock, stop } = world;
  const question = <T>(work: () => Promise<T>) =>
    untilStopped(asked(work), stop, GRACE_MS.question, { ok: false, cause: "it was asked to stop" });
  const order = (work: Promise<Sent & { group?: string }>) =>
    untilStopped(work, stop, GRACE_MS.order, { kind: "unknown", cause: "it was asked to stop, and did not wait" });
  switch (effect.op) {
    case "read-ledger":
      return ledger.read();
    case "append":
      return ledger.append(effect.files, effect.parent, effect.message);
    case "wallet":
      return question(async () => (await reader.wallet()).available);
    case "evidence":
      return question(() => reader.evidence(effect.containers));
    case "prepare":
      return payer.prepare(effect.batch);
    case "turn":
      await payer.turn(stop);
      return undefined;
    case "list":
      return question(() => reader.paymentsOf(effect.assignment));
    case "pay":
      return order(payer.pay(effect.order));
    case "score":
      return question(() => reader.score(effect.group, effect.worker));
    case "group-id":
      return question(() => reader.groupId(effect.name));
    case "member":
      return order(payer.member(effect.order));
    case "create-group":
      return order(payer.createGroup(effect));
    case "wait":
      await clock.wait(effect.ms, stop);
      return undefined;
    case "now":
      return clock.now();
    case "asked-to-stop":
      return stop.aborted || (world.stopAt !== undefined && (await clock.now()) >= world.stopAt);
    case "progress":
      world.onProgress(effect.done, effect.of);
      return undefined;
  }
}

async function asked<T>(question: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { ok: true, value: await question() };
  } catch (thrown) {
    if (thrown instanceof PlatformFailure) return { ok: false, cause: thrown.message };
    throw thrown;
  }
}

/** What is under way, but once somebody asked to stop, no longer than `graceMs`: then it is `otherwise`. */
function untilStopped<T>(work: Promise<T>, stop: AbortSignal, graceMs: number, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onStop = () => {
      timer = setTimeout(() => resolve(otherwise), graceMs);
    };
    if (stop.aborted) onStop();
    else stop.addEventListener("abort", onStop, { once: true });
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      stop.removeEventListener("abort", onStop);
    });
  });
}
