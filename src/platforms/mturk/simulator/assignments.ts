import { DAY_MS } from "../../simulator/times.ts";
import { type Call, type Decision, seconds } from "./call.ts";
import { rewardFee } from "./fees.ts";
import { debit } from "./funds.ts";
import { hitOutput, usesMasters } from "./hits.ts";
import { booleanOf, type JsonObject, requiredText, textOf, textsOf } from "../../simulator/json.ts";
import { doesNotExist, hitOf, invalidAssignmentState, isVisible, submittedAssignment } from "./lookups.ts";
import { page } from "./pages.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Assignment, type Change, type Hit, put } from "./state.ts";

const OVERRIDE_MS = 30 * DAY_MS;

export function getAssignment(call: Call, input: JsonObject): Decision {
  const assignment = submittedAssignment(call, requiredText(input, "AssignmentId"), "Reviewable,Approved,Rejected");
  const hit = livingHit(call, assignment);
  return { output: { Assignment: assignmentOutput(assignment, hit), HIT: hitOutput(call, hit) } };
}

export function listAssignmentsForHIT(call: Call, input: JsonObject): Decision {
  const hit = hitOf(call, requiredText(input, "HITId"));
  const statuses = textsOf(input, "AssignmentStatuses") ?? [];
  const rows = rowsOf(call.state.assignments, call.state.assignmentsOfHit.get(hit.id)).filter(
    (each) => isVisible(call, each) && (statuses.length === 0 || statuses.includes(each.status)),
  );
  return { output: page(call, input, "Assignments", rows, (each) => assignmentOutput(each, hit)) };
}

export function approveAssignment(call: Call, input: JsonObject): Decision {
  const assignment = submittedAssignment(call, requiredText(input, "AssignmentId"), "Submitted");
  const hit = livingHit(call, assignment);
  const overridden =
    assignment.status === "Rejected" &&
    booleanOf(input, "OverrideRejection") === true &&
    call.now <= assignment.submitted + OVERRIDE_MS;
  if (assignment.status !== "Submitted" && !overridden) throw invalidAssignmentState("Submitted");
  return { changes: approval(call, assignment, hit, textOf(input, "RequesterFeedback")) };
}

export function rejectAssignment(call: Call, input: JsonObject): Decision {
  const assignment = submittedAssignment(call, requiredText(input, "AssignmentId"), "Submitted");
  livingHit(call, assignment);
  if (assignment.status !== "Submitted") throw invalidAssignmentState("Submitted");
  const feedback = requiredText(input, "RequesterFeedback");
  return {
    changes: [put("assignments", assignment.id, { ...assignment, status: "Rejected", rejected: call.now, feedback })],
  };
}

function approval(call: Call, assignment: Assignment, hit: Hit, feedback: string | undefined): readonly Change[] {
  const { reward } = hit.type;
  const { rejected: _overridden, ...kept } = assignment;
  return [
    ...debit(call, "reward", assignment.id, reward, rewardFee(reward, hit.maxAssignments, usesMasters(hit.type))),
    put("assignments", assignment.id, {
      ...kept,
      status: "Approved",
      approved: call.now,
      ...(feedback === undefined ? {} : { feedback }),
    }),
  ];
}

function livingHit(call: Call, assignment: Assignment): Hit {
  const hit = call.state.hits.get(assignment.hit);
  if (!hit || hit.disposed !== undefined) throw doesNotExist(assignment.id);
  return hit;
}

function assignmentOutput(assignment: Assignment, hit: Hit): JsonObject {
  const { submitted, approved, rejected, feedback } = assignment;
  return {
    AssignmentId: assignment.id,
    WorkerId: assignment.worker,
    HITId: assignment.hit,
    AssignmentStatus: assignment.status,
    ...(submitted === undefined ? {} : { AutoApprovalTime: seconds(submitted) + hit.type.autoApprovalSeconds }),
    AcceptTime: seconds(assignment.accepted),
    ...(submitted === undefined ? {} : { SubmitTime: seconds(submitted) }),
    ...(approved === undefined ? {} : { ApprovalTime: seconds(approved) }),
    ...(rejected === undefined ? {} : { RejectionTime: seconds(rejected) }),
    Deadline: seconds(assignment.deadline),
    ...(assignment.answer === undefined ? {} : { Answer: assignment.answer }),
    ...(feedback === undefined ? {} : { RequesterFeedback: feedback }),
  };
}
