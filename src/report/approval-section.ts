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
  const manifests = plan.manifests.map(({ file, digest }) => `- ${view.name(file)} = \`${grouped(digest)}\``);
  const { shown, rest } = within(manifests, detail.names);
  return [
    [
      `**To approve:** ${neededText(policy, approvers, view, detail.names)}.`,
      ...notAllowedTexts(approvers, view, detail),
    ].join(" "),
    ...(policy.source === "default" ? ["There is no `payments/policy.yaml`, so that the safe defaults count."] : []),
    "It covers exactly this content; a change to any row needs a new approval:",
    "",
    ...shown,
    ...(rest > 0 ? [`- ${shown.length > 0 ? "and " : ""}${count(rest, "more manifest")}`] : []),
  ].join("\n");
}

/** The same in half a sentence: `pi-login or lee`, `2 people with write access who wrote none of it`. */
export function approvalInPassing(policy: Policy, approvers: Approvers | undefined, view: MarkdownView): string {
  const allowed = approvers?.allowed ?? policy.approvals.by;
  const people = peopleText(policy, approvers);
  if (allowed === "everybody") return `${people} with write access who wrote none of it`;
  if (allowed.length === 0) return "somebody whom the policy lists: at present nobody may";
  if (allowed.length > LOGINS_IN_PASSING) return `${people} of those named below`;
  if (approvers?.needed === 1) return allowed.map(view.name).join(" or ");
  return `${people} out of ${allowed.map(view.name).join(", ")}`;
}

function neededText(policy: Policy, approvers: Approvers | undefined, view: MarkdownView, most: number): string {
  const allowed = approvers?.allowed ?? policy.approvals.by;
  const people = `an approving review by ${peopleText(policy, approvers)}`;
  if (allowed === "everybody") return `${people} with write access`;
  if (allowed.length === 0) return `nobody may: the policy lists no one who did not write or push these rows`;
  return `${people} out of ${logins(allowed, view, most)}`;
}

function peopleText({ approvals }: Policy, approvers: Approvers | undefined): string {
  const people = (number: number) => count(number, "person", "people");
  const { required, above } = approvals;
  if (approvers) return people(approvers.needed);
  return `${people(required)}${above ? ` (by ${people(above.required)} above ${displayMoney(above.amount)})` : ""}`;
}

function notAllowedTexts(approvers: Approvers | undefined, view: MarkdownView, { names }: Detail): string[] {
  if (!approvers) return ["A review by whoever wrote or pushed these rows does not count."];
  const { notAllowed, strangers = [] } = approvers;
  const unknown = strangers.slice(0, LOGINS_SHOWN).map((name) => view.words(name, 40));
  return [
    ...(notAllowed.length > 0
      ? [`A review by ${logins(notAllowed, view, names)} does not count: they wrote or pushed these rows.`]
      : []),
    ...(strangers.length > 0
      ? [
          `GitHub does not know ${within(unknown, names).shown.join(", ") || "some"} (${count(strangers.length, "author")} of commits), so that ${count(strangers.length, "approval")} more ${strangers.length === 1 ? "is" : "are"} needed.`,
        ]
      : []),
  ];
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
