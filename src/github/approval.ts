import type { Money } from "../money.ts";
import type { Permission, PullRequest, Review } from "./github.ts";
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
  /** Login → what the person may do in the repository now. */
  readonly permissions: ReadonlyMap<string, Permission>;
}

/** A writer without a login is somebody whom GitHub does not know by the e-mail address. */
export interface Writer {
  readonly login?: string;
  readonly name: string;
}

export type Approval =
  | { readonly kind: "approved"; readonly pull: PullRequest; readonly approvers: readonly string[] }
  | {
      readonly kind: "held";
      readonly code: ReasonCode;
      readonly message: string;
      readonly next: string;
      readonly pull?: PullRequest;
    };

