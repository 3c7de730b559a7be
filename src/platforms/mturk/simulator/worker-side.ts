import type { Call } from "./call.ts";
import { hitStatus } from "./hits.ts";
import type { JsonObject } from "../../simulator/json.ts";
import { textOf } from "../../simulator/json.ts";
import { meets } from "./qualifications.ts";
import { keyOf } from "./qualifications.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Assignment, type Change, type Hit, put } from "./state.ts";
import { NO_ANSWERS } from "./world.ts";

/** What a worker does on MTurk's own pages, which no requester can ask for. Each throws an Error where it is not possible. */
export interface Deed {
  readonly answer: JsonObject;
  readonly changes: readonly Change[];
}

/** Takes an assignment without handing it in. `{HITId, WorkerId}` → `{AssignmentId}`. */
export function acceptHit(call: Call, input: JsonObject): Deed {
  const assignment = taken(call, openHit(call, input), wanted(input, "WorkerId"));
  return {
    answer: { AssignmentId: assignment.id },
    changes: [worker(assignment.worker), put("assignments", assignment.id, assignment)],
  };
}

/** Hands an assignment in, taking it first where the worker has not. `{HITId, WorkerId, Answer?}` → `{AssignmentId}`. */
export function submit(call: Call, input: JsonObject): Deed {
  const id = wanted(input, "WorkerId");
  const mine = ofWorker(call, wanted(input, "HITId"), id).find((each) => each.status === "Accepted");
  const assignment = mine ?? taken(call, openHit(call, input), id);
  const submitted: Assignment = {
    ...assignment,
    status: "Submitted",
    submitted: call.now,
    answer: textOf(input, "Answer") ?? NO_ANSWERS,
  };
  return {
    answer: { AssignmentId: submitted.id },
    changes: [worker(id), put("assignments", submitted.id, submitted)],
  };
}

/** Asks for a qualification. `{QualificationTypeId, WorkerId, Answer?}` → `{QualificationRequestId}`, or the score if it was granted at once. */
export function requestQualification(call: Call, input: JsonObject): Deed {
  const type = call.state.types.get(wanted(input, "QualificationTypeId"));
  const id = wanted(input, "WorkerId");
  if (!type || type.deleted !== undefined || type.status === "Inactive")
    throw new Error("this type cannot be requested");
  if (type.autoGranted) {
    const score = type.autoGrantedValue ?? 1;
    const holder = { type: type.id, worker: id, score, status: "Granted" as const, granted: call.now };
    return { answer: { IntegerValue: score }, changes: [worker(id), put("holders", keyOf(type.id, id), holder)] };
  }
  const answer = textOf(input, "Answer");
  const request = {
    id: call.newId(),
    type: type.id,
    worker: id,
    submitted: call.now,
    ...(answer === undefined ? {} : { answer }),
  };
  return {
    answer: { QualificationRequestId: request.id },
    changes: [worker(id), put("requests", request.id, request)],
  };
}

function openHit(call: Call, input: JsonObject): Hit {
  const id = wanted(input, "HITId");
  const hit = call.state.hits.get(id);
  if (!hit) throw new Error(`there is no HIT ${id}`);
  if (hitStatus(call, hit) !== "Assignable") throw new Error(`HIT ${id} is ${hitStatus(call, hit)}`);
  return hit;
}

function taken(call: Call, hit: Hit, by: string): Assignment {
  if (!/^A[A-Z0-9]{1,63}$/.test(by)) throw new Error(`${by} is not a worker id`);
  if (call.state.blocks.has(by)) throw new Error(`worker ${by} is blocked`);
  if (ofWorker(call, hit.id, by).length > 0) throw new Error(`worker ${by} has already taken HIT ${hit.id}`);
  if (!(hit.type.requirements ?? []).every((each) => meets(call, by, each)))
    throw new Error(`worker ${by} does not meet the requirements of HIT ${hit.id}`);
  return {
    id: call.newId(),
    hit: hit.id,
    worker: by,
    status: "Accepted",
    accepted: call.now,
    deadline: call.now + hit.type.durationSeconds * 1000,
  };
}

function ofWorker({ state }: Call, hit: string, by: string): readonly Assignment[] {
  return rowsOf(state.assignments, state.assignmentsOfHit.get(hit)).filter((each) => each.worker === by);
}

const worker = (id: string): Change => put("workers", id, { worker: id });

function wanted(input: JsonObject, name: string): string {
  const value = textOf(input, name);
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}
