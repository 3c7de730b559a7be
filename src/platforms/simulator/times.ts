export const DAY_MS = 86_400_000;

const UNITS: Readonly<Record<string, number>> = { d: DAY_MS, h: 3_600_000, m: 60_000 };

export const iso = (ms: number): string => new Date(ms).toISOString();

/** A point in time as a world file writes it: ISO 8601, or `-3d`, `12h`, `-30m` from now. */
export function timeOf(value: string, now: number, where: string): number {
  const relative = /^([+-]?[0-9]+)([dhm])$/.exec(value);
  if (relative) {
    const [, count, unit = ""] = relative;
    return now + Number(count) * (UNITS[unit] ?? 0);
  }
  const at = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw new Error(`${where}: ${value} is not a time such as 2026-11-02T09:00:00Z or -3d`);
  return at;
}
