import { type Call, type Decision, Refused, seconds } from "./call.ts";
import { booleanOf, type JsonObject, numberOf, requiredText, textOf } from "../../simulator/json.ts";
import { requireWorker, typeOf } from "./lookups.ts";
import { page } from "./pages.ts";
import { BUILT_IN_TYPES } from "./qualification-types.ts";
import { outOfRange, requestError } from "./refusal.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Change, type Holder, put, type QualificationRequest, remove } from "./state.ts";

export function associateQualificationWithWorker(call: Call, input: JsonObject): Decision {
  const type = requiredText(input, "QualificationTypeId");
  const worker = requiredText(input, "WorkerId");
  const score = scoreOf(call, input);
  if (BUILT_IN_TYPES.some((each) => each.id === type))
    throw new Refused(
      requestError("PermissionDeniedException", "You are not allowed to grant this QualificationType."),
    );
  const { name } = typeOf(call, type);
  requireWorker(call, worker);
  const told = booleanOf(input, "SendNotification") !== false;
  return { changes: [granted(call, type, worker, score), ...(told ? [grantMail(call, name, worker)] : [])] };
}

export function disassociateQualificationFromWorker(call: Call, input: JsonObject): Decision {
  const { id } = typeOf(call, requiredText(input, "QualificationTypeId"));
  const worker = requiredText(input, "WorkerId");
  requireWorker(call, worker);
  const holder = call.state.holders.get(keyOf(id, worker));
  if (holder?.status === "Granted")
    return { changes: [put("holders", keyOf(id, worker), { ...holder, status: "Revoked" })] };
  if (call.switches.disassociateNonHolder === "accepted") return {};
  throw holder ? revoked(call) : noSuchQualification();
}

export function getQualificationScore(call: Call, input: JsonObject): Decision {
  const { id } = typeOf(call, requiredText(input, "QualificationTypeId"));
  const worker = requiredText(input, "WorkerId");
  requireWorker(call, worker);
  const holder = call.state.holders.get(keyOf(id, worker));
  if (!holder) throw noSuchQualification();
  if (holder.status === "Revoked") throw revoked(call);
  return { output: { Qualification: holderOutput(holder) } };
}

export function listWorkersWithQualificationType(call: Call, input: JsonObject): Decision {
  const { id } = typeOf(call, requiredText(input, "QualificationTypeId"));
  const status = textOf(input, "Status");
  const rows = rowsOf(call.state.holders, call.state.holdersOfType.get(id)).filter(
    (each) => status === undefined || each.status === status,
  );
  return { output: page(call, input, "Qualifications", rows, holderOutput) };
}

export function listQualificationRequests(call: Call, input: JsonObject): Decision {
  const wanted = textOf(input, "QualificationTypeId");
  const type = wanted === undefined ? undefined : typeOf(call, wanted).id;
  const rows = [...call.state.requests.values()].filter((each) => type === undefined || each.type === type);
  return { output: page(call, input, "QualificationRequests", rows, (each) => requestOutput(call, each)) };
}

export function acceptQualificationRequest(call: Call, input: JsonObject): Decision {
  const request = requestOf(call, input);
  const { name } = typeOf(call, request.type);
  return {
    changes: [
      remove("requests", request.id),
      granted(call, request.type, request.worker, scoreOf(call, input)),
      grantMail(call, name, request.worker),
    ],
  };
}

export function rejectQualificationRequest(call: Call, input: JsonObject): Decision {
  return { changes: [remove("requests", requestOf(call, input).id)] };
}

export const keyOf = (type: string, worker: string): string => `${type}/${worker}`;

/** May this worker take the HIT, as far as the requester's own types say. */
export function meets({ state }: Call, worker: string, requirement: JsonObject): boolean {
  const type = textOf(requirement, "QualificationTypeId") ?? "";
  if (!state.types.has(type)) return true;
  const holder = state.holders.get(keyOf(type, worker));
  const score = holder?.status === "Granted" ? holder.score : undefined;
  const values = requirement["IntegerValues"];
  const wanted = Array.isArray(values) ? values.filter((each) => typeof each === "number") : [];
  const first = wanted[0] ?? 0;
  switch (textOf(requirement, "Comparator")) {
    case "Exists":
      return score !== undefined;
    case "DoesNotExist":
      return score === undefined;
    case "EqualTo":
      return score === first;
    case "NotEqualTo":
      return score !== first;
    case "LessThan":
      return score !== undefined && score < first;
    case "LessThanOrEqualTo":
      return score !== undefined && score <= first;
    case "GreaterThan":
      return score !== undefined && score > first;
    case "GreaterThanOrEqualTo":
      return score !== undefined && score >= first;
    case "In":
      return score !== undefined && wanted.includes(score);
    case "NotIn":
      return score === undefined || !wanted.includes(score);
    case undefined:
    default:
      return false;
  }
}

function granted(call: Call, type: string, worker: string, score: number): Change {
  return put("holders", keyOf(type, worker), { type, worker, score, status: "Granted", granted: call.now });
}

function grantMail(call: Call, type: string, worker: string): Change {
  return put("mails", `${call.requestId}/${worker}`, {
    to: worker,
    about: "qualification",
    subject: `You have been granted a Qualification: ${type}`,
    text: type,
    at: call.now,
  });
}

function scoreOf(call: Call, input: JsonObject): number {
  const score = numberOf(input, "IntegerValue") ?? 1;
  if (call.switches.scores === "0-100" && (score < 0 || score > 100))
    throw new Refused(outOfRange("IntegerValue", score, 0, 100));
  return score;
}

function requestOf({ state }: Call, input: JsonObject): QualificationRequest {
  const id = requiredText(input, "QualificationRequestId");
  const request = state.requests.get(id);
  if (!request)
    throw new Refused(requestError("QualificationRequestDoesNotExist", `QualificationRequest ${id} does not exist.`));
  return request;
}

function requestOutput({ state }: Call, request: QualificationRequest): JsonObject {
  const test = state.types.get(request.type)?.test;
  return {
    QualificationRequestId: request.id,
    QualificationTypeId: request.type,
    WorkerId: request.worker,
    ...(test === undefined ? {} : { Test: test }),
    ...(request.answer === undefined ? {} : { Answer: request.answer }),
    SubmitTime: seconds(request.submitted),
  };
}

function holderOutput(holder: Holder): JsonObject {
  return {
    QualificationTypeId: holder.type,
    WorkerId: holder.worker,
    GrantTime: seconds(holder.granted),
    IntegerValue: holder.score,
    Status: holder.status,
  };
}

function noSuchQualification(): Refused {
  return new Refused(requestError("QualificationDoesNotExist", "You requested a Qualification that does not exist."));
}

function revoked({ switches }: Call): Refused {
  return new Refused(requestError(switches.revokedScoreCode, "This operation can be called with a status of: Granted"));
}
