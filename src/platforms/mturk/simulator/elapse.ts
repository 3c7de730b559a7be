import { DAY_MS } from "../../simulator/times.ts";
import { rewardFee } from "./fees.ts";
import { available, debited } from "./funds.ts";
import { usesMasters } from "./hits.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Assignment, type Change, type Hit, put, remove, type State } from "./state.ts";
import type { Switches } from "./switches.ts";

const DISPOSAL_MS = 120 * DAY_MS;

/**
 * When something next happens by itself: a submitted assignment is approved, an accepted one times out, a HIT is disposed
 * of 120 days after it could be reviewed. Infinity where nothing will.
 */
export function nextEvent(state: State, switches: Switches): number {
  let next = Infinity;
  for (const assignment of state.assignments.values())
    next = Math.min(next, dueOfAssignment(state, switches, assignment));
  for (const hit of state.hits.values()) next = Math.min(next, dueOfHit(state, hit));
  return next;
}

/** The first thing that has happened by itself until now, as changes; nothing where nothing is due. */
export function elapsed(state: State, switches: Switches, now: number): readonly Change[] {
  const assignment = earliest([...state.assignments.values()], (each) => dueOfAssignment(state, switches, each));
  const hit = earliest([...state.hits.values()], (each) => dueOfHit(state, each));
  const first = Math.min(assignment?.due ?? Infinity, hit?.due ?? Infinity);
  if (first > now) return [];
  if (assignment && assignment.due === first) return pastDue(state, switches, assignment.row, first);
  return hit ? [put("hits", hit.row.id, { ...hit.row, disposed: first })] : [];
}

function pastDue(state: State, switches: Switches, assignment: Assignment, at: number): readonly Change[] {
  if (assignment.status === "Accepted") return [remove("assignments", assignment.id)];
  const hit = state.hits.get(assignment.hit);
  if (!hit) return [];
  const { reward, fee } = costs(hit);
  return [
    ...debited(state, switches, "reward", assignment.id, reward, fee, at),
    put("assignments", assignment.id, { ...assignment, status: "Approved", approved: at }),
  ];
}

function dueOfAssignment(state: State, switches: Switches, assignment: Assignment): number {
  if (assignment.status === "Accepted") return assignment.deadline;
  const hit = state.hits.get(assignment.hit);
  if (assignment.status !== "Submitted" || assignment.submitted === undefined || !hit || hit.disposed !== undefined)
    return Infinity;
  // What Amazon does where the money is missing is not known; here the assignment waits for it.
  const { reward, fee } = costs(hit);
  if (available(state, switches) < reward + fee) return Infinity;
  return assignment.submitted + hit.type.autoApprovalSeconds * 1000;
}

function dueOfHit(state: State, hit: Hit): number {
  if (hit.disposed !== undefined) return Infinity;
  const rows = rowsOf(state.assignments, state.assignmentsOfHit.get(hit.id));
  if (rows.some((each) => each.status === "Accepted")) return Infinity;
  const last = rows.reduce((latest, each) => Math.max(latest, each.submitted ?? 0), 0);
  const reviewable = rows.length >= hit.maxAssignments ? last : Math.max(hit.expires, last);
  return Math.max(reviewable, hit.created) + DISPOSAL_MS;
}

function costs(hit: Hit): { readonly reward: number; readonly fee: number } {
  const { reward } = hit.type;
  return { reward, fee: rewardFee(reward, hit.maxAssignments, usesMasters(hit.type)) };
}

function earliest<Row>(rows: readonly Row[], dueOf: (row: Row) => number): { row: Row; due: number } | undefined {
  let first: { row: Row; due: number } | undefined;
  for (const row of rows) {
    const due = dueOf(row);
    if (due < (first?.due ?? Infinity)) first = { row, due };
  }
  return first;
}
