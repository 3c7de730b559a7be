import { isProduction, manifestsOf } from "../accounts.ts";
import { ledgerState } from "../ledger/state.ts";
import type { Account, ListedPayment } from "../platforms/ports.ts";
import { inCurrency } from "../policy/in-currency.ts";
import { stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import type { AccountEvidence, AuditInput } from "./audit-input.ts";
import { checkApprovals } from "./check-approvals.ts";
import { checkBudgets } from "./check-budgets.ts";
import { checkLedger, checkPosture } from "./check-ledger.ts";
import { compareMemberships } from "./compare-memberships.ts";
import { compareRows } from "./compare-rows.ts";
import { FINDINGS } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { matchPayments } from "./match-payments.ts";
import type { MatchedMoney } from "./match-payments.ts";
import { recordedTwice } from "./recorded-twice.ts";
import { waitingRows } from "./waiting-rows.ts";

/** Whether manifests, ledger and platform tell the same story. */
export interface Audit {
  readonly accounts: readonly AuditedAccount[];
  /** The worst first. None: everything is explained. */
  readonly findings: readonly Finding[];
  /** What this audit could not look at. */
  readonly notAsked: readonly NotAsked[];
}

/** What only GitHub can tell, and only the workflow can ask. */
export type NotAsked = "reviews" | "protection";

export interface AuditedAccount {
  readonly account: Account;
  readonly money: MatchedMoney;
  /** Payments without any tie to this repository: they may be adopted. */
  readonly outside: readonly ListedPayment[];
  /** What the platform says in sums. */
  readonly evidence?: Readonly<Record<string, string>> | undefined;
}

/** Compares; asks nobody and changes nothing. */
export function makeAudit(input: AuditInput): Audit {
  const { policy, manifests, problems, ledger, reviews, posture } = input;
  const audited = input.accounts.map((evidence) => auditAccount(evidence, input));
  const findings = [
    ...checkLedger(ledger, policy),
    ...audited.flatMap((each) => each.findings),
    ...checkApprovals(ledger.records, manifests, policy, reviews),
    ...checkPosture(posture, ledger.branch),
    ...(stops(problems) ? [unreadable(problems)] : []),
  ];
  return {
    accounts: audited.map(({ account, money, outside, evidence }) => ({ account, money, outside, evidence })),
    findings: bySeverity(findings),
    notAsked: input.accounts.some(({ account }) => isProduction(account)) ? notAskedOf(input) : [],
  };
}

/** What is of no account where no real money moves. */
function notAskedOf({ reviews, posture }: AuditInput): NotAsked[] {
  return [
    ...(reviews === "not-asked" ? ["reviews" as const] : []),
    ...(posture === "not-asked" ? ["protection" as const] : []),
  ];
}

function auditAccount(
  evidence: AccountEvidence,
  { manifests: all, ledger: { records }, policy, reviews }: AuditInput,
): AuditedAccount & { readonly findings: readonly Finding[] } {
  const { account } = evidence;
  const manifests = manifestsOf(all, account);
  const ledger = ledgerState(records, account);
  const { money, findings, outside } = matchPayments(evidence, manifests, ledger);
  return {
    account,
    money,
    outside,
    evidence: evidence.observed.evidence,
    findings: [
      ...findings,
      ...recordedTwice(evidence, records),
      ...compareRows(evidence, manifests, ledger, reviews),
      ...waitingRows(evidence, manifests, ledger),
      ...compareMemberships(evidence, manifests, records),
      ...checkBudgets(evidence, manifests, ledger, inCurrency(policy, account.currency)),
    ],
  };
}

function unreadable(problems: readonly Problem[]): Finding {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  return {
    code: "files-unreadable",
    place: first ? `${first.file}:${first.line}` : "payments",
    message: `${errors.length} ${errors.length === 1 ? "mistake" : "mistakes"} under payments/: rows of these files are not part of this audit`,
    next: "run `mergepay validate`, and mend what it shows",
  };
}

/** In the order in which the codes stand, which is from lost money to things to tidy up. */
function bySeverity(findings: readonly Finding[]): Finding[] {
  const order = Object.keys(FINDINGS);
  const rank = ({ code }: Finding) => (LEDGER_FIRST.includes(code) ? -1 : order.indexOf(code));
  return [...findings].sort((a, b) => rank(a) - rank(b) || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
}

/** While the ledger itself is not to be trusted, nothing that follows from it is. */
const LEDGER_FIRST: readonly Finding["code"][] = ["ledger-missing", "anchor-lost", "chain-broken"];
