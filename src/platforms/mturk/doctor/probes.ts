import {
  AssociateQualificationWithWorkerCommand,
  CreateQualificationTypeCommand,
  DisassociateQualificationFromWorkerCommand,
  GetAccountBalanceCommand,
  GetAssignmentCommand,
  GetQualificationScoreCommand,
  GetQualificationTypeCommand,
  ListAssignmentsForHITCommand,
  ListBonusPaymentsCommand,
  ListHITsCommand,
  ListQualificationTypesCommand,
  ListWorkersWithQualificationTypeCommand,
  NotifyWorkersCommand,
  SendBonusCommand,
} from "@aws-sdk/client-mturk";
import type { MTurkClient } from "@aws-sdk/client-mturk";
import type { Operation } from "./facts.ts";

/** Names nothing that exists: what asks for it changes nothing and learns nothing. */
const NOBODY = { id: "3MERGEPAYDOCTORLOOKSFORNOTHING", worker: "A1MERGEPAYDOCTOR" } as const;

/**
 * How each operation is tried, to see whether a key may use it. A question asks for what does not exist. **An order is
 * given without anything in it**: no worker, no assignment, no amount, no type, no name. MTurk cannot carry it out,
 * whatever the key may do, because it does not know what.
 */
export const PROBES: Readonly<Record<Operation, (client: MTurkClient) => Promise<unknown>>> = {
  GetAccountBalance: (client) => client.send(new GetAccountBalanceCommand({})),
  GetAssignment: (client) => client.send(new GetAssignmentCommand({ AssignmentId: NOBODY.id })),
  GetQualificationScore: (client) =>
    client.send(new GetQualificationScoreCommand({ QualificationTypeId: NOBODY.id, WorkerId: NOBODY.worker })),
  GetQualificationType: (client) => client.send(new GetQualificationTypeCommand({ QualificationTypeId: NOBODY.id })),
  ListAssignmentsForHIT: (client) => client.send(new ListAssignmentsForHITCommand({ HITId: NOBODY.id, MaxResults: 1 })),
  ListBonusPayments: (client) => client.send(new ListBonusPaymentsCommand({ HITId: NOBODY.id, MaxResults: 1 })),
  ListHITs: (client) => client.send(new ListHITsCommand({ MaxResults: 1 })),
  ListQualificationTypes: (client) =>
    client.send(
      new ListQualificationTypesCommand({ MustBeRequestable: false, MustBeOwnedByCaller: true, MaxResults: 1 }),
    ),
  ListWorkersWithQualificationType: (client) =>
    client.send(new ListWorkersWithQualificationTypeCommand({ QualificationTypeId: NOBODY.id, MaxResults: 1 })),

  AssociateQualificationWithWorker: (client) =>
    client.send(new AssociateQualificationWithWorkerCommand({ QualificationTypeId: undefined, WorkerId: undefined })),
  CreateQualificationType: (client) =>
    client.send(
      new CreateQualificationTypeCommand({
        Name: undefined,
        Description: undefined,
        QualificationTypeStatus: undefined,
      }),
    ),
  DisassociateQualificationFromWorker: (client) =>
    client.send(
      new DisassociateQualificationFromWorkerCommand({ QualificationTypeId: undefined, WorkerId: undefined }),
    ),
  SendBonus: (client) =>
    client.send(
      new SendBonusCommand({
        WorkerId: undefined,
        AssignmentId: undefined,
        BonusAmount: undefined,
        Reason: undefined,
      }),
    ),
  NotifyWorkers: (client) =>
    client.send(new NotifyWorkersCommand({ Subject: undefined, MessageText: undefined, WorkerIds: undefined })),
};
