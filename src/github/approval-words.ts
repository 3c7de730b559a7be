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
    next: again("a colleague"),
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
      state === "DISMISSED"
        ? `the review of ${code(login)} was dismissed`
        : `${code(login)} commented without approving`,
    ),
    ...(counted.length < need.number ? wordsOfNeed(need, pull) : []),
  ].join("; ");
}

/**
 * The next step, for somebody who knows GitHub's pages but not git. Those pages take no approval of a pull request that
 * is merged (its API does, by `gh pr review --approve`), so that the way on is a new one.
 */
export function nextOfHeld({ pull, votes, objectors, who, need }: HeldFacts): string {
  const counted = votes.flatMap(({ login, flaw }) => (login !== undefined && !flaw ? [login.toLowerCase()] : []));
  const missing = need.number - counted.length;
  if (objectors.length > 0) return `settle it with ${codes(objectors)}, then ${again(peopleFor(need.number, who))}`;
  if (missing <= need.strangers.length) return `${LINK_ADDRESS}; or ${again(peopleFor(need.number, who))}`;
  if (who.allowed !== "everybody" && who.allowed.length < need.number)
    return `name more people under \`approvals: by\` in the policy, in a pull request of its own: too few of those named may approve this. After it is merged, ${again("them")}`;
  const before = votes.flatMap(({ login, flaw }) =>
    login !== undefined && (!flaw || isOfContent(flaw)) ? [login] : [],
  );
  const people = before.length >= need.number ? codes(before) : peopleFor(need.number, who);
  const helps = !votes.some(({ flaw, ofLastCommit }) => flaw === "other-content" && ofLastCommit);
  return `${again(people)}${helps ? `; or, on a command line, \`gh pr review ${pull.number} --approve\`` : ""}`;
}

function again(people: string): string {
  return `change the file in a new pull request (another word in a reason is enough, a comment is not) and let ${people} approve it before it is merged`;
}

const LINK_ADDRESS =
  "let whoever made the commits add their e-mail address to their GitHub account (“Settings”, “Emails”) and run this again";

function peopleFor(number: number, { allowed, notAllowed }: Approvers): string {
  if (allowed === "everybody")
    return `${number === 1 ? "a person" : `${number} people`} with write access who did not write it${notAllowed.length > 0 ? ` (not ${codes(notAllowed)})` : ""}`;
  return allowed.length > number ? `${number} of ${codes(allowed)}` : codes(allowed);
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
