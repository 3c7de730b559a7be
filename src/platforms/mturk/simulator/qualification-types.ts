import { type Call, type Decision, Refused, seconds } from "./call.ts";
import { booleanOf, type JsonObject, numberOf, requiredText, textOf } from "../../simulator/json.ts";
import { typeOf } from "./lookups.ts";
import { page } from "./pages.ts";
import { outOfRange, parameterError, requestError } from "./refusal.ts";
import { type Change, put, type QualificationType, remove } from "./state.ts";

/** Both Masters types: production's and the sandbox's. */
export const MASTERS = ["2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"];

/** Types that belong to MTurk itself: they can be asked of workers, but not given to them. */
export const BUILT_IN_TYPES = [
  { id: "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", name: "Masters" },
  { id: "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6", name: "Masters (sandbox)" },
  { id: "00000000000000000040", name: "Worker_NumberHITsApproved" },
  { id: "000000000000000000L0", name: "Worker_PercentAssignmentsApproved" },
  { id: "00000000000000000071", name: "Worker_Locale" },
  { id: "00000000000000000060", name: "Worker_Adult" },
];
const SYSTEM_SINCE = Date.UTC(2005, 10, 2);

export function createQualificationType(call: Call, input: JsonObject): Decision {
  const { state, switches, now } = call;
  const name = requiredText(input, "Name");
  if (name.trim() === "") throw new Refused(parameterError("Name", "The parameter Name must not be empty."));
  const taken = [...state.types.values()].some(
    (each) =>
      each.name === name && (each.deleted === undefined || now < each.deleted + switches.nameReuseDelaySeconds * 1000),
  );
  if (taken)
    throw new Refused(
      requestError(
        "QualificationTypeAlreadyExists",
        "You have already created a QualificationType with this name. A QualificationType's name must be unique among all of the QualificationTypes created by the same user.",
      ),
    );
  const keywords = limited(input, "Keywords", 1000);
  const type: QualificationType = {
    id: call.newId(),
    name,
    created: now,
    ...(keywords === undefined ? {} : { keywords }),
    ...changeable(input, { description: "", status: "Active", autoGranted: false }),
  };
  return { output: { QualificationType: typeOutput(type) }, changes: [put("types", type.id, type)] };
}

export function getQualificationType(call: Call, input: JsonObject): Decision {
  const id = requiredText(input, "QualificationTypeId");
  const system = BUILT_IN_TYPES.find((each) => each.id === id);
  return { output: { QualificationType: typeOutput(system ? builtIn(system) : typeOf(call, id)) } };
}

export function updateQualificationType(call: Call, input: JsonObject): Decision {
  const type = typeOf(call, requiredText(input, "QualificationTypeId"));
  if (type.test !== undefined && booleanOf(input, "AutoGranted") === true) throw testAndAutoGranted();
  const { answerKey: _keptBelow, ...kept } = type;
  const changed: QualificationType = { ...kept, ...changeable(input, type) };
  return { output: { QualificationType: typeOutput(changed) }, changes: [put("types", type.id, changed)] };
}

export function deleteQualificationType(call: Call, input: JsonObject): Decision {
  const type = typeOf(call, requiredText(input, "QualificationTypeId"));
  const { state, now } = call;
  const pending = [...state.requests.values()].filter((each) => each.type === type.id);
  const hitTypes = [...state.hitTypes.values()].filter((each) =>
    (each.requirements ?? []).some((requirement) => textOf(requirement, "QualificationTypeId") === type.id),
  );
  const changes: readonly Change[] = [
    put("types", type.id, { ...type, deleted: now }),
    ...pending.map((each) => remove("requests", each.id)),
    ...hitTypes.map((each) => remove("hitTypes", each.id)),
  ];
  return { changes };
}

export function listQualificationTypes(call: Call, input: JsonObject): Decision {
  const { state, switches, now } = call;
  const own = [...state.types.values()].filter(
    (each) => each.deleted === undefined && now >= each.created + switches.typeIndexLagSeconds * 1000,
  );
  const system = booleanOf(input, "MustBeOwnedByCaller") === true ? [] : BUILT_IN_TYPES.map(builtIn);
  const wanted = (textOf(input, "Query") ?? "").toLowerCase();
  const requestable = booleanOf(input, "MustBeRequestable") === true;
  const rows = [...own, ...system].filter(
    (each) =>
      (!requestable || isRequestable(each)) &&
      [each.name, each.description, each.keywords ?? ""].some((text) => text.toLowerCase().includes(wanted)),
  );
  return { output: page(call, input, "QualificationTypes", rows, typeOutput) };
}

type Changeable = Omit<QualificationType, "id" | "name" | "keywords" | "created" | "deleted">;

/** The members that create and update have in common. A new test without an answer key drops the old key. */
function changeable(input: JsonObject, old: Changeable): Changeable {
  const test = limited(input, "Test", 65_535);
  const answerKey = limited(input, "AnswerKey", 65_535);
  const testDurationSeconds = numberOf(input, "TestDurationInSeconds");
  if (test !== undefined && testDurationSeconds === undefined)
    throw new Refused(parameterError("TestDurationInSeconds", "TestDurationInSeconds is required if Test is given."));
  if (test === undefined && answerKey !== undefined)
    throw new Refused(parameterError("AnswerKey", "AnswerKey can only be given together with Test."));
  const autoGranted = booleanOf(input, "AutoGranted") ?? (test === undefined && old.autoGranted);
  if (test !== undefined && autoGranted) throw testAndAutoGranted();

  const retryDelaySeconds = numberOf(input, "RetryDelayInSeconds") ?? old.retryDelaySeconds;
  const autoGrantedValue = numberOf(input, "AutoGrantedValue") ?? old.autoGrantedValue;
  const kept = {
    ...(old.test === undefined ? {} : { test: old.test }),
    ...(old.testDurationSeconds === undefined ? {} : { testDurationSeconds: old.testDurationSeconds }),
    ...(old.answerKey === undefined ? {} : { answerKey: old.answerKey }),
  };
  const tested =
    test === undefined || testDurationSeconds === undefined
      ? kept
      : { test, testDurationSeconds, ...(answerKey === undefined ? {} : { answerKey }) };
  return {
    description: limited(input, "Description", 2000) ?? old.description,
    status: textOf(input, "QualificationTypeStatus") === "Inactive" ? "Inactive" : activeAgain(input, old.status),
    autoGranted,
    ...(retryDelaySeconds === undefined ? {} : { retryDelaySeconds }),
    ...(autoGranted
      ? { autoGrantedValue: autoGrantedValue ?? 1 }
      : autoGrantedValue === undefined
        ? {}
        : { autoGrantedValue }),
    ...tested,
  };
}

function activeAgain(input: JsonObject, old: QualificationType["status"]): QualificationType["status"] {
  return textOf(input, "QualificationTypeStatus") === "Active" ? "Active" : old;
}

function typeOutput(type: QualificationType): JsonObject {
  return {
    QualificationTypeId: type.id,
    CreationTime: seconds(type.created),
    Name: type.name,
    Description: type.description,
    ...(type.keywords === undefined ? {} : { Keywords: type.keywords }),
    QualificationTypeStatus: type.status,
    ...(type.test === undefined ? {} : { Test: type.test }),
    ...(type.testDurationSeconds === undefined ? {} : { TestDurationInSeconds: type.testDurationSeconds }),
    ...(type.answerKey === undefined ? {} : { AnswerKey: type.answerKey }),
    ...(type.retryDelaySeconds === undefined ? {} : { RetryDelayInSeconds: type.retryDelaySeconds }),
    IsRequestable: isRequestable(type),
    AutoGranted: type.autoGranted,
    ...(type.autoGrantedValue === undefined ? {} : { AutoGrantedValue: type.autoGrantedValue }),
  };
}

function builtIn({ id, name }: { readonly id: string; readonly name: string }): QualificationType {
  return { id, name, description: name, status: "Active", created: SYSTEM_SINCE, autoGranted: false };
}

/** Workers can ask for every type of a requester that is active, and for none of the system's. */
const isRequestable = (type: QualificationType) =>
  type.status === "Active" && BUILT_IN_TYPES.every((each) => each.id !== type.id);

function testAndAutoGranted(): Refused {
  return new Refused(parameterError("AutoGranted", "A QualificationType that has a Test cannot be AutoGranted."));
}

function limited(input: JsonObject, name: string, max: number): string | undefined {
  const value = textOf(input, name);
  if (value !== undefined && Buffer.byteLength(value) > max)
    throw new Refused(outOfRange(name, Buffer.byteLength(value), 0, max));
  return value;
}
