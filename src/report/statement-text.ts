import type { LedgerProblems } from "../ledger/verify.ts";
import { displayMoney } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Summary } from "../statement/summary.ts";
import { columns } from "./columns.ts";
import { accountText, count } from "./phrases.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

export interface StatementView {
  /** Accounts that the ledger has and the report does not show. */
  readonly leftOut: readonly Account[];
  /** What was written. */
  readonly files: readonly string[];
  /** The ledger's commit. */
  readonly tip: string;
  /** See {@link lastAuditLine}. */
  readonly lastAudit: string;
  readonly style: Style;
}

/** What was spent, by account and study. */
export function statementText(summaries: readonly Summary[], view: StatementView): string {
  const { leftOut, files, tip, lastAudit, style } = view;
  return [
    ...(summaries.length === 0 ? ["The ledger has no records that this report would show."] : []),
    ...summaries.map((each) => accountBlock(each, style)),
    [
      ...leftOut.map((each) => `Not shown: ${accountText(each)} (--environment ${each.environment} shows it)`),
      ...(lastAudit === "" ? [] : [lastAudit]),
      `From the ledger at commit ${tip.slice(0, 12)}, whose chain is whole.`,
      ...files.map((file) => `Wrote ${safeForTerminal(file)}`),
    ].join("\n"),
  ].join("\n\n");
}

/** For whoever wants to be able to show later that nothing was taken back. */
export function sealText(seal: string): string {
  return [
    `Seal of the report's proof: ${seal}`,
    "  Note it where nobody can change it later: in the paper, a preregistration, a mail to a colleague.",
  ].join("\n");
}

/** Why there are no figures. */
export function brokenText(problems: LedgerProblems, style: Style): string {
  const [first] = problems;
  return [
    paint(
      style,
      "red",
      `The ledger is broken: ${count(problems.length, "fault")}. Figures from it could not be relied on.`,
    ),
    ...(first ? [`  ${safeForTerminal(first.message)}`] : []),
    "  hint: `mergepay verify` shows every fault, and what to do",
  ].join("\n");
}

function accountBlock({ account, paid, first, last, studies, waiting }: Summary, style: Style): string {
  const hasBudgets = studies.some(({ budget }) => budget);
  const { header, lines } = columns(
    [
      { title: "Study" },
      { title: "Bonuses", align: "right" },
      { title: "Workers", align: "right" },
      { title: "Amount", align: "right" },
      { title: "Fees", align: "right" },
      { title: "Total", align: "right" },
      ...(hasBudgets ? [{ title: "Budget left", align: "right" } as const] : []),
    ],
    studies.map((each) => [
      each.study,
      String(each.bonuses),
      String(each.workers),
      displayMoney(each.amount),
      displayMoney(each.fee),
      displayMoney(each.cost),
      ...(hasBudgets ? [leftText(each)] : []),
    ]),
    style.width,
  );
  const sums = `${count(paid.bonuses, "bonus", "bonuses")}, ${displayMoney(paid.amount)} + ${displayMoney(paid.fee)} fees = ${displayMoney(paid.cost)}`;
  const when = first === undefined ? "" : first === last ? `, on ${first}` : `, ${first} to ${last}`;
  return [
    paint(style, "bold", `${accountText(account)}: ${sums}${when}`),
    paint(style, "dim", header),
    ...lines,
    ...(waiting.length > 0
      ? [paint(style, "yellow", `  ${count(waiting.length, "row")} open or held: \`mergepay status\` says what to do`)]
      : []),
  ].join("\n");
}

function leftText({ budget, left }: Summary["studies"][number]): string {
  if (!budget) return "no budget";
  return left ? `${displayMoney(left)} of ${displayMoney(budget)}` : `over ${displayMoney(budget)}`;
}
