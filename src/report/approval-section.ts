import { displayMoney } from "../money.ts";
import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/policy.ts";
import type { Approvers } from "./comment-input.ts";
import { within } from "./markdown-table.ts";
import type { Detail, MarkdownView } from "./markdown-view.ts";
import { count, isReal } from "./phrases.ts";

/** Logins that a sentence names before it counts. */
const LOGINS_SHOWN = 10;
const LOGINS_IN_PASSING = 3;

/** Who may approve what, at exactly which content. Without `approvers` it says what the policy says. */
export function approvalSection(
  plan: Plan,
  policy: Policy,
  approvers: Approvers | undefined,
  view: MarkdownView,
  detail: Detail,
): string {
  if (plan.steps.length === 0) return "";
  if (!isReal(plan.account)) return "**To approve:** nobody needs to, since no real money moves.";
  const allowed = approvers?.allowed ?? policy.approvals.by;
  const who = allowed.length === 0 ? "with write access" : `out of ${logins(allowed, view, detail.names)}`;
  const manifests = plan.manifests.map(({ file, digest }) => `- ${view.name(file)} = \`${grouped(digest)}\``);
  const { shown, rest } = within(manifests, detail.names);
  return [
    `**To approve:** an approving review by ${neededText(policy, approvers)} ${who}.${notAllowedText(approvers, view, detail)}`,
    ...(policy.source === "default" ? ["There is no `payments/policy.yaml`, so that the safe defaults count."] : []),
    "It covers exactly this content; a change to any row needs a new approval:",
    "",
    ...shown,
    ...(rest > 0 ? [`- ${shown.length > 0 ? "and " : ""}${count(rest, "more manifest", "more manifests")}`] : []),
  ].join("\n");
}

/** The same in half a sentence: `1 person out of pi-login, lee`. */
export function approvalInPassing(policy: Policy, approvers: Approvers | undefined, view: MarkdownView): string {
  const allowed = approvers?.allowed ?? policy.approvals.by;
  const who =
    allowed.length === 0
      ? "with write access who wrote none of it"
      : allowed.length <= LOGINS_IN_PASSING
        ? `out of ${logins(allowed, view, 400)}`
        : "of those named below";
  return `${neededText(policy, approvers)} ${who}`;
}

function neededText({ approvals }: Policy, approvers: Approvers | undefined): string {
  const people = (number: number) => count(number, "person", "people");
  const { required, above } = approvals;
  if (approvers === undefined)
    return `${people(required)}${above ? ` (by ${people(above.required)} above ${displayMoney(above.amount)})` : ""}`;
  const because = above && approvers.needed > required ? ` (more than ${displayMoney(above.amount)})` : "";
  return `${people(approvers.needed)}${because}`;
}

function notAllowedText(approvers: Approvers | undefined, view: MarkdownView, detail: Detail): string {
  if (!approvers) return " A review by whoever wrote or pushed these rows does not count.";
  const { notAllowed } = approvers;
  if (notAllowed.length === 0) return "";
  const people = notAllowed.map(({ login, because }) => `${view.name(login)} (${view.words(because, 60)})`);
  const { shown, rest } = within(people.slice(0, LOGINS_SHOWN), detail.names);
  const more = rest + Math.max(0, people.length - LOGINS_SHOWN);
  return ` Not by ${[...shown, ...(more > 0 ? [count(more, "other")] : [])].join(", ")}.`;
}

/** A login stands as code, so that nobody is called with every plan. */
function logins(all: readonly string[], view: MarkdownView, most: number): string {
  const { shown } = within(all.slice(0, LOGINS_SHOWN).map(view.name), most);
  const rest = all.length - shown.length;
  const others = shown.length > 0 ? ` and ${count(rest, "other")}` : count(rest, "person", "people");
  return `${shown.join(", ")}${rest > 0 ? others : ""}`;
}

/** `7f3a 91c0 44de`: enough of a digest to compare by eye. */
function grouped(digest: string): string {
  return [digest.slice(0, 4), digest.slice(4, 8), digest.slice(8, 12)].join(" ");
}
