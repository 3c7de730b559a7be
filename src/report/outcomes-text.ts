import { displayMoney, parseMoney } from "../money.ts";
import { stops } from "../problem.ts";
import { isHandedOver, isWell } from "./apply-report.ts";
import type { ApplyReport, ApplyRow } from "./apply-report.ts";
import { beside, columns, wrap } from "./columns.ts";
import { heldSection } from "./left-alone-text.ts";
import {
  accountText,
  bareReason,
  bonusToLookFor,
  CHANGES,
  changedScore,
  changesText,
  count,
  moneyText,
  sumText,
  wordsOf,
} from "./phrases.ts";
import { problemsText } from "./problems.ts";
import { paint } from "./style.ts";
import { counted, facts, title, viewFor } from "./terminal-view.ts";
import type { TerminalOptions, View } from "./terminal-view.ts";

/** What a run of apply did, for a terminal: the verdict, what needs a person, what was paid, the money, the receipts. */
export function outcomesText(report: ApplyReport, options: TerminalOptions): string {
  const workers = [...report.rows, ...(report.held ?? [])].flatMap((row) =>
    row.kind === "create-type" ? [] : [row.worker],
  );
  const view = viewFor(options, workers);
  const sections = [
    headline(report, view),
    stoppedSection(report, view),
    ...needsSections(report, view),
    ...heldSection(report.held ?? [], view),
    doneSection(report, view),
    totalsSection(report, view),
    receiptsSection(report, view),
    report.problems.length > 0
      ? `${title("Problems", view)}\n${problemsText(report.problems, view.style, view.mask.text)}`
      : "",
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function headline(report: ApplyReport, { style }: View): string {
  const line = beside(verdict(report), `— ${accountText(report.account)}`, style.width);
  const isComplete = !stops(report.problems) && !report.stopped && report.rows.every(isWell);
  return paint(style, isComplete ? "green" : "red", line);
}

function verdict(report: ApplyReport): string {
  const { totals, rows, stopped, problems } = report;
  const paid = `${totals.paid.toLocaleString("en-US")} of ${totals.bonuses.toLocaleString("en-US")}`;
  const money = `${displayMoney(totals.cost)} with fees`;
  if (stops(problems)) {
    const errors = count(problems.filter(({ severity }) => severity === "error").length, "problem");
    return totals.paid > 0 ? `Stopped: ${errors}, paid ${paid}: ${money}` : `Stopped: ${errors}, nothing was paid`;
  }
  if (isHandedOver(report)) return `Paid ${paid} so far: ${money}, and the next run goes on`;
  if (stopped) return `Stopped after ${paid}: ${money}`;
  if (totals.bonuses > 0) return `Paid ${paid}: ${money}`;
  const changes = rows.filter((row) => row.kind !== "pay" && isWell(row)).length;
  return changes > 0 ? `Done: ${changesText(changes, report.account)}, no bonus to pay` : "Nothing to pay";
}

function stoppedSection({ stopped }: ApplyReport, { words, style }: View): string {
  if (!stopped) return "";
  const lines = [
    ["why", `${stopped.message} (${stopped.cause})`],
    ["next", stopped.next],
  ] as const;
  return lines
    .map(([name, text]) => `  ${`${name}:`.padEnd(6)}${wrap(words(text), style.width, { first: 8 })}`)
    .join("\n");
}

type Need = "unknown" | "held" | "refused" | "not-sent";

/** The rows that did not end well, worst first, each with what to do. */
function needsSections(report: ApplyReport, view: View): string[] {
  const { rows, account } = report;
  if (isHandedOver(report)) return [];
  return (["unknown", "held", "refused", "not-sent"] as const).flatMap((need) => {
    const found = rows.filter(({ outcome }) => outcome === need);
    if (found.length === 0) return [];
    const shown = found.slice(0, view.rowsShown);
    const lines = shown.map((row) => {
      const { worker, what, value } = cells(row, account, view);
      const message = "message" in row ? row.message : undefined;
      const code = "code" in row && row.code !== undefined ? ` (${row.code})` : "";
      const said = [
        ...(message === undefined && code === "" ? [] : [["why", `${message ?? ""}${code}`.trim()] as const]),
        ["next", row.next ?? usualAdvice(need, row, account)] as const,
      ];
      return [
        `  ${[worker, what, value].filter((cell) => cell !== "").join("  ")}`,
        ...said.map(
          ([name, text]) => `    ${`${name}:`.padEnd(6)}${wrap(view.words(text), view.style.width, { first: 10 })}`,
        ),
      ].join("\n");
    });
    const heading = title(`${NEEDS[need]} (${count(found.length, "row")})`, view);
    return [[heading, ...lines, ...counted(found.length - shown.length)].join("\n")];
  });
}

const NEEDS: Readonly<Record<Need, string>> = {
  unknown: "Open: nobody can tell yet how they ended",
  held: "Held: a person decides",
  refused: "Refused by the platform, nothing moved",
  "not-sent": "Not sent, nothing moved",
};

function usualAdvice(need: Need, row: ApplyRow, account: ApplyReport["account"]): string {
  switch (need) {
    case "unknown":
      return "run `mergepay apply` again: it looks first and pays nothing twice. Do not write the row anew.";
    case "held":
      return row.kind === "pay"
        ? `look on the platform's site for ${bonusToLookFor(row.reference, account)}. If there is none, give the row \`attempt: ${row.attempt + 1}\` in a reviewed change.`
        : `look at the ${wordsOf(account).membership} on the platform's site, then correct the row in a reviewed change.`;
    case "refused":
      return "correct or remove the row in a reviewed change.";
    case "not-sent":
      return "nothing: the next `mergepay apply` takes it up.";
  }
}

function doneSection({ rows, account }: ApplyReport, view: View): string {
  const well = rows.filter(isWell);
  if (well.length === 0) return "";
  const shown = well.slice(0, view.rowsShown);
  const table = columns(
    [
      { title: "Worker" },
      { title: "What" },
      { title: "For" },
      { title: "Amount or score", align: "right" },
      { title: "Why" },
    ],
    shown.map((row) => {
      const { worker, what, value } = cells(row, account, view);
      const reason = row.kind === "pay" ? bareReason(row.reason, row.reference) : "";
      return [worker, doneWord(row), what, value, view.words(reason)];
    }),
    view.verbose ? Infinity : view.style.width,
  );
  return [
    title("Done", view),
    paint(view.style, "dim", table.header),
    ...table.lines,
    ...counted(well.length - shown.length),
  ].join("\n");
}

function doneWord(row: ApplyRow): string {
  if (row.outcome === "found") return row.kind === "pay" ? "paid before" : "so already";
  return { pay: "paid", grant: "granted", rescore: "re-scored", revoke: "revoked", "create-type": "created" }[row.kind];
}

function cells(
  row: ApplyRow,
  account: ApplyReport["account"],
  { worker, assignment, words }: View,
): { readonly worker: string; readonly what: string; readonly value: string } {
  switch (row.kind) {
    case "pay": {
      const amount = parseMoney(row.amount, account.currency);
      return {
        worker: worker(row.worker),
        what: `${assignment(row.assignment)}${row.label === "" ? "" : ` ${words(row.label)}`}`,
        value: amount ? displayMoney(amount) : words(row.amount),
      };
    }
    case "grant":
    case "rescore":
    case "revoke":
      return {
        worker: worker(row.worker),
        what: isWell(row) ? words(row.name) : `${CHANGES[row.kind]} ${words(row.name)}`,
        value: changedScore(row, account),
      };
    case "create-type":
      return { worker: "", what: words(row.name), value: "" };
  }
}

function totalsSection({ totals, balance }: ApplyReport, view: View): string {
  if (totals.bonuses === 0) return "";
  return [
    title("Totals", view),
    ...facts([
      ["Paid", `${count(totals.paid, "bonus", "bonuses")}: ${sumText(totals)}`],
      ["Balance", `${moneyText(balance.before)} before, ${moneyText(balance.after)} after`],
    ]),
  ].join("\n");
}

function receiptsSection({ receipts, rows }: ApplyReport, view: View): string {
  if (receipts.paths.length === 0) return rows.length > 0 ? "No receipt was written yet." : "";
  const shown = receipts.paths.slice(0, view.rowsShown);
  return [
    title(
      `${count(receipts.paths.length, "receipt")} on the branch ${view.words(receipts.branch)}`.replace(/^1 r/, "R"),
      view,
    ),
    ...shown.map((path) => `  ${view.words(path)}`),
    ...counted(receipts.paths.length - shown.length),
  ].join("\n");
}
