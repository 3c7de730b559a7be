import type { ProofRow } from "./section.ts";

const SCENARIO = 58;

export const TABLE_HEAD = `  ${"scenario".padEnd(SCENARIO)} ${"cases".padStart(13)} ${"violations".padStart(10)} ${"time".padStart(8)}  note\n`;

/** One line of the table, and beneath it the first few violations. */
export function tableRow({ scenario, cases, violations, ms, note = "" }: ProofRow): string {
  const cells = [
    scenario.padEnd(SCENARIO),
    cases.toLocaleString("en-US").padStart(13),
    String(violations.length).padStart(10),
    duration(ms).padStart(8),
  ];
  const told = violations.slice(0, VIOLATIONS_TOLD).map((each) => `      ${each}\n`);
  const rest = violations.length - told.length;
  return `${`  ${cells.join(" ")}  ${note}`.trimEnd()}\n${told.join("")}${rest > 0 ? `      and ${rest} more\n` : ""}`;
}

const VIOLATIONS_TOLD = 5;

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
