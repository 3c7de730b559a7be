import { reasonWithReference, referenceOf } from "../ledger/identity.ts";
import type { ClaimRecord, FiledRecord, PayClaim, ReceiptRecord, RowEnd, RowOutcome } from "../ledger/records.ts";
import { ledgerState } from "../ledger/state.ts";
import type { AdoptedRow, BonusRow, Manifest, QualificationBlock } from "../manifest/manifest.ts";
import { formatMoney, money } from "../money.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Account, ObservedGroup, ObservedPayment } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import { makePlan } from "./make-plan.ts";
import { groupKey } from "./observed.ts";
import type { PlanInput } from "./plan-input.ts";
import type { Plan } from "./plan.ts";

export const ACCOUNT: Account = { platform: "mturk", environment: "simulator", currency: "USD" };
export const usd = (minor: number) => money(minor, "USD");

/** A type that one worker holds. */
export const TYPE: ObservedGroup = {
  ref: { name: "wave-1" },
  id: "3T",
  name: "wave-1",
  members: new Map([["A1HELD", 85]]),
};

/** For tests: what a plan is made of. Whatever is left out is sound and plentiful. */
export interface World {
  readonly bonuses?: BonusRow[];
  readonly blocks?: QualificationBlock[];
  readonly ledger?: FiledRecord[];
  readonly payments?: (ObservedPayment & { assignment: string })[];
  readonly groups?: ObservedGroup[];
  readonly unknown?: string[];
  readonly now?: string;
  readonly adopted?: AdoptedRow[];
  readonly workerOf?: Record<string, string>;
  readonly live?: string[];
  readonly balance?: number | "unknown";
  readonly budgets?: Policy["budgets"];
  readonly day?: number;
  readonly paused?: boolean;
  /** Beside `payments/pilot.yaml`. */
  readonly others?: Manifest[];
  readonly problems?: Problem[];
}

export function planOf(world: World): Plan {
  return makePlan(inputOf(world));
}

export function inputOf(world: World): PlanInput {
  const { bonuses = [], blocks = [], payments = [], unknown = [] } = world;
  const manifest: Manifest = {
    file: "payments/pilot.yaml",
    digest: "d".repeat(64),
    study: "pilot",
    ...ACCOUNT,
    bonuses,
    qualifications: blocks,
    adopted: world.adopted ?? [],
  };
  const known = [manifest, ...(world.others ?? [])]
    .flatMap((each) => each.bonuses)
    .filter(({ assignment }) => !unknown.includes(assignment));
  return {
    account: ACCOUNT,
    rules: mturkRules,
    manifests: [manifest, ...(world.others ?? [])],
    policy: policy(world),
    ledger: ledgerState(world.ledger ?? [], ACCOUNT),
    observed: {
      wallet: { available: world.balance === "unknown" ? "unknown" : usd(world.balance ?? 100_00) },
      assignments: new Map(
        known.map(({ assignment }) => [
          assignment,
          { assignment, worker: world.workerOf?.[assignment] ?? "A2WORKER", container: "3HIT" },
        ]),
      ),
      payments: new Map(
        known.map(({ assignment }) => [assignment, payments.filter((each) => each.assignment === assignment)]),
      ),
      groups: new Map((world.groups ?? []).map((group) => [groupKey(group.ref), group])),
    },
    liveRuns: new Set(world.live),
    now: world.now ?? "2026-11-23T12:00:00.000Z",
    problems: world.problems ?? [],
    ...(world.paused ? { paused: { file: "payments/PAUSED", line: 1, column: 1 } } : {}),
  };
}

function policy({ budgets = new Map(), day = 1000_00 }: World): Policy {
  return {
    source: "file",
    approvals: { required: 1, by: [], local: false },
    limits: { bonus: usd(20_00), manifest: usd(500_00), day: usd(day), rows: 100 },
    budgets,
    receipts: { branch: "receipts" },
    workers: "mask",
  };
}

export function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  const at = { file: "payments/pilot.yaml", line: 2, column: 5 };
  return {
    at,
    worker: "A2WORKER",
    assignment,
    amount: usd(150),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

export function block(more: {
  grant?: [string, number][];
  revoke?: string[];
  notify?: boolean;
  create?: { description: string; keywords?: string };
  type?: QualificationBlock["type"];
  reason?: string;
}): QualificationBlock {
  const at = { file: "payments/pilot.yaml", line: 9, column: 5 };
  return {
    at,
    type: more.type ?? { name: "wave-1" },
    notify: more.notify ?? false,
    grant: (more.grant ?? []).map(([worker, score]) => ({ at, worker, score })),
    revoke: (more.revoke ?? []).map((worker) => ({
      at,
      worker,
      ...(more.reason === undefined ? {} : { reason: more.reason }),
    })),
    ...(more.create ? { create: more.create } : {}),
  };
}

export function ours(assignment: string, label = ""): string {
  return reasonWithReference("Thank you", referenceOf({ ...ACCOUNT, assignment, label }));
}

export function listed(assignment: string, minor: number, reason: string): ObservedPayment & { assignment: string } {
  return { assignment, worker: "A2WORKER", amount: usd(minor), reason, at: "2026-11-20T00:00:00.000Z" };
}

/** A claim of one bonus of 1.50, and its receipt where an outcome is given. */
export function ledger(
  assignment: string,
  outcome?: RowOutcome,
  more: Partial<Pick<ClaimRecord, "environment" | "currency" | "time">> = {},
  end: Partial<RowEnd> = {},
): FiledRecord[] {
  const row: PayClaim = {
    kind: "pay",
    assignment,
    label: "",
    attempt: 1,
    worker: "A2WORKER",
    amount: formatMoney(usd(150)),
    fee: "0.30",
    reason: ours(assignment),
    reference: referenceOf({ ...ACCOUNT, assignment, label: "" }),
    handle: "T",
    others: 0,
  };
  const totals = { rows: 1, amount: "1.50", fee: "0.30", cost: "1.80" };
  const claim: ClaimRecord = {
    record: "claim",
    version: 1,
    sequence: 1,
    previous: "",
    ...ACCOUNT,
    endpoint: "memory",
    study: "pilot",
    manifest: { file: "payments/pilot.yaml", digest: "", commit: "" },
    pullRequest: null,
    author: null,
    approvers: [],
    actor: "test",
    run: "local/x/1/y",
    tool: "test",
    time: "2026-11-23T11:00:00.000Z",
    balance: { before: null },
    totals,
    rows: [row],
    ...more,
  };
  const filed: FiledRecord[] = [{ path: "claim-path", hash: "", record: claim }];
  if (outcome === undefined) return filed;
  const receipt: ReceiptRecord = {
    ...claim,
    record: "receipt",
    sequence: 2,
    claim: 1,
    balance: { before: null, after: null },
    rows: [{ ...row, outcome, time: claim.time, ...end }],
  };
  return [...filed, { path: "receipt-path", hash: "", record: receipt }];
}

export function codes({ problems }: Plan): string[] {
  return problems.map(({ code }) => code);
}
