import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import type { Problem } from "../problem.ts";

/** What would happen, as a value: printed, compared, refused, stored. It holds nothing that can pay. */
export interface Plan {
  readonly account: Account;
  readonly manifests: readonly { readonly file: string; readonly digest: string; readonly study: string }[];
  readonly steps: readonly Step[];
  readonly settled: readonly SettledRow[];
  readonly held: readonly HeldRow[];
  readonly totals: PlanTotals;
  /** Where one is an error, nothing may be applied. */
  readonly problems: readonly Problem[];
}

interface StepPlace {
  readonly file: string;
  readonly line: number;
  readonly study: string;
  readonly worker: string;
}

export interface PayStep extends StepPlace {
  readonly kind: "pay";
  readonly assignment: string;
  readonly label: string;
  readonly attempt: number;
  readonly amount: Money;
  readonly fee: Money;
  /** In full: what the worker will read, reference included, where the platform shows it; else what the receipt keeps. */
  readonly reason: string;
  readonly reference: string;
  /** How many equal bonuses without a reference the platform lists: paid by hand, and allowed for with `repeat: true`. */
  readonly others: number;
  /** What the assignment belongs to: an order may be for one container only. */
  readonly container: string;
  /** Where a list holds nothing but amounts: how many equal ones of this assignment receipts and lists know to be paid. */
  readonly known?: number;
}

export interface MembershipStep extends StepPlace {
  readonly kind: "grant" | "rescore" | "revoke";
  /** The type's name, or its id where the manifest gives that. */
  readonly name: string;
  /** The platform's id of the type; undefined where this plan creates it. */
  readonly group?: string;
  readonly score?: number;
  /** The score that the plan saw. */
  readonly was?: number;
  readonly notify: boolean;
  readonly reason?: string;
}

export interface CreateTypeStep {
  readonly kind: "create-type";
  readonly file: string;
  readonly line: number;
  readonly study: string;
  readonly name: string;
  readonly description: string;
  readonly keywords?: string;
}

export type Step = PayStep | MembershipStep | CreateTypeStep;

/** A row that asks for nothing: it was paid, or is already true. */
export type SettledRow = {
  readonly file: string;
  readonly line: number;
  readonly worker: string;
  readonly because: "receipt" | "listed" | "adopted" | "already-true";
  /** The receipt's path, or the file that adopted the payment, where there is one. */
  readonly receipt?: string;
} & (
  | { readonly kind: "pay"; readonly assignment: string; readonly label: string; readonly amount: Money }
  | { readonly kind: "grant" | "revoke"; readonly name: string; readonly score?: number }
);

/** A bonus that will not be paid by this plan. `open`: the next apply settles it by itself. `held`, `refused`: a person decides. */
export interface HeldRow {
  readonly kind: "pay";
  readonly state: "open" | "held" | "refused";
  readonly file: string;
  readonly line: number;
  readonly worker: string;
  readonly assignment: string;
  readonly label: string;
  readonly attempt: number;
  readonly amount: Money;
  readonly why: string;
  readonly next: string;
  /** The claim or receipt that says so. */
  readonly record: string;
}

export interface PlanTotals {
  readonly bonuses: number;
  readonly amount: Money;
  readonly fees: Money;
  readonly cost: Money;
  /** Where fees are the most that they should come to, and the platform names its price later: what they are made of. */
  readonly feeBasis?: string;
  readonly balance: Money | "unknown";
  /** With what is still open taken off as well. Unknown also where the balance is too small. */
  readonly balanceAfter: Money | "unknown";
  /** Rows that an earlier run left open: the next apply looks for them, and pays those that it does not find. */
  readonly open: { readonly bonuses: number; readonly cost: Money };
  readonly grants: number;
  readonly rescores: number;
  readonly revokes: number;
  readonly emails: number;
  /** Study → what is left of its budget after this plan. */
  readonly budgetsLeft: ReadonlyMap<string, Money>;
}
