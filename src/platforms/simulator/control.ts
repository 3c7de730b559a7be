import type { CallRecord } from "./calls.ts";
import { iso } from "./times.ts";
import { type Faults, readFault } from "./faults.ts";
import { isList, isObject, type Json, type JsonObject, textOf } from "./json.ts";

/** What a control plane reaches of the service behind it. */
export interface Backstage {
  readonly faults: Faults;
  readonly calls: CallRecord[];
  /** Milliseconds since 1970, on the service's own clock. */
  readonly now: () => number;
  readonly moveClock: (wanted: JsonObject) => void;
  readonly switches: () => object;
  readonly set: (switches: Json) => void;
  /** Everything there is, for tests that compare receipts with what really happened. */
  readonly truth: () => JsonObject;
  /** Adds what a world file says. */
  readonly seed: (yaml: string) => void;
}

/** By method and path below `/_simulator`: what tests and curious people may do that no requester can. */
export type Actions = Readonly<Record<string, (input: Json) => Json>>;

/** 404 where there is no such action, 400 with `{error}` where it makes no sense. */
export function control(
  actions: Actions,
  method: string,
  path: string,
  body: string,
): { readonly status: number; readonly body: Json } {
  const action = actions[`${method} ${path.split("?")[0]?.replace("/_simulator", "")}`];
  if (!action) return { status: 404, body: { error: `there are ${Object.keys(actions).join(", ")}` } };
  try {
    return { status: 200, body: action(body === "" ? {} : JSON.parse(body)) };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

/** What every service offers: faults, clock, switches, calls, state and world. */
export function commonActions({ faults, calls, ...service }: Backstage): Actions {
  return {
    "GET /faults": () => plain(faults.planned()),
    "POST /faults": (input) => {
      const planned = (isList(input) ? input : [input]).map((each) => readFault(each));
      for (const each of planned) faults.plan(each);
      return plain(faults.planned());
    },
    "DELETE /faults": () => {
      faults.clear();
      return [];
    },

    "GET /clock": () => ({ now: iso(service.now()) }),
    "POST /clock": (input) => {
      service.moveClock(objectIn(input));
      return { now: iso(service.now()) };
    },

    "GET /switches": () => plain(service.switches()),
    "POST /switches": (input) => {
      service.set(input);
      return plain(service.switches());
    },

    "GET /calls": () => plain(calls),
    "DELETE /calls": () => {
      calls.length = 0;
      return [];
    },

    "GET /state": () => service.truth(),
    "POST /world": (input) => {
      const yaml = textOf(objectIn(input), "yaml");
      if (yaml === undefined) throw new Error("yaml is missing");
      service.seed(yaml);
      return { now: iso(service.now()) };
    },
  };
}

export function objectIn(input: Json): JsonObject {
  if (!isObject(input)) throw new Error("the body is not a JSON object");
  return input;
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
