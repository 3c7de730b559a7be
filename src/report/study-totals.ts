import { displayMoney, formatMoney, money } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import { shorten } from "./safe-text.ts";
import { table } from "./markdown-table.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { count } from "./phrases.ts";

const PIE_MOST = 8;
const STUDIES_SHOWN = 30;

interface StudyTotal {
  readonly study: string;
  readonly bonuses: number;
  readonly amount: number;
  readonly fees: number;
}

/** Totals by study where there is more than one: a table, and a pie while it can be read. */
export function studySection(plan: Plan, view: MarkdownView): string {
  const studies = studyTotals(plan);
  if (studies.length < 2) return "";
  const pie = studies.length <= PIE_MOST ? [pieOf(studies, plan, view)] : [];
  return [...pie, tableOf(studies, plan, view)].join("\n\n");
}

function studyTotals({ steps }: Plan): StudyTotal[] {
  const totals = new Map<string, StudyTotal>();
  for (const step of steps) {
    if (step.kind !== "pay") continue;
    const { study } = step;
    const sum = totals.get(study) ?? { study, bonuses: 0, amount: 0, fees: 0 };
    const { bonuses, amount, fees } = sum;
    totals.set(study, { study, bonuses: bonuses + 1, amount: amount + step.amount.minor, fees: fees + step.fee.minor });
  }
  const cost = (each: StudyTotal) => each.amount + each.fees;
  return [...totals.values()].sort((a, b) => cost(b) - cost(a) || (a.study < b.study ? -1 : 1));
}

function tableOf(studies: readonly StudyTotal[], { account, totals }: Plan, view: MarkdownView): string {
  const show = (minor: number) => displayMoney(money(minor, account.currency));
  const hasBudgets = totals.budgetsLeft.size > 0;
  const line = (name: string, sums: readonly StudyTotal[], left: string) => {
    const sum = (pick: (each: StudyTotal) => number) => sums.reduce((total, each) => total + pick(each), 0);
    const amount = sum((each) => each.amount);
    const fees = sum((each) => each.fees);
    return [
      name,
      sum(({ bonuses }) => bonuses).toLocaleString("en-US"),
      show(amount),
      show(fees),
      show(amount + fees),
      ...(hasBudgets ? [left] : []),
    ];
  };
  const rest = studies.slice(STUDIES_SHOWN);
  return table(
    [
      { title: "Study" },
      { title: "Bonuses", align: "right" },
      { title: "Amount", align: "right" },
      { title: "Fees", align: "right" },
      { title: "Total", align: "right" },
      ...(hasBudgets ? [{ title: "Budget left", align: "right" } as const] : []),
    ],
    [
      ...studies.slice(0, STUDIES_SHOWN).map((each) => {
        const left = totals.budgetsLeft.get(each.study);
        return line(view.words(each.study, 60), [each], left ? displayMoney(left) : "no budget");
      }),
      ...(rest.length > 0 ? [line(`_${count(rest.length, "other study", "other studies")}_`, rest, "")] : []),
    ],
  );
}

function pieOf(studies: readonly StudyTotal[], { account }: Plan, view: MarkdownView): string {
  const labels = new Set<string>();
  const slices = studies.map(({ study, amount, fees }) => {
    const plain = mermaidLabel(view.hidden(study));
    let label = plain;
    for (let n = 2; labels.has(label); n++) label = `${plain} ${n}`;
    labels.add(label);
    return `  "${label}" : ${formatMoney(money(amount + fees, account.currency))}`;
  });
  return [
    "```mermaid",
    "pie showData",
    `  title Total by study, fees included (${account.currency})`,
    ...slices,
    "```",
  ].join("\n");
}

/** Letters, digits and a few harmless signs: nothing that Mermaid or the fence around it reads. */
function mermaidLabel(study: string): string {
  const plain = shorten(study, 40).replace(/[^\p{L}\p{N} ._…-]/gu, "_");
  return plain.trim() === "" ? "unnamed" : plain;
}
