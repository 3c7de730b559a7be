import type { PlatformClock } from "../platforms/connect.ts";
import { PlatformFailure } from "../platforms/ports.ts";
import type { PlatformPayer, PlatformReader } from "../platforms/ports.ts";
import type { Answers, Appended, Asked, Effect, LedgerRead, NewFile, Protocol } from "./effects.ts";

/** What the protocol's effects are performed on. */
export interface World {
  readonly ledger: {
    read(): Promise<LedgerRead>;
    append(files: readonly NewFile[], parent: string, message: string): Promise<Appended>;
  };
  readonly reader: PlatformReader;
  readonly payer: PlatformPayer;
  readonly clock: PlatformClock;
  readonly askedToStop: () => boolean;
  readonly onProgress: (done: number, of: number) => void;
}

/** Performs a protocol's effects, one after another, to its end. */
export async function drive<T>(protocol: Protocol<T>, world: World): Promise<T> {
  let next = protocol.next();
  while (!next.done) next = protocol.next(await perform(next.value, world));
  return next.value;
}

async function perform(effect: Effect, world: World): Promise<Answers[keyof Answers]> {
  const { ledger, reader, payer, clock } = world;
  switch (effect.op) {
    case "read-ledger":
      return ledger.read();
    case "append":
      return ledger.append(effect.files, effect.parent, effect.message);
    case "wallet":
      return asked(async () => (await reader.wallet()).available);
    case "prepare":
      return payer.prepare(effect.identity);
    case "list":
      return asked(() => reader.paymentsOf(effect.assignment));
    case "pay":
      return payer.pay(effect.order);
    case "score":
      return asked(() => reader.score(effect.group, effect.worker));
    case "group-id":
      return asked(() => reader.groupId(effect.name));
    case "member":
      return payer.member(effect.order);
    case "create-group":
      return payer.createGroup(effect);
    case "wait":
      await clock.wait(effect.ms);
      return undefined;
    case "now":
      return clock.now();
    case "asked-to-stop":
      return world.askedToStop();
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
