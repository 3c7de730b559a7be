import { sealRecord } from "../encryption/sealed-record.ts";
import type { BonusRow, GrantRow, Manifest } from "../manifest/manifest.ts";
import { money } from "../money.ts";
import { makePlan } from "../plan/make-plan.ts";
import { groupKey } from "../plan/observed.ts";
import type { Account, ObservedGroup } from "../platforms/ports.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Policy } from "../policy/policy.ts";
import { listed, runOn } from "./memory-world.fixture.ts";
import type { MemoryWorld } from "./memory-world.fixture.ts";
import { applyProtocol } from "./protocol.ts";
import type { ApplyResult } from "./work.ts";

export const ACCOUNT: Account = { platform: "mturk", environment: "simulator", currency: "USD" };
const POLICY: Policy = {
  source: "default",
  approvals: { required: 1, by: [], local: false },
  limits: { bonus: money(20_00, "USD"), manifest: money(500_00, "USD"), day: money(1000_00, "USD"), rows: 100 },
  budgets: new Map(),
  receipts: { branch: "receipts" },
  workers: "mask",
};
export const HOUR = 60 * 60 * 1000;

/** One row after another, and one claim after another. */
export function runOneByOne(world: MemoryWorld, rows: BonusRow[], chunk = 100): ApplyResult {
  return run(world, rows, chunk, undefined, [], 1);
}

export function run(
  world: MemoryWorld,
  rows: BonusRow[],
  chunk = 100,
  name = `run-${world.log.length}`,
  grants: GrantRow[] = [],
  atOnce = 3,
): ApplyResult {
  const result = runOn(world, protocol(world, rows, chunk, name, grants, atOnce));
  if (result === "crashed") throw new Error("not asked to crash");
  return result;
}

export function protocol(
  world: MemoryWorld,
  bonuses: BonusRow[],
  chunk = 100,
  name = `run-${world.log.length}`,
  grants: GrantRow[] = [],
  atOnce = 3,
) {
  const manifest: Manifest = {
    file: "payments/pilot.yaml",
    digest: "d".repeat(64),
    study: "pilot",
    platform: "mturk",
    environment: "simulator",
    currency: "USD",
    bonuses,
    adopted: [],
    qualifications:
      grants.length > 0
        ? [
            {
              at: at(1),
              type: { name: "wave-1" },
              create: { description: "Took part" },
              notify: false,
              grant: grants,
              revoke: [],
            },
          ]
        : [],
  };
  const [sealed] = world.keys.keys();
  const type = world.types.get("wave-1");
  const members = new Map(
    grants.flatMap(({ worker }) => {
      const score = world.scores.get(`${type?.id} ${worker}`);
      return score === undefined ? [] : [[worker, score] as const];
    }),
  );
  const group: ObservedGroup | undefined = type && { ref: { name: "wave-1" }, id: type.id, name: "wave-1", members };
  const observed = {
    wallet: { available: world.balance },
    assignments: new Map(
      bonuses.map(({ assignment, worker }) => [assignment, { assignment, worker, container: "3HIT" }]),
    ),
    payments: new Map(bonuses.map(({ assignment }) => [assignment, listed(world, assignment)])),
    groups: new Map(group ? [[groupKey({ name: "wave-1" }), group]] : []),
  };
  return applyProtocol({
    account: ACCOUNT,
    traits: mturkRules.traits,
    plan: (ledger, now) =>
      makePlan({
        account: ACCOUNT,
        rules: mturkRules,
        manifests: [manifest],
        policy: POLICY,
        ledger,
        observed,
        liveRuns: new Set(),
        now,
        problems: [],
      }),
    provenance: new Map([
      [
        manifest.file,
        {
          manifest: { file: manifest.file, digest: manifest.digest, commit: "c".repeat(40) },
          ...(sealed === undefined ? {} : { sealed }),
          pullRequest: null,
          author: null,
          approvers: [],
        },
      ],
    ]),
    run: { actor: "test", run: name, tool: "mergepay test", endpoint: "memory" },
    chunk,
    atOnce,
    liveRuns: new Set(),
    seal: (record) => sealRecord(record, world.keys),
  });
}

export function bonus(assignment: string, more: Partial<BonusRow> = {}): BonusRow {
  return {
    at: at(2),
    worker: "A2WORKER",
    assignment,
    amount: money(150, "USD"),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

export function grant(worker: string, score: number): GrantRow {
  return { at: at(3), worker, score };
}

export function at(line: number) {
  return { file: "payments/pilot.yaml", line, column: 5 };
}

export function outcomes({ rows }: ApplyResult): string[] {
  return rows.flatMap((each) => (each.state === "ended" ? [each.row.outcome] : []));
}

export function paidInReceipts({ records }: MemoryWorld): number {
  return records
    .flatMap(({ record }) => (record.record === "receipt" ? record.rows : []))
    .filter(({ outcome }) => outcome === "done" || outcome === "found").length;
}
