import type { Currency, Money } from "../money.ts";
import type { PlatformSettings } from "../platforms/ports.ts";
import type { Place } from "../problem.ts";

/** The lab's limits, budgets and approvers, read from `payments/policy.yaml`. */
export interface Policy {
  /** `default` where the repository has no policy file. */
  readonly source: "file" | "default";
  readonly approvals: {
    readonly required: number;
    /** Logins that count, in any case; nobody's where the list is empty. `everybody`: all who have write access. */
    readonly by: readonly string[] | "everybody";
    readonly above?: { readonly amount: Money; readonly required: number };
    /** May a person pay production from a checkout of their own (`apply --local`), without a review on GitHub. */
    readonly local: boolean;
  };
  readonly limits: {
    /** The amount of one bonus. */
    readonly bonus: Money;
    /** Cost (amount and fee) of all bonuses of one manifest. */
    readonly manifest: Money;
    /** Cost of all bonuses claimed in one UTC day, by account. */
    readonly day: Money;
    /** Rows of one manifest. */
    readonly rows: number;
    /** Calls a second to the platform, of questions and of orders each. Without it, as many as the platform takes. */
    readonly calls?: number;
  };
  /** The same amounts in currencies other than theirs: see `inCurrency`. */
  readonly currencies?: ReadonlyMap<Currency, CurrencyAmounts>;
  /** Study → cost that may be claimed in all. A study that is not named has no budget of its own. */
  readonly budgets: ReadonlyMap<string, Money>;
  readonly receipts: {
    readonly branch: string;
    /** The git name under which the workflow's commits stand, where its token is not GitHub's own. */
    readonly author?: string;
  };
  /** Platform → what the lab has there. */
  readonly platforms?: ReadonlyMap<string, PlatformSettings>;
  /** Accounts beside the one that needs no name, by their names. Absent: there are none. */
  readonly accounts?: ReadonlyMap<string, { readonly branch: string }>;
  readonly workers: "mask" | "alias" | "show";
  /** The file that says how the platform was found to behave. */
  readonly calibration?: { readonly file: string; readonly at: Place };
  /** Where lists are encrypted. Then every production list has to be. */
  readonly encryption?: Encryption;
}

/** What may be paid in one more currency. */
export interface CurrencyAmounts {
  readonly limits: Pick<Policy["limits"], "bonus" | "manifest" | "day">;
  readonly budgets: Policy["budgets"];
  /** From what cost on a manifest needs the approvals of `approvals.above`. */
  readonly above?: Money;
}

/** Whether there are accounts beside the one that needs no name. */
export function hasSeveral({ accounts }: Policy): boolean {
  return accounts !== undefined && accounts.size > 0;
}

export interface Encryption {
  /** Public keys of those who can open the lab keys: `age1…`. */
  readonly recipients: readonly string[];
  /** Name → lab key, an age file in base64. The first seals what is new; the others open what is older. */
  readonly keys: ReadonlyMap<string, string>;
}
