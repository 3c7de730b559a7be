import { displayMoney } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import type { Account } from "../platforms/ports.ts";
import { isHandedOver, isWell } from "./apply-report.ts";
import type { AccountResult, ResultComment } from "./comment-input.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { accountTag, changesText, count, isReal, sumText } from "./phrases.ts";
import { isToBeContinued, resultCounts } from "./result-counts.ts";
import type { ResultCounts } from "./result-counts.ts";

/** Real money first. */
export function resultsInOrder(accounts: readonly AccountResult[]): AccountResult[] {
  return [...accounts].sort((a, b) => Number(isReal(b.report.account)) - Number(isReal(a.report.account)));
}

/** State, totals and environment in one line: `✅ PAID: 5 of 5 bonuses, $11.10 — PRODUCTION`. */
export function resultTitle(input: ResultComment): string {
  const accounts = resultsInOrder(input.accounts);
  const counts = accounts.map(resultCounts);
  const all = accounts.map(({ report }) => report.account);
  const mismatch = mismatchOf(input, counts);
  const sums =
    input.state === "PAYING"
      ? (input.plans ?? [])
          .map((plan, _, plans) =>
            underWay(
              plan,
              plans.map(({ account }) => account),
            ),
          )
          .join("; ")
      : accounts.map(({ report }, index) => accountSum(report, counts[index], all)).join("; ");
  const held = input.held.length > 0 ? count(input.held.length, "manifest waits", "manifests wait") : "";
  if (input.state === "PAYING") return `${SIGNS.PAYING} PAYING${sums === "" ? "" : `: ${sums}`}`;
  const said = [sums === "" ? `nothing was paid${placeOf(input)}` : sums, held]
    .filter((each) => each !== "")
    .join("; ");
  if (mismatch !== undefined) return `⛔ COUNT MISMATCH: ${mismatch}; ${said}`;
  return `${SIGNS[input.state]} ${input.state}: ${said}`;
}

const SIGNS: Readonly<Record<ResultComment["state"], string>> = {
  PAYING: "⏳",
  PAID: "✅",
  HELD: "✋",
  PARTIAL: "⚠️",
  UNKNOWN: "❗",
  FAILED: "⛔",
  "NOTHING TO PAY": "✅",
};

/** Numbers that do not agree, or a success that they do not support. A run that is under way has no end to count. */
function mismatchOf({ state, held }: ResultComment, counts: readonly ResultCounts[]): string | undefined {
  if (state === "PAYING") return undefined;
  const found = counts.find(({ mismatch }) => mismatch !== undefined)?.mismatch;
  if (found !== undefined) return found;
  if (state !== "PAID" && state !== "NOTHING TO PAY") return undefined;
  const left = counts.reduce((sum, each) => sum + each.planned - each.paid - each.found, 0);
  if (left !== 0) return `${count(left, "bonus is", "bonuses are")} not paid`;
  return held.length > 0 ? `${count(held.length, "manifest was", "manifests were")} not paid` : undefined;
}

/** `4 of 5 bonuses paid, $9.90; 1 without a clear answer — PRODUCTION` */
function accountSum(
  report: AccountResult["report"],
  counts: ResultCounts | undefined,
  all: readonly Account[],
): string {
  const { account, totals, rows } = report;
  const planned = counts?.planned ?? totals.bonuses;
  const done = (counts?.paid ?? 0) + (counts?.found ?? 0);
  const where = ` — ${accountTag(account, all)}`;
  if (planned === 0) {
    const changes = rows.filter((row) => row.kind !== "pay" && isWell(row)).length;
    return `${changes > 0 ? `${changesText(changes, account)} done, no bonus to pay` : "$0.00"}${where}`;
  }
  const number = `${done.toLocaleString("en-US")} of ${count(planned, "bonus", "bonuses")} paid`;
  const unclear =
    counts && counts.unknown > 0 ? `, ${counts.unknown.toLocaleString("en-US")} without a clear answer` : "";
  const left = isHandedOver(report) ? ", goes on at the next run" : "";
  const cost = `**${displayMoney(totals.cost)}**`;
  const sum = done === planned ? sumText(totals).replace(/[^ ]+$/, () => cost) : cost;
  return `${number}, ${sum}${unclear}${left}${where}`;
}

/** `5 bonuses, $11.10 — PRODUCTION` */
function underWay({ account, totals }: Plan, all: readonly Account[]): string {
  return `${count(totals.bonuses, "bonus", "bonuses")}, **${displayMoney(totals.cost)}** — ${accountTag(account, all)}`;
}

function placeOf({ held }: ResultComment): string {
  const places = [...new Set(held.map(({ environment = "production" }) => accountTag({ environment })))];
  return places.length === 0 ? "" : ` — ${places.join(", ")}`;
}

/** What was done, and one sentence on what to do next. */
export function resultVerdict(input: ResultComment, view: MarkdownView): string {
  const { explanation } = input;
  const why = explanation ? `${view.words(explanation.why, 300)} ` : "";
  const next = explanation ? `**Next:** ${view.words(explanation.next.replace(/\.$/, ""), 200)}.` : undefined;
  if (mismatchOf(input, input.accounts.map(resultCounts)) !== undefined)
    return `${why}The numbers of this run do not agree, so do not take it for a success. **Next:** run the workflow once more; if this stays, compare the receipts with the platform's list of bonuses before you merge anything else.`;
  switch (input.state) {
    case "PAYING":
      return `${why}The payment is running; this comment becomes its result. **Next:** wait, and do not write the rows anew.`;
    case "PAID":
      return `${why}Every bonus is paid and its receipt is in the ledger. **Next:** nothing.`;
    case "NOTHING TO PAY":
      return `${why}No row asked for anything. **Next:** nothing.`;
    case "HELD":
      return `${why}Nothing was paid, because a person must decide first. **Next:** ${input.held.length > 0 ? "do what stands beside each manifest below; the next run pays it then" : "do what stands beside each row below"}.`;
    case "PARTIAL":
      if (isToBeContinued(input.accounts, input.held))
        return `${why}The time of this job was up. What is paid has its receipt, and the next run goes on with the rest: the scheduled one, or sooner any merge or a run started by hand. **Next:** nothing.`;
      return `${why}What is paid has its receipt and will not be paid again. **Next:** do what stands beside each row or manifest below, and leave the paid rows as they are.`;
    case "UNKNOWN":
      return `${why}For some rows nobody can tell yet whether they are paid. **Next:** wait for the next scheduled run or start the workflow by hand; it looks first and pays nothing twice. Do not write these rows anew.`;
    case "FAILED":
      return `${why}${input.accounts.some(({ report }) => report.totals.paid > 0) ? "The run ended early." : "The run ended before the first payment; no money moved."} ${next ?? "**Next:** mend what is named below, then run the workflow again."}`;
  }
}
