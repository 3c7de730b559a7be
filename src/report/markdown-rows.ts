import { displayMoney } from "../money.ts";
import type { MembershipStep, PayStep, Plan } from "../plan/plan.ts";
import { samplePays, SAMPLE_SIZE } from "./plan-sample.ts";
import { statisticsText } from "./plan-statistics.ts";
import { folded, table } from "./markdown-table.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import { bareReason, CHANGES, count, scoreText } from "./phrases.ts";

/** Up to this many rows stand in an open table, up to the next in a folded one, then only where they fit. */
const OPEN_MOST = 25;
const FOLDED_MOST = 200;
const EVERY_MOST = 1000;
const REASON_MOST = 60;

/** The bonuses: a table while there are few, then statistics, the largest and a sample that nobody can choose. */
export function payRows(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const steps = plan.steps.filter((step) => step.kind === "pay");
  const number = steps.length;
  if (number === 0) return { text: "", unseen: "" };
  const all = count(number, "bonus", "bonuses");
  const every = detail.everyRow && number <= EVERY_MOST;
  if (every && number <= OPEN_MOST) return { text: payTable(steps, plan, view), unseen: "" };
  const wholeTable = every ? folded(`All ${all}`, payTable(steps, plan, view)) : "";
  if (every && number <= FOLDED_MOST) return { text: wholeTable, unseen: "" };

  const { largest, drawn } = samplePays(plan, steps);
  const shown = detail.sample ? largest.length + drawn.length : 0;
  const sections = [
    ...(detail.statistics ? [statisticsText(plan, steps, view)] : []),
    ...(detail.sample
      ? [
          folded(`The ${largest.length} largest of ${all}`, payTable(largest, plan, view)),
          folded(
            `${drawn.length} of the others, drawn by the plan's digest: its author cannot choose them`,
            payTable(drawn, plan, view),
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

function payTable(steps: readonly PayStep[], plan: Plan, view: MarkdownView): string {
  const labels = steps.some(({ label }) => label !== "");
  const attempts = steps.some(({ attempt }) => attempt > 1);
  return table(
    [
      { title: "Row" },
      { title: "Worker" },
      { title: "Assignment" },
      ...(labels ? [{ title: "Label" }] : []),
      ...(attempts ? [{ title: "Attempt", align: "right" } as const] : []),
      { title: "Bonus", align: "right" },
      { title: "Fee", align: "right" },
      { title: "Reason" },
    ],
    steps.map((step) => [
      rowName(step, plan, view),
      view.worker(step.worker),
      view.assignment(step.assignment),
      ...(labels ? [view.words(step.label, REASON_MOST)] : []),
      ...(attempts ? [String(step.attempt)] : []),
      displayMoney(step.amount),
      displayMoney(step.fee),
      `${view.words(bareReason(step.reason, step.reference), REASON_MOST)}${step.others > 0 ? ` ⚠️ ${count(step.others, "equal bonus", "equal bonuses")} paid by hand` : ""}`,
    ]),
  );
}

/** Grants, re-scores and revocations, with the types that are made for them. */
export function membershipRows(plan: Plan, view: MarkdownView, detail: Detail): Part {
  const types = plan.steps.filter((step) => step.kind === "create-type");
  const steps = plan.steps.filter((step) => step.kind !== "pay" && step.kind !== "create-type");
  if (types.length + steps.length === 0) return { text: "", unseen: "" };
  const shownTypes = types.slice(0, detail.everyRow ? OPEN_MOST : 0);
  const shown = !detail.everyRow ? [] : steps.length <= FOLDED_MOST ? steps : steps.slice(0, SAMPLE_SIZE);
  const changes = count(steps.length, "qualification change");
  const rows = shown.length > 0 ? membershipTable(shown, plan, view) : "";
  const foldedRows = folded(shown.length < steps.length ? `The first ${shown.length} of ${changes}` : changes, rows);
  const unseen = [
    ...(types.length > shownTypes.length
      ? [`${types.length - shownTypes.length} of ${count(types.length, "new qualification type")}`]
      : []),
    ...(steps.length > shown.length ? [`${(steps.length - shown.length).toLocaleString("en-US")} of ${changes}`] : []),
  ];
  const sections = [
    ...shownTypes.map(
      ({ name, description }) => `New qualification type ${view.name(name)}: ${view.words(description, 120)}`,
    ),
    rows === "" ? "" : steps.length <= OPEN_MOST ? rows : foldedRows,
  ];
  return { text: sections.filter((section) => section !== "").join("\n\n"), unseen: unseen.join(", ") };
}

function membershipTable(steps: readonly MembershipStep[], plan: Plan, view: MarkdownView): string {
  return table(
    [
      { title: "Row" },
      { title: "Worker" },
      { title: "Qualification" },
      { title: "Change" },
      { title: "Score", align: "right" },
      { title: "E-mail" },
    ],
    steps.map((step) => [
      rowName(step, plan, view),
      view.worker(step.worker),
      view.name(step.name),
      CHANGES[step.kind],
      scoreText(step),
      `${step.notify ? "**yes**" : "no"}${step.reason === undefined ? "" : `, ${view.words(step.reason, REASON_MOST)}`}`,
    ]),
  );
}

function rowName(
  { file, line }: { readonly file: string; readonly line: number },
  plan: Plan,
  view: MarkdownView,
): string {
  return plan.manifests.length === 1 ? `line ${line}` : `${view.name(file)} line ${line}`;
}
