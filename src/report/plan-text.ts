import { displayMoney } from "../money.ts";
import type { PayStep, Plan } from "../plan/plan.ts";
import { stops } from "../problem.ts";
import { beside, wrap } from "./columns.ts";
import { heldSection, settledSection } from "./left-alone-text.ts";
import {
  accountText,
  capital,
  changesText,
  count,
  hasPlainGroups,
  isReal,
  moneyText,
  REASONS_KEPT,
  sumText,
  wordsOf,
  workersReadReasons,
} from "./phrases.ts";
import { countPaid, workersOf } from "./plan-people.ts";
import { problemCounts, problemsText } from "./problems.ts";
import { bonusSection, membershipSection, typeSection } from "./steps-text.ts";
import { paint } from "./style.ts";
import { facts, title, viewFor } from "./terminal-view.ts";
import type { TerminalOptions, View } from "./terminal-view.ts";

const STUDIES_SHOWN = 10;

/** A plan for a terminal: the verdict, who gets what, what it costs, what is left alone, what is wrong, what is next. */
export function planText(plan: Plan, options: TerminalOptions): string {
  const view = viewFor(options, workersOf(plan));
  const bonuses = plan.steps.filter((step) => step.kind === "pay");
  const sections = [
    headline(plan, view),
    bonusSection(bonuses, plan, view),
    typeSection(plan, view),
    membershipSection(plan, view),
    plan.steps.length > 0 ? totalsSection(plan, bonuses, view) : "",
    ...heldSection(plan.held, view),
    settledSection(plan, view),
    plan.problems.length > 0
      ? `${title("Problems", view)}\n${problemsText(plan.problems, view.style, view.mask.text)}`
      : "",
    wrap(nextStep(plan), view.style.width),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function headline(plan: Plan, { style }: View): string {
  const line = beside(verdict(plan), `— ${accountText(plan.account)}`, style.width);
  if (stops(plan.problems)) return paint(style, "red", line);
  return paint(style, plan.steps.length === 0 ? "bold" : "green", line);
}

function verdict({ account, problems, steps, totals }: Plan): string {
  if (stops(problems)) {
    const errors = problems.filter(({ severity }) => severity === "error");
    return `Stopped: ${count(errors.length, "problem")}, nothing would be paid`;
  }
  if (steps.length === 0)
    return totals.open.bonuses > 0 ? `Nothing new to pay, and ${openText(totals)}` : "Nothing to pay";
  const changes = totals.grants + totals.rescores + totals.revokes;
  const groups = changes > 0 ? changesText(changes, account) : "";
  if (totals.bonuses === 0) return `Ready: ${groups || `a new ${wordsOf(account).group}`}, no bonus to pay`;
  const bonuses = `Ready to pay ${count(totals.bonuses, "bonus", "bonuses")}: ${sumText(totals)}`;
  return `${bonuses}${groups && `, and ${groups}`}`;
}

/** `2 bonuses of an earlier run ($4.20 with fees) are still open` */
function openText({ open }: Plan["totals"]): string {
  const are = open.bonuses === 1 ? "is" : "are";
  return `${count(open.bonuses, "bonus", "bonuses")} of an earlier run (${displayMoney(open.cost)} with fees) ${are} still open`;
}

function totalsSection(plan: Plan, bonuses: readonly PayStep[], view: View): string {
  return [
    title("Totals", view),
    ...facts([
      ...(bonuses.length > 0 ? moneyFacts(plan, bonuses) : []),
      ...budgetFacts(plan, view),
      ...changeFacts(plan),
      ...(hasPlainGroups(plan.account) ? [] : [emailFact(plan)]),
    ]),
  ].join("\n");
}

type Fact = readonly [name: string, text: string];

function moneyFacts({ account, totals }: Plan, bonuses: readonly PayStep[]): Fact[] {
  const people = countPaid(bonuses);
  const to = people === undefined ? "" : ` to ${count(people, "worker")}`;
  const after = totals.balanceAfter === "unknown" ? "" : `, ${displayMoney(totals.balanceAfter)} after`;
  return [
    ["Bonuses", `${totals.bonuses.toLocaleString("en-US")}${to}: ${sumText(totals)}`],
    ...(totals.feeBasis === undefined ? [] : [["Fees", totals.feeBasis] as const]),
    ...(workersReadReasons(account) ? [] : [["Reasons", REASONS_KEPT] as const]),
    ...(totals.open.bonuses > 0 ? [["Open", `${openText(totals)}: settled first`] as const] : []),
    ["Balance", totals.balance === "unknown" ? "unknown" : `${moneyText(totals.balance)} now${after}`],
  ];
}

function emailFact({ totals: { emails } }: Plan): Fact {
  return ["E-mails", emails === 0 ? "none" : `${emails.toLocaleString("en-US")} will be sent`];
}

function budgetFacts({ totals }: Plan, { words }: View): Fact[] {
  const budgets = [...totals.budgetsLeft].sort(([a], [b]) => (a < b ? -1 : 1));
  const rest = budgets.length - STUDIES_SHOWN;
  return [
    ...budgets
      .slice(0, STUDIES_SHOWN)
      .map(([study, left]): Fact => ["Budget left", `${displayMoney(left)} for ${words(study)}`]),
    ...(rest > 0 ? [["", `and ${count(rest, "more study", "more studies")}`] as const] : []),
  ];
}

function changeFacts({ account, totals }: Plan): Fact[] {
  const changes = [
    ...(totals.grants > 0 ? [count(totals.grants, "grant")] : []),
    ...(totals.rescores > 0 ? [count(totals.rescores, "re-score")] : []),
    ...(totals.revokes > 0 ? [count(totals.revokes, "revoke")] : []),
  ];
  return changes.length > 0 ? [[`${capital(wordsOf(account).membership)}s`, changes.join(", ")]] : [];
}

function nextStep(plan: Plan): string {
  if (stops(plan.problems)) return "Nothing was paid. Next: mend the errors above, then plan again.";
  if (plan.steps.length === 0) {
    if (plan.held.some(({ state }) => state !== "open")) return "Next: decide about the held rows above.";
    return plan.totals.open.bonuses > 0
      ? "Next: `mergepay apply` looks for what is open, and pays what the platform does not list."
      : "Nothing is left to do.";
  }
  const warnings = plan.problems.length > 0 ? ` Mind the ${problemCounts(plan.problems)} above.` : "";
  const next = isReal(plan.account)
    ? "Next: have the pull request reviewed; its merge pays."
    : "Next: once it is on the default branch, `mergepay apply` does it.";
  return `Nothing was paid: this is what would happen. ${next}${warnings}`;
}
