/** The candidate that somebody probably meant, or none. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  if (wanted === "" || wanted.length > 40) return undefined;
  let best: string | undefined;
  let least = wanted.length < 5 ? 2 : 3;
  for (const candidate of candidates) {
    const steps = stepsBetween(wanted, plain(candidate));
    if (steps < least) [best, least] = [candidate, steps];
  }
  if (best !== undefined || wanted.length < 3) return best;
  for (const candidate of candidates)
    if (plain(candidate).startsWith(wanted) || wanted.startsWith(plain(candidate))) return candidate;
  return undefined;
}

/** Case, accents, width, blanks, hyphens and underscores are slips of the hand. */
function plain(word: string): string {
  return word
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many letters must be changed, added, left out or swapped with their neighbour. */
function stepsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
