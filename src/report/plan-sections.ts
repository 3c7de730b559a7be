import { displayMoney } from "../money.ts";
import type { MembershipStep, Plan } from "../plan/plan.ts";
import { inCurrency } from "../policy/in-currency.ts";
import type { Problem } from "../problem.ts";
import { approvalSection } from "./approval-section.ts";
import { changesSection } from "./changes-section.ts";
import type { AccountPlan, PlanComment } from "./comment-input.ts";
import { footerLine } from "./markdown-footer.ts";
import { membershipRows, payRows } from "./markdown-rows.ts";
import { leftAloneSection, problemSections } from "./markdown-sections.ts";
import { table } from "./markdown-table.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import {
  accountText,
  capital,
  count,
  hasPlainGroups,
  moneyText,
  REASONS_KEPT,
  wordsOf,
  workersReadReasons,
} from "./phrases.ts";
import { countPaid } from "./plan-people.ts";
import { inOrderOfMoney, planTitle, planVerdict } from "./plan-verdict.ts";
import { studySection } from "./study-totals.ts";

/** Accounts that are told in full. */
const ACCOUNTS_SHOWN = 3;
const STUDIES_SHOWN = 3;
const EMAILS_SHOWN = 10;

/** The parts of a plan's comment, in the order in which somebody who decides needs them. */
export function planSections(input: PlanComment, view: MarkdownView, detail: Detail): string[] {
  const problems = problemSections(problemsOf(input), view, detail);
  const changes = changesSection(input.changes, view, detail);
  const ordered = input.state === "SUPERSEDED" ? [] : inOrderOfMoney(input.plans);
  const accounts = ordered
    .slice(0, ACCOUNTS_SHOWN)
    .map((each) => accountSection(each, input, view, detail, ordered.length > 1));
  const unseen = [
    ...accounts.map((each) => each.unseen),
    problems.unseen,
    changes.unseen,
    ordered.length > ACCOUNTS_SHOWN ? count(ordered.length - ACCOUNTS_SHOWN, "more account") : "",
  ].filter((each) => each !== "");
  const errors = problemsOf(input).filter(({ severity }) => severity === "error").length;
  return [
    `## ${planTitle(input, errors)}\n${planVerdict(input, view)}`,
    ordered.length === 1 ? (accounts[0]?.totals ?? "") : "",
    unseenText(unseen, detail),
    skipCiText(input, view),
    problems.errors,
    problems.warnings,
    changes.text,
    takenOutText(input, view),
    ...accounts.flatMap(({ heading, totals, text }) => [heading, ...(ordered.length > 1 ? [totals] : []), text]),
    input.lastAudit === undefined || input.state === "SUPERSEDED" ? "" : `The books: ${input.lastAudit}.`,
    footerLine(
      input.footer ?? {},
      view,
      detail.list ? undefined : "this comment is written anew with every plan, and nothing is read back from it",
    ),
  ];
}

function unseenText(unseen: readonly string[], { list }: Detail): string {
  if (unseen.length === 0) return "";
  const where = list ? "" : "the summary of the run has up to 5,000 rows; ";
  return `**Not shown here:** ${unseen.join("; ")}. To see more: ${where}\`mergepay plan --verbose\` has all.`;
}

/** Those of the files and those of every plan, each once: a plan repeats what was known before it. */
function problemsOf({ plans, problems = [] }: PlanComment): Problem[] {
  const all = [...problems, ...plans.flatMap(({ plan }) => plan.problems)];
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

interface AccountPart extends Part {
  readonly heading: string;
  readonly totals: string;
}

function accountSection(
  { plan, approvers }: AccountPlan,
  { policy, state }: PlanComment,
  view: MarkdownView,
  detail: Detail,
  isOneOfMany: boolean,
): AccountPart {
  const bonuses = payRows(plan, view, detail);
  const memberships = membershipRows(plan, view, detail);
  const leftAlone = leftAloneSection(plan, view, detail);
  const [only] = plan.manifests;
  const sections = [
    detail.statistics ? studySection(plan, view) : "",
    plan.manifests.length === 1 && only && plan.steps.length > 0 && bonuses.text + memberships.text !== ""
      ? `**What ${view.name(only.file)} asks for**`
      : "",
    bonuses.text,
    memberships.text,
    emailText(plan, view),
    leftAlone.text,
    state === "PLAN READY"
      ? approvalSection(plan, inCurrency(policy, plan.account.currency), approvers, view, detail)
      : "",
  ];
  return {
    heading: isOneOfMany ? `### ${capital(accountText(plan.account))}` : "",
    totals: plan.steps.length > 0 ? [totalsTable(plan, view), ...priceNotes(plan)].join("\n\n") : "",
    text: sections.filter((section) => section !== "").join("\n\n"),
    unseen: [bonuses.unseen, memberships.unseen, leftAlone.unseen].filter((each) => each !== "").join("; "),
  };
}

function totalsTable(plan: Plan, { words }: MarkdownView): string {
  const { totals } = plan;
  const workers = countPaid(plan.steps);
  const plain = hasPlainGroups(plan.account);
  const budgets = [...totals.budgetsLeft].sort(([a], [b]) => (a < b ? -1 : 1));
  const left = [
    ...budgets.slice(0, STUDIES_SHOWN).map(([study, amount]) => `${displayMoney(amount)} for ${words(study, 40)}`),
    ...(budgets.length > STUDIES_SHOWN
      ? [`and ${count(budgets.length - STUDIES_SHOWN, "more study", "more studies")}`]
      : []),
  ];
  const changes = totals.grants + totals.rescores + totals.revokes;
  const balance =
    totals.balance === "unknown" ? "unknown" : `${displayMoney(totals.balance)} → ${moneyText(totals.balanceAfter)}`;
  return table(
    [
      { title: "Bonuses", align: "right" },
      { title: "Workers", align: "right" },
      { title: "Amount", align: "right" },
      { title: totals.feeBasis === undefined ? "Fees" : "Fees at most", align: "right" },
      { title: "Total", align: "right" },
      { title: "Balance now → after", align: "right" },
      ...(left.length > 0 ? [{ title: "Budget left" }] : []),
      ...(changes > 0
        ? ([
            { title: `${capital(wordsOf(plan.account).membership)} changes`, align: "right" },
            ...(plain ? [] : [{ title: "E-mails", align: "right" } as const]),
          ] as const)
        : []),
    ],
    [
      [
        totals.bonuses.toLocaleString("en-US"),
        workers?.toLocaleString("en-US") ?? "unknown",
        displayMoney(totals.amount),
        displayMoney(totals.fees),
        `**${displayMoney(totals.cost)}**`,
        balance,
        ...(left.length > 0 ? [left.join("<br>")] : []),
        ...(changes > 0 ? [changes.toLocaleString("en-US")] : []),
        ...(changes > 0 && !plain ? [totals.emails.toLocaleString("en-US")] : []),
      ],
    ],
  );
}

/** What a reviewer should know of an estimate, and of reasons that only the lab reads. */
function priceNotes({ account, totals }: Plan): string[] {
  if (totals.bonuses === 0) return [];
  return [
    ...(totals.feeBasis === undefined ? [] : [`**Fees:** ${totals.feeBasis}.`]),
    ...(workersReadReasons(account) ? [] : [`**Reasons:** ${REASONS_KEPT}.`]),
  ];
}

function emailText({ steps, totals }: Plan, view: MarkdownView): string {
  if (totals.emails === 0) return "";
  const told = steps.filter(
    (step): step is MembershipStep => (step.kind === "grant" || step.kind === "rescore") && step.notify,
  );
  const names = [...new Set(told.map(({ worker }) => worker))];
  const shown = names.slice(0, EMAILS_SHOWN).map(view.worker);
  const rest = names.length - shown.length;
  return `✉️ **${count(totals.emails, "e-mail")}** about qualifications: the platform writes to ${shown.join(", ")}${rest > 0 ? ` and ${count(rest, "other")}` : ""}.`;
}

function skipCiText({ skipCi }: PlanComment, view: MarkdownView): string {
  if (!skipCi) return "";
  return `⚠️ **The merge would not start the payment:** ${view.words(skipCi.where, 80)} holds ${view.words(skipCi.token, 40)}, at which GitHub starts no workflow. Take it out; otherwise the rows are paid by the next scheduled run.`;
}

/** A revert takes rows out, and no money back. */
function takenOutText({ takenOut }: PlanComment, view: MarkdownView): string {
  if (!takenOut) return "";
  const { paid, unpaid } = takenOut;
  const sentences = [
    ...(paid.rows > 0
      ? [
          `It takes out ${count(paid.rows, "paid row")}, which does not take money back: ${view.words(paid.cost, 30)} remain paid.`,
        ]
      : []),
    ...(unpaid.rows > 0
      ? [
          `It cancels ${count(unpaid.rows, "row")} that ${unpaid.rows === 1 ? "was" : "were"} not paid yet (${view.words(unpaid.cost, 30)}).`,
        ]
      : []),
  ];
  return sentences.length === 0 ? "" : `**Rows that this pull request removes.** ${sentences.join(" ")}`;
}
