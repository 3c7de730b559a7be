import type { LedgerTip } from "./ledger-anchor.ts";
import type { ReasonCode } from "../github/reason-codes.ts";
import type { Environment } from "../platforms/ports.ts";
import type { Plan } from "../plan/plan.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import type { ApplyReport } from "./apply-report.ts";
import type { Footer } from "./markdown-footer.ts";
import type { PlanChanges } from "./plan-changes.ts";

/** The life of the one comment that a pull request has: first what its merge would do, then what it did. */
export type CommentState = PlanState | ResultState;

export type PlanState = "PLAN READY" | "BLOCKED" | "NOTHING TO PAY" | "CANNOT EVALUATE" | "SUPERSEDED";

export type ResultState = "PAYING" | "PAID" | "HELD" | "PARTIAL" | "UNKNOWN" | "FAILED" | "NOTHING TO PAY";

/** Everything that a comment or a job summary is made from. */
export type CommentInput = PlanComment | ResultComment;

interface CommentBase {
  /** The policy that judges, and by which worker ids are shown. */
  readonly policy: Policy;
  readonly aliasKey?: string | undefined;
  /** Of the lab's accounts, the one that this is about; absent for the one that needs no name. */
  readonly account?: string | undefined;
  /** What is wrong apart from any plan: mistakes in files, a missing policy. */
  readonly problems?: readonly Problem[];
  readonly footer?: Footer;
}

/** Before the merge. */
export interface PlanComment extends CommentBase {
  readonly kind: "plan";
  readonly state: PlanState;
  /** One for each account, in any order: real money is shown first. */
  readonly plans: readonly AccountPlan[];
  readonly changes?: PlanChanges;
  /** Rows that the pull request takes out of the manifests, by what the ledger says of them. */
  readonly takenOut?: TakenOut;
  /** When the books were last compared, and whether they matched: see `lastAuditText`. */
  readonly lastAudit?: string;
  /** Why the plan could not be made, or counts no more: for CANNOT EVALUATE and SUPERSEDED. */
  readonly explanation?: Explanation;
  /** A piece of text that keeps GitHub from starting the run that pays, such as `[skip ci]`. */
  readonly skipCi?: { readonly token: string; readonly where: string };
}

export interface AccountPlan {
  readonly plan: Plan;
  /** Without it the block is written from the policy alone. */
  readonly approvers?: Approvers;
}

/** Who may approve a plan, and who may not. */
export interface Approvers {
  /** How many approving reviews these rows need. */
  readonly needed: number;
  /** Logins whose review counts, without those of `notAllowed`. */
  readonly allowed: readonly string[] | "everybody";
  /** Logins of people who wrote or pushed what is to be approved. */
  readonly notAllowed: readonly string[];
  /** Names of writers whom GitHub does not know: `needed` is one higher for each. */
  readonly strangers?: readonly string[];
}

export interface TakenOut {
  /** Paid: they stay paid. `cost` is written as people read it, fees included. */
  readonly paid: { readonly rows: number; readonly cost: string };
  /** Neither claimed nor paid: taking them out cancels them. */
  readonly unpaid: { readonly rows: number; readonly cost: string };
}

export interface Explanation {
  readonly why: string;
  readonly next: string;
}

/** After the merge. */
export interface ResultComment extends CommentBase {
  readonly kind: "result";
  readonly state: ResultState;
  /** One for each account that was worked on; none where the run ended before. */
  readonly accounts: readonly AccountResult[];
  /** What is under way, for PAYING: its totals stand in the title. */
  readonly plans?: readonly Plan[];
  /** Manifests that are not paid until a person does something. */
  readonly held: readonly HeldManifest[];
  /** Who approved what is paid. */
  readonly approvers: readonly string[];
  /** Claims and receipts, to be linked. */
  readonly records?: RecordLinks;
  /** The ledger as the run left it, noted here as an anchor. */
  readonly ledger?: LedgerTip;
  /** Why the run failed before it had anything to report. */
  readonly explanation?: Explanation;
}

export interface AccountResult {
  readonly report: ApplyReport;
  /** How many bonuses the run set out to pay, known apart from the report: the report is held against it. */
  readonly planned?: number;
}

export interface HeldManifest {
  readonly file: string;
  readonly code: ReasonCode;
  readonly message: string;
  readonly next: string;
  readonly environment?: Environment;
}

export interface RecordLinks {
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string;
  readonly branch: string;
  readonly paths: readonly string[];
}

/** What is said of a pull request from a fork. */
export const FROM_A_FORK: Explanation = {
  why: "This pull request comes from a fork. Forks get no credentials, so that only the files were checked: neither the platform nor the balance was asked.",
  next: "somebody with write access pushes these commits to a branch of this repository and opens the pull request from there",
};

/** What is said where the platform's credentials are missing. */
export const NO_CREDENTIALS: Explanation = {
  why: "This workflow has no credentials for the platform, so that only the files were checked.",
  next: "add the two secrets that the set-up page names, then run this workflow again",
};
