/** Something in the ledger that cannot be as mergepay wrote it. */
export interface ChainFault {
  readonly code: ChainFaultCode;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export type ChainFaultCode =
  | "unknown-file"
  | "not-json"
  | "not-canonical"
  | "wrong-shape"
  | "wrong-path"
  | "numbering"
  | "broken-chain"
  | "wrong-totals"
  | "time-backwards"
  | "claimed-twice"
  | "claim-missing"
  | "receipt-differs"
  | "row-not-claimed"
  | "row-differs"
  | "row-answered-twice"
  | "audit-of-another-ledger"
  | "audit-contradicts-itself";

/** The message begins with the path. */
export function fault(code: ChainFaultCode, path: string, message: string, hint: string = AS_PUSHED): ChainFault {
  return { code, path, message: `${path} ${message}`, hint };
}

const AS_PUSHED =
  "records are never edited: find the commit that changed it, and put the branch back to the commit before, from a clone that still has it";

export function numberingFault(path: string, sequence: number, before: { sequence: number; path: string }): ChainFault {
  if (sequence === before.sequence) return fault("numbering", path, `has the same number as ${before.path}`);
  const missing =
    before.sequence + 1 === sequence - 1 ? `${sequence - 1}` : `${before.sequence + 1} to ${sequence - 1}`;
  return fault("numbering", path, `does not follow the record before it: ${missing} missing`);
}

export function brokenFault(path: string, before: string): ChainFault {
  const message = before
    ? `does not follow ${before}: that file is not the one it was written after`
    : "is the first record, and names one before it";
  return fault("broken-chain", path, message);
}

export function timeFault(path: string, before: string): ChainFault {
  return fault(
    "time-backwards",
    path,
    `says that it was written before ${before}`,
    "set the clock of the machine that wrote it",
  );
}
