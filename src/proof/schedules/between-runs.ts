import { reasonWithReference, referenceOf } from "../../ledger/identity.ts";
import { hit } from "./coverage.ts";
import { BY_HAND } from "./invariants.ts";
import { EMPTY_LEDGER } from "./ledger-tree.ts";
import type { Play } from "./perform.ts";
import type { EventKind, Scenario } from "./scenario.ts";
import { ACCOUNT, TYPE_ID } from "./scenario.ts";
import { HOUR, MINUTE, spend } from "./world.ts";
import type { World } from "./world.ts";

/** Lets at most one thing happen before a run begins: time passes, somebody edits a manifest, a ledger is set back. */
export function betweenRuns(play: Play): void {
  const { world, scenario, choose, coverage, tell } = play;
  if (world.left.events === 0) return;
  const possible = scenario.events.flatMap((kind) => happenings(kind, world, scenario));
  const chosen = possible[choose(possible.length + 1, "event") - 1];
  if (!chosen) return;
  spend(world, "events");
  tell?.(`        ${chosen.name}`);
  hit(coverage, `event: ${chosen.name}`);
  chosen.happen();
}

interface Happening {
  readonly name: string;
  readonly happen: () => void;
}

function happenings(kind: EventKind, world: World, scenario: Scenario): Happening[] {
  switch (kind) {
    case "5 minutes":
      return [{ name: "5 minutes pass", happen: () => void (world.now += 5 * MINUTE) }];
    case "13 hours":
      return [{ name: "13 hours pass", happen: () => void (world.now += 13 * HOUR) }];
    case "26 hours":
      return [{ name: "26 hours pass", happen: () => void (world.now += 26 * HOUR) }];
    case "versions":
      return scenario.versions.flatMap(({ name }, version) =>
        version === world.tip.version
          ? []
          : [{ name: `the list is ${name}`, happen: () => void (world.tip = { ...world.tip, version }) }],
      );
    case "attempt raised":
      return attemptRaised(world);
    case "ledger rewound":
      return earlierLedgers(world);
    case "paid by hand":
      return paidByHand(world, scenario);
    case "paid otherwise by hand":
      return paidOtherwise(world, scenario);
    case "score changed by hand":
      return [
        {
          name: "somebody changes a score",
          happen: () => void (world.scores = new Map([...world.scores, [`${TYPE_ID} A2WORKER`, 7]])),
        },
      ];
    case "clock behind":
      return [{ name: "the next machine's clock is an hour behind", happen: () => void (world.skew = -HOUR) }];
    case "money added":
      return [{ name: "somebody adds money", happen: () => void (world.balance += 10_00) }];
  }
}

/** A reviewed change gives every bonus that was held or refused its next attempt. */
function attemptRaised(world: World): Happening[] {
  const attempts = new Map(world.tip.attempts);
  const last = new Map([...world.ledger.rows.values()].map((each) => [each.identity, each]));
  let raised = false;
  for (const { row, outcome, identity, environment } of last.values()) {
    const waitsForAPerson = outcome === "held" || outcome === "refused";
    if (row.kind !== "pay" || environment !== ACCOUNT.environment || !waitsForAPerson) continue;
    raised = true;
    attempts.set(identity, row.attempt + 1);
  }
  return raised
    ? [{ name: "the next attempt is reviewed", happen: () => void (world.tip = { ...world.tip, attempts }) }]
    : [];
}

/** To the beginning, and to before the last commit. */
function earlierLedgers(world: World): Happening[] {
  const { parent } = world.ledger;
  if (!parent) return [];
  const set = (ledger: typeof parent) => () => {
    world.ledger = ledger;
    world.rewound = true;
  };
  const once = { name: "the ledger is set back by a commit", happen: set(parent) };
  return parent.parent
    ? [once, { name: "the ledger is set back to its beginning", happen: set(EMPTY_LEDGER) }]
    : [once];
}

/** With our own reason, as somebody may copy it, and of another amount. Only where no order of ours is or was under way. */
function paidOtherwise(world: World, { versions }: Scenario): Happening[] {
  const row = versions[world.tip.version]?.manifests[0]?.bonuses[0];
  if (!row || world.bonuses.length + world.tokens.length + world.late.length > 0) return [];
  const { assignment, label, worker, amount } = row;
  const reason = reasonWithReference(row.reason, referenceOf({ ...ACCOUNT, assignment, label }));
  return [
    {
      name: "somebody pays another amount by hand, with our reference",
      happen: () => {
        const bonus = { assignment, worker, cents: amount.minor + 50, reason, at: world.now };
        world.bonuses = [...world.bonuses, { identity: BY_HAND, ...bonus, listedFrom: world.now }];
      },
    },
  ];
}

function paidByHand(world: World, { versions }: Scenario): Happening[] {
  const row = versions[world.tip.version]?.manifests[0]?.bonuses[0];
  if (!row) return [];
  const { assignment, worker, amount } = row;
  return [
    {
      name: "somebody pays an equal bonus by hand",
      happen: () => {
        const bonus = { assignment, worker, cents: amount.minor, reason: "by hand", at: world.now };
        world.bonuses = [...world.bonuses, { identity: BY_HAND, ...bonus, listedFrom: world.now }];
      },
    },
  ];
}
