/**
 * What Amazon's service model (2017-01-17) says of every operation's input, in a form that can be read at a glance.
 * A test compares it with the model that botocore ships: names, required members, patterns, lengths, enums.
 */
export type Shape =
  | { readonly kind: "string"; readonly min?: number; readonly max?: number; readonly pattern?: string }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "integer" | "long"; readonly min?: number; readonly max?: number }
  | { readonly kind: "boolean" | "timestamp" }
  | { readonly kind: "list"; readonly of: string }
  | { readonly kind: "structure"; readonly members: readonly Member[] };

export interface Member {
  readonly name: string;
  readonly shape: string;
  readonly required: boolean;
}

const list = (of: string): Shape => ({ kind: "list", of });
const oneOf = (values: string): Shape => ({ kind: "enum", values: values.split(" ") });
const structure = (members: string): Shape => ({ kind: "structure", members: readMembers(members) });

export const SHAPES: Readonly<Record<string, Shape>> = {
  String: { kind: "string" },
  Integer: { kind: "integer" },
  Long: { kind: "long" },
  Boolean: { kind: "boolean" },
  Timestamp: { kind: "timestamp" },
  CustomerId: { kind: "string", min: 1, max: 64, pattern: "^A[A-Z0-9]+$" },
  EntityId: { kind: "string", min: 1, max: 64, pattern: "^[A-Z0-9]+$" },
  CurrencyAmount: { kind: "string", pattern: "^[0-9]+(\\.)?[0-9]{0,2}$" },
  IdempotencyToken: { kind: "string", min: 1, max: 64 },
  PaginationToken: { kind: "string", min: 1, max: 255 },
  CountryParameters: { kind: "string", min: 2, max: 2 },
  ResultSize: { kind: "integer", min: 1, max: 100 },
  AssignmentStatus: oneOf("Submitted Approved Rejected"),
  QualificationStatus: oneOf("Granted Revoked"),
  QualificationTypeStatus: oneOf("Active Inactive"),
  ReviewableHITStatus: oneOf("Reviewable Reviewing"),
  ReviewPolicyLevel: oneOf("Assignment HIT"),
  HITAccessActions: oneOf("Accept PreviewAndAccept DiscoverPreviewAndAccept"),
  NotificationTransport: oneOf("Email SQS SNS"),
  Comparator: oneOf(
    "LessThan LessThanOrEqualTo GreaterThan GreaterThanOrEqualTo EqualTo NotEqualTo Exists DoesNotExist In NotIn",
  ),
  EventType: oneOf(
    "AssignmentAccepted AssignmentAbandoned AssignmentReturned AssignmentSubmitted AssignmentRejected AssignmentApproved HITCreated HITExpired HITReviewable HITExtended HITDisposed Ping",
  ),
  StringList: list("String"),
  IntegerList: list("Integer"),
  CustomerIdList: list("CustomerId"),
  LocaleList: list("Locale"),
  EventTypeList: list("EventType"),
  AssignmentStatusList: list("AssignmentStatus"),
  ReviewPolicyLevelList: list("ReviewPolicyLevel"),
  QualificationRequirementList: list("QualificationRequirement"),
  HITLayoutParameterList: list("HITLayoutParameter"),
  PolicyParameterList: list("PolicyParameter"),
  ParameterMapEntryList: list("ParameterMapEntry"),
  Locale: structure("Country*:CountryParameters Subdivision:CountryParameters"),
  QualificationRequirement: structure(
    "QualificationTypeId* Comparator*:Comparator IntegerValues:IntegerList LocaleValues:LocaleList RequiredToPreview:Boolean ActionsGuarded:HITAccessActions",
  ),
  HITLayoutParameter: structure("Name* Value*"),
  ReviewPolicy: structure("PolicyName* Parameters:PolicyParameterList"),
  PolicyParameter: structure("Key Values:StringList MapEntries:ParameterMapEntryList"),
  ParameterMapEntry: structure("Key Values:StringList"),
  NotificationSpecification: structure(
    "Destination* Transport*:NotificationTransport Version* EventTypes*:EventTypeList",
  ),
};

const PAGE = "NextToken:PaginationToken MaxResults:ResultSize";
const HIT_TYPE =
  "AutoApprovalDelayInSeconds:Long AssignmentDurationInSeconds*:Long Reward*:CurrencyAmount Title* Keywords Description* QualificationRequirements:QualificationRequirementList";
const HIT =
  "MaxAssignments:Integer LifetimeInSeconds*:Long Question RequesterAnnotation UniqueRequestToken:IdempotencyToken AssignmentReviewPolicy:ReviewPolicy HITReviewPolicy:ReviewPolicy HITLayoutId:EntityId HITLayoutParameters:HITLayoutParameterList";
const TEST =
  "Test AnswerKey TestDurationInSeconds:Long RetryDelayInSeconds:Long AutoGranted:Boolean AutoGrantedValue:Integer";

/** The 39 operations: `Name*` is required, `Name` alone is a String. */
export const OPERATIONS: Readonly<Record<string, readonly Member[]>> = Object.fromEntries(
  Object.entries({
    AcceptQualificationRequest: "QualificationRequestId* IntegerValue:Integer",
    ApproveAssignment: "AssignmentId*:EntityId RequesterFeedback OverrideRejection:Boolean",
    AssociateQualificationWithWorker:
      "QualificationTypeId*:EntityId WorkerId*:CustomerId IntegerValue:Integer SendNotification:Boolean",
    CreateAdditionalAssignmentsForHIT:
      "HITId*:EntityId NumberOfAdditionalAssignments*:Integer UniqueRequestToken:IdempotencyToken",
    CreateHIT: `${HIT_TYPE} ${HIT}`,
    CreateHITType: HIT_TYPE,
    CreateHITWithHITType: `HITTypeId*:EntityId ${HIT}`,
    CreateQualificationType: `Name* Keywords Description* QualificationTypeStatus*:QualificationTypeStatus ${TEST}`,
    CreateWorkerBlock: "WorkerId*:CustomerId Reason*",
    DeleteHIT: "HITId*:EntityId",
    DeleteQualificationType: "QualificationTypeId*:EntityId",
    DeleteWorkerBlock: "WorkerId*:CustomerId Reason",
    DisassociateQualificationFromWorker: "WorkerId*:CustomerId QualificationTypeId*:EntityId Reason",
    GetAccountBalance: "",
    GetAssignment: "AssignmentId*:EntityId",
    GetFileUploadURL: "AssignmentId*:EntityId QuestionIdentifier*",
    GetHIT: "HITId*:EntityId",
    GetQualificationScore: "QualificationTypeId*:EntityId WorkerId*:CustomerId",
    GetQualificationType: "QualificationTypeId*:EntityId",
    ListAssignmentsForHIT: `HITId*:EntityId AssignmentStatuses:AssignmentStatusList ${PAGE}`,
    ListBonusPayments: `HITId:EntityId AssignmentId:EntityId ${PAGE}`,
    ListHITs: PAGE,
    ListHITsForQualificationType: `QualificationTypeId*:EntityId ${PAGE}`,
    ListQualificationRequests: `QualificationTypeId:EntityId ${PAGE}`,
    ListQualificationTypes: `Query MustBeRequestable*:Boolean MustBeOwnedByCaller:Boolean ${PAGE}`,
    ListReviewPolicyResultsForHIT: `HITId*:EntityId PolicyLevels:ReviewPolicyLevelList RetrieveActions:Boolean RetrieveResults:Boolean ${PAGE}`,
    ListReviewableHITs: `HITTypeId:EntityId Status:ReviewableHITStatus ${PAGE}`,
    ListWorkerBlocks: PAGE,
    ListWorkersWithQualificationType: `QualificationTypeId*:EntityId Status:QualificationStatus ${PAGE}`,
    NotifyWorkers: "Subject* MessageText* WorkerIds*:CustomerIdList",
    RejectAssignment: "AssignmentId*:EntityId RequesterFeedback*",
    RejectQualificationRequest: "QualificationRequestId* Reason",
    SendBonus:
      "WorkerId*:CustomerId BonusAmount*:CurrencyAmount AssignmentId*:EntityId Reason* UniqueRequestToken:IdempotencyToken",
    SendTestEventNotification: "Notification*:NotificationSpecification TestEventType*:EventType",
    UpdateExpirationForHIT: "HITId*:EntityId ExpireAt*:Timestamp",
    UpdateHITReviewStatus: "HITId*:EntityId Revert:Boolean",
    UpdateHITTypeOfHIT: "HITId*:EntityId HITTypeId*:EntityId",
    UpdateNotificationSettings: "HITTypeId*:EntityId Notification:NotificationSpecification Active:Boolean",
    UpdateQualificationType: `QualificationTypeId*:EntityId Description QualificationTypeStatus:QualificationTypeStatus ${TEST}`,
  }).map(([operation, members]) => [operation, readMembers(members)]),
);

function readMembers(text: string): readonly Member[] {
  return text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [head = "", shape = "String"] = part.split(":");
      return { name: head.replace("*", ""), shape, required: head.endsWith("*") };
    });
}
