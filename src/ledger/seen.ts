import type { Money } from "../money.ts";

/**
 * What a list of bare amounts says of one order, compared with the list as it was before.
 * `once` our amount was added · `absent` it was not · `surplus` more than once: more was paid than we ordered ·
 * `inconsistent` something that stood there is gone, so that the list cannot be compared.
 */
export interface Seen {
  readonly kind: "once" | "absent" | "surplus" | "inconsistent";
  /** Amounts that were added beside ours. */
  readonly others: readonly Money[];
}

/** Compares two lists of one assignment's bonuses as multisets: their order means nothing, and equal amounts are alike. */
export function seen(amount: Money, baseline: readonly Money[], now: readonly Money[]): Seen {
  const { added, missing } = difference(baseline, now);
  const others = added.filter((each) => !isEqual(each, amount));
  if (missing.length > 0) return { kind: "inconsistent", others };
  const ours = added.length - others.length;
  return { kind: ours === 0 ? "absent" : ours === 1 ? "once" : "surplus", others };
}

/** True where two lists are the same multiset. */
export function isUnmoved(baseline: readonly Money[], now: readonly Money[]): boolean {
  const { added, missing } = difference(baseline, now);
  return added.length === 0 && missing.length === 0;
}

function difference(
  baseline: readonly Money[],
  now: readonly Money[],
): { readonly added: readonly Money[]; readonly missing: readonly Money[] } {
  const missing = [...baseline];
  const added = now.filter((each) => {
    const place = missing.findIndex((before) => isEqual(before, each));
    if (place !== -1) missing.splice(place, 1);
    return place === -1;
  });
  return { added, missing };
}

function isEqual(a: Money, b: Money): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}
