import type { BonusRow, Manifest } from "../../manifest/manifest.ts";
import { money } from "../../money.ts";
import type { Account, PlatformRules } from "../../platforms/ports.ts";
import { prolificRules } from "../../platforms/prolific/rules.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Left } from "../schedules/world.ts";

/** What is explored: who is to get what, in what orders, how many runs at once, and how much may go wrong. */
export interface Scenario {
  readonly name: string;
  readonly bonuses: readonly BonusRow[];
  /** The most rows of one order. */
  readonly rows: number;
  /** Each turn: how many runs are at work at once. */
  readonly turns: readonly number[];
  readonly left: Left;
  readonly events: readonly EventKind[];
}

/** What may happen before a run begins. */
export type EventKind =
  | "20 minutes"
  | "13 hours"
  | "80 hours"
  | "row taken out"
  | "rows back"
  | "attempt raised"
  | "paid by hand"
  | "another amount by hand"
  | "entry vanishes"
  | "entries merge"
  | "clock behind";

export const ACCOUNT: Account = { platform: "prolific", environment: "simulator", currency: "GBP" };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const HORIZON = 72 * HOUR;

/** As the platform is, but for fewer looks. */
export function rulesOf({ rows }: Scenario): PlatformRules {
  return {
    ...prolificRules,
    traits: {
      ...prolificRules.traits,
      batch: { rows, perContainer: true },
      completion: { kind: "later", pollMs: [MINUTE, 20 * MINUTE], horizonMs: HORIZON },
    },
  };
}

export const POLICY: Policy = {
  source: "file",
  approvals: { required: 1, by: [], local: false },
  limits: { bonus: money(20_00, "GBP"), manifest: money(500_00, "GBP"), day: money(1000_00, "GBP"), rows: 100 },
  budgets: new Map(),
  receipts: { branch: "receipts" },
  workers: "mask",
};

const FILE = "payments/pilot.yaml";

export function manifestOf(bonuses: readonly BonusRow[]): Manifest {
  return {
    file: FILE,
    digest: "d".repeat(64),
    study: "pilot",
    ...ACCOUNT,
    bonuses,
    qualifications: [],
    adopted: [],
  };
}

/** A submission belongs to the study of its first letter, and to the worker of its name. */
export function bonus(assignment: string, minor = 1_50, more: Partial<BonusRow> = {}): BonusRow {
  return {
    at: { file: FILE, line: 2, column: 5 },
    worker: workerOf(assignment),
    assignment,
    amount: money(minor, "GBP"),
    reason: "Thank you",
    label: "",
    attempt: 1,
    repeat: false,
    ...more,
  };
}

export function workerOf(assignment: string): string {
  return `w-${assignment}`;
}

export function containerOf(assignment: string): string {
  return assignment.slice(0, 1);
}

const TIME: readonly EventKind[] = ["20 minutes", "13 hours", "80 hours"];
const PEOPLE: readonly EventKind[] = [
  "row taken out",
  "rows back",
  "attempt raised",
  "paid by hand",
  "another amount by hand",
  "entry vanishes",
  "entries merge",
  "clock behind",
];

/** Explored to the last schedule. */
export const EXHAUSTIVE: readonly Scenario[] = [
  {
    name: "one bonus, a run after another",
    bonuses: [bonus("a1")],
    rows: 10,
    turns: [1, 1],
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    events: [...TIME, "attempt raised", "paid by hand"],
  },
  {
    name: "two equal bonuses for one submission",
    bonuses: [bonus("a1"), bonus("a1", 1_50, { label: "extra" })],
    rows: 10,
    turns: [1, 1],
    left: { crashes: 1, faults: 1, switches: 0, events: 0 },
    events: [],
  },
  {
    name: "one bonus, two runs at once",
    bonuses: [bonus("a1")],
    rows: 10,
    turns: [2],
    left: { crashes: 1, faults: 0, switches: 2, events: 0 },
    events: [],
  },
];

/** Too large for every schedule: drawn at random. */
export const DEEP: readonly Scenario[] = [
  {
    name: "two bonuses in one order, a run after another",
    bonuses: [bonus("a1"), bonus("a2", 2_00)],
    rows: 10,
    turns: [1, 1, 1, 1],
    left: { crashes: 3, faults: 10, switches: 0, events: 4 },
    events: [...TIME, ...PEOPLE],
  },
  {
    name: "equal bonuses for one submission",
    bonuses: [bonus("a1"), bonus("a1", 1_50, { label: "b" }), bonus("a1", 2_00, { label: "c" })],
    rows: 10,
    turns: [1, 1, 1, 1],
    left: { crashes: 3, faults: 10, switches: 0, events: 4 },
    events: [...TIME, ...PEOPLE],
  },
  {
    name: "an order each, two runs at once",
    bonuses: [bonus("a1"), bonus("a2"), bonus("b1")],
    rows: 1,
    turns: [2, 2],
    left: { crashes: 3, faults: 8, switches: 16, events: 3 },
    events: [...TIME, ...PEOPLE],
  },
  {
    name: "two studies, labels, runs at once and after another",
    bonuses: [bonus("a1"), bonus("a1", 1_50, { label: "b" }), bonus("a2"), bonus("b1", 3_00)],
    rows: 2,
    turns: [2, 1, 2],
    left: { crashes: 4, faults: 14, switches: 20, events: 5 },
    events: [...TIME, ...PEOPLE],
  },
];

export const SCENARIOS: readonly Scenario[] = [...EXHAUSTIVE, ...DEEP];
