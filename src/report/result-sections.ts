import type { PayClaim } from "../ledger/records.ts";
import { displayMoney, parseMoney } from "../money.ts";
import { isHandedOver, isWell } from "./apply-report.ts";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";
import type { AccountResult, HeldManifest, ResultComment } from "./comment-input.ts";
import { anchorText } from "./ledger-anchor.ts";
import { footerLine } from "./markdown-footer.ts";
import { fileLink } from "./markdown-links.ts";
import { EVERY_MOST, OPEN_MOST } from "./markdown-rows.ts";
import { heldLine, lazily, problemSections } from "./markdown-sections.ts";
import { folded, table, tableWithin, within } from "./markdown-table.ts";
import { NOTHING } from "./markdown-view.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import { accountText, bareReason, changedScore, CHANGES, count, moneyText } from "./phrases.ts";
import { resultCounts } from "./result-counts.ts";
import { resultsInOrder, resultTitle, resultVerdict } from "./result-verdict.ts";
import { needLines } from "./row-needs.ts";

const ACCOUNTS_SHOWN = 3;
const APPROVERS_SHOWN = 10;

/** The parts of a result's comment: verdict and numbers, what needs a person, what was paid, where it is written. */
export function resultSections(input: ResultComment, view: MarkdownView, detail: Detail): string[] {
  const ordered = resultsInOrder(input.accounts);
  const problems = problemSections(
    [...(input.problems ?? []), ...ordered.flatMap(({ report }) => report.problems)],
    view,
    detail,
  );
  const manifests = heldManifests(input.held, view, detail);
  const accounts = ordered
    .slice(0, ACCOUNTS_SHOWN)
    .map((each) =>
      accountSection(each, view, detail, { isOneOfMany: ordered.length > 1, isRunning: input.state === "PAYING" }),
    );
  const unseen = [
    manifests.unseen,
    ...accounts.map((each) => each.unseen),
    problems.unseen,
    ordered.length > ACCOUNTS_SHOWN ? count(ordered.length - ACCOUNTS_SHOWN, "more account") : "",
  ].filter((each) => each !== "");
  return [
    `## ${resultTitle(input)}\n${resultVerdict(input, view)}`,
    unseen.length > 0 ? `**Not shown here:** ${unseen.join("; ")}. Everything stands in the ledger.` : "",
    problems.errors,
    manifests.text,
    ...accounts.map(({ text }) => text),
    problems.warnings,
    approversText(input, view),
    recordsText(input, view, detail),
    footerLine(input.footer ?? {}, view, detail.list ? undefined : NOT_READ_BACK),
    input.ledger
      ? `<sub>the ledger is at ${view.name(input.ledger.commit.slice(0, 12))}</sub>${anchorText(input.ledger)}`
      : "",
  ];
}

const NOT_READ_BACK = "the ledger is the record; nothing that stands here lets anybody be paid";

/** Manifests that wait for a person, each with what to do. */
export function heldManifests(
  held: readonly HeldManifest[],
  view: MarkdownView,
  { leftAlone }: Pick<Detail, "leftAlone">,
): Part {
  if (held.length === 0) return NOTHING;
  const lines = lazily(held, leftAlone, ({ file, code, message, next }) => {
    return `- ${view.name(file)}, ${view.name(code)}: ${view.words(message, 300)}<br>→ ${view.words(next, 300)}`;
  });
  const { shown, rest } = within(lines, leftAlone);
  const all = count(held.length, "manifest");
  return {
    text: [`✋ **${all} held: not paid until a person acts**`, "", ...shown].join("\n").trim(),
    unseen: rest > 0 ? `${rest.toLocaleString("en-US")} of ${count(held.length, "held manifest")}` : "",
  };
}

function accountSection(
  each: AccountResult,
  view: MarkdownView,
  detail: Detail,
  { isOneOfMany, isRunning }: { readonly isOneOfMany: boolean; readonly isRunning: boolean },
): Part {
  const { report } = each;
  const needs = needsPart(report, view, detail);
  const done = doneRows(report, view, detail);
  const title = accountText(report.account);
  const sections = [
    isOneOfMany ? `### ${title.slice(0, 1).toUpperCase()}${title.slice(1)}` : "",
    isRunning ? "" : countsTable(each),
    report.stopped && !isHandedOver(report)
      ? `⛔ **Stopped before the last row:** ${view.words(report.stopped.message, 300)} (${view.words(report.stopped.cause, 40)})<br>→ ${view.words(report.stopped.next, 300)}`
      : "",
    needs.text,
    done.text,
  ];
  return {
    text: sections.filter((section) => section !== "").join("\n\n"),
    unseen: [needs.unseen, done.unseen].filter((section) => section !== "").join("; "),
  };
}

function countsTable(each: AccountResult): string {
  const { report } = each;
  const counts = resultCounts(each);
  if (counts.planned === 0 && report.rows.length === 0) return "";
  const number = (value: number) => value.toLocaleString("en-US");
  const { before, after } = report.balance;
  return table(
    [
      "Planned",
      "Paid now",
      "Paid before",
      "Refused",
      "Held",
      "Unknown",
      "Not sent",
      "Total paid",
      "Balance before → after",
    ].map((title) => ({ title, align: "right" })),
    [
      [
        number(counts.planned),
        number(counts.paid),
        number(counts.found),
        number(counts.refused),
        number(counts.held),
        number(counts.unknown),
        number(counts.notSent),
        `**${displayMoney(report.totals.cost)}**`,
        `${moneyText(before)} → ${moneyText(after)}`,
      ],
    ],
  );
}

function needsPart(report: ApplyReport, view: MarkdownView, { leftAlone }: Detail): Part {
  if (isHandedOver(report)) return NOTHING;
  const waiting = report.rows.filter((row) => !isWell(row));
  const earlier = report.held ?? [];
  const number = waiting.length + earlier.length;
  if (number === 0) return NOTHING;
  const rows = needLines(waiting, report.account, view, leftAlone);
  const { shown } = within([...rows, ...lazily(earlier, leftAlone, (row) => heldLine(row, view))], leftAlone);
  return {
    text: [`❗ **${count(number, "row needs attention", "rows need attention")}**`, "", ...shown].join("\n").trim(),
    unseen:
      shown.length < number
        ? `${(number - shown.length).toLocaleString("en-US")} of ${count(number, "row that needs attention", "rows that need attention")}`
        : "",
  };
}

/** What is paid, granted, revoked or made. */
function doneRows({ rows, account }: ApplyReport, view: MarkdownView, detail: Detail): Part {
  const done = rows.filter(isWell);
  const number = done.length;
  const all = count(number, "row done", "rows done");
  if (number === 0) return NOTHING;
  const columns = [
    { title: "Worker" },
    { title: "What" },
    { title: "For" },
    { title: "Bonus or score", align: "right" },
    { title: "Reason" },
  ] as const;
  const cells = (row: ApplyRow) => doneCells(row, account, view);
  if (detail.list) {
    const { text, shown } = tableWithin(columns, done.slice(0, detail.list.rows), cells, detail.list.bytes);
    return { text, unseen: shown < number ? `${(number - shown).toLocaleString("en-US")} of ${all}` : "" };
  }
  if (!detail.everyRow || number > EVERY_MOST)
    return { text: "", unseen: `${number.toLocaleString("en-US")} of ${all}` };
  const text = table(columns, done.map(cells));
  return { text: number <= OPEN_MOST ? text : folded(`All ${all}`, text), unseen: "" };
}

function doneCells(row: ApplyRow, account: ApplyReport["account"], view: MarkdownView): string[] {
  switch (row.kind) {
    case "pay": {
      const amount = parseMoney(row.amount, account.currency);
      return [
        view.worker(row.worker),
        row.outcome === "found" ? "paid before" : "paid",
        assignmentText(row, view),
        amount ? displayMoney(amount) : view.words(row.amount, 20),
        view.words(bareReason(row.reason, row.reference), 60),
      ];
    }
    case "grant":
    case "rescore":
    case "revoke":
      return [
        view.worker(row.worker),
        row.outcome === "found" ? "so already" : CHANGES[row.kind],
        view.name(row.name),
        changedScore(row, account),
        view.words(row.reason ?? "", 60),
      ];
    case "create-type":
      return ["", row.outcome === "found" ? "so already" : "created", view.name(row.name), "", ""];
  }
}

function assignmentText({ assignment, label }: PayClaim, view: MarkdownView): string {
  return `${view.assignment(assignment)}${label === "" ? "" : ` ${view.words(label, 40)}`}`;
}

function approversText({ approvers, accounts, state }: ResultComment, view: MarkdownView): string {
  const isPaid = accounts.some(({ report }) => report.rows.some(isWell));
  if (approvers.length === 0 || (state !== "PAYING" && !isPaid)) return "";
  const shown = approvers.slice(0, APPROVERS_SHOWN).map(view.name);
  const rest = approvers.length - shown.length;
  return `Approved by ${shown.join(", ")}${rest > 0 ? ` and ${count(rest, "other")}` : ""} at exactly this content.`;
}

function recordsText({ records }: ResultComment, view: MarkdownView, detail: Detail): string {
  if (!records || records.paths.length === 0) return "";
  const { paths, branch } = records;
  const { shown, rest } = within(
    lazily(paths, detail.names, (path) => `- ${fileLink(records, path, view)}`),
    detail.names,
  );
  const title = `**${count(paths.length, "record")} in the ledger**, branch ${view.name(branch)}`;
  return [title, "", ...shown, ...(rest > 0 && shown.length > 0 ? [`- and ${count(rest, "more record")}`] : [])]
    .join("\n")
    .trim();
}
