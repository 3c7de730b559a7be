import { type Call, Refused } from "./call.ts";
import { invalidValue, requestError } from "./refusal.ts";
import type { Assignment, Hit, QualificationType } from "./state.ts";

/** The HIT, or HITDoesNotExist: never made, or disposed of. */
export function hitOf({ state }: Call, id: string): Hit {
  const hit = state.hits.get(id);
  if (!hit || hit.disposed !== undefined)
    throw new Refused(requestError("HITDoesNotExist", `Hit ${id} does not exist.`));
  return hit;
}

/** An assignment that was submitted and has become visible, or the answer of one that was not. */
export function submittedAssignment(
  call: Call,
  id: string,
  allowed: string,
): Assignment & { readonly submitted: number } {
  const assignment = call.state.assignments.get(id);
  if (!assignment) throw doesNotExist(id);
  if (!isVisible(call, assignment))
    throw call.switches.unsubmitted === "does-not-exist"
      ? doesNotExist(id)
      : invalidAssignmentState(allowed === "Submitted" ? "null" : allowed);
  return assignment;
}

/** Was it submitted, and long enough ago. */
export function isVisible(
  { now, switches }: Call,
  assignment: Assignment,
): assignment is Assignment & { readonly submitted: number } {
  return assignment.submitted !== undefined && now >= assignment.submitted + switches.submissionLagSeconds * 1000;
}

export function invalidAssignmentState(allowed: string): Refused {
  return new Refused(
    requestError("InvalidAssignmentState", `This operation can be called with a status of: ${allowed}`),
  );
}

export function doesNotExist(assignment: string): Refused {
  return new Refused(requestError("AssignmentDoesNotExist", `Assignment ${assignment} does not exist.`));
}

/** One's own type that was not deleted. */
export function typeOf({ state }: Call, id: string): QualificationType {
  const type = state.types.get(id);
  if (!type || type.deleted !== undefined)
    throw new Refused(requestError("QualificationTypeDoesNotExist", `QualificationType ${id} does not exist.`));
  return type;
}

/** Unknown workers, and those known in the other environment only, are refused as a bad parameter. */
export function requireWorker({ state }: Call, worker: string): void {
  if (!state.workers.has(worker)) throw new Refused(invalidValue("WorkerId", worker));
}
