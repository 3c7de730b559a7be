import type { Answer, Begun, Effect, Finished, Protocol } from "../../apply/effects.ts";
import { applyProtocol } from "../../apply/protocol.ts";
import type { ApplyResult } from "../../apply/work.ts";
import type { LedgerState } from "../../ledger/state.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { groupKey } from "../../plan/observed.ts";
import type { Observed } from "../../plan/observed.ts";
import type { Plan } from "../../plan/plan.ts";
import { mturkRules } from "../../platforms/mturk/rules.ts";
import type { Account, ObservedGroup, ObservedPayment } from "../../platforms/ports.ts";
import type { Problem } from "../../problem.ts";
import { money } from "../../money.ts";
import type { LedgerNode, TrackedRow } from "./ledger-tree.ts";
import { listBonuses, listedType } from "./memory-mturk.ts";
import type { Profile } from "./profile.ts";
import { ACCOUNT, policyOf, TYPE } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { interned } from "./told.ts";
import type { Bonus, World } from "./world.ts";

/** One run of the production protocol, and what this proof remembers of it. */
export interface Runner {
  readonly name: string;
  readonly account: Account;
  readonly protocol: Protocol<ApplyResult>;
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
  readonly skew: number;
  next: IteratorResult<Effect, ApplyResult>;
  crashed: boolean;
  /** The ledger as it read it last. */
  seen: LedgerNode | undefined;
  /** Claimed rows as they stood when this run read of them first. */
  readonly claims: Map<string, TrackedRow>;
  /** Assignment → what was listed for it when it looked last, and after how many effects that was. */
  readonly looks: Map<string, { readonly at: number; readonly listed: readonly ObservedPayment[] }>;
  /** After how many effects it waited last. */
  waitedAt: number;
  /** Token → after how many effects it was ordered with last. */
  readonly orders: Map<string, number>;
  /** Tokens of orders that had no clear answer: what was ordered may be paid, or may yet be. */
  readonly unclear: Set<string>;
  /** It was asked to stop, or told that there is no money or that its credentials do not do. */
  toldToStop: boolean;
  /** Other runs that it knows to be at work. */
  readonly liveRuns: ReadonlySet<string>;
  /** Bonuses that were listed when it began. */
  readonly listedAtFirst: readonly Bonus[];
  plan: Plan | undefined;
  stopAsked: boolean;
  effects: number;
  /** What it has begun and was not answered yet, in the order in which it was begun. */
  readonly begun: Map<number, Underway>;
  /** What it is told so far, as a number (see `told.ts`): two runs of one name that were told the same are at the same point. */
  history: number;
  /** Orders answered `done` that no receipt of this run holds yet. */
  unwritten: number;
  /** `type worker` → the score that it saw last. */
  readonly scores: Map<string, number | undefined>;
  /** Orders that change something at MTurk, and pushes. */
  mutations: number;
}

/** An effect that is under way. It has its answer already where it was performed as soon as it was begun. */
export interface Underway {
  readonly effect: Begun;
  readonly at: number;
  readonly early?: { readonly answer: Answer };
}

export interface Setting {
  readonly scenario: Scenario;
  readonly profile: Profile;
}

/** A run begins: it reads the tip and asks MTurk, as `apply` does before its protocol. */
export function startRun(
  { scenario, profile }: Setting,
  world: World,
  account = ACCOUNT,
  liveRuns: ReadonlySet<string> = NOBODY,
): Runner {
  const { version, attempts } = world.tip;
  const { manifests, problems } = scenario.versions[version] ?? { manifests: [], problems: [] };
  const asked = attempts.size === 0 ? manifests : manifests.map((each) => raised(each, attempts));
  world.runs += 1;
  const name = `run-${world.runs}`;
  const observed = observe(world, profile, manifests);
  const about = `${scenario.name} ${version} ${[...attempts].join()} ${account.environment} ${[...liveRuns].join()} ${observedKey(world, observed)}`;
  const runner: Runner = {
    name,
    account,
    manifests: asked,
    problems,
    skew: world.skew,
    crashed: false,
    seen: undefined,
    claims: new Map(),
    looks: new Map(),
    waitedAt: 0,
    orders: new Map(),
    unclear: new Set(),
    toldToStop: false,
    liveRuns,
    listedAtFirst: world.bonuses.filter(({ listedFrom }) => listedFrom <= world.now),
    plan: undefined,
    stopAsked: false,
    effects: 0,
    history: interned(`${name} ${world.skew} ${about}`),
    begun: new Map(),
    unwritten: 0,
    scores: new Map(),
    mutations: 0,
    next: { done: false, value: { op: "now" } },
    protocol: applyProtocol({
      account,
      traits: scenario.neverTwice ? { ...mturkRules.traits, resend: { kind: "never" } } : mturkRules.traits,
      plan: (ledger, now) =>
        (runner.plan = plannedOnce(
          `${about} ${runner.seen?.commit} ${now.slice(0, attempts.size > 0 ? SECONDS : DAY)}`,
          () => plan(scenario, runner, ledger, observed, now),
        )),
      provenance: new Map(
        manifests.map(({ file, digest }) => [
          file,
          { manifest: { file, digest, commit: "c".repeat(40) }, pullRequest: null, author: null, approvers: [] },
        ]),
      ),
      run: { actor: "proof", run: name, tool: "mergepay proof", endpoint: "memory" },
      chunk: scenario.chunk,
      atOnce: scenario.atOnce,
      liveRuns,
    }),
  };
  world.skew = 0;
  runner.next = runner.protocol.next();
  return runner;
}

const NOBODY: ReadonlySet<string> = new Set();

/** A plan depends on the day alone, but for attempts that must wait. */
const DAY = "2026-11-23".length;
const SECONDS = "2026-11-23T08:00:00".length;

/** `remember`: the text by which the answer is told apart from others, where states are compared. */
export function answerRun(runner: Runner, answer: Answer | Finished, remember?: string): void {
  runner.effects += 1;
  if (remember !== undefined) runner.history = interned(`${runner.history} ${remember}`);
  runner.next = runner.protocol.next(answer);
}

function plan(scenario: Scenario, runner: Runner, ledger: LedgerState, observed: Observed, now: string): Plan {
  const { account, manifests, problems } = runner;
  return makePlan({
    account,
    rules: mturkRules,
    manifests,
    policy: policyOf(scenario),
    ledger,
    observed,
    liveRuns: runner.liveRuns,
    now,
    problems,
  });
}

const PLANS_KEPT = 20_000;
let plans = new Map<string, Plan>();

/** Planning is pure: what it depends on is the key. */
function plannedOnce(key: string, make: () => Plan): Plan {
  const known = plans.get(key);
  if (known) return known;
  if (plans.size >= PLANS_KEPT) plans = new Map();
  const made = make();
  plans.set(key, made);
  return made;
}

function observe(world: World, profile: Profile, manifests: readonly Manifest[]): Observed {
  const rows = manifests.flatMap(({ bonuses }) => bonuses);
  const id = listedType(world, TYPE);
  const groups = new Map<string, ObservedGroup>();
  if (id !== undefined) {
    const members = new Map<string, number>();
    for (const [key, score] of world.scores) members.set(key.slice(id.length + 1), score);
    groups.set(groupKey({ name: TYPE }), { ref: { name: TYPE }, id, name: TYPE, members });
  }
  return {
    wallet: { available: money(world.balance, "USD") },
    assignments: new Map(rows.map(({ assignment, worker }) => [assignment, { assignment, worker, container: "3HIT" }])),
    payments: new Map(rows.map(({ assignment }) => [assignment, listBonuses(world, profile, assignment)])),
    groups,
  };
}

/** All of `observed` that differs from one world of a scenario to another. */
function observedKey(world: World, { payments, groups }: Observed): string {
  const listed = [...payments].map(
    ([of, each]) => `${of}:${each.map((one) => `${one.reason}${one.amount.minor}`).join()}`,
  );
  const held = [...groups.values()].map(({ id, members }) => `${id} ${[...members].join()}`);
  return `${world.balance} ${listed.join()} ${held.join()}`;
}

function raised(manifest: Manifest, attempts: ReadonlyMap<string, number>): Manifest {
  return {
    ...manifest,
    bonuses: manifest.bonuses.map((row) => ({
      ...row,
      attempt: attempts.get(`${row.assignment}/${row.label}`) ?? row.attempt,
    })),
  };
}
