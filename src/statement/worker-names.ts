import type { Mask } from "../report/mask.ts";

/**
 * How a report calls each worker: as the mask shows them, with a number behind where two would look the same. The
 * first to be named keeps the plain form, so that a name stays with its worker while the ledger grows.
 */
export function workerNames(ids: Iterable<string>, mask: Pick<Mask, "worker">): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const id of ids) {
    if (id === "" || names.has(id)) continue;
    const shown = mask.worker(id);
    const nth = (taken.get(shown) ?? 0) + 1;
    taken.set(shown, nth);
    names.set(id, nth === 1 ? shown : `${shown} (${nth})`);
  }
  return names;
}
