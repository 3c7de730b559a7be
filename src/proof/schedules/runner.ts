import type { Answer, Begun, Finished } from "../../apply/effects.ts";
import { applyProtocol } from "../../apply/protocol.ts";
import type { ApplyInput } from "../../apply/protocol.ts";
import type { LedgerState } from "../../ledger/state.ts";
import type { Manifest } from "../../manifest/manifest.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { groupKey } from "../../plan/observed.ts";
import type { Observed } from "../../plan/observed.ts";
import type { Plan } from "../../plan/plan.ts";
import { mturkRules } from "../../platforms/mturk/rules.ts";
import type { Account, ObservedGroup, ObservedPayment, PlatformRules } from "../../platforms/ports.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Problem } from "../../problem.ts";
import { money } from "../../money.ts";
import { Course } from "./course.ts";
import type { Courses, Live, Point } from "./course.ts";
import type { LedgerNode, TrackedRow } from "./ledger-tree.ts";
import { listBonuses, listedType } from "./memory-mturk.ts";
import type { Profile } from "./profile.ts";
import { ACCOUNT, policyOf, TYPE } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import type { Bonus, World } from "./world.ts";

/**
 * One run of the production protocol, and what this proof remembers of it. As in a world, every field is replaced and never
 * changed in place, so that a spread copies it.
 */
export interface Runner {
  readonly name: string;
  readonly account: Account;
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
  readonly skew: number;
  readonly course: Course;
  /** How far it has come. */
  point: Point;
  crashed: boolean;
  /** The ledger as it read it last. */
  seen: LedgerNode | undefined;
  /** Claimed rows as they stood when this run read of them first. */
  claims: ReadonlyMap<string, TrackedRow>;
  /** Assignment → what was listed for it when it looked last, and after how many effects that was. */
  looks: ReadonlyMap<string, { readonly at: number; readonly listed: readonly ObservedPayment[] }>;
  /** What its own clock said when it looked at it last, epoch milliseconds. */
  clock: number;
  /** After how many effects it waited last. */
  waitedAt: number;
  /** The same for when it asked last whether it is to stop, and for its last order. */
  askedAt: number;
  orderedAt: number;
  /** Token → after how many effects it was ordered with last. */
  orders: ReadonlyMap<string, number>;
  /** Tokens of orders that had no clear answer, and workers of grants that had none: what was ordered may be done, or may yet be. */
  unclear: ReadonlySet<string>;
  /** It was asked to stop, or told that there is no money or that its credentials do not do. */
  toldToStop: boolean;
  /** Other runs that it knows to be at work. */
  readonly liveRuns: ReadonlySet<string>;
  /** Bonuses that were listed when it began. */
  readonly listedAtFirst: readonly Bonus[];
  stopAsked: boolean;
  effects: number;
  /** What it has begun and was not answered yet, in the order in which it was begun. */
  begun: ReadonlyMap<number, Underway>;
  /** After how many effects something was done as soon as it was begun: nobody else can tell. */
  early: string;
  /** Orders answered `done` that no receipt of this run holds yet. */
  unwritten: number;
  /** `type worker` → the score that it saw last. */
  scores: ReadonlyMap<string, number | undefined>;
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
  /** Courses to be known again, where many schedules are alike. */
  readonly courses?: Courses;
}

/** A run begins: it reads the tip and asks MTurk, as `apply` does before its protocol. */
export function startRun(
  { scenario, profile, courses }: Setting,
  world: World,
  account = ACCOUNT,
  liveRuns: ReadonlySet<string> = NOBODY,
): Runner {
  const { version, attempts } = world.tip;
  const { manifests, problems } = scenario.versions[version] ?? { manifests: [], problems: [] };
  const asked = attempts.size === 0 ? manifests : manifests.map((each) => raised(each, attempts));
  world.runs += 1;
  const name = `run-${world.runs}`;
  const { skew } = world;
  world.skew = 0;
  const listed = world.bonuses.filter(({ listedFrom }) => listedFrom <= world.now);
  const about = `${version} ${[...attempts].join()} ${account.environment} ${[...liveRuns].join()} ${observedKey(world, listed)}`;
  const at = { ...world };
  const rules = scenario.neverTwice ? NEVER_TWICE : mturkRules;
  const begin = (): Live => {
    const live: Live = {
      seen: undefined,
      plan: undefined,
      protocol: applyProtocol({
        account,
        traits: rules.traits,
        plan: (ledger, now) =>
          (live.plan = plannedOnce(
            `${scenario.name} ${profile.rewritesReasons} ${about} ${live.seen} ${timeKey(ledger, now, attempts)}`,
            () =>
              makePlan({
                account,
                rules,
                manifests: asked,
                policy: policyOnce(scenario),
                ledger,
                observed: observe(at, profile, manifests),
                liveRuns,
                now,
                problems,
              }),
          )),
        provenance: provenanceOf(manifests),
        run: { actor: "proof", run: name, tool: "mergepay proof", endpoint: "memory" },
        chunk: scenario.chunk,
        atOnce: scenario.atOnce,
        liveRuns,
      }),
    };
    return live;
  };
  const course = courses ? courses.of(`${name} ${about}`, begin) : new Course(begin, false);
  return {
    name,
    account,
    manifests: asked,
    problems,
    skew,
    course,
    point: course.start,
    crashed: false,
    seen: undefined,
    claims: new Map(),
    looks: new Map(),
    clock: 0,
    waitedAt: 0,
    askedAt: 0,
    orderedAt: 0,
    orders: new Map(),
    unclear: NOBODY,
    toldToStop: false,
    liveRuns,
    listedAtFirst: listed,
    stopAsked: false,
    effects: 0,
    begun: new Map(),
    early: "",
    unwritten: 0,
    scores: new Map(),
    mutations: 0,
  };
}

const NOBODY: ReadonlySet<string> = new Set();

export function answerRun(runner: Runner, answer: Answer | Finished): void {
  runner.effects += 1;
  runner.point = runner.course.follow(runner.point, answer);
}

const NEVER_TWICE: PlatformRules = { ...mturkRules, traits: { ...mturkRules.traits, resend: { kind: "never" } } };

const policies = new WeakMap<Scenario, Policy>();

function policyOnce(scenario: Scenario): Policy {
  const known = policies.get(scenario) ?? policyOf(scenario);
  policies.set(scenario, known);
  return known;
}

const provenances = new WeakMap<readonly Manifest[], ApplyInput["provenance"]>();

function provenanceOf(manifests: readonly Manifest[]): ApplyInput["provenance"] {
  const known = provenances.get(manifests);
  if (known) return known;
  const made = new Map(
    manifests.map(({ file, digest }) => [
      file,
      { manifest: { file, digest, commit: "c".repeat(40) }, pullRequest: null, author: null, approvers: [] },
    ]),
  );
  provenances.set(manifests, made);
  return made;
}

/** All of the time that a plan depends on: what was claimed today, and where something must wait the very second. */
function timeKey({ claimedByDay, unpaid }: LedgerState, now: string, attempts: ReadonlyMap<string, number>): string {
  const mayWait = attempts.size > 0 || [...unpaid.values()].some(({ isTakenOver }) => isTakenOver);
  return mayWait ? now : String(claimedByDay.get(now.slice(0, "2026-11-23".length))?.minor);
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

/** All that MTurk tells and that differs from one world of a scenario to another. */
function observedKey(world: World, listed: readonly Bonus[]): string {
  let key = `${world.balance}`;
  for (const { assignment, worker, cents, reason, at } of listed)
    key += ` ${assignment} ${worker} ${cents} ${reason} ${at}`;
  if (world.types.length > 0) key += ` ${listedType(world, TYPE)} ${[...world.scores].join()}`;
  return key;
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
