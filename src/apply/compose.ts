import { formatRecord, recordPath, recordTotals, sha256Hex } from "../ledger/record-text.ts";
import { accountOfRecord } from "../ledger/record-account.ts";
import type {
  ClaimRecord,
  ClaimRow,
  Evidence,
  LedgerRecord,
  NewRecord,
  PayClaim,
  ReceiptRecord,
  ReceiptRow,
} from "../ledger/records.ts";
import type { FiledClaim } from "../ledger/state.ts";
import { compareMoney, formatMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PayStep, Step } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import type { Head } from "./effects.ts";
import type { Provenance, Run } from "./protocol.ts";

/** A record before its place in the chain is known. */
export type Draft = Unchained<ClaimRecord> | Unchained<ReceiptRecord>;
type Unchained<R> = Omit<R, "sequence" | "previous">;

/** Puts drafts onto the chain, in order. The text is sealed where it is to be, and the record is as it now is. */
export function chained(
  head: Head,
  drafts: readonly Draft[],
  seal: (record: LedgerRecord) => LedgerRecord,
): NewRecord[] {
  const filed: NewRecord[] = [];
  let { sequence, hash } = head;
  for (const draft of drafts) {
    sequence += 1;
    const record: LedgerRecord = { ...draft, sequence, previous: hash };
    const text = formatRecord(seal(record));
    hash = sha256Hex(text);
    filed.push({ path: recordPath(record), hash, text, record });
  }
  return filed;
}

export interface ClaimParts {
  readonly account: Account;
  readonly run: Run;
  readonly provenance: Provenance;
  readonly study: string;
  readonly time: string;
  readonly balance: Money | "unknown";
  readonly rows: readonly ClaimRow[];
  /** What the platform said of the one order that the claim is. */
  readonly order?: Pick<ClaimRecord, "container" | "quote" | "evidence"> | undefined;
}

export function claimDraft({ account, run, provenance, study, time, balance, rows, order }: ClaimParts): Draft {
  return {
    record: "claim",
    version: 1,
    ...accountOf(account),
    ...run,
    study,
    ...provenance,
    time,
    ...order,
    balance: { before: balanceText(balance) },
    totals: recordTotals("claim", rows, account.currency),
    rows,
  };
}

/** The row of a claim that a step asks for. `handle` is what `prepare` gave for a bonus. */
export function claimRow(step: Step, handle: string): ClaimRow {
  switch (step.kind) {
    case "pay":
      return payClaim(step, handle);
    case "grant":
    case "rescore":
    case "revoke": {
      const { kind, name, group = "", worker, score, was, notify, reason } = step;
      return {
        kind,
        name,
        group,
        worker,
        ...(score === undefined ? {} : { score }),
        ...(was === undefined ? {} : { was }),
        notify,
        ...(reason === undefined ? {} : { reason }),
      };
    }
    case "create-type": {
      const { kind, name, description, keywords } = step;
      return { kind, name, description, ...(keywords === undefined ? {} : { keywords }) };
    }
  }
}

/** The row of a bonus. `fee`: its part of what the platform asks, where that is not what was planned. */
export function payClaim(
  { kind, assignment, label, attempt, worker, amount, fee: planned, reason, reference, others }: PayStep,
  handle: string,
  fee: Money = planned,
): PayClaim {
  return {
    kind,
    assignment,
    label,
    attempt,
    worker,
    amount: formatMoney(amount),
    fee: formatMoney(fee),
    reason,
    reference,
    handle,
    others,
  };
}

/** A list of bare amounts as records have it: their order means nothing. */
export function listText(amounts: readonly Money[]): readonly string[] {
  return amounts.toSorted(compareMoney).map(formatMoney);
}

/** What the platform says of a container, as far as records have room for it. */
export function evidenceText(told: Readonly<Record<string, string>>): Evidence {
  return Object.fromEntries(Object.entries(told).filter(([name]) => FIGURE.test(name)));
}

const FIGURE = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/;

/** A receipt says where its claim's manifest came from, and which run wrote it down. */
export function receiptDraft(
  { record: claim }: FiledClaim,
  rows: readonly ReceiptRow[],
  { run, time, balance, evidence }: { run: Run; time: string; balance: Money | "unknown"; evidence?: Evidence },
): Draft {
  const { version, study, sealed, manifest, pullRequest, author, approvers } = claim;
  return {
    record: "receipt",
    version,
    ...accountOf(accountOfRecord(claim)),
    study,
    ...(sealed === undefined ? {} : { sealed }),
    manifest,
    pullRequest,
    author,
    approvers,
    ...run,
    time,
    claim: claim.sequence,
    ...(evidence ? { evidence } : {}),
    balance: { before: claim.balance.before, after: balanceText(balance) },
    totals: recordTotals("receipt", rows, claim.currency),
    rows,
  };
}

/** `claim: stroop-replication, 3 rows, $4.50` and its like: what `git log` of the ledger shows. Of one record at least. */
export function commitMessage(records: readonly LedgerRecord[]): string {
  const lines = records.map((record) => {
    const { rows, cost } = record.totals;
    const count =
      record.record === "claim" ? `${record.rows.length} rows` : `${rows} paid of ${record.rows.length} rows`;
    return `${record.record}: ${record.study}, ${count}, ${cost} ${record.currency}`;
  });
  return `${lines.join("\n")}\n\nRun: ${records[0]?.run}\n`;
}

function accountOf({
  platform,
  environment,
  currency,
  name,
}: Account): Pick<LedgerRecord, "platform" | "environment" | "currency" | "account"> {
  return { platform, environment, currency, ...(name === undefined ? {} : { account: name }) };
}

function balanceText(balance: Money | "unknown"): string | null {
  return balance === "unknown" ? null : formatMoney(balance);
}
