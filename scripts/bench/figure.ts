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

export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
