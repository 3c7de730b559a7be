import type { GrantRow } from "../../manifest/manifest.ts";
import { compareMoney, parseMoney } from "../../money.ts";
import type { MembershipOrder, PayOrder } from "../../platforms/ports.ts";
import { stops } from "../../problem.ts";
import { identityOf } from "./ledger-tree.ts";
import type { TrackedRow } from "./ledger-tree.ts";
import type { Play } from "./perform.ts";
import type { Runner } from "./runner.ts";
import { ACCOUNT, DAY_LIMIT } from "./scenario.ts";
import { holds, Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** I2: what is ordered is claimed in the ledger, and was open there when this very run first read of it. */
export function checkClaimed(runner: Runner, handle: string): TrackedRow {
  let claimed: TrackedRow | undefined;
  for (const tracked of runner.claims.values())
    if (tracked.row.kind === "pay" && tracked.row.handle === handle && tracked.outcome === undefined) claimed = tracked;
  if (!claimed) throw new Violation("I2", "an order was given for what no open claim names that was read back");
  return claimed;
}

/** I10 and I11: what is ordered is what was claimed, and what the tip asked for when this run read it. */
export function checkPayOrder(
  { world }: Play,
  runner: Runner,
  { row, environment }: TrackedRow,
  { rows }: PayOrder,
): void {
  const [order] = rows;
  if (!order || rows.length > 1) throw new Violation("I11", `${rows.length} bonuses were ordered at once`);
  if (row.kind !== "pay") throw new Violation("I11", "a bonus was ordered for a row that is none");
  holds(environment === runner.account.environment, "I12", () => "a claim of another environment was paid");
  holds(ledgerHolds(world, runner), "I2", () => "an order was given for a claim that the branch does not hold");
  const claimed = parseMoney(row.amount, "USD");
  const isClaimed =
    claimed !== undefined &&
    compareMoney(claimed, order.amount) === 0 &&
    row.worker === order.worker &&
    row.assignment === order.assignment &&
    row.reason === order.reason;
  holds(isClaimed, "I11", () => `${row.assignment} was ordered otherwise than it was claimed`);
  holds(!stops(runner.problems), "I10", () => `${row.assignment} was paid although the files have mistakes`);
  const wanted = runner.manifests.some(({ bonuses }) =>
    bonuses.some(
      (each) =>
        each.assignment === row.assignment &&
        each.label === row.label &&
        each.worker === order.worker &&
        compareMoney(each.amount, order.amount) === 0,
    ),
  );
  holds(wanted, "I10", () => `${row.assignment} was paid, and the tip does not ask for it`);
}

/** The branch still holds what the run read, or was set back by somebody in between. */
function ledgerHolds({ ledger, rewound }: World, { seen }: Runner): boolean {
  if (rewound) return true;
  for (let node: typeof seen = ledger; node; node = node.parent) if (node.commit === seen?.commit) return true;
  return false;
}

/** M1: a score is changed only as the tip asks, after a claim, and only if it is still what the plan saw. */
export function checkMemberOrder(runner: Runner, order: MembershipOrder): void {
  const key = `${order.group} ${order.worker}`;
  const claim = [...runner.claims.values()].findLast(
    ({ row, outcome }) =>
      outcome === undefined && row.kind !== "pay" && row.kind !== "create-type" && row.worker === order.worker,
  );
  if (!claim || claim.row.kind === "pay" || claim.row.kind === "create-type")
    throw new Violation("I2", "a score was changed without an open claim");
  const { row } = claim;
  holds(runner.scores.has(key), "M1", () => "a score was changed without a look");
  holds(runner.scores.get(key) === row.was, "M1", () => "a score was changed that the plan had not seen so");
  const blocks = runner.manifests.flatMap(({ qualifications }) => qualifications);
  const asks = (row: GrantRow) => order.kind === "grant" && row.worker === order.worker && row.score === order.score;
  const wanted =
    order.kind === "grant"
      ? blocks.some(({ grant, notify }) => notify === order.notify && grant.some(asks))
      : blocks.some(({ revoke }) => revoke.some(({ worker }) => worker === order.worker));
  holds(wanted, "M1", () => `a ${order.kind} that the tip does not ask for`);
}

export function checkGroupOrder(runner: Runner, name: string): void {
  const claimed = [...runner.claims.values()].some(
    ({ row, outcome }) => row.kind === "create-type" && row.name === name && outcome === undefined,
  );
  holds(claimed, "I2", () => "a type was made without an open claim");
}

/** What must hold of the newest records, given what MTurk really did: I5, I6, I7. */
export function checkAppend({ world, scenario }: Play): void {
  const { added, spent } = world.ledger;
  for (const record of added) {
    if (record.environment !== ACCOUNT.environment) continue;
    if (record.record === "receipt") {
      for (const row of record.rows) {
        const isMade = row.kind !== "create-type" || world.types.some(({ name }) => name === row.name);
        const isToBe = row.outcome === "done" || row.outcome === "found";
        holds(isMade || !isToBe, "I5", () => "a receipt calls a type made, and there is none");
        if (row.kind !== "pay" || (row.outcome !== "done" && row.outcome !== "found")) continue;
        const identity = identityOf(row);
        const bonus = world.bonuses.find((each) => each.identity === identity);
        if (!bonus) throw new Violation("I5", `a receipt calls ${identity} paid, and it is not`);
        const isSame =
          bonus.worker === row.worker &&
          bonus.assignment === row.assignment &&
          bonus.cents === parseMoney(row.amount, "USD")?.minor &&
          bonus.reason.includes(row.reference);
        holds(isSame, "I6", () => `a receipt calls ${identity} paid otherwise than it was`);
      }
      continue;
    }
    const { budget } = scenario;
    const claimed = spent.get(ACCOUNT.environment) ?? 0;
    holds(budget === undefined || claimed <= budget, "I7", () => `${claimed} cents claimed, over the budget`);
    const day = spent.get(`${ACCOUNT.environment} ${record.time.slice(0, 10)}`) ?? 0;
    holds(day <= DAY_LIMIT, "I7", () => `${day} cents claimed in a day, over the limit`);
  }
}

/** I1 is looked at where MTurk pays. I3: every bonus of ours has its claim, unless somebody set the ledger back. */
export function checkBonuses({ bonuses, ledger, rewound }: World): void {
  if (rewound) return;
  for (const { identity } of bonuses) {
    if (identity === BY_HAND) continue;
    let claimed = false;
    for (const row of ledger.rows.values()) claimed ||= row.identity === identity && row.row.kind === "pay";
    holds(claimed, "I3", () => `${identity} is paid, and no claim names it`);
  }
}

export const BY_HAND = "by hand";
