import type { Begun, Effect, Protocol } from "../../apply/effects.ts";
import { applyProtocol } from "../../apply/protocol.ts";
import type { ApplyResult } from "../../apply/work.ts";
import type { BonusRow } from "../../manifest/manifest.ts";
import { money } from "../../money.ts";
import { makePlan } from "../../plan/make-plan.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Branch } from "./branch.ts";
import { identityOf } from "./branch.ts";
import type { Play } from "./perform.ts";
import { ACCOUNT, containerOf, manifestOf, POLICY, rulesOf } from "./scenario.ts";
import { listed } from "./world.ts";

/** One run of the production protocol, and what this proof remembers of it. */
export interface Runner {
  readonly name: string;
  readonly protocol: Protocol<ApplyResult>;
  /** What the tip asked for when it began. */
  readonly bonuses: readonly BonusRow[];
  readonly skew: number;
  next: IteratorResult<Effect, ApplyResult>;
  crashed: boolean;
  /** The ledger as it read it last, and after how many effects that was. */
  seen: Branch | undefined;
  readAt: number;
  /** Submission → what it saw listed when it looked last, and after how many effects that was. */
  readonly looks: Map<string, { readonly at: number; readonly amounts: readonly number[] }>;
  /** What the clock said last, and after how many effects. */
  clock: { readonly at: number; readonly told: number };
  readonly begun: Map<number, Begun>;
  effects: number;
  /** Orders and pushes. */
  mutations: number;
  stopAsked: boolean;
  /** The platform is too busy to prepare anything for as long as it is at work. */
  findsItBusy: boolean;
  plan: Plan | undefined;
}

/** A run begins: it reads the tip and asks the platform, as `apply` does before its protocol. */
export function startRun({ scenario, world }: Play): Runner {
  const bonuses = scenario.bonuses
    .filter((row) => !world.takenOut.has(identityOf(row)))
    .map((row) => ({ ...row, attempt: world.attempts.get(identityOf(row)) ?? row.attempt }));
  const manifest = manifestOf(bonuses);
  const rules = rulesOf(scenario);
  world.runs += 1;
  const name = `run-${world.runs}`;
  const { skew } = world;
  world.skew = 0;
  const observed = {
    wallet: { available: money(100_00, "GBP") },
    assignments: new Map(
      bonuses.map(({ assignment, worker }) => [assignment, { assignment, worker, container: containerOf(assignment) }]),
    ),
    payments: new Map(
      bonuses.map(({ assignment }) => [
        assignment,
        listed(world, assignment).map(({ minor }) => ({ amount: money(minor, "GBP") })),
      ]),
    ),
    groups: new Map(),
  };
  const liveRuns = new Set<string>();
  const runner: Runner = {
    name,
    bonuses,
    skew,
    crashed: false,
    seen: undefined,
    readAt: 0,
    looks: new Map(),
    clock: { at: 0, told: 0 },
    begun: new Map(),
    effects: 0,
    mutations: 0,
    stopAsked: false,
    findsItBusy: false,
    plan: undefined,
    next: { done: false, value: { op: "now" } },
    protocol: applyProtocol({
      account: ACCOUNT,
      traits: rules.traits,
      plan: (ledger, now) =>
        (runner.plan = makePlan({
          account: ACCOUNT,
          rules,
          manifests: [manifest],
          policy: POLICY,
          ledger,
          observed,
          liveRuns,
          now,
          problems: [],
        })),
      provenance: new Map([
        [
          manifest.file,
          {
            manifest: { file: manifest.file, digest: manifest.digest, commit: "c".repeat(40) },
            pullRequest: null,
            author: null,
            approvers: [],
          },
        ],
      ]),
      run: { actor: "proof", run: name, tool: "mergepay proof", endpoint: "memory" },
      chunk: 100,
      atOnce: 1,
      liveRuns,
    }),
  };
  runner.next = runner.protocol.next();
  return runner;
}
