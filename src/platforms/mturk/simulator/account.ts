import { type Call, type Decision, Refused } from "./call.ts";
import { elapsed, nextEvent } from "./elapse.ts";
import { entityId } from "./ids.ts";
import type { Journal } from "./journal.ts";
import type { JsonObject } from "./json.ts";
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
export function openAccount(journal: Journal, hostNow: () => number): Account {
  const { state, put: store } = emptyStore();
  for (const entry of journal.entries) for (const change of entry) store(change);

  // Most calls come long before anything happens by itself; looking at every row each time would make them slow.
  let nextAt = -Infinity;
  const switches = () => switchesIn(state);
  const now = () => {
    const clock = clockIn(state);
    return clock.mode === "frozen" ? clock.at : hostNow() + clock.aheadMs;
  };

  const keep = (changes: readonly Change[]) => {
    if (changes.length === 0) return;
    journal.append(changes);
    const before = numberIn(state, "balance");
    for (const change of changes) store(change);
    const timed = changes.some(({ table }) => table === "assignments" || table === "hits" || table === "switches");
    if (timed || numberIn(state, "balance") > before) nextAt = -Infinity;
  };

  const passTime = () => {
    const until = now();
    while (nextAt <= until) {
      const changes = elapsed(state, switches(), until);
      keep(changes);
      if (changes.length === 0) nextAt = nextEvent(state, switches());
    }
  };

  const withCall = (requestId: string, decide: (call: Call) => readonly Change[]) => {
    passTime();
    const made = numberIn(state, "ids");
    let ids = made;
    const call = { state, switches: switches(), now: now(), requestId, newId: () => entityId(++ids) };
    const changes = decide(call);
    keep(ids === made || changes.length === 0 ? changes : [...changes, put("numbers", "ids", ids)]);
    passTime();
    return changes.length > 0;
  };

  return {
    state,
    switches,
    now,
    change: (decide) => void withCall("outside", decide),
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

function decided(call: Call, operation: string, input: JsonObject): Decision {
  const decide = WORKING[operation];
  if (!decide) throw new Error(`the simulator has no ${operation}`);
  refuseUsedToken(call, operation, input);
  const decision = decide(call, input);
  return { ...decision, changes: [...(decision.changes ?? []), ...tokenUsed(call, operation, input, decision)] };
}
