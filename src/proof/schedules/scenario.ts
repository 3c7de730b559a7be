import type { BonusRow, GrantRow, Manifest, QualificationBlock, RevokeRow } from "../../manifest/manifest.ts";
import { money } from "../../money.ts";
import type { Account } from "../../platforms/ports.ts";
import type { Policy } from "../../policy/policy.ts";
import { problem } from "../../problem.ts";
import type { Problem } from "../../problem.ts";
import type { Left } from "./world.ts";

/** What is explored: who is to get what, what may be asked for instead, how many runs, and how much may go wrong. */
export interface Scenario {
  readonly name: string;
  /** The first is what the default branch asks for at the beginning. */
  readonly versions: readonly Version[];
  /** Each turn: how many runs are at work at once. */
  readonly turns: readonly number[];
  readonly left: Left;
  /** The bounds of a long proof, where they are wider. */
  readonly longer?: Left;
  readonly events: readonly EventKind[];
  /** Rows of one claim, and how many a run settles at once. */
  readonly chunk: number;
  readonly atOnce: number;
  /** The account's money, in cents. */
  readonly cents: number;
  /** What the study may cost, in cents. */
  readonly budget?: number;
  /** What may be claimed in a day, in cents. */
  readonly day?: number;
  /** A run is told which others are at work. */
  readonly inSight?: boolean;
  /** The same rows were paid before in another environment, whose records stand in the same ledger. */
  readonly otherEnvironment?: boolean;
  /** Nothing else goes wrong but these effects. */
  readonly onlyFaulty?: "pay" | "member";
  /** The platform knows no tokens: an order that had no answer may not be given again. */
  readonly neverTwice?: boolean;
  /** The type of the qualification exists, and this worker holds this score. */
  readonly holds?: readonly (readonly [worker: string, score: number])[];
}

/** What may happen before a run begins. A manifest version is an event for each of the scenario's others. */
export type EventKind =
  | "5 minutes"
  | "13 hours"
  | "26 hours"
  | "versions"
  | "attempt raised"
  | "ledger rewound"
  | "paid by hand"
  | "paid otherwise by hand"
  | "score changed by hand"
  | "clock behind"
  | "money added";

/** What the default branch asks for. */
export interface Version {
  readonly name: string;
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

export const ACCOUNT: Account = { platform: "mturk", environment: "simulator", currency: "USD" };
export const OTHER_ACCOUNT: Account = { ...ACCOUNT, environment: "sandbox" };
export const TYPE = "wave-1";
export const TYPE_ID = "3TYPE0";

export function policyOf({ budget, day = DAY_LIMIT }: Scenario): Policy {
  return {
    source: "file",
    approvals: { required: 1, by: [], local: false },
    limits: { bonus: money(20_00, "USD"), manifest: money(500_00, "USD"), day: money(day, "USD"), rows: 100 },
    budgets: new Map(budget === undefined ? [] : [["pilot", money(budget, "USD")]]),
    receipts: { branch: "receipts" },
    workers: "mask",
  };
}
const DAY_LIMIT = 1000_00;

export function version(
  name: string,
  bonuses: readonly BonusRow[],
  qualifications: readonly QualificationBlock[] = [],
): Version {
  return { name, manifests: [manifest(FILE, bonuses, qualifications)], problems: [] };
}

/** The same bonuses in a second file: what reading the files makes of that is a problem on each line. */
export function copied(bonuses: readonly BonusRow[]): Version {
  const copy = "payments/copy.yaml";
  return {
    name: "copied to a second file",
    manifests: [manifest(FILE, bonuses), manifest(copy, moved(bonuses, copy))],
    problems: bonuses.flatMap(({ at }) =>
      [at, { ...at, file: copy }].map((place) => problem("duplicate-row", place, "is paid here and there", "keep one")),
    ),
  };
}

export function renamed(bonuses: readonly BonusRow[]): Version {
  const file = "payments/renamed.yaml";
  return { name: "renamed", manifests: [manifest(file, moved(bonuses, file))], problems: [] };
}

function moved(bonuses: readonly BonusRow[], file: string): BonusRow[] {
  return bonuses.map((row) => ({ ...row, at: { ...row.at, file } }));
}

const FILE = "payments/pilot.yaml";

function manifest(
  file: string,
  bonuses: readonly BonusRow[],
  qualifications: readonly QualificationBlock[] = [],
): Manifest {
  return {
    file,
    digest: "d".repeat(64),
    study: "pilot",
    platform: "mturk",
    environment: "simulator",
    currency: "USD",
    bonuses,
    qualifications,
    adopted: [],
  };
}

export function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  return {
    at: at(2),
    worker: "A2WORKER",
    assignment,
    amount: money(1_50, "USD"),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

export function qualification(
  grants: Readonly<Record<string, number>>,
  revoked: readonly string[] = [],
  notify = false,
): QualificationBlock {
  const grant: GrantRow[] = Object.entries(grants).map(([worker, score]) => ({ at: at(8), worker, score }));
  const revoke: RevokeRow[] = revoked.map((worker) => ({ at: at(9), worker }));
  return { at: at(7), type: { name: TYPE }, create: { description: "Took part" }, notify, grant, revoke };
}

function at(line: number): { file: string; line: number; column: number } {
  return { file: FILE, line, column: 5 };
}
