import type { Fact, Measured } from "../calibration/calibration.ts";
import { Failure } from "../failure.ts";
import type { Currency, Money } from "../money.ts";

export type Environment = "production" | "sandbox" | "simulator";

/** One purse: every bonus paid from it shares its balance, its claims and its budget. */
export interface Account {
  readonly platform: string;
  readonly environment: Environment;
  readonly currency: Currency;
  /** How the policy calls it, beside the one that needs no name. */
  readonly name?: string;
}

/** What a platform can do. Plan and protocol branch on these, never on a platform's name. */
export interface Traits {
  /** May a payment order be given again when its answer was lost, and for how long after the claim. */
  readonly resend: { readonly kind: "token"; readonly forMs: number } | { readonly kind: "never" };
  /** What a listed payment shows of ours: the reference in its reason, or nothing but its amount. */
  readonly witness: "reference" | "amounts";
  readonly completion:
    | { readonly kind: "immediate" }
    /**
     * A payment shows some time after its order. `pollMs`: how long a run waits before each look for it, one after
     * another; `horizonMs`: how long after the claim it is waited for at all, by this run and later ones.
     */
    | { readonly kind: "later"; readonly pollMs: readonly number[]; readonly horizonMs: number };
  /** The most rows that one payment order holds, and whether they must all belong to one container. */
  readonly batch: { readonly rows: number; readonly perContainer: boolean };
  /** Is the platform's charge known from a rule, or told by the platform before an order is given. */
  readonly price: "rule" | "quote";
  /** Does the worker see the reason. */
  readonly message: "with-payment" | "none";
  readonly membership: "scored" | "plain";
  readonly environments: readonly Environment[];
  /** For how long after a payment the platform can be expected to list it. Absent: for ever. */
  readonly listsForMs?: number;
}

/** What is known of a platform without asking it. Pure. */
export interface PlatformRules {
  readonly name: string;
  readonly title: string;
  /** What it can pay in; the first of them where nobody says. */
  readonly currencies: readonly [Currency, ...Currency[]];
  readonly traits: Traits;
  readonly words: PlatformWords;
  /** Undefined where the id can be one; else what such an id looks like. */
  readonly workerProblem: (id: string) => IdProblem | undefined;
  readonly assignmentProblem: (id: string) => IdProblem | undefined;
  readonly containerProblem: (id: string) => IdProblem | undefined;
  readonly groupProblem: (id: string) => IdProblem | undefined;
  /** Where a lab's money is divided into workspaces. */
  readonly workspaceProblem?: (id: string) => IdProblem | undefined;
  /** The platform's own charge for one bonus, tax included. Where `price` is `quote`, the most that it should come to. */
  readonly fee: (amount: Money) => Money;
  /** What that charge is and who says so, after “fees:”. */
  readonly feeBasis: string;
  /** A list to try things on with the embedded platform, which pays nobody. */
  readonly exampleList: string;
  /** The same platform as a lab has it, where a policy can say anything about it. */
  readonly under?: (settings: PlatformSettings) => PlatformRules;
  /** What measured values of undocumented behaviour mean, where there is any to measure. */
  readonly judgeFacts?: (measured: Measured) => readonly Fact[];
}

/** What a platform's people call things. Its manifests use the same words as keys. */
export interface PlatformWords {
  /** The key of a bonus that names what was done for it, and its name in a sentence. */
  readonly assignment: "assignment" | "submission";
  /** One that is there to be paid: `submitted assignment`. */
  readonly submitted: string;
  /** What it belongs to: `HIT`, `Prolific study`. */
  readonly container: string;
  /** `qualification type`, `participant group` */
  readonly group: string;
  /** What a change of who holds one is called: a `qualification` change, a `group` change. */
  readonly membership: "qualification" | "group";
  /** How exports call the columns of ids: in lower case, letters and digits alone. */
  readonly columns: { readonly worker: readonly string[]; readonly assignment: readonly string[] };
  /** How its own export calls them. */
  readonly exportColumns: { readonly worker: string; readonly assignment: string };
  /** What to do where an id of an assignment means nothing to the platform, or is another worker's. */
  readonly hints: { readonly unknown: string; readonly otherWorker: string };
}

/** What a lab's policy says of one platform. */
export interface PlatformSettings {
  /** Where the money is, and the groups are. */
  readonly workspace?: string;
  /** The platform's fee, and the tax on that fee, in thousandths of a percent: 33,300 is 33.3 %. */
  readonly feeRate?: number;
  readonly vatRate?: number;
  /** The most rows of one payment order. */
  readonly rowsPerOrder?: number;
  /** For how long a payment that does not show is looked for before a person is asked. */
  readonly horizonHours?: number;
}

export interface IdProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}

export interface ObservedAssignment {
  readonly assignment: string;
  readonly worker: string;
  /** The study unit that the assignment belongs to: a HIT on MTurk. */
  readonly container: string;
  /** Where assignments exist that cannot be paid for: whether this one can, and the platform's words for its state. */
  readonly state?: { readonly payable: boolean; readonly words: string };
  /** In which its bonuses are paid, where one platform pays in several. */
  readonly currency?: Currency;
}

/** A bonus as the platform lists it. Where the witness is `amounts`, the amount is all that is known of it. */
export interface ObservedPayment {
  readonly amount: Money;
  readonly worker?: string;
  /** The reason as the platform tells it. The protocol looks for the reference in it. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly at?: string;
}

/** A payment with what it was paid for. */
export interface ListedPayment extends ObservedPayment {
  readonly worker: string;
  readonly assignment: string;
  readonly container: string;
}

export interface Wallet {
  readonly available: Money | "unknown";
}

/** How a manifest names a group of workers (a qualification type on MTurk). */
export type GroupRef = { readonly name: string } | { readonly id: string };

export interface ObservedGroup {
  readonly ref: GroupRef;
  readonly id: string;
  readonly name: string;
  /** Worker → score of everybody who holds it now. */
  readonly members: ReadonlyMap<string, number>;
}

/** Questions only. Planning gets one of these, so a plan cannot pay by mistake. */
export interface PlatformReader {
  /** Where the questions go, for the record: a host name. */
  readonly endpoint: string;
  wallet(): Promise<Wallet>;
  /** The assignments that exist and were submitted; others are absent from the answer. Throws {@link PlatformFailure}. */
  assignments(wanted: readonly AssignmentRef[]): Promise<ReadonlyMap<string, ObservedAssignment>>;
  /** Everything that was submitted to a container, read to the last page; `undefined` where there is no such container. */
  submittedTo(container: string): Promise<readonly ObservedAssignment[] | undefined>;
  /** Every bonus listed for the given assignments, by assignment. Complete, or it throws {@link PlatformFailure}. */
  payments(of: readonly ObservedAssignment[]): Promise<ReadonlyMap<string, readonly ObservedPayment[]>>;
  /** Every bonus listed for anybody in the given containers. Complete, or it throws {@link PlatformFailure}. */
  paymentsIn(containers: readonly string[]): Promise<readonly ListedPayment[]>;
  /** Every container of the account that the platform still lists. */
  containers(): Promise<readonly string[]>;
  /** Every bonus of one assignment, read to the last page. */
  paymentsOf(assignment: string): Promise<readonly ObservedPayment[]>;
  /** The groups that exist, in the order asked; `undefined` where there is none. */
  groups(refs: readonly GroupRef[]): Promise<readonly (ObservedGroup | undefined)[]>;
  /** The score that a worker holds now; `undefined` where the worker holds none. */
  score(group: string, worker: string): Promise<number | undefined>;
  /** A group's id by its exact name; `undefined` where none is listed (yet). */
  groupId(name: string): Promise<string | undefined>;
  /**
   * Coarse sums about these containers, such as what all their bonuses cost, by what they are called: for the records
   * and for a platform's support. Nothing is decided by them.
   */
  evidence(containers: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export interface AssignmentRef {
  readonly assignment: string;
  /** Saves a call where the manifest names it. */
  readonly container?: string;
}

/** One bonus as it is ordered. */
export interface PayRow {
  readonly worker: string;
  readonly assignment: string;
  readonly amount: Money;
  readonly reason: string;
}

/** Bonuses that are ordered at once, at most {@link Traits.batch} of them, under the handle that `prepare` gave. */
export interface PayOrder {
  readonly handle: string;
  readonly rows: readonly PayRow[];
}

/** Bonuses that one claim is to name. */
export interface PayBatch {
  /** That of all rows where an order is for one container; otherwise undefined. */
  readonly container: string | undefined;
  readonly rows: readonly (PaymentIdentity & PayRow)[];
}

/** What the platform asks for an order, in whole minor units: `total` is the sum of the others. */
export interface Quote {
  readonly amount: Money;
  readonly fee: Money;
  readonly tax: Money;
  readonly total: Money;
}

/** What came of preparing. Nothing moved, whatever it was. */
export type Prepared =
  /** One handle for each row, in their order; equal ones are ordered together. */
  | { readonly kind: "prepared"; readonly handles: readonly string[]; readonly quote?: Quote }
  /** `assignments`: those of the rows that are to blame; empty where it is all of them. */
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
      readonly assignments: readonly string[];
    }
  | Extract<Sent, { readonly kind: "stopped" | "busy" | "unknown" }>;

export type MembershipOrder =
  | {
      readonly kind: "grant";
      readonly group: string;
      readonly worker: string;
      readonly score: number;
      readonly notify: boolean;
    }
  | { readonly kind: "revoke"; readonly group: string; readonly worker: string; readonly reason?: string };

/** The calls that move money or change who holds what. Only the driver of `apply/` is handed one. */
export interface PlatformPayer {
  /** Asks the platform for what the claim must name before money moves. Moves none, and may be asked again. */
  prepare(batch: PayBatch): Promise<Prepared>;
  /**
   * Ends when the platform is likely to take one more order, or when `stop` is aborted. The pace at which a platform
   * takes orders is found out by giving them.
   */
  turn(stop: AbortSignal): Promise<void>;
  pay(order: PayOrder): Promise<Sent>;
  member(order: MembershipOrder): Promise<Sent>;
  createGroup(order: {
    readonly name: string;
    readonly description: string;
    readonly keywords?: string;
  }): Promise<Sent & { readonly group?: string }>;
}

/** What a bonus is, for ever: nothing else about it matters to “was this paid already?”. */
export interface PaymentIdentity {
  readonly platform: string;
  readonly environment: Environment;
  readonly assignment: string;
  readonly label: string;
  readonly attempt: number;
}

/** What is known after an order was given once. `unknown` is not an error to retry: money may have moved. */
export type Sent =
  | { readonly kind: "done"; readonly requestId: string }
  /** Taken, and done later: what came of it is found by reading. */
  | { readonly kind: "accepted"; readonly requestId?: string }
  /** Definitely not done, for a reason that lies in this row. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly requestId?: string }
  /** Definitely not done, for a reason that will stop every other row too. */
  | {
      readonly kind: "stopped";
      readonly cause: "funds" | "credentials";
      readonly code: string;
      readonly message: string;
    }
  /** Definitely not done, and worth asking again after a pause. */
  | { readonly kind: "busy"; readonly code: string }
  /** Turned down by its words, which may not be believed before reading bears them out. */
  | { readonly kind: "doubtful"; readonly code: string; readonly message: string }
  /** No byte of the order can have left this machine. */
  | { readonly kind: "not-sent"; readonly cause: string }
  /** A group of this name exists already. */
  | { readonly kind: "exists" }
  | { readonly kind: "unknown"; readonly cause: string };

/** The platform could not be asked, or would not answer. */
export class PlatformFailure extends Failure {
  override readonly name = "PlatformFailure";
  readonly code: string;
  constructor(code: string, message: string, hint: string) {
    super(message, hint);
    this.code = code;
  }
}
