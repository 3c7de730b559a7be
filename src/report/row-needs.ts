import { displayMoney, parseMoney } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { ApplyRow } from "./apply-report.ts";
import { lazily } from "./markdown-sections.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { bonusToLookFor, CHANGES, wordsOf } from "./phrases.ts";

const WORST_FIRST = ["unknown", "held", "refused", "not-sent"] as const;
type Need = (typeof WORST_FIRST)[number];

/** The rows of a run that did not end well, worst first, each with why and what to do. */
export function needLines(rows: readonly ApplyRow[], account: Account, view: MarkdownView, most: number): string[] {
  const ordered = WORST_FIRST.flatMap((need) => rows.flatMap((row) => (row.outcome === need ? [{ need, row }] : [])));
  return lazily(ordered, most, ({ need, row }) => {
    const code = "code" in row && row.code !== undefined ? ` (${view.words(row.code, 60)})` : "";
    const why = row.message === undefined ? "" : `: ${view.words(row.message, 300)}`;
    const next = view.words(row.next ?? usualAdvice(need, row, account), 300);
    return `- **${NEEDS[need]}** ${whatText(row, account, view)}${why}${code}<br>→ ${next}`;
  });
}

const NEEDS: Readonly<Record<Need, string>> = {
  unknown: "unknown",
  held: "held",
  refused: "refused, nothing moved",
  "not-sent": "not sent, nothing moved",
};

function whatText(row: ApplyRow, account: Account, view: MarkdownView): string {
  switch (row.kind) {
    case "pay": {
      const amount = parseMoney(row.amount, account.currency);
      const label = row.label === "" ? "" : ` ${view.words(row.label, 40)}`;
      const paid = amount ? displayMoney(amount) : view.words(row.amount, 20);
      return `${view.worker(row.worker)} ${view.assignment(row.assignment)}${label} ${paid}, ref ${view.name(row.reference)}`;
    }
    case "grant":
    case "rescore":
    case "revoke":
      return `${CHANGES[row.kind]} ${view.name(row.name)} ${row.kind === "revoke" ? "from" : "to"} ${view.worker(row.worker)}`;
    case "create-type":
      return `create ${view.name(row.name)}`;
  }
}

function usualAdvice(need: Need, row: ApplyRow, account: Account): string {
  switch (need) {
    case "unknown":
      return "nothing by hand: the next run looks first and pays nothing twice. Do not write the row anew.";
    case "held":
      return row.kind === "pay"
        ? `look on the platform's site for ${bonusToLookFor(row.reference, account)}. If there is none, give the row attempt ${row.attempt + 1} in a reviewed change.`
        : `look at the ${wordsOf(account).membership} on the platform's site, then correct the row in a reviewed change.`;
    case "refused":
      return "correct or remove the row in a reviewed change.";
    case "not-sent":
      return "nothing: the next run takes it up.";
  }
}
