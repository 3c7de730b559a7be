import type { LedgerFile } from "./chain.ts";
import { formatRecord, NO_RECORD, recordPath, recordTotals, sha256Hex } from "./record-text.ts";
import { PLATFORMS } from "../platforms/rules.ts";
import type {
  ClaimRecord,
  ClaimRow,
  FiledRecord,
  LedgerRecord,
  MembershipClaim,
  PayClaim,
  QuoteText,
  ReceiptRow,
  RowEnd,
} from "./records.ts";
import type { FiledClaim } from "./state.ts";

/** A record that is not on a chain yet, as tests write one. What is left out is the same everywhere. */
export interface SampleDraft {
  readonly study?: string;
  readonly actor?: string;
  /** The run that writes it: the same for all, unless a test says otherwise. */
  readonly run?: string;
  readonly platform?: string;
  readonly environment?: LedgerRecord["environment"];
  readonly currency?: LedgerRecord["currency"];
  readonly account?: string;
  readonly approvers?: readonly string[];
  /** What the account held when the record was written; null where the platform did not say. */
  readonly balance?: string | null;
  readonly minute?: number;
  readonly totals?: LedgerRecord["totals"];
  /** Without what its platform's traits call for beside the rows: a baseline for each bonus, and a quote. */
  readonly isBare?: boolean;
}

/** For tests: records put onto one chain, in the order of the calls. */
export class SampleChain {
  readonly records: LedgerRecord[] = [];

  /** Gives back the claim's sequence. */
  claim(asked: readonly ClaimRow[], draft: SampleDraft = {}): number {
    return this.filedClaim(asked, draft).record.sequence;
  }

  /** The same, and gives back the claim as it is filed. */
  filedClaim(asked: readonly ClaimRow[], draft: SampleDraft = {}): FiledClaim {
    const rows = asked.map((row) => asPlatformHas(row, draft));
    const totals = draft.totals ?? recordTotals("claim", rows, draft.currency ?? "USD");
    const record: ClaimRecord = {
      record: "claim",
      ...this.header(draft),
      ...quoteOf(totals, rows, draft),
      balance: { before: balanceOf(draft, "1000.00") },
      totals,
      rows,
    };
    this.records.push(record);
    return { path: recordPath(record), record };
  }

  receipt(claim: number, asked: readonly ReceiptRow[], draft: SampleDraft = {}): number {
    const rows = asked.map((row) => asPlatformHas(row, draft));
    const totals = draft.totals ?? recordTotals("receipt", rows, draft.currency ?? "USD");
    const balance = { before: "1000.00", after: balanceOf(draft, null) };
    this.records.push({ record: "receipt", claim, ...this.header(draft), balance, totals, rows });
    return this.records.length;
  }

  files(): LedgerFile[] {
    return this.records.map((record) => ({ path: recordPath(record), bytes: Buffer.from(formatRecord(record)) }));
  }

  /** As they are filed. */
  filed(): FiledRecord[] {
    return this.records.map((record) => ({
      path: recordPath(record),
      hash: sha256Hex(formatRecord(record)),
      record,
    }));
  }

  private header(draft: SampleDraft) {
    const { study = "stroop", actor = "ada", platform = "mturk", environment = "production", currency = "USD" } = draft;
    const { approvers = ["grace", "edsger"], minute, run = "https://github.com/lab/study/actions/runs/1" } = draft;
    const last = this.records.at(-1);
    return {
      version: 1 as const,
      sequence: this.records.length + 1,
      previous: last ? sha256Hex(formatRecord(last)) : NO_RECORD,
      platform,
      environment,
      currency,
      ...(draft.account === undefined ? {} : { account: draft.account }),
      endpoint: "mturk-requester.us-east-1.amazonaws.com",
      study,
      manifest: { file: "payments/pilot.yaml", digest: "d".repeat(64), commit: "c".repeat(40) },
      pullRequest: 12,
      author: "ada",
      approvers,
      actor,
      run,
      tool: "mergepay 0.1.0",
      time: new Date(Date.UTC(2026, 10, 30, 23, 40) + (minute ?? this.records.length) * 60_000).toISOString(),
    };
  }
}

function asPlatformHas<Row extends ClaimRow>(row: Row, { platform = "mturk", isBare = false }: SampleDraft): Row {
  const byAmounts = !isBare && PLATFORMS.get(platform)?.traits.witness === "amounts";
  return byAmounts && row.kind === "pay" ? { baseline: [], ...row } : row;
}

function quoteOf(
  { amount, fee, cost }: LedgerRecord["totals"],
  rows: readonly ClaimRow[],
  { platform = "mturk", isBare = false }: SampleDraft,
): { quote?: QuoteText } {
  const isQuoted = !isBare && PLATFORMS.get(platform)?.traits.price === "quote";
  return isQuoted && rows.some(({ kind }) => kind === "pay")
    ? { quote: { amount, fee, tax: "0.00", total: cost } }
    : {};
}

function balanceOf({ balance }: SampleDraft, otherwise: string | null): string | null {
  return balance === undefined ? otherwise : balance;
}

export function pay(assignment: string, changes: Partial<PayClaim> = {}): PayClaim {
  return {
    kind: "pay",
    assignment,
    label: "",
    attempt: 1,
    worker: "A2WORKEREXAMPLE",
    amount: "1.50",
    fee: "0.30",
    reason: "Thank you – for “both” sessions. [ref K7QM-2N4D-XW5A]",
    reference: "K7QM-2N4D-XW5A",
    handle: "H".repeat(52),
    others: 0,
    ...changes,
  };
}

export function grant(worker: string, changes: Partial<MembershipClaim> = {}): MembershipClaim {
  return { kind: "grant", name: "wave-1", group: "3GROUP", worker, score: 85, notify: false, ...changes };
}

export function answered(row: ClaimRow, outcome: RowEnd["outcome"], more: Partial<RowEnd> = {}): ReceiptRow {
  return { ...row, outcome, time: "2026-12-01T00:00:00.000Z", ...more };
}

/** Twenty records with every kind of row and outcome. `actor` tells two such chains apart from their tenth record on. */
export function sampleChain(actor = "ada"): SampleChain {
  const chain = new SampleChain();
  for (let n = 0; n < 10; n++) {
    const made = { kind: "create-type", name: "wave-1", description: "Took part", keywords: "stroop" } as const;
    const rows: ClaimRow[] = [pay(`3PAID${n}`), pay(`3OTHER${n}`, { label: "extra", amount: "0.07", fee: "0.02" })];
    if (n % 3 === 0) rows.push(grant(`A${n}`), grant(`B${n}`, { kind: "revoke", was: 3 }));
    if (n === 5) rows.unshift(made);
    const draft = n < 5 ? {} : { actor };
    const claim = chain.claim(rows, { ...draft, study: n % 2 === 0 ? "stroop" : "flanker-2" });
    const answers = rows.map((row, at) =>
      answered(row, at === 1 ? (OUTCOMES[n % OUTCOMES.length] ?? "done") : "done", { requestId: `request-${n}-${at}` }),
    );
    chain.receipt(claim, answers, { ...draft, study: n % 2 === 0 ? "stroop" : "flanker-2" });
  }
  return chain;
}

const OUTCOMES = ["done", "found", "refused", "not-sent", "held"] as const;
