import { displayMoney } from "../money.ts";
import type { HeldRow, Plan } from "../plan/plan.ts";
import { columns, wrap } from "./columns.ts";
import { count, heldScore } from "./phrases.ts";
import { paint } from "./style.ts";
import { counted, title } from "./terminal-view.ts";
import type { View } from "./terminal-view.ts";

/** Settled rows ask for nothing: a few are enough to recognise them. */
const SETTLED_SHOWN = 5;

/** The bonuses that need a person, or patience: each with its reason and what to do. */
export function heldSection(held: readonly HeldRow[], view: View): string[] {
  return (["held", "refused", "open"] as const).flatMap((state) => {
    const rows = held.filter((row) => row.state === state);
    if (rows.length === 0) return [];
    const shown = rows.slice(0, view.rowsShown);
    return [
      [
        title(`${TITLES[state]} (${count(rows.length, "bonus", "bonuses")})`, view),
        ...shown.map((row) => heldText(row, view)),
        ...counted(rows.length - shown.length),
      ].join("\n"),
    ];
  });
}

const TITLES = {
  held: "Held: not paid until a person decides",
  refused: "Refused by the platform: not paid until a person decides",
  open: "Open: claimed, not known to be paid; the next apply settles it",
} as const;

function heldText(row: HeldRow, { worker, assignment, words, style }: View): string {
  const label = row.label === "" ? "" : `  ${words(row.label)}`;
  const who = `${worker(row.worker)}  ${assignment(row.assignment)}${label}`;
  const lines = [
    ["why", row.why],
    ["next", row.next],
    ["record", row.record],
  ] as const;
  return [
    `  ${words(row.file)}:${row.line}  ${who}  ${displayMoney(row.amount)}`,
    ...lines.map(([name, text]) => `    ${`${name}:`.padEnd(8)}${wrap(words(text), style.width, { first: 12 })}`),
  ].join("\n");
}

/** What was paid or is true already, so that nothing happens. */
export function settledSection({ settled, account }: Pick<Plan, "settled" | "account">, view: View): string {
  if (settled.length === 0) return "";
  const shown = view.verbose ? settled : settled.slice(0, SETTLED_SHOWN);
  const rows = shown.map((row) => [
    view.worker(row.worker),
    row.kind === "pay" ? view.assignment(row.assignment) : view.words(row.name),
    row.kind === "pay" ? displayMoney(row.amount) : heldScore(row, account),
    row.receipt === undefined ? BECAUSE[row.because] : view.words(row.receipt),
  ]);
  const table = columns(
    [{ title: "Worker" }, { title: "For" }, { title: "Has", align: "right" }, { title: "Receipt" }],
    rows,
    view.verbose ? Infinity : view.style.width,
  );
  return [
    title(`Settled already, nothing happens (${count(settled.length, "row")})`, view),
    paint(view.style, "dim", table.header),
    ...table.lines,
    ...counted(settled.length - shown.length),
  ].join("\n");
}

const BECAUSE = {
  receipt: "paid",
  listed: "paid: the platform lists it",
  adopted: "paid before",
  "already-true": "already so",
} as const;
