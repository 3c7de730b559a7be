import { openAccount } from "./account.ts";
import { isList, isObject, type Json, type JsonObject, textOf } from "../../simulator/json.ts";
import { put } from "./state.ts";
import { withSwitches } from "./switches.ts";
import { wholeTruth } from "./truth.ts";
import { submit } from "./worker-side.ts";
import { worldChanges } from "./world.ts";

/** Test support: an account without a server, a journal or a running clock. */
export interface Trial {
  /** The output, or the code of the refusal. */
  readonly ask: (operation: string, input?: JsonObject) => JsonObject | string;
  /** The rows of all pages. */
  readonly rows: (operation: string, name: string, input?: JsonObject) => readonly JsonObject[];
  readonly later: (seconds: number) => void;
  readonly set: (switches: JsonObject) => void;
  readonly submit: (hit: string, worker: string) => string;
  readonly truth: () => JsonObject;
  readonly balance: () => string | undefined;
}

export function trial(world: string): Trial {
  const account = openAccount({ entries: [], append: () => undefined, close: () => undefined }, () => 0);
  account.change((call) => worldChanges(call, `clock: 2026-11-02T09:00:00Z\n${world}`));
  let calls = 0;

  const ask = (operation: string, input: JsonObject = {}) => {
    calls += 1;
    const result = account.perform(operation, input, `request-${calls}`);
    if (result.kind === "done") return result.output ?? {};
    return (result.refusal.turkErrorCode ?? result.refusal.type).replace("AWS.MechanicalTurk.", "");
  };
  const rows = (operation: string, name: string, input: JsonObject = {}) => {
    const found: JsonObject[] = [];
    for (let token: Json | undefined, more = true; more; more = token !== undefined) {
      const answer = ask(operation, token === undefined ? input : { ...input, NextToken: token });
      if (!isObject(answer)) throw new Error(`${operation}: ${answer}`);
      const page = answer[name];
      found.push(...(isList(page) ? page.filter(isObject) : []));
      token = answer["NextToken"];
    }
    return found;
  };

  return {
    ask,
    rows,
    later: (seconds) =>
      account.change(({ now }) => [put("clock", "now", { mode: "frozen", at: now + seconds * 1000 })]),
    set: (switches) => account.change((call) => [put("switches", "all", withSwitches(call.switches, switches))]),
    submit: (hit, worker) => {
      let made = "";
      account.change((call) => {
        const deed = submit(call, { HITId: hit, WorkerId: worker });
        made = textOf(deed.answer, "AssignmentId") ?? "";
        return deed.changes;
      });
      return made;
    },
    truth: () => wholeTruth(account),
    balance: () => textOf(wholeTruth(account), "balance"),
  };
}
