/** How often each rare thing happened: faults, transitions of a row, crash windows, reasons to stop. */
export type Coverage = Map<string, number>;

export function hit(coverage: Coverage, name: string, times = 1): void {
  coverage.set(name, (coverage.get(name) ?? 0) + times);
}

export function addCoverage(into: Coverage, from: Iterable<readonly [string, number]>): void {
  for (const [name, times] of from) hit(into, name, times);
}
