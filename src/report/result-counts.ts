import { stops } from "../problem.ts";
import { isHandedOver, isWell } from "./apply-report.ts";
import type { ApplyReport } from "./apply-report.ts";
import type { AccountResult, HeldManifest, ResultState } from "./comment-input.ts";

/** How the bonuses of one run ended. Each is in exactly one of the last six. */
export interface ResultCounts {
  readonly planned: number;
  readonly paid: number;
  /** Paid before, and found by looking. */
  readonly found: number;
  readonly refused: number;
  readonly held: number;
  readonly unknown: number;
  /** Claimed and given back, or never reached. */
  readonly notSent: number;
  /** Why the numbers cannot be trusted; undefined where they agree. */
  readonly mismatch?: string;
}

/** Counts anew, and says where the report does not agree with itself or with what was planned. */
export function resultCounts({ report, planned }: AccountResult): ResultCounts {
  const pays = report.rows.filter(({ kind }) => kind === "pay");
  const ended = (outcome: (typeof pays)[number]["outcome"]) => pays.filter((row) => row.outcome === outcome).length;
  const asked = planned ?? report.totals.bonuses;
  const counts = {
    planned: asked,
    paid: ended("done"),
    found: ended("found"),
    refused: ended("refused"),
    held: ended("held"),
    unknown: ended("unknown"),
    notSent: ended("not-sent") + (mayBeUnreached(report) ? Math.max(0, asked - pays.length) : 0),
  };
  const told = counts.paid + counts.found + counts.refused + counts.held + counts.unknown + counts.notSent;
  const mismatch =
    told !== counts.planned
      ? `${counts.planned} planned, ${told} accounted for`
      : report.totals.paid !== counts.paid + counts.found
        ? `${report.totals.paid} reported as paid, ${counts.paid + counts.found} rows say so`
        : undefined;
  return mismatch === undefined ? counts : { ...counts, mismatch };
}

/** A run that came to its end has reached every row. */
function mayBeUnreached({ stopped, problems }: ApplyReport): boolean {
  return stopped !== undefined || stops(problems);
}

/** What a finished run's comment says. Numbers that do not agree are UNKNOWN: nobody may take them for a success. */
export function resultState(accounts: readonly AccountResult[], held: readonly HeldManifest[]): ResultState {
  const counts = accounts.map(resultCounts);
  const sum = (pick: (each: ResultCounts) => number) => counts.reduce((total, each) => total + pick(each), 0);
  const rows = accounts.flatMap(({ report }) => report.rows);
  const done = rows.filter(isWell).length;
  if (counts.some(({ mismatch }) => mismatch !== undefined) || rows.some(({ outcome }) => outcome === "unknown"))
    return "UNKNOWN";
  if (isToBeContinued(accounts, held)) return "PARTIAL";
  const stopped = accounts.some(({ report }) => report.stopped !== undefined || stops(report.problems));
  if (done === 0 && stopped) return "FAILED";
  const waiting =
    held.length > 0 ||
    stopped ||
    rows.some((row) => !isWell(row)) ||
    accounts.some(({ report }) => (report.held ?? []).length > 0);
  if (waiting) return done > 0 ? "PARTIAL" : "HELD";
  return sum(({ planned }) => planned) + done === 0 ? "NOTHING TO PAY" : "PAID";
}

/** Part of it is left for the next run, and for nobody else. */
export function isToBeContinued(accounts: readonly AccountResult[], held: readonly HeldManifest[]): boolean {
  const unfinished = accounts.filter(
    ({ report: { rows, held: before = [], problems, stopped } }) =>
      stopped !== undefined || before.length > 0 || stops(problems) || !rows.every(isWell),
  );
  return unfinished.length > 0 && held.length === 0 && unfinished.every(({ report }) => isHandedOver(report));
}
