import type { Account } from "./account.ts";
import type { Call } from "./call.ts";
import { type Faults, readFault } from "./faults.ts";
import { isList, isObject, type Json, type JsonObject, numberOf, textOf } from "./json.ts";
import { type Clock, clockIn, put } from "./state.ts";
import { withSwitches } from "./switches.ts";
import { iso, wholeTruth } from "./truth.ts";
import { acceptHit, type Deed, requestQualification, submit } from "./worker-side.ts";
import { worldChanges } from "./world.ts";
import { timeOf } from "./world-text.ts";

/** One call of the API as it was answered. `status` 0: no answer was sent. */
export interface CallRecord {
  readonly n: number;
  readonly operation: string;
  readonly at: string;
  /** The host's clock when it was answered, in milliseconds: `at` is the account's own, which jumps. */
  readonly hostMs: number;
  /** Bytes of the request's body and of the answer's. */
  readonly bytes: number;
  readonly status: number;
  readonly errorCode?: string;
  readonly requestId: string;
  readonly sdkInvocationId?: string;
  /** The SDK's own count of its tries, from `amz-sdk-request`. */
  readonly attempt?: number;
  readonly accessKeyId?: string;
  readonly fault?: string;
  readonly input: Json;
  /** Did it change anything. */
  readonly effect: boolean;
}

export interface Backstage {
  readonly account: Account;
  readonly faults: Faults;
  readonly calls: CallRecord[];
  readonly hostNow: () => number;
}

/** `/_simulator/…`: what tests and curious people may do that no requester can. 400 with `{error}` where it makes no sense. */
export function control(
  backstage: Backstage,
  method: string,
  path: string,
  body: string,
): { status: number; body: Json } {
  const action = ACTIONS[`${method} ${path.split("?")[0]?.replace("/_simulator", "")}`];
  if (!action) return { status: 404, body: { error: `there are ${Object.keys(ACTIONS).join(", ")}` } };
  try {
    return { status: 200, body: action(backstage, body === "" ? {} : JSON.parse(body)) };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

type Action = (backstage: Backstage, input: Json) => Json;

const ACTIONS: Readonly<Record<string, Action>> = {
  "POST /submit": ({ account }, input) => deed(account, submit, input),
  "POST /accept": ({ account }, input) => deed(account, acceptHit, input),
  "POST /request": ({ account }, input) => deed(account, requestQualification, input),

  "GET /faults": ({ faults }) => JSON.parse(JSON.stringify(faults.planned())),
  "POST /faults": ({ faults }, input) => {
    const planned = (isList(input) ? input : [input]).map((each) => readFault(each));
    for (const each of planned) faults.plan(each);
    return JSON.parse(JSON.stringify(faults.planned()));
  },
  "DELETE /faults": ({ faults }) => {
    faults.clear();
    return [];
  },

  "GET /clock": ({ account }) => ({ now: iso(account.now()) }),
  "POST /clock": ({ account, hostNow }, input) => {
    const wanted = objectIn(input);
    account.change((call) => [put("clock", "now", movedClock(call, clockIn(call.state), wanted, hostNow()))]);
    return { now: iso(account.now()) };
  },

  "GET /switches": ({ account }) => JSON.parse(JSON.stringify(account.switches())),
  "POST /switches": ({ account }, input) => {
    account.change((call) => [put("switches", "all", withSwitches(call.switches, input))]);
    return JSON.parse(JSON.stringify(account.switches()));
  },

  "GET /calls": ({ calls }) => JSON.parse(JSON.stringify(calls)),
  "DELETE /calls": ({ calls }) => {
    calls.length = 0;
    return [];
  },

  "GET /state": ({ account }) => wholeTruth(account),
  "POST /world": ({ account }, input) => {
    const yaml = textOf(objectIn(input), "yaml");
    if (yaml === undefined) throw new Error("yaml is missing");
    account.change((call) => worldChanges(call, yaml));
    return { now: iso(account.now()) };
  },
};

function deed(account: Account, does: (call: Call, input: JsonObject) => Deed, input: Json): JsonObject {
  let answer: JsonObject = {};
  account.change((call) => {
    const done = does(call, objectIn(input));
    answer = done.answer;
    return done.changes;
  });
  return answer;
}

/** `{advance: seconds}`, `{set: time}`, `{mode: "real" | "frozen"}`, or several of them. Changing the mode moves no time. */
function movedClock({ now }: Call, clock: Clock, wanted: JsonObject, hostNow: number): Clock {
  const mode = textOf(wanted, "mode") ?? clock.mode;
  const set = textOf(wanted, "set");
  const at = (set === undefined ? now : timeOf(set, now, "set")) + (numberOf(wanted, "advance") ?? 0) * 1000;
  switch (mode) {
    case "real":
      return { mode, aheadMs: at - hostNow };
    case "frozen":
      return { mode, at };
    default:
      throw new Error(`mode: ${mode} is not real or frozen`);
  }
}

function objectIn(input: Json): JsonObject {
  if (!isObject(input)) throw new Error("the body is not a JSON object");
  return input;
}
