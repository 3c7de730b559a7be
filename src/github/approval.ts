import { compareMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { inCurrency } from "../policy/in-currency.ts";
import type { Policy } from "../policy/policy.ts";
import { codeOfHeld, messageOfHeld, nextOfHeld, wordsOfUnreviewed } from "./approval-words.ts";
import type { Permission, Person, PullRequest, Review } from "./github.ts";
import type { ReasonCode } from "./reason-codes.ts";

/** Everything that the verdict on one manifest rests on, gathered from git and GitHub. */
export interface ApprovalEvidence {
  /** The manifest's digest at the tip. */
  readonly digest: string;
  /** What its unpaid rows cost, fees included: `approvals.above` is judged by it. */
  readonly cost: Money;
  readonly defaultBranch: string;
  /** The merged pull request that brought the present content; undefined where there is none. */
  readonly pull?: PullRequest;
  /** Authors, committers and co-authors of the pull request's commits that touch the manifest. */
  readonly writers: readonly Writer[];
  readonly reviews: readonly Review[];
  /** Review id → digests of the manifests at the commit that the review names; undefined where it cannot be read. */
  readonly digestsAt: ReadonlyMap<number, ReadonlySet<string> | undefined>;
  /**
   * Login → what the person may do in the repository now. Somebody who is missing here could not be asked about: an
   * approval of theirs does not count, and a request for changes does.
   */
  readonly permissions: ReadonlyMap<string, Permission>;
}

/** A writer without a login is somebody whom GitHub does not know by the e-mail address: a stranger. */
export interface Writer {
  readonly login?: string;
  readonly name: string;
}

export type Approval =
  | { readonly kind: "approved"; readonly pull: PullRequest; readonly approvers: readonly string[] }
  | {
      readonly kind: "held";
      readonly code: ReasonCode;
      /** Who did what, and why what was given does not count. Logins stand as code; the rest is plain text. */
      readonly message: string;
      readonly next: string;
      readonly pull?: PullRequest;
    };

/** What a pull request says about who may not approve it. */
export interface Authorship {
  readonly author: Person;
  readonly writers: readonly Writer[];
}

/** How many people must approve, and what raised the number. */
export interface Need {
  readonly number: number;
  /** The amount that the cost is above. */
  readonly above?: Money;
  /** No person opened the pull request. */
  readonly bot: boolean;
  /** Names of writers who might be any one of the approvers: one more approval for each. */
  readonly strangers: readonly string[];
}

/** One person's standing approval, and why it does not count; no `flaw` where it does. */
export interface Vote {
  /** Undefined for a deleted account. */
  readonly login?: string;
  readonly flaw?: Flaw;
  readonly permission?: Permission;
  /** What was reviewed is the last commit of the pull request: approving it again would change nothing. */
  readonly ofLastCommit: boolean;
}

export type Flaw =
  | "deleted"
  | "machine"
  | "author"
  | "writer"
  | "namesake"
  | "no-access"
  | "not-listed"
  | "unreadable"
  | "other-content";

/** A manifest that is not paid until somebody does something: all that the words for it are made of. */
export interface HeldFacts {
  readonly pull: PullRequest;
  readonly need: Need;
  readonly votes: readonly Vote[];
  readonly objectors: readonly string[];
  /** Who reviewed without approving or asking for changes, or whose review was dismissed. */
  readonly undecided: readonly { readonly login: string; readonly state: "COMMENTED" | "DISMISSED" }[];
  readonly who: Approvers;
  readonly defaultBranch: string;
}

/** Who may approve a pull request, and who may not. */
export interface Approvers {
  /** How many approvals it takes. */
  readonly needed: number;
  /** Whom the policy names, without those who may not; nobody where it is empty. */
  readonly allowed: readonly string[] | "everybody";
  readonly notAllowed: readonly string[];
  /** Names of writers whom GitHub does not know: `needed` is one higher for each. */
  readonly strangers: readonly string[];
}

/**
 * Whether a second person approved a manifest of real money, at exactly its present content (DESIGN 9). The order of the
 * lists in the evidence does not matter.
 *
 * A stranger may be any one of the approvers, but no more than one of them. So each makes one more approval necessary,
 * unless the name is that of another writer or of the pull request's author, who may not approve anyway. A reviewer who
 * bears a stranger's name does not count besides. Names can be forged, but so can addresses: what a commit says of its
 * writers keeps honest people honest; against others a lab asks for more approvals.
 */
export function judgeApproval(evidence: ApprovalEvidence, policy: Policy): Approval {
  const { pull, defaultBranch, reviews } = evidence;
  if (!pull?.isMerged || pull.base.branch !== defaultBranch)
    return { kind: "held", code: "unapproved_direct_push", ...wordsOfUnreviewed(pull, defaultBranch) };

  const authorship = { author: pull.author, writers: evidence.writers };
  const need = needOf(authorship, policy, evidence.cost);
  const opinions = latestOf(reviews, isOpinion);
  const votes = [
    ...opinions.filter(({ state }) => state === "APPROVED").map((each) => voteOf(each, pull, evidence, policy)),
    ...reviews.filter(({ by, state }) => !by && state === "APPROVED").map(() => DELETED),
  ];
  const objectors = opinions
    .filter((each) => each.state === "CHANGES_REQUESTED" && mayObject(permissionOf(each.by.login, evidence)))
    .map(({ by }) => by.login);
  const approvers = votes.flatMap(({ login, flaw }) => (login !== undefined && !flaw ? [login] : []));
  if (objectors.length === 0 && approvers.length >= need.number) return { kind: "approved", pull, approvers };

  const undecided = undecidedOf(reviews, opinions);
  const who = {
    ...explainApprovers(authorship, policy, evidence.cost),
    needed: need.number,
    strangers: need.strangers,
  };
  const facts: HeldFacts = { pull, need, votes, objectors, undecided, who, defaultBranch };
  return { kind: "held", code: codeOfHeld(facts), message: messageOfHeld(facts), next: nextOfHeld(facts), pull };
}

/** Who may approve, for the pull request's comment. Says what {@link judgeApproval} will ask, as far as it is known yet. */
export function explainApprovers(pull: Authorship, policy: Policy, cost: Money): Approvers {
  const { number, strangers } = needOf(pull, policy, cost);
  const barred = new Map(
    [pull.author.login, ...pull.writers.flatMap(({ login }) => (login ? [login] : []))]
      .filter((login) => !sameLogin(login, WEB_FLOW))
      .map((login) => [login.toLowerCase(), login]),
  );
  const { by } = policy.approvals;
  return {
    needed: number,
    allowed: by === "everybody" ? by : by.filter((login) => !barred.has(login.toLowerCase())),
    notAllowed: [...barred.values()].sort(),
    strangers,
  };
}

/** GitHub's own committer of what is done on its pages. */
const WEB_FLOW = "web-flow";

const DELETED: Vote = { flaw: "deleted", ofLastCommit: false };

type Opinion = Review & { readonly by: Person };

function needOf(pull: Authorship, policy: Policy, cost: Money): Need {
  const { required, above } = inCurrency(policy, cost.currency).approvals;
  const isAbove = above && compareMoney(cost, above.amount) > 0;
  const bot = !isHuman(pull.author);
  const strangers = strangersAmong(pull);
  const people = Math.max(1, required, isAbove ? above.required : 0, bot ? 2 : 0);
  return {
    number: people + strangers.length,
    ...(isAbove && above.required > required ? { above: above.amount } : {}),
    bot,
    strangers,
  };
}

function strangersAmong({ author, writers }: Authorship): string[] {
  const known = new Set(
    [author.login, ...writers.flatMap(({ login, name }) => (login ? [login, name] : []))].map(plainName),
  );
  const strangers = new Map<string, string>();
  for (const { login, name } of writers) {
    const plain = plainName(name);
    const before = strangers.get(plain);
    if (!login && !known.has(plain) && (before === undefined || name < before)) strangers.set(plain, name);
  }
  return [...strangers.values()].sort();
}

/** Each person's last review of some kind, by login. */
function latestOf(reviews: readonly Review[], isOfKind: (state: Review["state"]) => boolean): Opinion[] {
  const latest = new Map<string, Opinion>();
  for (const { by, ...review } of [...reviews].sort(inTime))
    if (by && isOfKind(review.state)) latest.set(by.login.toLowerCase(), { ...review, by });
  return [...latest.values()].sort((a, b) => (a.by.login < b.by.login ? -1 : 1));
}

function inTime(a: Review, b: Review): number {
  return (Date.parse(a.at) || 0) - (Date.parse(b.at) || 0) || a.id - b.id;
}

/** It says yes, no, or no longer; a later comment does not take it back. */
function isOpinion(state: Review["state"]): boolean {
  switch (state) {
    case "APPROVED":
    case "CHANGES_REQUESTED":
    case "DISMISSED":
      return true;
    case "COMMENTED":
    case "PENDING":
      return false;
  }
}

function voteOf(review: Opinion, pull: PullRequest, evidence: ApprovalEvidence, policy: Policy): Vote {
  const { login } = review.by;
  const permission = permissionOf(login, evidence);
  const flaw =
    flawOfPerson(review.by, pull, evidence.writers) ??
    (mayWrite(permission) ? undefined : "no-access") ??
    (isListed(login, policy) ? undefined : "not-listed") ??
    flawOfContent(review, evidence);
  return {
    login,
    ofLastCommit: review.commit === pull.head.commit,
    ...(flaw ? { flaw } : {}),
    ...(permission ? { permission } : {}),
  };
}

function flawOfPerson(person: Person, pull: PullRequest, writers: readonly Writer[]): Flaw | undefined {
  if (!isHuman(person)) return "machine";
  if (sameLogin(person.login, pull.author.login)) return "author";
  if (writers.some(({ login }) => login && sameLogin(login, person.login))) return "writer";
  if (writers.some(({ login, name }) => !login && plainName(name) === plainName(person.login))) return "namesake";
  return undefined;
}

function flawOfContent({ id }: Review, { digest, digestsAt }: ApprovalEvidence): Flaw | undefined {
  const digests = digestsAt.get(id);
  if (!digests) return "unreadable";
  return digests.has(digest) ? undefined : "other-content";
}

function isListed(login: string, { approvals: { by } }: Policy): boolean {
  return by === "everybody" || by.some((each) => sameLogin(each, login));
}

function isHuman({ login, type }: Person): boolean {
  return type === "User" && !login.toLowerCase().endsWith("[bot]") && !sameLogin(login, WEB_FLOW);
}

function permissionOf(login: string, { permissions }: ApprovalEvidence): Permission | undefined {
  return permissions.get(login) ?? [...permissions].find(([other]) => sameLogin(other, login))?.[1];
}

function mayWrite(permission: Permission | undefined): boolean {
  return permission === "write" || permission === "maintain" || permission === "admin";
}

function mayObject(permission: Permission | undefined): boolean {
  return permission === undefined || mayWrite(permission);
}

function undecidedOf(reviews: readonly Review[], opinions: readonly Opinion[]): HeldFacts["undecided"] {
  const decided = new Set(opinions.map(({ by }) => by.login.toLowerCase()));
  const comments = latestOf(reviews, (state) => state === "COMMENTED");
  return [
    ...opinions.flatMap(({ by, state }) => (state === "DISMISSED" ? [{ login: by.login, state }] : [])),
    ...comments.flatMap(({ by }) =>
      decided.has(by.login.toLowerCase()) ? [] : [{ login: by.login, state: "COMMENTED" as const }],
    ),
  ];
}

/** Logins are the same in upper and lower case. */
function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function plainName(name: string): string {
  return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}
