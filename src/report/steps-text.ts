import { displayMoney, sumMoney } from "../money.ts";
import type { MembershipStep, PayStep, Plan } from "../plan/plan.ts";
import { stops } from "../problem.ts";
import { columns, wrap } from "./columns.ts";
import type { Column } from "./columns.ts";
import { bareReason, capital, CHANGES, count, hasPlainGroups, scoreText, wordsOf } from "./phrases.ts";
import { paint } from "./style.ts";
import { counted, title } from "./terminal-view.ts";
import type { View } from "./terminal-view.ts";

/** The bonuses as a table, manifest after manifest. */
export function bonusSection(bonuses: readonly PayStep[], plan: Plan, view: View): string {
  if (bonuses.length === 0) return "";
  const { style, words } = view;
  const files = groups(bonuses, ({ file }) => file);
  const ordered = [...files.values()].flat();
  const shown = ordered.slice(0, view.rowsShown);
  const amountOf = (steps: readonly PayStep[]) =>
    displayMoney(
      sumMoney(
        steps.map(({ amount }) => amount),
        plan.account.currency,
      ),
    );
  const heading = (file: string) => {
    const steps = files.get(file) ?? [];
    return `  ${words(file)} (${words(steps[0]?.study ?? "")}): ${count(steps.length, "bonus", "bonuses")}, ${amountOf(steps)}`;
  };
  const table = bonusTable(shown, plan, view);
  const rest = ordered.slice(shown.length);
  return [
    title(stops(plan.problems) ? "Bonuses asked for (none is paid while there are errors)" : "Bonuses", view),
    paint(style, "dim", table.header),
    ...underHeadings(shown, table.lines, ({ file }) => file, heading),
    ...counted(rest.length, `, ${amountOf(rest)}`),
    ...equalNotes(ordered, view),
  ].join("\n");
}

function bonusTable(steps: readonly PayStep[], plan: Plan, view: View): ReturnType<typeof columns> {
  const labels = steps.some(({ label }) => label !== "");
  const attempts = steps.some(({ attempt }) => attempt > 1);
  const spec: Column[] = [
    { title: "Line", align: "right" },
    { title: "Worker" },
    { title: capital(wordsOf(plan.account).assignment) },
    ...(labels ? [{ title: "Label" }] : []),
    ...(attempts ? [{ title: "Attempt", align: "right" } as const] : []),
    { title: "Amount", align: "right" },
    { title: "Fee", align: "right" },
    { title: "Why" },
  ];
  const rows = steps.map((step) => [
    String(step.line),
    view.worker(step.worker),
    view.assignment(step.assignment),
    ...(labels ? [view.words(step.label)] : []),
    ...(attempts ? [String(step.attempt)] : []),
    displayMoney(step.amount),
    displayMoney(step.fee),
    view.words(view.verbose ? step.reason : bareReason(step.reason, step.reference)),
  ]);
  return columns(spec, rows, view.verbose ? Infinity : view.style.width);
}

/** A bonus that looks paid already deserves a second look, also where its row allows it. */
function equalNotes(bonuses: readonly PayStep[], { words, style, rowsShown }: View): string[] {
  const equal = bonuses.filter(({ others }) => others > 0);
  const notes = equal.slice(0, rowsShown).map(({ file, line, others }) => {
    const already = others === 1 ? "an equal bonus was paid by hand" : `${others} equal bonuses were paid by hand`;
    const note = `Note: ${words(file)}:${line} is paid although ${already}: the row says \`repeat: true\`.`;
    return paint(style, "yellow", `  ${wrap(note, style.width, { first: 2, indent: 4 })}`);
  });
  return [...notes, ...counted(equal.length - notes.length)];
}

/** The qualification types that do not exist yet. */
export function typeSection(plan: Plan, view: View): string {
  const types = plan.steps.filter((step) => step.kind === "create-type");
  if (types.length === 0) return "";
  const { words, style, rowsShown } = view;
  const lines = types
    .slice(0, rowsShown)
    .map(
      ({ name, description }) =>
        `  ${wrap(`${words(name)}: ${words(description)}`, style.width, { first: 2, indent: 4 })}`,
    );
  return [
    title(`${capital(wordsOf(plan.account).group)}s to create`, view),
    ...lines,
    ...counted(types.length - lines.length),
  ].join("\n");
}

/** Who is granted, re-scored or revoked what, type after type. */
export function membershipSection(plan: Plan, view: View): string {
  const steps = plan.steps.filter((step) => step.kind !== "pay" && step.kind !== "create-type");
  if (steps.length === 0) return "";
  const { words, style } = view;
  const plain = hasPlainGroups(plan.account);
  const typeOf = ({ file, name }: MembershipStep) => `${name} (${file})`;
  const shown = [...groups(steps, typeOf).values()].flat().slice(0, view.rowsShown);
  const spec: Column[] = [
    { title: "Line", align: "right" },
    { title: "Worker" },
    { title: "Change" },
    ...(plain ? [{ title: "Reason" }] : [{ title: "Score", align: "right" } as const, { title: "E-mail" }]),
  ];
  const rows = shown.map((step) => [
    String(step.line),
    view.worker(step.worker),
    CHANGES[step.kind],
    ...(plain
      ? [words(step.reason ?? "")]
      : [
          scoreText(step),
          `${step.notify ? "yes" : "no"}${step.reason === undefined ? "" : `, ${words(step.reason)}`}`,
        ]),
  ]);
  const table = columns(spec, rows, view.verbose ? Infinity : style.width);
  return [
    title(`${capital(wordsOf(plan.account).membership)}s`, view),
    paint(style, "dim", table.header),
    ...underHeadings(shown, table.lines, typeOf, (type) => `  ${words(type)}`),
    ...counted(steps.length - shown.length),
  ].join("\n");
}

function groups<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const group = found.get(keyOf(row));
    if (group) group.push(row);
    else found.set(keyOf(row), [row]);
  }
  return found;
}

/** Puts a heading above the first line of each group. */
function underHeadings<Row>(
  rows: readonly Row[],
  lines: readonly string[],
  keyOf: (row: Row) => string,
  heading: (key: string) => string,
): string[] {
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const isFirst = before === undefined || keyOf(before) !== keyOf(row);
    return [...(isFirst ? [heading(keyOf(row))] : []), lines[index] ?? ""];
  });
}
