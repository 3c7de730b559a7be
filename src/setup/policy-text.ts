import { formatMoney } from "../money.ts";
import type { Wishes } from "./wishes.ts";

/** The lab's rules, as its wishes have them. */
export function policyText(wishes: Wishes): string {
  const { rules, approvers, required, local, bonus, list, day, budget } = wishes;
  return `\
# yaml-language-server: $schema=../schemas/policy.schema.json
#
# The rules of this lab: the most that may be paid, and who must agree first.
# "Cost" is a bonus together with the platform's fee (${shortly(rules.feeBasis)}).
# Whatever is over a limit is refused as a whole.
# Change this file in a pull request of its own, never in one that also pays somebody.

currency: ${bonus.currency}

approvals:               # needed for real money only: pretend money and MTurk's test site need nobody
  ${entry(`required: ${required}`)}# how many colleagues must agree; whoever wrote the list does not count
  ${entry(approvers.length === 0 ? "# by: [pi-login]" : `by: [${approvers.join(", ")}]`)}# only these people's approval counts; without this line, everybody who may edit these files
  # above: { amount: 200.00, required: 2 }   # two colleagues for a list that costs more than this
  ${entry(`local: ${local}`)}# true lets a person pay real money from their own computer, with no colleague asked

limits:
  ${entry(`bonus: ${formatMoney(bonus)}`)}# the largest single bonus, without the fee
  ${entry(`manifest: ${formatMoney(list)}`)}# what one list (one file) may cost
  ${entry(`day: ${formatMoney(day)}`)}# what one day may cost (days of UTC)
  rows: 5000             # how many lines one list may have

# What a study may cost in all. A study that is not named here has only the limits above.
${budget === undefined ? "# budgets:\n#   stroop-replication: 2500.00" : `budgets:\n  ${budget.study}: ${formatMoney(budget.amount)}`}

${platformText(wishes)}receipts:
  branch: receipts       # where the receipts are kept; leave it as it is once somebody was paid

workers: mask            # how worker ids are shown in comments, logs and reports: mask (A2…PLE), alias or show
`;
}

/** `20 % of each bonus, at least one cent`: without what a plan adds to it. */
function shortly(feeBasis: string): string {
  return feeBasis.replace(/[,;] by the policy.*$/, "");
}

/** What the lab has on the platform, where a policy can say anything about it. */
function platformText({ rules, workspace }: Wishes): string {
  if (!rules.under) return "";
  const lines = [
    "platforms:",
    `  ${rules.name}:`,
    `    workspace: ${workspace ?? "…"}`,
    "    # feeRate: 33.3      # what the platform charges on a bonus, in percent",
    "    # vatRate: 20        # tax on that charge, in percent",
  ];
  const hidden = workspace === undefined ? lines.map((line) => `# ${line}`) : lines;
  return [
    `# The workspace with the lab's money and its groups: the id stands in the address of its page on ${rules.title}.`,
    ...hidden,
    "",
    "",
  ].join("\n");
}

/** Up to the column of the comments, and at least one blank. */
function entry(text: string): string {
  return `${text} `.padEnd(23);
}
