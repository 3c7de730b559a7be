import { Failure } from "../failure.ts";
import type { AppliedRow, ApplyResult } from "../apply/work.ts";
import type { Stop } from "../apply/settle-payment.ts";
import { isPaid, recordTotals } from "../ledger/record-text.ts";
import { amountOf, claimedRowKey } from "../ledger/state.ts";
import type { ReceiptRow } from "../ledger/records.ts";
import type { Account } from "../platforms/ports.ts";
import { isWell } from "./apply-report.ts";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";

/** What a run came to, for people and programs. `branch` holds the ledger. */
export function reportOfApply(account: Account, result: ApplyResult, branch: string): ApplyReport {
  const { plan, stop, balance, receipts } = result;
  const rows = lastOfEach(result.rows);
  const paid = rows.flatMap((each) => (each.state === "ended" && isPaid(each.row) ? [each.row] : []));
  const { amount, fee, cost } = recordTotals("receipt", paid, account.currency);
  const inRows = rows.filter(({ row }) => row.kind === "pay").length;
  const unclaimed = unclaimedBonuses(result);
  const seen = new Set(rows.map(({ row }) => bonusOf(row)));
  const held = plan?.held.filter((row) => !seen.has(bonusOf(row))) ?? [];
  return {
    account,
    rows: rows.map(applyRow),
    totals: {
      bonuses: inRows + unclaimed,
      paid: paid.length,
      amount: amountOf(amount, account),
      fees: amountOf(fee, account),
      cost: amountOf(cost, account),
    },
    balance,
    receipts: { branch, paths: receipts },
    problems: plan?.problems ?? [],
    ...(held.length > 0 ? { held } : {}),
    ...(stop ? { stopped: { cause: stop.cause, message: stop.message, next: nextAfter(stop) } } : {}),
  };
}

/** Exit status 3: something is held, refused or open, or the run ended before its work did. */
export function needsAPerson({ rows, held = [], stopped }: ApplyReport): boolean {
  return stopped !== undefined || held.length > 0 || !rows.every(isWell);
}

/** A ledger that could not be written before anything was claimed: the whole run failed, and nobody was paid. */
export function failureToClaim(reports: readonly ApplyReport[]): Failure | undefined {
  const stuck = reports.find(({ stopped }) => stopped?.cause === "ledger");
  if (!stuck?.stopped || reports.some(({ rows }) => rows.length > 0)) return undefined;
  return new Failure(
    stuck.stopped.message,
    `nobody was paid; mend that and run \`mergepay apply\` again. A protected branch must let whoever pays push to \`${stuck.receipts.branch}\` (on GitHub: Settings, Rules)`,
  );
}

/** A row may have been looked at twice: after a lost race for the ledger, or left open before and claimed afresh now. */
function lastOfEach(rows: readonly AppliedRow[]): readonly AppliedRow[] {
  return [...new Map(rows.map((each) => [claimedRowKey(0, each.row), each])).values()];
}

/** Empty for what is no bonus. */
function bonusOf(row: { readonly kind: string } & Partial<Record<"assignment" | "label", string>>): string {
  return row.kind === "pay" ? `${row.assignment} ${row.label}` : "";
}

/** Bonuses that the plan asked for and no claim of this run names: the run stopped before them. */
function unclaimedBonuses({ plan, rows, stop }: ApplyResult): number {
  if (!plan || !stop) return 0;
  const claimed = new Set(rows.map(({ row }) => (row.kind === "pay" ? row.reference : "")));
  return plan.steps.filter((step) => step.kind === "pay" && !claimed.has(step.reference)).length;
}

function applyRow(each: AppliedRow): ApplyRow {
  if (each.state === "open") {
    const open = { ...each.row, outcome: "unknown", message: each.seen } as const;
    return each.next === undefined ? open : { ...open, next: each.next };
  }
  if (each.state === "turned-away" && each.row.outcome === "refused")
    return {
      ...each.row,
      next: "correct or remove the row by a reviewed change: nothing was claimed, and it needs no `attempt`",
    };
  const next = nextFor(each.row);
  return next === undefined ? each.row : { ...each.row, next };
}

/** Where the outcome's usual advice would lead nowhere. */
function nextFor(row: ReceiptRow): string | undefined {
  if (row.kind !== "pay") return undefined;
  const again = `\`attempt: ${row.attempt + 1}\``;
  if (row.code === "equal-bonus-appeared")
    return `if the bonus paid by hand was this one, remove the row; if the worker is to get both, give it ${again} and \`repeat: true\` by a reviewed change`;
  if (row.outcome === "refused") return `correct the row and give it ${again} by a reviewed change, or remove it`;
  return undefined;
}

const HAND_OVER = "nothing: the next run goes on, by the schedule or now with `mergepay apply`";

function nextAfter({ cause }: Stop): string {
  switch (cause) {
    case "funds":
      return "add money to the account, then run `mergepay apply` again: what was paid stays paid, the rest follows";
    case "credentials":
      return "mend the credentials, then run `mergepay apply` again";
    case "price":
      return "compare the rates in payments/policy.yaml with what the platform asks, then run `mergepay apply` again: nothing of this order was claimed or paid";
    case "refused":
      return "mend what the platform names, then run `mergepay apply` again";
    case "unknowns":
      return "wait some minutes, then run `mergepay apply` again: it finds out what became of the open rows first";
    case "asked":
      return "run `mergepay apply` again to go on";
    case "time":
      return HAND_OVER;
    case "ledger":
      return "mend what keeps the ledger from being written, then run `mergepay apply` again: it settles what is open first";
    case "busy":
      return "run `mergepay apply` again in some minutes";
    case "surplus":
      return "compare the platform's list of bonuses with the ledger: more was paid than was ordered";
    case "clock":
      return "set this machine's clock, then run `mergepay apply` again";
  }
}
