import { displayMoney } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import { inCurrency } from "../policy/in-currency.ts";
import { stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { approvalInPassing } from "./approval-section.ts";
import type { AccountPlan, PlanComment, PlanState } from "./comment-input.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { accountTag, changesText, count, isReal, sumText, wordsOf } from "./phrases.ts";

/** What a plan's comment says, where nothing outside the plans decides otherwise. */
export function planState(plans: readonly Plan[], problems: readonly Problem[] = []): PlanState {
  if (stops(problems) || plans.some((each) => stops(each.problems))) return "BLOCKED";
  return plans.every(({ steps }) => steps.length === 0) ? "NOTHING TO PAY" : "PLAN READY";
}

/** Real money first. */
export function inOrderOfMoney(plans: readonly AccountPlan[]): AccountPlan[] {
  return [...plans].sort((a, b) => Number(isReal(b.plan.account)) - Number(isReal(a.plan.account)));
}

/** State, totals and environment in one line: `💵 PLAN READY: pay 5 bonuses, $11.10 — PRODUCTION`. */
export function planTitle({ state, plans }: PlanComment, errors: number): string {
  const ordered = inOrderOfMoney(plans).map(({ plan }) => plan);
  const busy = ordered.filter(({ steps }) => steps.length > 0);
  const all = ordered.map(({ account }) => account);
  const places = all.map((account) => accountTag(account, all)).join(", ");
  const where = places === "" ? "" : ` — ${places}`;
  const sums = busy.map((plan) => `${briefly(plan)} — ${accountTag(plan.account, all)}`).join("; ");
  switch (state) {
    case "PLAN READY":
      return `💵 PLAN READY: ${busy.map((plan) => `${inFull(plan)} — ${accountTag(plan.account, all)}`).join("; ") || `nothing to pay${where}`}`;
    case "BLOCKED": {
      const why = errors > 0 ? count(errors, "error") : "what stands below";
      return sums === ""
        ? `⛔ BLOCKED: nothing can be paid because of ${why}${where}`
        : `⛔ BLOCKED by ${why}, nothing can be paid: ${sums}`;
    }
    case "NOTHING TO PAY":
      return `✅ NOTHING TO PAY: $0.00${where}`;
    case "CANNOT EVALUATE":
      return `❔ CANNOT EVALUATE${sums === "" ? where : `: asked for are ${sums}`}`;
    case "SUPERSEDED":
      return `🗂️ SUPERSEDED${sums === "" ? where : `: no longer ${sums}`}`;
  }
}

/** `pay 5 bonuses, $9.25 + $1.85 fees = **$11.10**, and change 2 qualifications` */
function inFull(plan: Plan): string {
  const { totals } = plan;
  const cost = displayMoney(totals.cost);
  const changes = groupsText(plan);
  if (totals.bonuses === 0) return `${changes}, no bonus to pay`;
  const sum = sumText(totals).replace(new RegExp(`${escapeDollar(cost)}$`), () => `**${cost}**`);
  return `pay ${count(totals.bonuses, "bonus", "bonuses")}, ${sum}${changes === "" ? "" : `, and ${changes}`}`;
}

function escapeDollar(text: string): string {
  return text.replace(/[$.]/g, "\\$&");
}

function briefly(plan: Plan): string {
  const { totals } = plan;
  if (totals.bonuses === 0) return groupsText(plan);
  return `${count(totals.bonuses, "bonus", "bonuses")}, ${displayMoney(totals.cost)}`;
}

function groupsText({ account, totals, steps }: Plan): string {
  const changes = totals.grants + totals.rescores + totals.revokes;
  const types = steps.filter(({ kind }) => kind === "create-type").length;
  if (changes > 0) return changesText(changes, account);
  return types > 0 ? count(types, `new ${wordsOf(account).group}`) : "";
}

/** What merging does, and one sentence on what to do next. */
export function planVerdict(input: PlanComment, view: MarkdownView): string {
  const { state, explanation } = input;
  const told = explanation
    ? `${view.words(explanation.why, 300)} **Next:** ${view.words(explanation.next.replace(/\.$/, ""), 200)}.`
    : undefined;
  switch (state) {
    case "PLAN READY":
      return `${mergeText(input.plans)}${openText(input.plans)} **Next:** ${readyNext(input, view)}`;
    case "BLOCKED":
      return told ?? "Merging would pay nobody. **Next:** mend every error below and push; this comment follows.";
    case "NOTHING TO PAY":
      return `${nothingText(input.plans)}${openText(input.plans)} **Next:** nothing; merge or close as you like.`;
    case "CANNOT EVALUATE":
      return `What merging would do is not known, so nobody should approve it yet.${input.plans.length > 0 ? " Below is what the files ask for; rows that were paid before are among them." : ""} ${told ?? "**Next:** open the run below, mend what it names, and run it again."}`;
    case "SUPERSEDED":
      return told ?? "This plan counts no more, and merging nothing pays nobody. **Next:** look at the newer plan.";
  }
}

function mergeText(plans: readonly AccountPlan[]): string {
  const real = plans.filter(({ plan }) => isReal(plan.account));
  const workers = new Set(
    real.flatMap(({ plan }) => plan.steps.flatMap((step) => (step.kind === "pay" ? [step.worker] : []))),
  ).size;
  if (workers > 0)
    return `Merging this pull request pays real money to ${count(workers, "worker")}. It cannot be undone; reverting the merge later does not take money back.`;
  const changed = [
    ...new Set(real.flatMap(({ plan: { account, steps } }) => (steps.length > 0 ? wordsOf(account).membership : []))),
  ];
  if (changed.length > 0)
    return `Merging this pull request changes ${changed.map((each) => `${each}s`).join(" and ")} and pays nobody.`;
  return "Merging this pull request moves no real money.";
}

function readyNext({ plans, policy, problems = [] }: PlanComment, view: MarkdownView): string {
  const warned = [...problems, ...plans.flatMap(({ plan }) => plan.problems)].length > 0 ? "mind the warnings, " : "";
  const real = inOrderOfMoney(plans).find(({ plan }) => isReal(plan.account) && plan.steps.length > 0);
  if (!real) return `${warned}look it over, then merge.`;
  return `${warned}have it approved by ${approvalInPassing(inCurrency(policy, real.plan.account.currency), real.approvers, view)}, then merge.`;
}

function nothingText(plans: readonly AccountPlan[]): string {
  const held = plans.reduce((sum, { plan }) => sum + plan.held.filter(({ state }) => state !== "open").length, 0);
  const settled = plans.reduce((sum, { plan }) => sum + plan.settled.length, 0);
  const why = [
    ...(settled > 0 ? [`${count(settled, "row")} settled already`] : []),
    ...(held > 0 ? [`${count(held, "row")} held`] : []),
  ].join(", ");
  return `Merging this pull request pays nobody and changes nothing${why === "" ? "" : ` (${why})`}.`;
}

/** Money that may still move without this pull request. */
function openText(plans: readonly AccountPlan[]): string {
  return plans
    .filter(({ plan }) => plan.totals.open.bonuses > 0)
    .map(({ plan: { account, totals } }) => {
      const left = `${count(totals.open.bonuses, "bonus", "bonuses")} open (${displayMoney(totals.open.cost)}, ${account.environment})`;
      return ` An earlier run left ${left}: the next run looks for them first and may still pay what it does not find, whether this is merged or not.`;
    })
    .join("");
}
