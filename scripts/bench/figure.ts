/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  /** What people use today, for the same work. */
  readonly peers?: string;
  readonly goal: string;
  /** Undefined where the line is told and not judged. */
  readonly reached?: boolean;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What a row costs of the processor as rows grow: `costs` from the smallest to the largest, judged from `from` rows on. */
export function perRow(
  what: string,
  costs: readonly { readonly size: number; readonly cpuMs: number }[],
  from: number,
): Figure {
  const all = costs.map(({ size, cpuMs }) => ({ size, ms: cpuMs / size }));
  const ratio = (all.at(-1)?.ms ?? Number.NaN) / (all.find(({ size }) => size >= from)?.ms ?? Number.NaN);
  const told = all.map(({ size, ms }) => `${size}: ${ms.toFixed(3)}`).join(", ");
  return {
    what: `${what}: ms of the processor for a row, as rows grow`,
    ours: `${told} (${ratio.toFixed(2)} ×)`,
    goal: "at most 1.2 ×",
    reached: ratio <= 1.2,
  };
}

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
