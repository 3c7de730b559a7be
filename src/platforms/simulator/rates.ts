/** When the calls of the last second were taken. Milliseconds of the host's clock, oldest first. */
export type Recent = number[];

/**
 * Takes one more call, which counts in every limit given, or says that it is too many for one of them. `most` 0: no
 * limit.
 */
export function tooMany(now: number, limits: readonly { readonly times: Recent; readonly most: number }[]): boolean {
  const counted = limits.filter(({ most }) => most > 0);
  for (const { times } of counted) while (times[0] !== undefined && times[0] <= now - 1000) times.shift();
  if (counted.some(({ times, most }) => times.length >= most)) return true;
  for (const { times } of counted) times.push(now);
  return false;
}
