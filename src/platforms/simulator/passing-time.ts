import type { Journal } from "./journal.ts";

/** The state of a service, as far as keeping it and letting time pass need to know it. */
export interface KeptState<Change> {
  readonly put: (change: Change) => void;
  /** Milliseconds since 1970, on the service's own clock. */
  readonly now: () => number;
  /** How many ids were made so far, and a row that says so. */
  readonly idsMade: () => number;
  readonly rememberIds: (made: number) => Change;
  /** The same number gives the same id. */
  readonly idOf: (number: number) => string;
  /** When something next happens by itself; Infinity where nothing will. */
  readonly nextEvent: () => number;
  /** The first thing that has happened by itself until then, as changes; nothing where nothing is due. */
  readonly elapsed: (until: number) => readonly Change[];
  /** May the next event be another one after these changes, which are not yet made. */
  readonly moves: (changes: readonly Change[]) => boolean;
}

/**
 * Lets one decision after the other change the state, each after everything that has happened by itself before it. What
 * is decided is in the journal before anybody hears of it. The answer is whether anything was changed.
 */
export type Decide<Change> = (decide: (newId: () => string) => readonly Change[]) => boolean;

/** Takes up the journal's entries, and keeps what is decided from then on. */
export function keepDecisions<Change>(journal: Journal<Change>, state: KeptState<Change>): Decide<Change> {
  for (const entry of journal.entries) for (const change of entry) state.put(change);
  // Most calls come long before anything happens by itself; looking at every row each time would make them slow.
  let nextAt = -Infinity;

  const keep = (changes: readonly Change[]) => {
    if (changes.length === 0) return;
    journal.append(changes);
    if (state.moves(changes)) nextAt = -Infinity;
    for (const change of changes) state.put(change);
  };

  const passTime = () => {
    const until = state.now();
    while (nextAt <= until) {
      const changes = state.elapsed(until);
      keep(changes);
      nextAt = changes.length === 0 ? state.nextEvent() : -Infinity;
    }
  };

  return (decide) => {
    passTime();
    const made = state.idsMade();
    let ids = made;
    const changes = decide(() => state.idOf(++ids));
    keep(ids === made || changes.length === 0 ? changes : [...changes, state.rememberIds(ids)]);
    passTime();
    return changes.length > 0;
  };
}
