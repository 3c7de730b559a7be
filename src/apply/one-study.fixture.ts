import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import { groupKey } from "../plan/observed.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Account, PlatformRules } from "../platforms/ports.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import type { Policy } from "../policy/policy.ts";
import type { Effect } from "./effects.ts";
import { machineOf, memoryWorld, runOn } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { orderPlatform } from "./order-platform.fixture.ts";
import type { OrderPlatform } from "./order-platform.fixture.ts";
import { applyProtocol } from "./protocol.ts";
import type { ApplyResult } from "./work.ts";

export const ACCOUNT: Account = { platform: "prolific", environment: "simulator", currency: "GBP" };
const POLICY: Policy = {
  source: "default",
  approvals: { required: 1, by: [], local: false },
  limits: { bonus: money(20_00, "GBP"), manifest: money(500_00, "GBP"), day: money(1000_00, "GBP"), rows: 100 },
  budgets: new Map(),
  receipts: { branch: "receipts" },
  workers: "mask",
};

export interface StudyWorld extends MemoryWorld {
  readonly orders: OrderPlatform;
}

/** A platform of orders and a ledger, in memory. */
export function studyWorld(): StudyWorld {
  return { ...memoryWorld(), balance: money(100_00, "GBP"), orders: orderPlatform() };
}

export interface RunOptions {
  readonly name?: string;
  readonly rules?: PlatformRules;
  readonly containerOf?: (assignment: string) => string;
  readonly chunk?: number;
  readonly sealed?: string;
  /** Rows of a second list, and workers to add to a group. */
  readonly beside?: readonly BonusRow[];
  readonly grants?: readonly string[];
}

export function run(world: StudyWorld, bonuses: readonly BonusRow[], options: RunOptions = {}): ApplyResult {
  const result = runOn(world, protocol(world, bonuses, options));
  if (result === "crashed") throw new Error("not asked to crash");
  return result;
}

export function protocol(world: StudyWorld, bonuses: readonly BonusRow[], options: RunOptions = {}) {
  const { name = `run-${world.log.length}`, rules = prolificRules, containerOf = () => "study" } = options;
  const { chunk = 100, sealed, beside = [], grants = [] } = options;
  const at = { file: "payments/pilot.yaml", line: 9, column: 5 };
  const manifest: Manifest = {
    file: "payments/pilot.yaml",
    digest: "d".repeat(64),
    study: "pilot",
    ...ACCOUNT,
    bonuses,
    adopted: [],
    qualifications:
      grants.length === 0
        ? []
        : [
            {
              at,
              type: { name: "wave-1" },
              notify: false,
              grant: grants.map((worker) => ({ at, worker, score: 1 })),
              revoke: [],
            },
          ],
  };
  const file = "payments/second.yaml";
  const second: Manifest = {
    ...manifest,
    file,
    bonuses: beside.map((row) => ({ ...row, at: { ...row.at, file } })),
    qualifications: [],
  };
  const manifests = beside.length === 0 ? [manifest] : [manifest, second];
  const all = [...bonuses, ...beside];
  const observed = {
    wallet: { available: world.balance },
    assignments: new Map(
      all.map(({ assignment, worker }) => [
        assignment,
        { assignment, worker, container: containerOf(assignment), currency: ACCOUNT.currency },
      ]),
    ),
    payments: new Map(
      all.map(({ assignment }) => [
        assignment,
        (world.orders.lists.get(assignment) ?? []).flatMap(({ minor, from }) =>
          from <= world.now ? [{ amount: money(minor, "GBP") }] : [],
        ),
      ]),
    ),
    groups: new Map([
      [groupKey({ name: "wave-1" }), { ref: { name: "wave-1" }, id: "group", name: "wave-1", members: new Map() }],
    ]),
  };
  return applyProtocol({
    account: ACCOUNT,
    traits: rules.traits,
    plan: (ledger, now) =>
      makePlan({
        account: ACCOUNT,
        rules,
        manifests,
        policy: POLICY,
        ledger,
        observed,
        liveRuns: new Set(),
        now,
        problems: [],
      }),
    provenance: new Map(
      manifests.map(({ file }) => [
        file,
        {
          manifest: { file, digest: manifest.digest, commit: "c".repeat(40) },
          ...(sealed === undefined ? {} : { sealed }),
          pullRequest: null,
          author: null,
          approvers: [],
        },
      ]),
    ),
    run: { actor: "test", run: name, tool: "mergepay test", endpoint: "memory" },
    chunk,
    atOnce: 3,
    liveRuns: new Set(),
  });
}

export function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  return {
    at: { file: "payments/pilot.yaml", line: 2, column: 5 },
    worker: `w-${assignment}`,
    assignment,
    amount: money(150, "GBP"),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

/** What became of each row, in the order in which they were claimed: an outcome, or `open`. */
export function ends({ rows }: ApplyResult): string[] {
  return rows.map((each) => (each.state === "open" ? "open" : each.row.outcome));
}

/** The rows of every receipt, as `s1 done`. */
export function inReceipts({ records }: MemoryWorld): string[] {
  return records.flatMap(({ record }) =>
    record.record === "receipt"
      ? record.rows.map((row) => `${row.kind === "pay" ? row.assignment : row.kind} ${row.outcome}`)
      : [],
  );
}

/** A run that is cut off just before its n-th effect of this kind, counted from 1. */
export function cutOff(world: StudyWorld, bonuses: readonly BonusRow[], op: Effect["op"], n = 1): void {
  if (interrupted(world, bonuses, op, n, () => "cut off") !== undefined)
    throw new Error(`it ended before its ${op} number ${n}`);
}

/** A run during which something happens just before its n-th effect of this kind. It is told what was asked before. */
export function interrupted(
  world: StudyWorld,
  bonuses: readonly BonusRow[],
  op: Effect["op"],
  n: number,
  happens: (before: readonly Effect[]) => unknown,
): ApplyResult | undefined {
  const machine = machineOf(world);
  const running = protocol(world, bonuses);
  const asked: Effect[] = [];
  let count = 0;
  let next = running.next();
  for (; !next.done; next = running.next(machine.answer(next.value))) {
    const isIt = next.value.op !== "begin" && machine.upcoming(next.value) === op && ++count === n;
    if (isIt && happens(asked) === "cut off") return undefined;
    asked.push(next.value.op === "begin" ? next.value.effect : next.value);
  }
  return next.value;
}
