import { displayMoney, isSameMoney, money } from "../money.ts";
import { folded, within } from "./markdown-table.ts";
import { lazily } from "./markdown-sections.ts";
import { NOTHING } from "./markdown-view.ts";
import type { Detail, MarkdownView, Part } from "./markdown-view.ts";
import { accountText, count } from "./phrases.ts";
import type { AskedRow, MoneyChange, PlanChanges } from "./plan-changes.ts";

/** What changed since the previous plan of the same pull request: counts and money in one line, rows on a click. */
export function changesSection(changes: PlanChanges | undefined, view: MarkdownView, detail: Detail): Part {
  if (!changes) return NOTHING;
  const { added, removed, changed } = changes;
  const number = added.length + removed.length + changed.length;
  const title = "**Since the previous plan of this pull request:**";
  if (number === 0) return { text: `${title} no row changed.`, unseen: "" };
  const counts = [
    ...(added.length > 0 ? [`${added.length.toLocaleString("en-US")} added`] : []),
    ...(removed.length > 0 ? [`${removed.length.toLocaleString("en-US")} removed`] : []),
    ...(changed.length > 0 ? [`${changed.length.toLocaleString("en-US")} changed`] : []),
  ].join(", ");
  const sums = changes.money.map((each) => moneyChangeText(each, changes.money)).join("; ");
  const sentence = `${title} ${count(number, "row")} (${counts})${sums === "" ? "" : `; ${sums}`}.`;
  const all = [
    ...changed.map((each) => ({ sign: "changed", ...each })),
    ...added.map((after) => ({ sign: "added", after, before: undefined })),
    ...removed.map((after) => ({ sign: "removed", after, before: undefined })),
  ];
  const lines = lazily(all, detail.changes, ({ sign, before, after }) => {
    const what = before === undefined ? askedText(after, view) : differenceText(before, after, view);
    return `- ${sign} ${view.name(after.file)} line ${after.line}: ${what}`;
  });
  const { shown, rest } = within(lines, detail.changes);
  return {
    text: shown.length === 0 ? sentence : `${sentence}\n\n${folded("The changed rows", shown.join("\n"))}`,
    unseen: rest > 0 ? `${rest.toLocaleString("en-US")} of ${count(number, "changed row")}` : "",
  };
}

/** `production bonuses $9.25 → $10.50 (+$1.25)` */
function moneyChangeText({ account, before, after }: MoneyChange, all: readonly MoneyChange[]): string {
  const isPlain = account.name === undefined && all.every((each) => each.account.platform === account.platform);
  const where = isPlain ? account.environment : accountText(account);
  const difference = displayMoney(money(Math.abs(after.minor - before.minor), after.currency));
  const sign = after.minor < before.minor ? "−" : "+";
  return `${where} bonuses ${displayMoney(before)} → ${displayMoney(after)} (${sign}${difference})`;
}

function askedText(row: AskedRow, view: MarkdownView): string {
  switch (row.kind) {
    case "pay":
      return `${bonusText(row, view)} ${displayMoney(row.amount)}`;
    case "grant":
      return `${view.worker(row.worker)} gets ${view.name(row.name)} ${row.score ?? 1}`;
    case "revoke":
      return `${view.worker(row.worker)} loses ${view.name(row.name)}`;
    case "create-type":
      return `new qualification type ${view.name(row.name)}`;
  }
}

function bonusText(row: AskedRow & { readonly kind: "pay" }, view: MarkdownView): string {
  const worker = row.worker === "" ? "" : `${view.worker(row.worker)} `;
  const label = row.label === "" ? "" : ` ${view.words(row.label, 40)}`;
  return `${worker}${view.assignment(row.assignment)}${label}`;
}

/** A reviewer must see which of the things that matter is another one now. */
function differenceText(before: AskedRow, after: AskedRow, view: MarkdownView): string {
  if (before.kind !== "pay" || after.kind !== "pay") return `${askedText(before, view)} → ${askedText(after, view)}`;
  const differences = [
    ...(isSameMoney(before.amount, after.amount)
      ? []
      : [`${displayMoney(before.amount)} → ${displayMoney(after.amount)}`]),
    ...(before.worker === after.worker ? [] : [`worker ${view.worker(before.worker)} → ${view.worker(after.worker)}`]),
    ...(before.reason === after.reason ? [] : ["another reason"]),
    ...(before.study === after.study ? [] : ["another study"]),
    ...(before.attempt === after.attempt ? [] : [`attempt ${before.attempt} → ${after.attempt}`]),
    ...(before.repeat === after.repeat ? [] : [`repeat ${before.repeat} → ${after.repeat}`]),
  ];
  return `${bonusText(after, view)} ${differences.join(", ")}`;
}
