import { createHash } from "node:crypto";
import { type Call, type Decision, Refused, seconds } from "./call.ts";
import { centsOf, decimal } from "../../simulator/cents.ts";
import { rewardFee } from "./fees.ts";
import { requireFunds } from "./funds.ts";
import {
  isList,
  isObject,
  type JsonObject,
  numberOf,
  requiredNumber,
  requiredText,
  textOf,
} from "../../simulator/json.ts";
import { hitOf } from "./lookups.ts";
import { page } from "./pages.ts";
import { outOfRange, parameterError, requestError } from "./refusal.ts";
import { BUILT_IN_TYPES, MASTERS } from "./qualification-types.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Assignment, type Change, type Hit, type HitType, put } from "./state.ts";

const MAX_ASSIGNMENTS = 1_000_000_000;
const MANY = 10;
/** 22 July 2015: HITs made before cannot be extended. */
const NEW_FEES = Date.UTC(2015, 6, 22);

export function createHIT(call: Call, input: JsonObject): Decision {
  const [type, changes] = hitTypeOf(call, input);
  return created(call, input, type, changes);
}

export function createHITType(call: Call, input: JsonObject): Decision {
  const [type, changes] = hitTypeOf(call, input);
  return { output: { HITTypeId: type.id }, changes };
}

export function createHITWithHITType(call: Call, input: JsonObject): Decision {
  const id = requiredText(input, "HITTypeId");
  const type = call.state.hitTypes.get(id);
  if (!type) throw new Refused(requestError("HITTypeDoesNotExist", `HITType ${id} does not exist.`));
  return created(call, input, type, []);
}

export function getHIT(call: Call, input: JsonObject): Decision {
  return { output: { HIT: hitOutput(call, hitOf(call, requiredText(input, "HITId"))) } };
}

export function listHITs(call: Call, input: JsonObject): Decision {
  const { state, switches, now } = call;
  const rows = [...state.hits.values()].filter(
    (hit) => hit.disposed === undefined && now >= hit.created + switches.hitIndexLagSeconds * 1000,
  );
  return { output: page(call, input, "HITs", rows.toReversed(), (hit) => hitOutput(call, hit)) };
}

export function updateExpirationForHIT(call: Call, input: JsonObject): Decision {
  const hit = hitOf(call, requiredText(input, "HITId"));
  const expires = Math.round(requiredNumber(input, "ExpireAt") * 1000);
  if (expires > hit.expires) refuseWhileNew(call, hit);
  return { changes: [put("hits", hit.id, { ...hit, expires: Math.max(expires, 0) })] };
}

export function deleteHIT(call: Call, input: JsonObject): Decision {
  const hit = hitOf(call, requiredText(input, "HITId"));
  const unreviewed = assignmentsOf(call, hit).some((each) => each.status === "Submitted");
  if (hitStatus(call, hit) !== "Reviewable" || unreviewed) throw invalidHitState("Reviewable");
  return { changes: [put("hits", hit.id, { ...hit, disposed: call.now })] };
}

export function createAdditionalAssignmentsForHIT(call: Call, input: JsonObject): Decision {
  const hit = hitOf(call, requiredText(input, "HITId"));
  const more = requiredNumber(input, "NumberOfAdditionalAssignments");
  if (more < 1 || more > MAX_ASSIGNMENTS)
    throw new Refused(outOfRange("MaxAssignmentIncrement", more, 1, MAX_ASSIGNMENTS));
  refuseWhileNew(call, hit);
  const maxAssignments = hit.maxAssignments + more;
  if (hit.created < NEW_FEES)
    throw new Refused(requestError("HITTooOldForExtension", `Hit ${hit.id} was created before July 22, 2015.`));
  if (hit.createdWith < MANY && maxAssignments >= MANY)
    throw new Refused(
      requestError(
        "InvalidMaximumAssignmentsIncrease",
        "HITs created with fewer than 10 assignments cannot be extended to have 10 or more assignments.",
      ),
    );
  requireFunds(call, costOf(hit.type, more, hit.createdWith));
  return { changes: [put("hits", hit.id, { ...hit, maxAssignments })] };
}

export function hitStatus(call: Call, hit: Hit): "Assignable" | "Unassignable" | "Reviewable" | "Disposed" {
  if (hit.disposed !== undefined) return "Disposed";
  const { available, pending } = counts(call, hit);
  if (available > 0) return "Assignable";
  return pending > 0 ? "Unassignable" : "Reviewable";
}

export function hitOutput(call: Call, hit: Hit): JsonObject {
  const { available, pending, completed } = counts(call, hit);
  const { type } = hit;
  return {
    HITId: hit.id,
    HITTypeId: type.id,
    HITGroupId: type.group,
    CreationTime: seconds(hit.created),
    Title: type.title,
    Description: type.description,
    ...(hit.question === undefined ? {} : { Question: hit.question }),
    ...(type.keywords === undefined ? {} : { Keywords: type.keywords }),
    HITStatus: hitStatus(call, hit),
    MaxAssignments: hit.maxAssignments,
    Reward: decimal(type.reward, call.switches.amountForm),
    AutoApprovalDelayInSeconds: type.autoApprovalSeconds,
    Expiration: seconds(hit.expires),
    AssignmentDurationInSeconds: type.durationSeconds,
    ...(hit.annotation === undefined ? {} : { RequesterAnnotation: hit.annotation }),
    QualificationRequirements: type.requirements ?? [],
    HITReviewStatus: "NotReviewed",
    NumberOfAssignmentsPending: pending,
    NumberOfAssignmentsAvailable: available,
    NumberOfAssignmentsCompleted: completed,
  };
}

export function usesMasters(type: HitType): boolean {
  return (type.requirements ?? []).some((each) => MASTERS.includes(textOf(each, "QualificationTypeId") ?? ""));
}

function created(call: Call, input: JsonObject, type: HitType, changes: readonly Change[]): Decision {
  const maxAssignments = within(input, "MaxAssignments", 1, MAX_ASSIGNMENTS) ?? 1;
  const lifetime = within(input, "LifetimeInSeconds", 30, 31_536_000) ?? 0;
  const annotation = shorter(input, "RequesterAnnotation", 255);
  const question = questionOf(input);
  requireFunds(call, costOf(type, maxAssignments, maxAssignments));
  const hit: Hit = {
    id: call.newId(),
    type,
    created: call.now,
    expires: call.now + lifetime * 1000,
    maxAssignments,
    createdWith: maxAssignments,
    question,
    ...(annotation === undefined ? {} : { annotation }),
  };
  return { output: { HIT: hitOutput(call, hit) }, changes: [...changes, put("hits", hit.id, hit)] };
}

function hitTypeOf(call: Call, input: JsonObject): [HitType, readonly Change[]] {
  const keywords = shorter(input, "Keywords", 1000);
  const requirements = requirementsOf(call, input);
  const described = {
    title: shorter(input, "Title", 128) ?? "",
    description: shorter(input, "Description", 2000) ?? "",
    reward: centsOf(requiredText(input, "Reward")),
    autoApprovalSeconds: within(input, "AutoApprovalDelayInSeconds", 0, 2_592_000) ?? 2_592_000,
    durationSeconds: within(input, "AssignmentDurationInSeconds", 30, 31_536_000) ?? 0,
    ...(keywords === undefined ? {} : { keywords }),
    ...(requirements.length === 0 ? {} : { requirements }),
  };
  const key = createHash("sha256").update(JSON.stringify(described)).digest("hex");
  const same = [...call.state.hitTypes.values()].find((each) => each.group.slice(1) === groupOf(key).slice(1));
  if (same) return [same, []];
  const type = { id: call.newId(), group: groupOf(key), ...described };
  return [type, [put("hitTypes", type.id, type)]];
}

/** The group is made of what the type says, so that the same values are found again. */
const groupOf = (key: string) => `3${key.slice(0, 29).toUpperCase()}`;

function requirementsOf(call: Call, input: JsonObject): readonly JsonObject[] {
  const value = input["QualificationRequirements"];
  const requirements = isList(value) ? value.filter(isObject) : [];
  if (requirements.length > 10) throw new Refused(outOfRange("QualificationRequirements", requirements.length, 0, 10));
  for (const each of requirements) {
    const id = textOf(each, "QualificationTypeId") ?? "";
    const own = call.state.types.get(id);
    if (!BUILT_IN_TYPES.some((type) => type.id === id) && (!own || own.deleted !== undefined))
      throw new Refused(requestError("QualificationTypeDoesNotExist", `QualificationType ${id} does not exist.`));
  }
  return requirements;
}

function questionOf(input: JsonObject): string {
  const layout = textOf(input, "HITLayoutId");
  const question = textOf(input, "Question");
  if (layout !== undefined)
    throw new Refused(requestError("HITLayoutDoesNotExist", `HITLayout ${layout} does not exist.`));
  if (question === undefined)
    throw new Refused(parameterError("Question", "Either a Question or a HITLayoutId parameter must be provided."));
  if (Buffer.byteLength(question) > 65_535)
    throw new Refused(outOfRange("Question", Buffer.byteLength(question), 0, 65_535));
  if (!/<(HTMLQuestion|ExternalQuestion|QuestionForm)[\s>]/.test(question))
    throw new Refused(
      requestError("XMLParseError", "There was an error parsing the XML question or answer data in your request."),
    );
  return question;
}

function costOf(type: HitType, assignments: number, createdWith: number): number {
  return assignments * (type.reward + rewardFee(type.reward, createdWith, usesMasters(type)));
}

function refuseWhileNew({ now, switches }: Call, hit: Hit): void {
  if (now < hit.created + switches.hitImmutableSeconds * 1000) throw invalidHitState("Assignable");
}

function invalidHitState(allowed: string): Refused {
  return new Refused(requestError("InvalidHITState", `This operation can be called with a status of: ${allowed}`));
}

function counts(call: Call, hit: Hit): { available: number; pending: number; completed: number } {
  const rows = assignmentsOf(call, hit);
  const pending = rows.filter((each) => each.status === "Accepted").length;
  const completed = rows.filter((each) => each.status === "Approved" || each.status === "Rejected").length;
  const open = call.now < hit.expires && hit.disposed === undefined;
  return { pending, completed, available: open ? Math.max(0, hit.maxAssignments - rows.length) : 0 };
}

function assignmentsOf({ state }: Call, hit: Hit): readonly Assignment[] {
  return rowsOf(state.assignments, state.assignmentsOfHit.get(hit.id));
}

function within(input: JsonObject, name: string, low: number, high: number): number | undefined {
  const value = numberOf(input, name);
  if (value !== undefined && (value < low || value > high)) throw new Refused(outOfRange(name, value, low, high));
  return value;
}

function shorter(input: JsonObject, name: string, max: number): string | undefined {
  const value = textOf(input, name);
  if (value !== undefined && value.length > max) throw new Refused(outOfRange(name, value.length, 0, max));
  return value;
}
