import { displayMoney } from "../money.ts";
import type { MembershipStep, PayStep, Plan } from "../plan/plan.ts";
import { samplePays, SAMPLE_SIZE } from "./plan-sample.ts";
import { statisticsText } from "./plan-statistics.ts";
import { folded, table, tableWithin } from "./markdown-table.ts";
import type { MarkdownColumn } from "./markdown-table.ts";
import { NOTHING } from "./markdown-view.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import {
  bareReason,
  capital,
  CHANGES,
  changesText,
  count,
  hasPlainGroups,
  heldScore,
  scoreText,
  wordsOf,
} from "./phrases.ts";

/** Up to this many rows stand in an open table, up to the next in a folded one, then only where they fit. */
export const OPEN_MOST = 25;
export const FOLDED_MOST = 200;
export const EVERY_MOST = 1000;
const REASON_MOST = 60;

/** The bonuses: a table while there are few, then statistics, the largest and a sample that nobody can choose. */
export function payRows(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const steps = plan.steps.filter((step) => step.kind === "pay");
  const number = steps.length;
  if (number === 0) return NOTHING;
  const all = count(number, "bonus", "bonuses");
  const whole = payTable(plan, steps, view);
  if (detail.list) return listed(whole, all, detail.list);
  const every = detail.everyRow && number <= EVERY_MOST;
  if (every && number <= OPEN_MOST) return { text: written(whole), unseen: "" };
  const wholeTable = every ? folded(`All ${all}`, written(whole)) : "";
  if (every && number <= FOLDED_MOST) return { text: wholeTable, unseen: "" };

  const { largest, drawn } = samplePays(plan, steps);
  const shown = detail.sample ? largest.length + drawn.length : 0;
  const sections = [
    ...(detail.statistics ? [statisticsText(plan, steps, view)] : []),
    ...(detail.sample
      ? [
          folded(`The ${largest.length} largest of ${all}`, written(payTable(plan, largest, view))),
          drawn.length === 0
            ? ""
            : folded(
                `${drawn.length} of the others, drawn by the plan's digest: its author cannot choose them`,
                written(payTable(plan, drawn, view)),
              ),
        ]
      : []),
    wholeTable,
  ];
  return {
    text: sections.filter((section) => section !== "").join("\n\n"),
    unseen: every ? "" : `${(number - shown).toLocaleString("en-US")} of ${all}`,
  };
}

/** A table whose rows are written only when they are wanted. */
interface LazyTable<Row> {
  readonly columns: readonly MarkdownColumn[];
  readonly rows: readonly Row[];
  readonly cells: (row: Row) => readonly string[];
}

function written<Row>({ columns, rows, cells }: LazyTable<Row>): string {
  return table(columns, rows.map(cells));
}

/** As many rows as may be listed; the others are counted. */
function listed<Row>(
  { columns, rows, cells }: LazyTable<Row>,
  all: string,
  most: { readonly rows: number; readonly bytes: number },
): Part {
  const { text, shown } = tableWithin(columns, rows.slice(0, most.rows), cells, most.bytes);
  const rest = rows.length - shown;
  return { text, unseen: rest > 0 ? `${rest.toLocaleString("en-US")} of ${all}` : "" };
}

function payTable(plan: Plan, steps: readonly PayStep[], view: MarkdownView): LazyTable<PayStep> {
  const labels = steps.some(({ label }) => label !== "");
  const attempts = steps.some(({ attempt }) => attempt > 1);
  return {
    columns: [
      { title: "Row" },
      { title: "Worker" },
      { title: capital(wordsOf(plan.account).assignment) },
      ...(labels ? [{ title: "Label" }] : []),
      ...(attempts ? [{ title: "Attempt", align: "right" } as const] : []),
      { title: "Bonus", align: "right" },
      { title: "Fee", align: "right" },
      { title: "Reason" },
    ],
    rows: steps,
    cells: (step) => [
      rowName(step, plan, view),
      view.worker(step.worker),
      view.assignment(step.assignment),
      ...(labels ? [view.words(step.label, REASON_MOST)] : []),
      ...(attempts ? [String(step.attempt)] : []),
      displayMoney(step.amount),
      displayMoney(step.fee),
      `${view.words(bareReason(step.reason, step.reference), REASON_MOST)}${step.others > 0 ? ` ⚠️ ${count(step.others, "equal bonus", "equal bonuses")} paid by hand` : ""}`,
    ],
  };
}

/** Grants, re-scores and revocations, with the types that are made for them. */
export function membershipRows(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const types = plan.steps.filter((step) => step.kind === "create-type");
  const steps = plan.steps.filter((step) => step.kind !== "pay" && step.kind !== "create-type");
  if (types.length + steps.length === 0) return NOTHING;
  const shownTypes = types.slice(0, detail.everyRow || detail.list ? OPEN_MOST : 0);
  const changes = changesText(steps.length, plan.account);
  const { group } = wordsOf(plan.account);
  const rows = detail.list
    ? listed(membershipTable(plan, steps, view, detail), changes, detail.list)
    : fewMemberships(plan, steps, view, detail, changes);
  const unseenTypes =
    types.length > shownTypes.length
      ? [`${types.length - shownTypes.length} of ${count(types.length, `new ${group}`)}`]
      : [];
  const sections = [
    ...shownTypes.map(({ name, description }) => `New ${group} ${view.name(name)}: ${view.words(description, 120)}`),
    steps.length === 0 ? "" : rows.text,
  ];
  return {
    text: sections.filter((section) => section !== "").join("\n\n"),
    unseen: [...unseenTypes, ...(rows.unseen === "" ? [] : [rows.unseen])].join(", "),
  };
}

function fewMemberships(
  plan: Plan,
  steps: readonly MembershipStep[],
  view: MarkdownView,
  detail: Detail,
  changes: string,
): Part {
  const shown = !detail.everyRow ? [] : steps.length <= FOLDED_MOST ? steps : steps.slice(0, SAMPLE_SIZE);
  const rows = shown.length > 0 ? written(membershipTable(plan, shown, view, detail)) : "";
  const summary = shown.length < steps.length ? `The first ${shown.length} of ${changes}` : changes;
  return {
    text: rows === "" || steps.length <= OPEN_MOST ? rows : folded(summary, rows),
    unseen: steps.length > shown.length ? `${(steps.length - shown.length).toLocaleString("en-US")} of ${changes}` : "",
  };
}

function membershipTable(
  plan: Plan,
  steps: readonly MembershipStep[],
  view: MarkdownView,
  { asked }: Detail,
): LazyTable<MembershipStep> {
  const plain = hasPlainGroups(plan.account);
  return {
    columns: [
      { title: "Row" },
      { title: "Worker" },
      { title: capital(wordsOf(plan.account).membership) },
      { title: "Change" },
      ...(plain ? [{ title: "Reason" }] : [{ title: "Score", align: "right" } as const, { title: "E-mail" }]),
    ],
    rows: steps,
    cells: (step) => [
      rowName(step, plan, view),
      view.worker(step.worker),
      view.name(step.name),
      CHANGES[step.kind],
      ...(plain
        ? [view.words(step.reason ?? "", REASON_MOST)]
        : [
            asked ? scoreText(step) : heldScore(step, plan.account),
            `${step.notify ? "**yes**" : "no"}${step.reason === undefined ? "" : `, ${view.words(step.reason, REASON_MOST)}`}`,
          ]),
    ],
  };
}

function rowName(
  { file, line }: { readonly file: string; readonly line: number },
  plan: Plan,
  view: MarkdownView,
): string {
  return plan.manifests.length === 1 ? `line ${line}` : `${view.name(file)} line ${line}`;
}
