import type { LedgerFile } from "../../ledger/chain.ts";
import { formatRecord, recordPath, sha256Hex } from "../../ledger/record-text.ts";
import type { ClaimRow, LedgerRecord, RowOutcome } from "../../ledger/records.ts";
import { answered, grant, pay, SampleChain } from "../../ledger/sample-chain.fixture.ts";

/** A ledger of fifty records with every kind of row and outcome. `actor` tells two apart from their tenth record on. */
export function fiftyRecords(actor: string): SampleChain {
  const chain = new SampleChain();
  for (let n = 0; n < 25; n++) {
    const draft = { actor: n < 5 ? "ada" : actor, study: n % 2 === 0 ? "stroop" : "flanker-2" };
    const rows: ClaimRow[] = [pay(`3PAID${n}`), pay(`3OTHER${n}`, { label: "extra", amount: "0.07", fee: "0.02" })];
    if (n % 3 === 0) rows.push(grant(`A${n}`), grant(`B${n}`, { kind: "revoke", was: 3 }));
    const claim = chain.claim(rows, draft);
    const outcomes: readonly RowOutcome[] = ["done", OUTCOMES[n % OUTCOMES.length] ?? "done", "done", "refused"];
    const ends = rows.map((row, at) => answered(row, outcomes[at] ?? "done", { requestId: `request-${n}-${at}` }));
    chain.receipt(claim, ends, draft);
  }
  return chain;
}

const OUTCOMES = ["done", "found", "refused", "not-sent", "held"] as const;

/** The same ledger with one record changed and every later one written again after it: each names the right hash. */
export function rewritten(records: readonly LedgerRecord[], at: number): LedgerFile[] {
  let previous: string | undefined;
  return records.map((record, n) => {
    const changed = {
      ...record,
      ...(n === at ? { actor: "mallory" } : {}),
      ...(n > at && previous ? { previous } : {}),
    };
    const text = formatRecord(changed);
    previous = sha256Hex(text);
    return { path: recordPath(changed), bytes: Buffer.from(text) };
  });
}
