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
  | "row-answered-twice";

/** The message begins with the path. */
export function fault(code: ChainFaultCode, path: string, message: string, hint: string = AS_PUSHED): ChainFault {
  return { code, path, message: `${path} ${message}`, hint };
}

const AS_PUSHED =
  "records are never edited: find the commit that changed it, and put the branch back to the commit before, from a clone that still has it";
