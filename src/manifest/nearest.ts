/** The candidate that somebody probably meant, or none. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  if (wanted.length > 40) return undefined;
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
  const steps = (row: readonly number[], at: number) => row[at] as number;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        steps(last, j) + 1,
        steps(row, j - 1) + 1,
        steps(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? steps(beforeLast, j - 2) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return steps(last, b.length);
}
