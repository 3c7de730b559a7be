import * as sdk from "@aws-sdk/client-mturk";
import { SIMULATOR_CREDENTIALS } from "./example-world.ts";
import { isObject, type Json, type JsonObject } from "../../simulator/json.ts";

/** Test support: one scene that three clients play against equal worlds, so that their answers can be compared. */

/** One call of the API, or of a control endpoint where `operation` begins with a slash. */
export interface Step {
  readonly operation: string;
  readonly input: JsonObject;
}

/** What a client made of the answer, without the differences between clients: timestamps as seconds. */
export type Seen =
  | { readonly output: JsonObject; readonly requestId?: string }
  | {
      readonly error: string;
      readonly message: string;
      readonly turkErrorCode?: string;
      readonly status?: number;
      readonly requestId?: string;
    };

export const STUDY = `
clock: 2026-11-02T09:00:00.250Z
balance: 60.00
workers: [A1NOBODY]
hits:
  - id: 3HIT
    title: Study
    reward: 2.00
    maxAssignments: 4
    created: -2d
    assignments:
      - { id: 3ASSIGNMENT1, worker: A1FIRST, submitted: -1d }
      - { id: 3ASSIGNMENT2, worker: A1SECOND, submitted: -1d }
      - { id: 3ASSIGNMENT3, worker: A1THIRD, submitted: -1d }
qualificationTypes:
  - { id: 3WAVE, name: wave-1, description: Took part, holders: [{ worker: A1FIRST, score: 80 }] }
`;

export const QUESTION =
  '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd"><ExternalURL>https://example.org/</ExternalURL><FrameHeight>0</FrameHeight></ExternalQuestion>';

type Ask = (operation: string, input?: JsonObject) => Promise<JsonObject>;

/** Every operation at least once, with refusals and paging. `ask` answers {} where the call is refused. */
export async function playScene(ask: Ask): Promise<void> {
  await ask("GetAccountBalance");
  await bonuses(ask);
  await assignments(ask);
  await qualifications(ask);
  await hits(ask);
  await workers(ask);
  for (const operation of [
    "ListHITsForQualificationType",
    "ListReviewPolicyResultsForHIT",
    "ListReviewableHITs",
    "UpdateHITReviewStatus",
    "UpdateHITTypeOfHIT",
    "UpdateNotificationSettings",
    "GetFileUploadURL",
    "SendTestEventNotification",
  ])
    await ask(operation);
  await ask("GetAccountBalance");
}

async function bonuses(ask: Ask): Promise<void> {
  const bonus = {
    WorkerId: "A1FIRST",
    AssignmentId: "3ASSIGNMENT1",
    BonusAmount: "1.5",
    Reason: "Thänk you [ref A-1]  ☂",
    UniqueRequestToken: "token-1",
  };
  await ask("SendBonus", bonus);
  await ask("SendBonus", bonus);
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-2", BonusAmount: "0.01" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-3", BonusAmount: "0.9752", WorkerId: "B1" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "t".repeat(65), AssignmentId: "not one" });
  await ask("SendBonus", { AssignmentId: "3ASSIGNMENT1" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-4", WorkerId: "A1SECOND" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-4", WorkerId: "A1STRANGER" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-4", AssignmentId: "3NONE" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-4", BonusAmount: "0" });
  await ask("SendBonus", { ...bonus, UniqueRequestToken: "token-4", BonusAmount: "60" });
  await ask("ListBonusPayments", { AssignmentId: "3ASSIGNMENT1" });
  await ask("ListBonusPayments");
  await ask("ListBonusPayments", { HITId: "3NONE" });
  await allPages(ask, "ListBonusPayments", { HITId: "3HIT", MaxResults: 1 });
  await ask("ListBonusPayments", { HITId: "3HIT", MaxResults: 101, NextToken: "forged" });
  await ask("ListBonusPayments", { HITId: "3HIT", NextToken: "forged" });
}

async function assignments(ask: Ask): Promise<void> {
  await ask("GetAssignment", { AssignmentId: "3ASSIGNMENT1" });
  await ask("GetAssignment", { AssignmentId: "3NONE" });
  await ask("ApproveAssignment", { AssignmentId: "3ASSIGNMENT1", RequesterFeedback: "Good" });
  await ask("ApproveAssignment", { AssignmentId: "3ASSIGNMENT1" });
  await ask("RejectAssignment", { AssignmentId: "3ASSIGNMENT2", RequesterFeedback: "" });
  await ask("RejectAssignment", { AssignmentId: "3ASSIGNMENT3" });
  await ask("ApproveAssignment", { AssignmentId: "3ASSIGNMENT2" });
  await ask("ApproveAssignment", { AssignmentId: "3ASSIGNMENT2", OverrideRejection: true });
  await allPages(ask, "ListAssignmentsForHIT", { HITId: "3HIT", MaxResults: 2 });
  await ask("ListAssignmentsForHIT", { HITId: "3HIT", AssignmentStatuses: ["Submitted"] });
  await ask("ListAssignmentsForHIT", { HITId: "3HIT", AssignmentStatuses: ["Sent"] });
}

async function qualifications(ask: Ask): Promise<void> {
  const wanted = { Name: "wave-2", Description: "Took part in wave 2", QualificationTypeStatus: "Active" };
  const made = await ask("CreateQualificationType", { ...wanted, Keywords: "a,b", RetryDelayInSeconds: 60 });
  const type = idOf(made["QualificationType"], "QualificationTypeId");
  await ask("CreateQualificationType", wanted);
  await ask("CreateQualificationType", { Name: "tested", Description: "…", QualificationTypeStatus: "On" });
  await ask("GetQualificationType", { QualificationTypeId: type });
  await ask("UpdateQualificationType", { QualificationTypeId: type, Description: "Wave 2", AutoGrantedValue: 5 });
  await allPages(ask, "ListQualificationTypes", { MustBeRequestable: false, MustBeOwnedByCaller: true, MaxResults: 1 });
  await ask("ListQualificationTypes", { MustBeRequestable: false, Query: "WAVE" });
  await ask("AssociateQualificationWithWorker", { QualificationTypeId: type, WorkerId: "A1FIRST", IntegerValue: 7 });
  await ask("AssociateQualificationWithWorker", {
    QualificationTypeId: type,
    WorkerId: "A1SECOND",
    SendNotification: false,
  });
  await ask("AssociateQualificationWithWorker", { QualificationTypeId: type, WorkerId: "A1STRANGER" });
  await ask("GetQualificationScore", { QualificationTypeId: type, WorkerId: "A1FIRST" });
  await ask("GetQualificationScore", { QualificationTypeId: type, WorkerId: "A1THIRD" });
  await ask("DisassociateQualificationFromWorker", { QualificationTypeId: type, WorkerId: "A1FIRST", Reason: "Done" });
  await ask("GetQualificationScore", { QualificationTypeId: type, WorkerId: "A1FIRST" });
  await ask("ListWorkersWithQualificationType", { QualificationTypeId: type });
  await ask("ListWorkersWithQualificationType", { QualificationTypeId: type, Status: "Revoked" });
  const first = await ask("/request", { QualificationTypeId: type, WorkerId: "A1THIRD" });
  const second = await ask("/request", { QualificationTypeId: type, WorkerId: "A1NOBODY" });
  await ask("ListQualificationRequests", { QualificationTypeId: type });
  await ask("AcceptQualificationRequest", { QualificationRequestId: idOf(first, "QualificationRequestId") });
  await ask("RejectQualificationRequest", { QualificationRequestId: idOf(second, "QualificationRequestId") });
  await ask("AcceptQualificationRequest", { QualificationRequestId: idOf(second, "QualificationRequestId") });
  await ask("DeleteQualificationType", { QualificationTypeId: type });
  await ask("GetQualificationType", { QualificationTypeId: type });
}

async function hits(ask: Ask): Promise<void> {
  const described = {
    Title: "Compensation",
    Description: "For what went wrong",
    Reward: "0.10",
    AssignmentDurationInSeconds: 600,
    AutoApprovalDelayInSeconds: 0,
  };
  const open = { LifetimeInSeconds: 3600, MaxAssignments: 2, Question: QUESTION, RequesterAnnotation: "payment 1" };
  const guarded = [{ QualificationTypeId: "3WAVE", Comparator: "In", IntegerValues: [80, 81] }];
  const made = await ask("CreateHIT", {
    ...described,
    ...open,
    QualificationRequirements: guarded,
    UniqueRequestToken: "hit-1",
  });
  const hit = idOf(made["HIT"], "HITId");
  await ask("CreateHIT", { ...described, ...open, UniqueRequestToken: "hit-1" });
  await ask("CreateHIT", { ...described, ...open, Reward: "100" });
  await ask("CreateHIT", { ...described, ...open, Question: "What?" });
  await ask("CreateHIT", { ...described, ...open, LifetimeInSeconds: 5 });
  await ask("CreateHIT", {
    ...described,
    ...open,
    QualificationRequirements: [{ QualificationTypeId: "3WAVE", Comparator: "Like" }],
  });
  const type = await ask("CreateHITType", described);
  await ask("CreateHITType", described);
  await ask("CreateHITWithHITType", { ...open, HITTypeId: idOf(type, "HITTypeId") });
  await ask("GetHIT", { HITId: hit });
  await ask("GetHIT", { HITId: "3NONE" });
  await allPages(ask, "ListHITs", { MaxResults: 2 });
  await ask("CreateAdditionalAssignmentsForHIT", { HITId: hit, NumberOfAdditionalAssignments: 3 });
  await ask("CreateAdditionalAssignmentsForHIT", { HITId: hit, NumberOfAdditionalAssignments: 9 });
  await ask("CreateAdditionalAssignmentsForHIT", { HITId: hit, NumberOfAdditionalAssignments: 0 });
  await ask("DeleteHIT", { HITId: hit });
  await ask("/submit", { HITId: hit, WorkerId: "A1FIRST" });
  await ask("UpdateExpirationForHIT", { HITId: hit, ExpireAt: 0 });
  await ask("UpdateExpirationForHIT", { HITId: hit, ExpireAt: 0 });
  await ask("DeleteHIT", { HITId: hit });
  await ask("GetHIT", { HITId: hit });
}

async function workers(ask: Ask): Promise<void> {
  await ask("CreateWorkerBlock", { WorkerId: "A1THIRD", Reason: "Asked for it" });
  await ask("CreateWorkerBlock", { WorkerId: "A1STRANGER", Reason: "Who?" });
  await ask("ListWorkerBlocks");
  await ask("DeleteWorkerBlock", { WorkerId: "A1THIRD" });
  await ask("DeleteWorkerBlock", { WorkerId: "A1THIRD", Reason: "Again" });
  await ask("NotifyWorkers", {
    Subject: "Hello",
    MessageText: "News",
    WorkerIds: ["A1FIRST", "A1NOBODY", "A1STRANGER"],
  });
}

async function allPages(ask: Ask, operation: string, input: JsonObject): Promise<void> {
  let token: Json | undefined;
  do {
    const answer = await ask(operation, { ...input, NextToken: token });
    token = answer["NextToken"];
  } while (token !== undefined);
}

function idOf(value: Json | undefined, name: string): string {
  const id = isObject(value) ? value[name] : undefined;
  return typeof id === "string" ? id : "3MISSING";
}

/** The client that the pipeline uses, with nothing of its own in between. */
export function sdkClient(url: string): sdk.MTurkClient {
  return new sdk.MTurkClient({
    endpoint: url,
    region: "us-east-1",
    credentials: SIMULATOR_CREDENTIALS,
    maxAttempts: 1,
  });
}

/** Plays one step with the AWS SDK for JavaScript. */
export async function sdkStep(client: sdk.MTurkClient, url: string, { operation, input }: Step): Promise<Seen> {
  if (operation.startsWith("/")) return { output: await controlStep(url, operation, input) };
  const Command: unknown = Reflect.get(sdk, `${operation}Command`);
  if (!isCommand(Command)) throw new Error(`the SDK has no ${operation}`);
  const expiry = input["ExpireAt"];
  const sent = typeof expiry === "number" ? { ...input, ExpireAt: new Date(expiry * 1000) } : input;
  try {
    const { $metadata, ...output } = await client.send(new Command(sent));
    return { output: plain(output), ...($metadata.requestId === undefined ? {} : { requestId: $metadata.requestId }) };
  } catch (error) {
    if (!(error instanceof sdk.MTurkServiceException)) throw error;
    const code: unknown = Reflect.get(error, "TurkErrorCode");
    return {
      error: error.name,
      message: error.message,
      ...(typeof code === "string" ? { turkErrorCode: code } : {}),
      ...(error.$metadata.httpStatusCode === undefined ? {} : { status: error.$metadata.httpStatusCode }),
      ...(error.$metadata.requestId === undefined ? {} : { requestId: error.$metadata.requestId }),
    };
  }
}

/** One call of `/_simulator/…`. Throws where it is refused. */
export async function controlStep(url: string, path: string, input: Json, method = "POST"): Promise<JsonObject> {
  const answer = await fetch(`${url}/_simulator${path}`, {
    method,
    ...(method === "POST" ? { body: JSON.stringify(input) } : {}),
  });
  const body: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return isObject(body) ? body : { list: plainValue(body) };
}

function isCommand(value: unknown): value is new (input: object) => sdk.GetAccountBalanceCommand {
  return typeof value === "function";
}

function plain(output: object): JsonObject {
  return Object.fromEntries(Object.entries(output).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): Json {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map((each) => plainValue(each));
  if (typeof value === "object" && value !== null) return plain(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
