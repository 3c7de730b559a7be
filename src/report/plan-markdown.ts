import { displayMoney } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/policy.ts";
import { stops } from "../problem.ts";
import { approvalSection, leftAloneSection, problemSections } from "./markdown-sections.ts";
import { membershipRows, payRows } from "./markdown-rows.ts";
import { table } from "./markdown-table.ts";
import { viewForMarkdown } from "./markdown-view.ts";
import type { Detail, MarkdownView } from "./markdown-view.ts";
import { count, isReal, moneyText, sumText } from "./phrases.ts";
import { workersOf } from "./plan-people.ts";

export interface PlanMarkdownOptions {
  readonly policy: Policy;
  readonly aliasKey?: string | undefined;
  /** Logins that may not approve this plan: who wrote or pushed it. */
  readonly authors?: readonly string[];
  /** The address of the run that made this, and what made it: for the last line. */
  readonly run?: string;
  readonly tool?: string;
  /** UTF-16 code units; GitHub takes 65,536. At least 15,000. */
  readonly limit?: number;
}

/** The first line: by it the comment is found again, and nothing is ever read back from below it. */
export const PLAN_MARKER = "<!-- mergepay:plan v1 -->";

/** From everything down to what always fits: verdict, totals, errors, approval. */
const DETAILS: readonly Detail[] = [
  { everyRow: true, sample: true, warnings: true, leftAlone: true, statistics: true },
  { everyRow: false, sample: true, warnings: true, leftAlone: true, statistics: true },
  { everyRow: false, sample: false, warnings: true, leftAlone: true, statistics: true },
  { everyRow: false, sample: false, warnings: false, leftAlone: true, statistics: true },
  { everyRow: false, sample: false, warnings: false, leftAlone: false, statistics: true },
  { everyRow: false, sample: false, warnings: false, leftAlone: false, statistics: false },
];

/** The pull-request comment about a plan. It never outgrows `limit`, and says what it does not show. */
export function planMarkdown(plan: Plan, options: PlanMarkdownOptions): string {
  const { policy, aliasKey, limit = 60_000 } = options;
  const view = viewForMarkdown({ workers: policy.workers, aliasKey }, workersOf(plan));
  let text = "";
  for (const detail of DETAILS) {
    text = compose(plan, options, view, detail);
    if (text.length <= limit) return text;
  }
  throw new Error(`a plan's comment needs more than ${limit} characters: ${text.length}`);
}

function compose(plan: Plan, options: PlanMarkdownOptions, view: MarkdownView, detail: Detail): string {
  const bonuses = payRows(plan, view, detail);
  const memberships = membershipRows(plan, view, detail);
  const problems = problemSections(plan, view, detail);
  const leftAlone = leftAloneSection(plan, view, detail);
  const unseen = [bonuses.unseen, memberships.unseen, problems.unseen, leftAlone.unseen].filter((each) => each !== "");
  const sections = [
    `${PLAN_MARKER}\n## ${headline(plan)}\n${verdict(plan)}`,
    plan.steps.length > 0 ? totalsTable(plan, view) : "",
    unseen.length > 0 ? `**Not shown here:** ${unseen.join("; ")}. Everything: \`mergepay plan --verbose\`.` : "",
    problems.errors,
    problems.warnings,
    bonuses.text,
    memberships.text,
    leftAlone.text,
    approvalSection(plan, options.policy, options.authors ?? [], view),
    footer(options, view),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function headline(plan: Plan): string {
  const where = `${plan.account.environment.toUpperCase()}${isReal(plan.account) ? "" : ", no real money"}`;
  const { totals } = plan;
  if (stops(plan.problems)) {
    const errors = plan.problems.filter(({ severity }) => severity === "error").length;
    return `⛔ Blocked: ${count(errors, "problem")}, nothing would be paid — ${where}`;
  }
  if (plan.steps.length === 0) return `✅ Nothing to pay — ${where}`;
  if (totals.bonuses === 0) return `🏷️ ${changesText(plan)}, no bonus to pay — ${where}`;
  const cost = displayMoney(totals.cost);
  const sum = sumText(totals).replace(cost, `**${cost}**`);
  return `💵 Pay ${count(totals.bonuses, "bonus", "bonuses")}, ${sum} — ${where}`;
}

function changesText({ totals, steps }: Plan): string {
  const changes = totals.grants + totals.rescores + totals.revokes;
  const types = steps.filter(({ kind }) => kind === "create-type").length;
  return changes > 0 ? count(changes, "qualification change") : count(types, "new qualification type");
}

function verdict(plan: Plan): string {
  if (stops(plan.problems)) return "**BLOCKED.** Nothing is paid until every error below is mended.";
  if (plan.steps.length === 0) return "**NOTHING TO PAY.** Merging this pull request pays nobody and changes nothing.";
  if (!isReal(plan.account)) return "**PLAN READY.** Merging this pull request moves no real money.";
  const workers = new Set(plan.steps.flatMap((step) => (step.kind === "pay" ? [step.worker] : []))).size;
  if (workers === 0) return "**PLAN READY.** Merging this pull request changes qualifications and pays nobody.";
  return `**PLAN READY.** Merging this pull request pays real money to ${count(workers, "worker")}. It cannot be undone; reverting the merge later does not take money back.`;
}

const STUDIES_SHOWN = 3;

function totalsTable(plan: Plan, { words }: MarkdownView): string {
  const { totals } = plan;
  const workers = new Set(plan.steps.flatMap((step) => (step.kind === "pay" ? [step.worker] : []))).size;
  const budgets = [...totals.budgetsLeft].sort(([a], [b]) => (a < b ? -1 : 1));
  const left = [
    ...budgets.slice(0, STUDIES_SHOWN).map(([study, amount]) => `${displayMoney(amount)} for ${words(study, 40)}`),
    ...(budgets.length > STUDIES_SHOWN
      ? [`and ${count(budgets.length - STUDIES_SHOWN, "more study", "more studies")}`]
      : []),
  ];
  const balance =
    totals.balance === "unknown" ? "unknown" : `${displayMoney(totals.balance)} → ${moneyText(totals.balanceAfter)}`;
  return table(
    [
      { title: "Bonuses", align: "right" },
      { title: "Workers", align: "right" },
      { title: "Amount", align: "right" },
      { title: "Fees", align: "right" },
      { title: "Total", align: "right" },
      { title: "Balance now → after", align: "right" },
      ...(left.length > 0 ? [{ title: "Budget left" }] : []),
      { title: "Qualification changes", align: "right" },
      { title: "E-mails", align: "right" },
    ],
    [
      [
        totals.bonuses.toLocaleString("en-US"),
        workers.toLocaleString("en-US"),
        displayMoney(totals.amount),
        displayMoney(totals.fees),
        `**${displayMoney(totals.cost)}**`,
        balance,
        ...(left.length > 0 ? [left.join("<br>")] : []),
        (totals.grants + totals.rescores + totals.revokes).toLocaleString("en-US"),
        totals.emails.toLocaleString("en-US"),
      ],
    ],
  );
}

function footer({ run, tool }: PlanMarkdownOptions, { words }: MarkdownView): string {
  const parts = [
    ...(run !== undefined && /^https:\/\/[\w./-]+$/.test(run) ? [`[run](${run})`] : []),
    ...(tool === undefined ? [] : [words(tool, 60)]),
    "this comment is written anew with every plan, and nothing is read back from it",
  ];
  return `<sub>${parts.join(" · ")}</sub>`;
}
