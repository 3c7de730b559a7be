import { shownBy } from "../../simulator/clock.ts";
import type { Journal } from "../../simulator/journal.ts";
import { keepDecisions } from "../../simulator/passing-time.ts";
import { type Asked, type Call, type Decision, type Operation, Refused } from "./call.ts";
import { elapsed, nextEvent } from "./elapse.ts";
import { objectId } from "./ids.ts";
import type { Refusal } from "./refusal.ts";
import { type Change, clockIn, emptyStore, numberIn, put, type State, switchesIn } from "./state.ts";
import type { Switches } from "./switches.ts";

/** What one researcher reaches: the state, its clock, and the only place where either changes. */
export interface Account {
  readonly state: State;
  readonly switches: () => Switches;
  /** Milliseconds since 1970 on the account's own clock. */
  readonly now: () => number;
  /** Lets one operation decide, and keeps what it decided. */
  readonly perform: (operation: Operation, asked: Asked) => Result;
  /** Changes made from outside of the API: a payment by hand, a new world, a switch, the clock. */
  readonly change: (changesOf: (call: Call) => readonly Change[]) => void;
}

export type Result = { readonly decision: Decision; readonly effect: boolean } | { readonly refusal: Refusal };

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
    idOf: (number) => objectId(number),
    nextEvent: () => nextEvent(state),
    elapsed: (until) => elapsed(state, switches(), until),
    moves: (changes) => changes.some(({ table }) => table === "orders" || table === "submissions"),
  });
  const withCall = (changesOf: (call: Call) => readonly Change[]) =>
    decide((newId) => changesOf({ state, switches: switches(), now: now(), newId }));

  return {
    state,
    switches,
    now,
    change: (changesOf) => void withCall(changesOf),
    perform: (operation, asked) => {
      let decision: Decision = {};
      try {
        const effect = withCall((call) => {
          decision = operation(call, asked);
          return decision.changes ?? [];
        });
        return { decision, effect };
      } catch (error) {
        if (error instanceof Refused) return { refusal: error.refusal };
        throw error;
      }
    },
  };
}
