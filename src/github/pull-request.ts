import { accountOfManifest } from "../accounts.ts";
import { Failure } from "../failure.ts";
import { bonusKey } from "../ledger/identity.ts";
import { ledgerState, mayHavePaid } from "../ledger/state.ts";
import { POLICY_FILE } from "../manifest/payment-files.ts";
import { CURRENCIES, displayMoney, money, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { review } from "../pipeline.ts";
import type { Place, Reviewed } from "../pipeline.ts";
import type { Plan } from "../plan/plan.ts";
import { PlatformFailure } from "../platforms/ports.ts";
import { rulesOf } from "../platforms/rules.ts";
import { problem, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { hasSeveral } from "../policy/policy.ts";
import { DEFAULT_POLICY } from "../policy/read-policy.ts";
import { NO_CREDENTIALS } from "../report/comment-input.ts";
import type { AccountPlan, Explanation, PlanComment, PlanState, TakenOut } from "../report/comment-input.ts";
import { jobSummary } from "../report/job-summary.ts";
import { lastAuditText } from "../report/last-audit-text.ts";
import type { Footer } from "../report/markdown-footer.ts";
import { markerOf } from "../report/marker.ts";
import { planChanges } from "../report/plan-changes.ts";
import type { AskedRow } from "../report/plan-changes.ts";
import { noPlanJson, planJson, problemsJson } from "../report/plan-json.ts";
import { pullRequestComment } from "../report/pull-request-comment.ts";
import { explainApprovers } from "./approval.ts";
import { skipTokens } from "./event.ts";
import type { Decision } from "./action-contract.ts";
import { authorshipOf } from "./evidence.ts";
import type { Authorship } from "./approval.ts";
import type { GitHub } from "./github.ts";
import type { ReasonCode } from "./reason-codes.ts";
import { putComment } from "./sticky.ts";
import { digestOfAll, hideIds, totalText } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** What a pull request, or the merge queue, asks to be judged. */
export interface Proposal {
  /** The commit that the merge would make, and the one that it would be merged into. */
  readonly merge: string;
  readonly base: string;
  readonly baseBranch: string;
  /** Absent for the merge queue. */
  readonly pull?: {
    readonly number: number;
    readonly title: string;
    readonly head: string;
    /** The head that the last plan was made of. */
    readonly previousHead: string | undefined;
  };
  /** Undefined: may ask everything. Else why not. */
  readonly offline: Explanation | undefined;
}

export interface Desk {
  readonly place: Place;
  /** Undefined where the token may not write, as in a fork's run. */
  readonly github: GitHub | undefined;
  readonly aliasKey: string | undefined;
  readonly footer: Footer;
  /** What could not be done and changes nothing about the verdict. */
  readonly warn: (message: string) => void;
}

/** The pull request shows it: plans what the merge would bring, posts the comment, and lets the job pass or fail. */
export async function judgeProposal(proposal: Proposal, desk: Desk): Promise<Verdict> {
  const { input, verdict } = await plannedOrNot(proposal, desk);
  const { pull, offline } = proposal;
  if (pull && desk.github && !offline) {
    try {
      const { head } = await desk.github.pullRequest(pull.number);
      const shown = head.commit === pull.head ? input : superseded(input);
      await putComment(desk.github, pull.number, markerOf("plan", desk.place.account), pullRequestComment(shown), {
        // Every account looks at every pull request, and few of them have to do with it.
        begin: !hasSeveral(input.policy) || input.state !== "NOTHING TO PAY",
      });
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      desk.warn(`the comment could not be posted, the summary has it: ${thrown.message}`);
    }
  }
  return { ...verdict, summary: jobSummary(input) };
}

/** Somebody pushed while this was planned. The run of that push writes the next comment. */
function superseded(input: PlanComment): PlanComment {
  const explanation = {
    why: "Commits were pushed to this pull request after this plan was begun.",
    next: "wait for the plan of the newest commit: it takes this one's place",
  };
  return { ...input, state: "SUPERSEDED", explanation };
}

interface Judged {
  readonly input: PlanComment;
  readonly verdict: Omit<Verdict, "summary">;
}

async function plannedOrNot(proposal: Proposal, desk: Desk): Promise<Judged> {
  try {
    return await planned(proposal, desk);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return notEvaluated(desk, thrown);
  }
}

async function planned(proposal: Proposal, desk: Desk): Promise<Judged> {
  const { merge, base, pull, offline } = proposal;
  const before = pull?.previousHead;
  const reviewed = await review(desk.place, { merge, base, before, offline: offline !== undefined });
  return judged(proposal, desk, reviewed, await authorship(proposal, desk));
}

function judged(proposal: Proposal, desk: Desk, reviewed: Reviewed, by: Authorship | undefined): Judged {
  const { policy, plans } = reviewed;
  const both = mixed(reviewed);
  const problems = [...reviewed.problems, ...both];
  const blocked = stops(problems) || plans.some((plan) => stops(plan.problems));
  const asks = plans.some(({ steps }) => steps.length > 0);
  const state: PlanState = blocked
    ? "BLOCKED"
    : proposal.offline
      ? "CANNOT EVALUATE"
      : asks
        ? "PLAN READY"
        : "NOTHING TO PAY";
  const changes = reviewed.before && reviewed.veil(planChanges(reviewed.before, reviewed.manifests));
  const takenOut = takenOutOf(reviewed);
  const [token] = skipTokens(proposal.pull?.title ?? "");
  const input: PlanComment = {
    kind: "plan",
    state,
    policy,
    aliasKey: desk.aliasKey,
    account: desk.place.account,
    problems,
    plans: plans.map((plan): AccountPlan => ({ plan, ...(by ? approversOf(plan, by, reviewed) : {}) })),
    footer: { ...desk.footer, policyFrom: { commit: proposal.base, branch: proposal.baseBranch } },
    ...(changes ? { changes } : {}),
    ...(takenOut ? { takenOut } : {}),
    ...(reviewed.lastAudit
      ? { lastAudit: lastAuditText(reviewed.lastAudit, new Date().toISOString(), reviewed.records.length) }
      : {}),
    ...(state === "CANNOT EVALUATE" && proposal.offline ? { explanation: proposal.offline } : {}),
    ...(token === undefined ? {} : { skipCi: { token, where: "the pull request's title" } }),
  };
  const all = [...problems, ...plans.flatMap((plan) => plan.problems)];
  const verdict = verdictOf(state, both.length > 0, reviewed, all);
  return { input, verdict: hideIds(verdict, { workers: policy.workers, aliasKey: desk.aliasKey }) };
}

function verdictOf(state: PlanState, isMixed: boolean, reviewed: Reviewed, all: readonly Problem[]): Judged["verdict"] {
  const { plans, manifests } = reviewed;
  const [only] = plans;
  const [decision, reason] = isMixed ? (["blocked", "policy_and_manifests"] as const) : DECISIONS_OF[state];
  return {
    decision,
    reason,
    // A fork whose files are in order has nothing to answer for.
    passes: state !== "BLOCKED",
    digest: digestOfAll(manifests),
    count: plans.reduce((sum, { totals }) => sum + totals.bonuses, 0),
    total: totalText(plans.map(({ totals }) => totals.cost)),
    result:
      plans.length === 1 && only
        ? planJson(only)
        : plans.length === 0
          ? noPlanJson(all)
          : { version: 1, accounts: plans.map(planJson), ...problemsJson(all) },
    problems: unique(all),
  };
}

const DECISIONS_OF: Readonly<Record<PlanState, readonly [Decision, ReasonCode]>> = {
  "PLAN READY": ["ready", "ok"],
  BLOCKED: ["blocked", "problems"],
  "NOTHING TO PAY": ["nothing-to-pay", "nothing_to_pay"],
  "CANNOT EVALUATE": ["cannot-evaluate", "fork"],
  SUPERSEDED: ["cannot-evaluate", "cannot_evaluate"],
};

/** The plan could not be made: that is no verdict on the rows, and the job must not pass as if it were. */
function notEvaluated({ aliasKey, footer, place: { account } }: Desk, failure: Failure): Judged {
  const missing = failure instanceof PlatformFailure && failure.code === "no-credentials";
  const explanation = missing ? NO_CREDENTIALS : { why: `${failure.message}.`, next: failure.hint };
  return {
    input: {
      kind: "plan",
      state: "CANNOT EVALUATE",
      policy: DEFAULT_POLICY,
      aliasKey,
      account,
      plans: [],
      explanation,
      footer,
    },
    verdict: {
      decision: "cannot-evaluate",
      reason: "cannot_evaluate",
      passes: false,
      digest: "",
      count: 0,
      total: "0.00",
      result: noPlanJson([]),
      problems: [],
    },
  };
}

/** A pull request must not change the rules and what is judged by them. */
function mixed({ changed }: Reviewed): Problem[] {
  const manifest = changed.find((path) => path !== POLICY_FILE && path.endsWith(".yaml"));
  if (!changed.includes(POLICY_FILE) || manifest === undefined) return [];
  return [
    problem(
      "policy-and-manifests",
      { file: POLICY_FILE, line: 1, column: 1 },
      `this pull request changes the policy and ${manifest}`,
      "put the change of the policy into a pull request of its own, and merge that one first",
    ),
  ];
}

async function authorship({ pull }: Proposal, { github, place, warn }: Desk): Promise<Authorship | undefined> {
  if (!pull || !github) return undefined;
  try {
    return await authorshipOf(github, place, pull.number);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    warn(`who may approve could not be found out: ${thrown.message}`);
    return undefined;
  }
}

function approversOf({ account, totals }: Plan, by: Authorship, { policy }: Reviewed): Partial<AccountPlan> {
  if (account.environment !== "production") return {};
  return { approvers: explainApprovers(by, policy, totals.cost) };
}

/** Rows of the base that the merge would take out, by what became of them. */
function takenOutOf({ base, manifests, records, policy }: Reviewed): TakenOut | undefined {
  const removed = planChanges(base, manifests).removed.flatMap((row) => (row.kind === "pay" ? [row] : []));
  const [first] = removed;
  if (!first) return undefined;
  const settled = new Set(
    base.flatMap((manifest) =>
      [...ledgerState(records, accountOfManifest(manifest)).bonuses].flatMap(([key, bonus]) =>
        mayHavePaid(bonus) ? [key] : [],
      ),
    ),
  );
  const isPaid = (row: PayRow) =>
    base.some((manifest) =>
      settled.has(bonusKey({ ...manifest, environment: row.environment }, row.assignment, row.label)),
    );
  const feeOf = (row: PayRow) => {
    const { platform = "mturk" } = base.find(({ file }) => file === row.file) ?? {};
    return rulesOf(platform, policy.platforms).fee(row.amount);
  };
  const sum = (rows: readonly PayRow[]) => ({ rows: rows.length, cost: costText(rows, feeOf) });
  return { paid: sum(removed.filter(isPaid)), unpaid: sum(removed.filter((row) => !isPaid(row))) };
}

type PayRow = Extract<AskedRow, { kind: "pay" }>;

/** `$12.00`, `$12.00 and £3.50`: amounts of two currencies are not added up. */
function costText(rows: readonly PayRow[], feeOf: (row: PayRow) => Money): string {
  const sums = CURRENCIES.flatMap((currency) => {
    const own = rows.filter(({ amount }) => amount.currency === currency);
    if (own.length === 0) return [];
    const costs = own.flatMap((row) => [row.amount, feeOf(row)]);
    return [displayMoney(sumMoney(costs, currency))];
  });
  return sums.length === 0 ? displayMoney(money(0, CURRENCIES[0])) : sums.join(" and ");
}

/** Files' problems are in the plans too. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()];
}
