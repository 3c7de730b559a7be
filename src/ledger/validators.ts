import { Ajv2020 } from "ajv/dist/2020.js";
import auditSchema from "../../schemas/audit.schema.json" with { type: "json" };
import receiptSchema from "../../schemas/receipt.schema.json" with { type: "json" };
import type { AuditRecord } from "./audit-record.ts";
import type { LedgerRecord } from "./records.ts";

/** The bundle holds this module's validators compiled ahead: `scripts/build.ts` asks this for their code. */
export const ajv = new Ajv2020({
  strict: true,
  ownProperties: true,
  discriminator: true,
  code: { source: true, esm: true },
});

/** True for a value of the shape of `schemas/receipt.schema.json`; else `.errors` says what is wrong first. */
export const validateRecordShape = ajv.compile<LedgerRecord>(receiptSchema);

/** The same of `schemas/audit.schema.json`. */
export const validateAuditShape = ajv.compile<AuditRecord>(auditSchema);
