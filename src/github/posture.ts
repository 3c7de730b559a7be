import type { Permission } from "./github.ts";

/** How a repository on GitHub is set up, as far as a token may see it. Plain values. */
export interface Posture {
  /** `owner/name` */
  readonly repository: string;
  /** Whose token it is. */
  readonly login: Asked<string>;
  readonly about: Asked<{
    /** On the web. */ readonly page: string;
    readonly isPrivate: boolean;
    readonly isArchived: boolean;
    readonly permission: Permission;
  }>;
  /** Of the default branch, and of the ledger's. */
  readonly defaultRules: Asked<BranchRules>;
  readonly ledgerRules: Asked<BranchRules>;
  /** People and machines that may write. */
  readonly writers: Asked<readonly { readonly login: string; readonly type: string }[]>;
  /** Does GitHub run workflows here. */
  readonly actions: Asked<boolean>;
  /** `active`, `disabled_manually`, `disabled_inactivity` …: of the workflow that pays. */
  readonly workflow: Asked<string>;
  /** The last completed run that its schedule started of the workflow that audits. */
  readonly lastAudit: Asked<{ readonly at: string; readonly conclusion: string; readonly page: string }>;
  readonly actionsMayApprove: Asked<boolean>;
  /** Do runs for pull requests from forks of a private repository get secrets. */
  readonly forksGetSecrets: Asked<boolean>;
  /** The environment of the job that pays: from which branches it may be used. */
  readonly environment: Asked<readonly string[] | "every" | "protected">;
  /** Names alone: GitHub never gives a secret out. */
  readonly environmentSecrets: Asked<readonly string[]>;
  readonly repositorySecrets: Asked<readonly string[]>;
}

export type Asked<T> =
  | { readonly kind: "known"; readonly value: T }
  /** GitHub says that there is none. */
  | { readonly kind: "absent" }
  /** GitHub has it for paid plans or public repositories only. */
  | { readonly kind: "not-in-plan" }
  | { readonly kind: "hidden"; readonly why: string };

/** What all rules of a branch come to, rulesets and classic protection taken together. */
export interface BranchRules {
  /** Undefined where a push needs no pull request. */
  readonly pullRequest:
    | {
        readonly approvals: number;
        readonly dismissesStale: boolean;
        readonly ofOwners: boolean;
        readonly ofLastPush: boolean;
      }
    | undefined;
  readonly blocksForce: boolean;
  readonly blocksDeletion: boolean;
  /** Checks that must pass; `anybody`: whoever may set a status could say that it has. */
  readonly checks: readonly { readonly name: string; readonly by: "actions" | "an app" | "anybody" }[];
  /** Rules that turn away what the job that pays would push. */
  readonly turnsAway: readonly string[];
}

export const NO_RULES: BranchRules = {
  pullRequest: undefined,
  blocksForce: false,
  blocksDeletion: false,
  checks: [],
  turnsAway: [],
};
