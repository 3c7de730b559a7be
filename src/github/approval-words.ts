import { displayMoney } from "../money.ts";
import { safeForTerminal, shorten } from "../report/safe-text.ts";
import type { Approvers, Flaw, HeldFacts, Need, Vote } from "./approval.ts";
import type { Permission, PullRequest } from "./github.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** A manifest that came to the default branch with no pull request of its own. */
export function wordsOfUnreviewed(
  pull: PullRequest | undefined,
  defaultBranch: string,
): { readonly message: string; readonly next: string; readonly pull?: PullRequest } {
  const branch = code(defaultBranch);
  return {
    message: pull
      ? `pull request #${pull.number} was not merged into ${branch}, so that nobody's approval of it counts here`
      : `the rows came to ${branch} without a pull request, so that nobody could approve them`,
    next: NEW_PULL_REQUEST,
    ...(pull ? { pull } : {}),
  };
}

/** The reason that tells best what is missing. */
export function codeOfHeld({ votes, objectors, need }: HeldFacts): ReasonCode {
  if (objectors.length > 0) return "changes_requested";
  const flaws = votes.flatMap(({ flaw }) => (flaw ? [flaw] : []));
  const counted = votes.length - flaws.length;
  const stale = flaws.filter(isOfContent).length;
  if (stale > 0 && (counted === 0 || counted + stale >= need.number)) return "approval_stale";
  if (counted > 0 || flaws.length === 0) return "approval_missing";
  return flaws.every(isOfWriter) ? "approval_self" : "approval_not_allowed";
}

/** Who did what, and why what was given does not count. */
export function messageOfHeld({ pull, need, votes, objectors, undecided, defaultBranch }: HeldFacts): string {
  const counted = votes.flatMap(({ login, flaw }) => (login !== undefined && !flaw ? [login] : []));
  const flawed = votes.filter(({ flaw }) => flaw);
  const number = `#${pull.number}`;
  return [
    ...(objectors.length > 0 ? [`${codes(objectors)} ${objectors.length === 1 ? "asks" : "ask"} for changes`] : []),
    `pull request ${number} of ${code(pull.author.login)} has ${counted.length} of ${need.number} ${need.number === 1 ? "approval" : "approvals"}${counted.length > 0 ? ` (${codes(counted)})` : ""}`,
    ...flawed.map((vote) => wordsOfFlaw(vote, defaultBranch)),
    ...undecided.map(({ login, state }) =>
      state === "DISMISSED" ? `the review of ${code(login)} was dismissed` : `${code(login)} commented without approving`,
    ),
    ...(counted.length < need.number ? wordsOfNeed(need, pull) : []),
  ].join("; ");
}

/** The next step, for somebody who knows GitHub's pages but not git. */
export function nextOfHeld(facts: HeldFacts): string {
  const { pull, votes, objectors, who } = facts;
  if (objectors.length > 0)
    return `let ${codes(objectors)} approve pull request #${pull.number} once it is settled, or let somebody who may write here dismiss the review on its page (${HOW_TO_REVIEW}); ${AND_THEN}`;
  const stale = votes.filter(({ flaw }) => flaw !== undefined && isOfContent(flaw));
  // The last commit itself holds other rows than the branch: the merge was changed by hand, or later commits took it over.
  if (stale.some(({ flaw, ofLastCommit }) => flaw === "other-content" && ofLastCommit))
    return `what stands on ${code(facts.defaultBranch)} is not what pull request #${pull.number} shows, so that approving that one again does not help: ${NEW_PULL_REQUEST}`;

  const counted = votes.flatMap(({ login, flaw }) => (login !== undefined && !flaw ? [login.toLowerCase()] : []));
  const missing = facts.need.number - counted.length;
  const candidates = who.allowed === "everybody" ? undefined : who.allowed.filter((each) => !counted.includes(each.toLowerCase()));
  const known = facts.need.strangers.length > 0 ? `${LINK_ADDRESS}; or ` : "";
  if (candidates && candidates.length < missing)
    return `${known}name more people under \`approvals: by\` in the policy, in a pull request of its own: too few of those who are named may approve this. After it, ${NEW_PULL_REQUEST}`;
  const again = stale.flatMap(({ login }) => (login === undefined ? [] : [login]));
  const people = again.length >= missing ? codes(again) : peopleFor(missing, candidates, counted, who);
  return `${known}let ${people} look at pull request #${pull.number} and approve it${again.length >= missing ? " again" : ""}, which works after the merge too (${HOW_TO_REVIEW}); ${AND_THEN}`;
}

const HOW_TO_REVIEW = "tab “Files changed”, button “Review changes”, then “Approve”";
const AND_THEN = "the next run pays; “Run workflow” on the page “Actions” starts one at once";
const NEW_PULL_REQUEST =
  "change the file in a new pull request and have that one approved before it is merged. Another word in a `reason` is enough; a comment, an empty line or another file name is not";
const LINK_ADDRESS =
  "let whoever made the commits add their e-mail address to their GitHub account (“Settings”, “Emails”), so that GitHub knows them";

function peopleFor(missing: number, candidates: readonly string[] | undefined, counted: readonly string[], who: Approvers): string {
  const more = counted.length > 0 ? "more " : "";
  if (candidates)
    return candidates.length === 1
      ? codes(candidates)
      : `${missing === candidates.length ? "" : `${missing} of `}${codes(candidates)}`;
  const people = missing === 1 ? `${more === "" ? "a" : "another"} person` : `${missing} ${more}people`;
  return `${people} with write access, other than ${codes(who.notAllowed)},`;
}

function wordsOfFlaw({ login, flaw, permission }: Vote, defaultBranch: string): string {
  if (login === undefined || flaw === undefined) return "an approval is by an account that was deleted";
  const who = code(login);
  switch (flaw) {
    case "deleted":
      return "an approval is by an account that was deleted";
    case "machine":
      return `${who} approved, but is no person`;
    case "author":
      return `${who} approved, but opened the pull request`;
    case "writer":
      return `${who} approved, but wrote or committed part of the rows`;
    case "namesake":
      return `${who} approved, but part of the rows was written under this name, from an e-mail address that GitHub does not know`;
    case "no-access":
      return `${who} approved, but ${wordsOfPermission(permission)}`;
    case "not-listed":
      return `${who} approved, but is not named under \`approvals: by\` in the policy`;
    case "unreadable":
      return `${who} approved, but what was approved cannot be read any more`;
    case "other-content":
      return `${who} approved, but other rows than those on ${code(defaultBranch)}`;
  }
}

function wordsOfPermission(permission: Permission | undefined): string {
  switch (permission) {
    case undefined:
      return "GitHub did not say what this person may do here";
    case "none":
      return "has no access to this repository now";
    case "read":
      return "may only read here";
    case "triage":
      return "may only read and sort here, not write";
    case "write":
    case "maintain":
    case "admin":
      return "may write here";
  }
}

function wordsOfNeed({ number, above, bot, strangers }: Need, pull: PullRequest): string[] {
  const people = number - strangers.length;
  return [
    ...(above ? [`it costs more than ${displayMoney(above)}, so that ${people} people must approve`] : []),
    ...(bot ? [`${code(pull.author.login)} is no person, so that at least two people must approve`] : []),
    ...strangers.map(
      (name) =>
        `“${plain(name)}” wrote part of it from an e-mail address that GitHub does not know and may be one of the approvers, so that one more must approve`,
    ),
  ];
}

function isOfContent(flaw: Flaw): boolean {
  return flaw === "other-content" || flaw === "unreadable";
}

function isOfWriter(flaw: Flaw): boolean {
  return flaw === "author" || flaw === "writer" || flaw === "namesake";
}

function codes(logins: readonly string[]): string {
  const all = logins.map(code);
  const last = all.pop() ?? "nobody";
  return all.length > 0 ? `${all.join(", ")} and ${last}` : last;
}

function code(text: string): string {
  return `\`${plain(text)}\``;
}

/** A name from a commit may be anything. */
function plain(text: string): string {
  return safeForTerminal(shorten(text, 60)).replaceAll("`", "'");
}
