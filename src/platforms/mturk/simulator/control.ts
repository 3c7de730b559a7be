import { type Actions, objectIn } from "../../simulator/control.ts";
import type { Json, JsonObject } from "../../simulator/json.ts";
import type { Account } from "./account.ts";
import type { Call } from "./call.ts";
import { acceptHit, type Deed, requestQualification, submit } from "./worker-side.ts";

/** What workers do on MTurk's own pages. */
export function workersActions(account: Account): Actions {
  return {
    "POST /submit": (input) => deed(account, submit, input),
    "POST /accept": (input) => deed(account, acceptHit, input),
    "POST /request": (input) => deed(account, requestQualification, input),
  };
}

function deed(account: Account, does: (call: Call, input: JsonObject) => Deed, input: Json): JsonObject {
  let answer: JsonObject = {};
  account.change((call) => {
    const done = does(call, objectIn(input));
    answer = done.answer;
    return done.changes;
  });
  return answer;
}
