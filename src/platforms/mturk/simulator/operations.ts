import { approveAssignment, getAssignment, listAssignmentsForHIT, rejectAssignment } from "./assignments.ts";
import { listBonusPayments, sendBonus } from "./bonuses.ts";
import type { Operation } from "./call.ts";
import { getAccountBalance } from "./funds.ts";
import {
  createAdditionalAssignmentsForHIT,
  createHIT,
  createHITType,
  createHITWithHITType,
  deleteHIT,
  getHIT,
  listHITs,
  updateExpirationForHIT,
} from "./hits.ts";
import {
  createQualificationType,
  deleteQualificationType,
  getQualificationType,
  listQualificationTypes,
  updateQualificationType,
} from "./qualification-types.ts";
import {
  acceptQualificationRequest,
  associateQualificationWithWorker,
  disassociateQualificationFromWorker,
  getQualificationScore,
  listQualificationRequests,
  listWorkersWithQualificationType,
  rejectQualificationRequest,
} from "./qualifications.ts";
import { createWorkerBlock, deleteWorkerBlock, listWorkerBlocks, notifyWorkers } from "./workers.ts";

/** The operations that really work. The others of the 39 answer as if the caller might not use them. */
export const WORKING: Readonly<Record<string, Operation>> = {
  AcceptQualificationRequest: acceptQualificationRequest,
  ApproveAssignment: approveAssignment,
  AssociateQualificationWithWorker: associateQualificationWithWorker,
  CreateAdditionalAssignmentsForHIT: createAdditionalAssignmentsForHIT,
  CreateHIT: createHIT,
  CreateHITType: createHITType,
  CreateHITWithHITType: createHITWithHITType,
  CreateQualificationType: createQualificationType,
  CreateWorkerBlock: createWorkerBlock,
  DeleteHIT: deleteHIT,
  DeleteQualificationType: deleteQualificationType,
  DeleteWorkerBlock: deleteWorkerBlock,
  DisassociateQualificationFromWorker: disassociateQualificationFromWorker,
  GetAccountBalance: getAccountBalance,
  GetAssignment: getAssignment,
  GetHIT: getHIT,
  GetQualificationScore: getQualificationScore,
  GetQualificationType: getQualificationType,
  ListAssignmentsForHIT: listAssignmentsForHIT,
  ListBonusPayments: listBonusPayments,
  ListHITs: listHITs,
  ListQualificationRequests: listQualificationRequests,
  ListQualificationTypes: listQualificationTypes,
  ListWorkerBlocks: listWorkerBlocks,
  ListWorkersWithQualificationType: listWorkersWithQualificationType,
  NotifyWorkers: notifyWorkers,
  RejectAssignment: rejectAssignment,
  RejectQualificationRequest: rejectQualificationRequest,
  SendBonus: sendBonus,
  UpdateExpirationForHIT: updateExpirationForHIT,
  UpdateQualificationType: updateQualificationType,
};
