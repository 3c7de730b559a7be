import type { BonusRow } from "../../manifest/manifest.ts";
import { money } from "../../money.ts";
import { bonus, copied, qualification, renamed, version } from "./scenario.ts";
import type { EventKind, Scenario } from "./scenario.ts";

const TIME: readonly EventKind[] = ["5 minutes", "13 hours", "26 hours"];
const ONE = [bonus("3A")];
const TWO = [bonus("3A"), bonus("3B", { worker: "A3WORKER" })];
const TEN = Array.from("ABCDEFGHIJ", (letter) => bonus(`3${letter}`));
/** Two equal bonuses for one assignment: only their references tell them apart. */
const TWINS = [bonus("3A"), bonus("3A", { label: "extra" })];

/** What people do to a list: the amount changed, a row taken out, the file copied or renamed, words changed. */
function edits(rows: readonly BonusRow[]): Scenario["versions"] {
  const [first = bonus("3A"), ...rest] = rows;
  return [
    version("as it was", rows),
    version("edited", [{ ...first, amount: money(2_00, "USD") }, ...rest]),
    version("without its first row", rest),
    copied(rows),
    renamed(rows),
    version("in other words", [{ ...first, reason: "Many thanks" }, ...rest]),
  ];
}

const ALONE = { turns: [1, 1, 1], chunk: 10, atOnce: 1, cents: 100_00 } as const;
const TOGETHER = { turns: [2, 1], chunk: 10, atOnce: 1, cents: 100_00 } as const;

const SCORES = [
  version("as it was", [], [qualification({ A2WORKER: 85 })]),
  version("a revoke", [], [qualification({}, ["A2WORKER"])]),
  version("another score", [], [qualification({ A2WORKER: 90 })]),
];

/** Explored to the last schedule: one run after another, and two at once. */
export const EXHAUSTIVE: readonly Scenario[] = [
  {
    ...ALONE,
    name: "one bonus, a run after another, time passes",
    versions: [version("as it was", ONE)],
    left: { crashes: 2, faults: 1, switches: 0, events: 1 },
    longer: { crashes: 2, faults: 2, switches: 0, events: 2 },
    events: TIME,
  },
  {
    ...ALONE,
    name: "one bonus, a run after another, the list is edited",
    versions: edits(ONE),
    left: { crashes: 1, faults: 1, switches: 0, events: 2 },
    longer: { crashes: 2, faults: 2, switches: 0, events: 2 },
    events: [...TIME, "versions", "attempt raised", "paid by hand", "clock behind"],
  },
  {
    ...ALONE,
    name: "one bonus, a run after another, the ledger is set back",
    versions: edits(ONE).slice(0, 2),
    left: { crashes: 1, faults: 1, switches: 0, events: 2 },
    events: ["5 minutes", "13 hours", "ledger rewound"],
  },
  {
    ...ALONE,
    name: "two equal bonuses in one claim",
    versions: [version("as it was", TWINS), version("without its first row", TWINS.slice(1))],
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    longer: { crashes: 2, faults: 2, switches: 0, events: 1 },
    events: ["13 hours", "versions"],
  },
  {
    ...ALONE,
    name: "two bonuses, a claim each",
    chunk: 1,
    versions: [version("as it was", TWO)],
    left: { crashes: 2, faults: 1, switches: 0, events: 1 },
    events: ["13 hours"],
  },
  {
    ...ALONE,
    name: "two bonuses of one claim settled at once",
    atOnce: 2,
    turns: [1, 1],
    versions: [version("as it was", TWINS)],
    left: { crashes: 0, faults: 1, switches: 2, events: 0 },
    longer: { crashes: 1, faults: 1, switches: 2, events: 1 },
    events: ["13 hours"],
  },
  {
    ...ALONE,
    name: "two bonuses, the second claimed while the first is paid",
    atOnce: 2,
    chunk: 1,
    turns: [1, 1],
    versions: [version("as it was", TWO)],
    left: { crashes: 1, faults: 0, switches: 2, events: 0 },
    longer: { crashes: 1, faults: 1, switches: 2, events: 1 },
    events: ["13 hours"],
  },
  {
    ...ALONE,
    name: "two bonuses and money for one",
    chunk: 1,
    cents: 1_80,
    versions: [version("as it was", TWO)],
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    events: ["13 hours", "money added"],
  },
  {
    ...ALONE,
    name: "a bonus that another environment has paid",
    turns: [1, 1],
    versions: [version("as it was", ONE)],
    otherEnvironment: true,
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    events: TIME,
  },
  {
    ...ALONE,
    name: "a qualification that is made and given",
    turns: [1, 1],
    versions: SCORES,
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    longer: { crashes: 2, faults: 2, switches: 0, events: 1 },
    events: ["5 minutes", "versions", "score changed by hand"],
  },
  {
    ...ALONE,
    name: "a score that is changed and revoked",
    turns: [1, 1],
    versions: SCORES,
    holds: [["A2WORKER", 70]],
    left: { crashes: 1, faults: 2, switches: 0, events: 1 },
    events: ["versions", "score changed by hand"],
  },
  {
    ...ALONE,
    name: "one bonus on a platform that may not be asked twice",
    neverTwice: true,
    versions: [version("as it was", ONE)],
    left: { crashes: 1, faults: 2, switches: 0, events: 1 },
    events: ["5 minutes", "13 hours"],
  },
  {
    ...TOGETHER,
    name: "one bonus, two runs at once",
    versions: [version("as it was", ONE)],
    left: { crashes: 1, faults: 1, switches: 3, events: 0 },
    events: [],
  },
  {
    ...TOGETHER,
    name: "an old run beside one of an edited list",
    versions: edits(ONE).slice(0, 3),
    left: { crashes: 1, faults: 1, switches: 3, events: 1 },
    events: ["versions", "13 hours"],
  },
  {
    ...TOGETHER,
    name: "a bonus that one run gives back and another pays, and that is taken out",
    versions: [version("as it was", ONE), version("without its first row", [])],
    left: { crashes: 1, faults: 1, switches: 2, events: 1 },
    events: ["versions", "paid by hand"],
  },
  {
    ...TOGETHER,
    name: "a bonus that one run gives back and another pays, time passes",
    versions: [version("as it was", ONE)],
    left: { crashes: 1, faults: 1, switches: 2, events: 1 },
    events: ["13 hours", "26 hours", "attempt raised"],
  },
  {
    ...ALONE,
    name: "two bonuses, the second run sees the first at work",
    inSight: true,
    turns: [2, 1],
    versions: [version("as it was", TWO)],
    left: { crashes: 1, faults: 0, switches: 2, events: 0 },
    events: [],
  },
  {
    ...ALONE,
    name: "one bonus that a person pays otherwise, with our reference",
    turns: [1, 1],
    versions: [version("as it was", ONE)],
    left: { crashes: 1, faults: 1, switches: 0, events: 1 },
    events: ["paid otherwise by hand"],
  },
  {
    ...ALONE,
    name: "a score whose changes go wrong",
    turns: [1, 1],
    onlyFaulty: "member",
    versions: SCORES.slice(0, 1),
    holds: [["A2WORKER", 70]],
    left: { crashes: 1, faults: 3, switches: 0, events: 1 },
    events: ["score changed by hand"],
  },
];

const EVERYTHING: readonly EventKind[] = [
  ...TIME,
  "versions",
  "attempt raised",
  "paid by hand",
  "clock behind",
  "money added",
];

/** Too large to be explored to the end: searched at random. */
export const DEEP: readonly Scenario[] = [
  {
    name: "four bonuses, up to two runs at once, everything goes wrong",
    versions: edits([...TWINS, bonus("3B", { worker: "A3WORKER" }), bonus("3C", { amount: money(25, "USD") })]),
    turns: [2, 1, 2, 1],
    left: { crashes: 6, faults: 10, switches: 8, events: 4 },
    events: EVERYTHING,
    chunk: 2,
    atOnce: 3,
    cents: 100_00,
  },
  {
    name: "two bonuses, three runs at once",
    versions: edits(TWO),
    turns: [3, 1, 1],
    left: { crashes: 3, faults: 6, switches: 12, events: 3 },
    events: EVERYTHING,
    chunk: 1,
    atOnce: 2,
    cents: 100_00,
  },
  {
    name: "bonuses and qualifications, two runs at once",
    versions: [
      version("as it was", ONE, [qualification({ A2WORKER: 85, A3WORKER: 1 })]),
      version("a revoke", ONE, [qualification({ A3WORKER: 2 }, ["A2WORKER"])]),
      version("only scores", [], [qualification({ A2WORKER: 90 }, [], true)]),
    ],
    turns: [2, 1, 2],
    left: { crashes: 4, faults: 8, switches: 6, events: 3 },
    events: [...TIME, "versions", "score changed by hand"],
    chunk: 2,
    atOnce: 2,
    cents: 100_00,
  },
  {
    name: "bonuses under a budget, the ledger set back",
    versions: edits(TWO),
    turns: [1, 2, 1],
    left: { crashes: 3, faults: 6, switches: 4, events: 4 },
    events: ["5 minutes", "13 hours", "ledger rewound", "versions", "attempt raised"],
    chunk: 1,
    atOnce: 2,
    cents: 4_00,
    budget: 4_10,
  },
  {
    name: "bonuses under a day's limit",
    versions: edits(TWO),
    turns: [1, 2, 1],
    left: { crashes: 2, faults: 4, switches: 4, events: 4 },
    events: ["5 minutes", "13 hours", "versions", "attempt raised"],
    chunk: 1,
    atOnce: 1,
    cents: 100_00,
    day: 2_00,
  },
  {
    ...ALONE,
    name: "ten bonuses that may not be ordered twice, and whose orders go wrong",
    turns: [1],
    neverTwice: true,
    onlyFaulty: "pay",
    versions: [version("as it was", TEN)],
    left: { crashes: 0, faults: 6, switches: 0, events: 0 },
    events: [],
  },
];

export const SCENARIOS: readonly Scenario[] = [...EXHAUSTIVE, ...DEEP];
