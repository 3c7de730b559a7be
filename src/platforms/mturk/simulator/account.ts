import { type Call, type Decision, Refused } from "./call.ts";
import { elapsed, nextEvent } from "./elapse.ts";
import { entityId } from "./ids.ts";
import { shownBy } from "../../simulator/clock.ts";
import { keepDecisions } from "../../simulator/passing-time.ts";
import type { Journal } from "../../simulator/journal.ts";
import type { JsonObject } from "../../simulator/json.ts";
import { WORKING } from "./operations.ts";
import type { Refusal } from "./refusal.ts";
import { type Change, clockIn, emptyStore, numberIn, put, type State, switchesIn } from "./state.ts";
import type { Switches } from "./switches.ts";
import { refuseUsedToken, tokenUsed } from "./tokens.ts";

/** One requester account: its state, its clock, and the only place where either changes. */
export interface Account {
  readonly state: State;
  readonly switches: () => Switches;
  /** Milliseconds since 1970 on the account's own clock. */
  readonly now: () => number;
  /** Lets one operation decide, and keeps what it decided. */
  readonly perform: (operation: string, input: JsonObject, requestId: string) => Result;
  /** Changes made from outside of the API: a worker's submission, a new world, a switch, the clock. */
  readonly change: (decide: (call: Call) => readonly Change[]) => void;
}

export type Result =
  | { readonly kind: "done"; readonly output: JsonObject | undefined; readonly effect: boolean }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly effect: boolean };

/** `hostNow` is the host's clock in milliseconds. */
export function openAccount(journal: Journal<Change>, hostNow: () => number): Account {
  const { state, put: store } = emptyStore();
  const switches = () => switchesIn(state);
  const now = () => shownBy(clockIn(state), hostNow());
  const decide = keepDecisions(journal, {
    put: store,
    now,
    idsMade: () => numberIn(state, "ids"),
    rememberIds: (made) => put("numbers", "ids", made),
    idOf: (number) => entityId(number),
    nextEvent: () => nextEvent(state, switches()),
    elapsed: (until) => elapsed(state, switches(), until),
    moves: (changes) => changes.some((change) => moves(state, change)),
  });

  const withCall = (requestId: string, changesOf: (call: Call) => readonly Change[]) =>
    decide((newId) => changesOf({ state, switches: switches(), now: now(), requestId, newId }));

  return {
    state,
    switches,
    now,
    change: (changesOf) => void withCall("outside", changesOf),
    perform: (operation, input, requestId) => {
      let result: { output: JsonObject | undefined; refusal?: Refusal } = { output: undefined };
      const effect = withCall(requestId, (call) => {
        try {
          const decision = decided(call, operation, input);
          result = { output: decision.output };
          return decision.changes ?? [];
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          result = { output: undefined, refusal: error.refusal };
          return call.switches.failedCallBurnsToken ? tokenUsed(call, operation, input, {}) : [];
        }
      });
      return result.refusal
        ? { kind: "refused", refusal: result.refusal, effect: false }
        : { kind: "done", output: result.output, effect };
    },
  };
}

/** Things happen by themselves to assignments and HITs, and to those that wait for money. */
function moves(state: State, change: Change): boolean {
  if (change.table === "numbers")
    return change.key === "balance" && change.row !== null && change.row > numberIn(state, "balance");
  return change.table === "assignments" || change.table === "hits" || change.table === "switches";
}

function decided(call: Call, operation: string, input: JsonObject): Decision {
  const decide = WORKING[operation];
  if (!decide) throw new Error(`the simulator has no ${operation}`);
  refuseUsedToken(call, operation, input);
  const decision = decide(call, input);
  return { ...decision, changes: [...(decision.changes ?? []), ...tokenUsed(call, operation, input, decision)] };
}
