import { displayMoney } from "../money.ts";
import type { Policy } from "../policy/policy.ts";
import type { HeldRow, Plan, SettledRow } from "../plan/plan.ts";
import { inOrder } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { folded, within } from "./markdown-table.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import { count, isReal } from "./phrases.ts";
import { shorten } from "./safe-text.ts";

/** Characters that each part may take. */
const ERRORS_MOST = 5_000;
const WARNINGS_MOST = 4_000;
const LEFT_ALONE_MOST = 3_000;
const MANIFESTS_MOST = 1_500;
const SETTLED_SHOWN = 10;
const LOGINS_SHOWN = 10;

export interface ProblemParts {
  readonly errors: string;
  readonly warnings: string;
  readonly unseen: string;
}

/** The errors as a numbered list, the warnings as another. */
export function problemSections(plan: Plan, view: MarkdownView, detail: Detail): ProblemParts {
  const ordered = inOrder(plan.problems);
  const errors = ordered.filter(({ severity }) => severity === "error");
  const warnings = ordered.filter(({ severity }) => severity === "warning");
  const shownErrors = within(numbered(errors, view), ERRORS_MOST);
  const shownWarnings = within(numbered(warnings, view), detail.warnings ? WARNINGS_MOST : 0);
  const title = (sign: string, number: number, what: string) => `${sign} **${count(number, what)}**`;
  return {
    errors: errors.length > 0 ? [title("⛔", errors.length, "error"), "", ...shownErrors.shown].join("\n") : "",
    warnings:
      warnings.length > 0
        ? [title("⚠️", warnings.length, "warning"), "", ...shownWarnings.shown].join("\n").trim()
        : "",
    unseen: [
      ...(shownErrors.rest > 0 ? [`${shownErrors.rest} of ${count(errors.length, "error")}`] : []),
      ...(shownWarnings.rest > 0 ? [`${shownWarnings.rest} of ${count(warnings.length, "warning")}`] : []),
    ].join(", "),
  };
}

function numbered(problems: readonly Problem[], { name, words }: MarkdownView): string[] {
  return problems.map(
    ({ code, file, line, message, hint }, index) =>
      `${index + 1}. ${name(file)} line ${line}, \`${code}\`: ${words(message, 300)}<br>→ ${words(hint, 300)}`,
  );
}

/** The rows that this plan does not touch: those that need a person first. */
export function leftAloneSection(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const { held, settled } = plan;
  const number = held.length + settled.length;
  if (number === 0) return { text: "", unseen: "" };
  const lines = [
    ...STATES.flatMap((state) => held.filter((row) => row.state === state).map((row) => heldLine(row, view))),
    ...settled.slice(0, SETTLED_SHOWN).map((row) => settledLine(row, view)),
  ];
  const { shown } = within(lines, detail.leftAlone ? LEFT_ALONE_MOST : 0);
  const summary = [
    ...STATES.flatMap((state) => {
      const rows = held.filter((row) => row.state === state).length;
      return rows > 0 ? [`${rows.toLocaleString("en-US")} ${state}`] : [];
    }),
    ...(settled.length > 0 ? [`${settled.length.toLocaleString("en-US")} settled already`] : []),
  ].join(", ");
  const heading = `Left alone by this pull request: ${count(number, "row")} (${summary})`;
  return {
    text: shown.length > 0 ? folded(heading, shown.join("\n")) : heading,
    unseen:
      shown.length < number
        ? `${(number - shown.length).toLocaleString("en-US")} of ${count(number, "row")} left alone`
        : "",
  };
}

const STATES = ["held", "refused", "open"] as const;

function heldLine(row: HeldRow, view: MarkdownView): string {
  const what = `${view.worker(row.worker)} ${view.assignment(row.assignment)} ${displayMoney(row.amount)}`;
  return `- **${row.state}** ${view.name(row.file)} line ${row.line}: ${what}: ${view.words(row.why, 200)}<br>→ ${view.words(row.next, 200)}`;
}

function settledLine(row: SettledRow, view: MarkdownView): string {
  const what =
    row.kind === "pay" ? `${view.assignment(row.assignment)} ${displayMoney(row.amount)} paid` : view.name(row.name);
  const receipt = row.receipt === undefined ? "" : ` (${view.name(row.receipt)})`;
  return `- settled ${view.name(row.file)} line ${row.line}: ${view.worker(row.worker)} ${what}${receipt}`;
}

/** Who may approve what, at exactly which content. `authors` are the logins that may not. */
export function approvalSection(plan: Plan, policy: Policy, authors: readonly string[], view: MarkdownView): string {
  if (plan.steps.length === 0) return "";
  if (!isReal(plan.account)) return "**To approve:** nobody needs to, since no real money moves.";
  const { required, by, above } = policy.approvals;
  const people = (number: number) => count(number, "person", "people");
  const more = above ? ` (by ${people(above.required)} above ${displayMoney(above.amount)})` : "";
  const who = by.length === 0 ? "with write access" : `out of ${logins(by, view)}`;
  const not = authors.length === 0 ? "whoever wrote or pushed these rows" : logins(authors, view);
  const manifests = plan.manifests.map(({ file, digest }) => `- ${view.name(file)} = \`${grouped(digest)}\``);
  const { shown, rest } = within(manifests, MANIFESTS_MOST);
  return [
    `**To approve:** an approving review by ${people(required)}${more} ${who}, and not by ${not}.`,
    ...(policy.source === "default" ? ["There is no `payments/policy.yaml`, so that the safe defaults count."] : []),
    "It covers exactly this content; a change to any row needs a new approval:",
    "",
    ...shown,
    ...(rest > 0 ? [`- and ${count(rest, "more manifest")}`] : []),
  ].join("\n");
}

/** A login stands as code, so that nobody is called with every plan. */
function logins(all: readonly string[], view: MarkdownView): string {
  const shown = all.slice(0, LOGINS_SHOWN).map((login) => view.name(shorten(login, 40)));
  const rest = all.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${count(rest, "other")}` : ""}`;
}

/** `7f3a 91c0 44de`: enough of a digest to compare by eye. */
function grouped(digest: string): string {
  return [digest.slice(0, 4), digest.slice(4, 8), digest.slice(8, 12)].join(" ");
}
