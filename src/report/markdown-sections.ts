import { displayMoney } from "../money.ts";
import type { HeldRow, Plan, SettledRow } from "../plan/plan.ts";
import { inOrder } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { folded, within } from "./markdown-table.ts";
import { NOTHING } from "./markdown-view.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import { count } from "./phrases.ts";

const SETTLED_SHOWN = 10;

export interface ProblemParts {
  readonly errors: string;
  readonly warnings: string;
  readonly unseen: string;
}

/** The errors as a numbered list, the warnings as another. */
export function problemSections(problems: readonly Problem[], view: MarkdownView, detail: Detail): ProblemParts {
  const ordered = inOrder(problems);
  const errors = ordered.filter(({ severity }) => severity === "error");
  const warnings = ordered.filter(({ severity }) => severity === "warning");
  const shownErrors = within(numbered(errors, view, detail.errors), detail.errors);
  const shownWarnings = within(numbered(warnings, view, detail.warnings), detail.warnings);
  const title = (sign: string, number: number, what: string) => `${sign} **${count(number, what)}**`;
  return {
    errors: errors.length > 0 ? [title("⛔", errors.length, "error"), "", ...shownErrors.shown].join("\n").trim() : "",
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

/** More than ever fit are not written at all. */
function numbered(problems: readonly Problem[], { name, words }: MarkdownView, most: number): string[] {
  return lazily(problems, most, ({ code, file, line, message, hint }, index) => {
    const said = `\`${code}\`: ${words(message, 300)}<br>→ ${words(hint, 300)}`;
    return `${index + 1}. ${name(file)} line ${line}, ${said}`;
  });
}

/** The rows that this plan does not touch: those that need a person first. */
export function leftAloneSection(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const { held, settled } = plan;
  const number = held.length + settled.length;
  if (number === 0) return NOTHING;
  const rows = [
    ...STATES.flatMap((state) => held.filter((row) => row.state === state)),
    ...settled.slice(0, SETTLED_SHOWN),
  ];
  const lines = lazily(rows, detail.leftAlone, (row) =>
    "state" in row ? heldLine(row, view) : settledLine(row, view),
  );
  const { shown } = within(lines, detail.leftAlone);
  const summary = [
    ...STATES.flatMap((state) => {
      const some = held.filter((row) => row.state === state).length;
      return some > 0 ? [`${some.toLocaleString("en-US")} ${state}`] : [];
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

/** A bonus of an earlier run that is not paid, why, and what to do. */
export function heldLine(row: HeldRow, view: MarkdownView): string {
  const what = `${view.worker(row.worker)} ${view.assignment(row.assignment)} ${displayMoney(row.amount)}`;
  return `- **${row.state}** ${view.name(row.file)} line ${row.line}: ${what}: ${view.words(row.why, 200)}<br>→ ${view.words(row.next, 200)}`;
}

function settledLine(row: SettledRow, view: MarkdownView): string {
  const what =
    row.kind === "pay" ? `${view.assignment(row.assignment)} ${displayMoney(row.amount)} paid` : view.name(row.name);
  const receipt = row.receipt === undefined ? "" : ` (${view.name(row.receipt)})`;
  return `- settled ${view.name(row.file)} line ${row.line}: ${view.worker(row.worker)} ${what}${receipt}`;
}

/** One line for each item, but none for items that cannot fit into `most` characters any more. */
export function lazily<Item>(
  items: readonly Item[],
  most: number,
  line: (item: Item, index: number) => string,
): string[] {
  const lines: string[] = [];
  let used = 0;
  for (const [index, item] of items.entries()) {
    const written = used > most ? "" : line(item, index);
    used += written.length + 1;
    lines.push(written);
  }
  return lines;
}
