import { TAKEN_OVER } from "../../apply/settle-payment.ts";
import type { ApplyResult } from "../../apply/work.ts";
import type { GrantRow } from "../../manifest/manifest.ts";
import { compareMoney, formatMoney, parseMoney } from "../../money.ts";
import type { MembershipOrder, PayOrder } from "../../platforms/ports.ts";
import type { PayClaim } from "../../ledger/records.ts";
import { stops } from "../../problem.ts";
import { identityOf, LISTED_MS } from "./ledger-tree.ts";
import type { TrackedRow } from "./ledger-tree.ts";
import type { Play } from "./perform.ts";
import type { Runner } from "./runner.ts";
import { ACCOUNT } from "./scenario.ts";
import { holds, Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** I2: what is ordered is claimed in the ledger by this very run, and was open there when it first read of it. */
export function checkClaimed(runner: Runner, handle: string): TrackedRow {
  let claimed: TrackedRow | undefined;
  for (const tracked of runner.claims.values()) {
    const { row, run, outcome } = tracked;
    if (row.kind === "pay" && row.handle === handle && run === runner.name && outcome === undefined) claimed = tracked;
  }
  if (!claimed)
    throw new Violation("I2", "an order was given for what no open claim of this run names that was read back");
  return claimed;
}

/** I1: what was seen right before an order speaks for it, and an order that may not be given again is not. */
export function checkLook({ scenario }: Play, runner: Runner, { identity, row }: TrackedRow): void {
  if (row.kind !== "pay") return;
  const look = runner.looks.get(row.assignment);
  const orderedAt = runner.orders.get(row.handle) ?? -1;
  if (!look || look.at <= orderedAt) throw new Violation("I1", `${identity} is ordered without a look`);
  holds(
    scenario.atOnce > 1 || look.at > runner.waitedAt,
    "I1",
    () => `${identity} is ordered although a wait followed the look`,
  );
  const byHand = look.listed.some(
    ({ worker, amount, reason }) =>
      worker === row.worker && formatMoney(amount) === row.amount && reason?.toLowerCase() === BY_HAND,
  );
  holds(scenario.atOnce > 1 || !byHand, "I1", () => `${identity} is ordered although an equal bonus was paid by hand`);
  holds(
    !scenario.neverTwice || !runner.unclear.has(row.handle),
    "I1",
    () => `${identity} is ordered again, and may not be`,
  );
}

/** S1: once a run has a reason to stop it orders nothing. Where several orders are under way at once, some were begun before. */
export function checkStop({ scenario }: Play, runner: Runner, { identity, run, claimedAt }: TrackedRow): void {
  holds(scenario.atOnce > 1 || !runner.toldToStop, "S1", () => `${identity} is ordered by a run that was to stop`);
  holds(
    scenario.atOnce > 1 || runner.askedAt > runner.orderedAt,
    "S1",
    () => `${identity} is ordered by a run that has not asked whether it is to stop`,
  );
  holds(
    runner.clock >= claimedAt - CLOCKS_DIFFER_MS,
    "S1",
    () => `${identity} is ordered by a clock that is behind its claim`,
  );
  holds(
    scenario.atOnce > 1 || scenario.neverTwice || runner.clock < claimedAt + WINDOW_MS,
    "S1",
    () => `${identity} is ordered more than twelve hours after its claim`,
  );
  holds(!runner.liveRuns.has(run), "S1", () => `${identity} is ordered, and ${run} that claimed it is at work`);
}

/** Two machines' clocks may differ by this much. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
/** Half of the time for which MTurk knows a token. */
const WINDOW_MS = 12 * 60 * 60_000;

/** I5 and I1, for what a run has just written: it calls unpaid only what it knows to be, and claims nothing that its plan saw paid. */
export function checkOwnRecords({ world }: Play, runner: Runner): void {
  const { added, rows } = world.ledger;
  for (const record of added) {
    if (record.record === "claim") {
      for (const identity of record.rows.map(identityOf)) {
        const isListed = runner.listedAtFirst.some((each) => each.identity === identity);
        holds(!isListed, "I1", () => `${identity} is claimed, and was listed when ${runner.name} began`);
      }
      continue;
    }
    for (const row of record.rows) {
      const identity = identityOf(row);
      const claimed = rows.get(`${record.claim} ${identity}`);
      const claimant = claimed?.run ?? "";
      holds(!runner.liveRuns.has(claimant), "S1", () => `${runner.name} answers for ${claimant}, which is at work`);
      const isUnpaid = row.outcome === "refused" || row.outcome === "not-sent";
      const maybe =
        row.kind === "pay"
          ? isUnpaid && row.code !== TAKEN_OVER && (claimant !== runner.name || runner.unclear.has(row.handle))
          : row.kind !== "create-type" && row.outcome === "refused" && runner.unclear.has(row.worker);
      holds(!maybe, "I5", () => `${identity} is called ${row.outcome}, and may have been ordered`);
      if (row.code === TAKEN_OVER) checkTakenOver(runner, claimed);
      const isDoubtful = row.outcome === "refused" && [...rows.values()].some((each) => mayStillShow(each, claimed));
      holds(!isDoubtful, "I5", () => `${identity} is called refused, and may have been paid under an earlier claim`);
    }
  }
}

/** I10 and S1: only what the tip asks for is taken over, while nothing keeps it from being paid, and by a sound clock. */
function checkTakenOver(runner: Runner, claimed: TrackedRow | undefined): void {
  if (claimed?.row.kind !== "pay") throw new Violation("I10", "what is no bonus was taken over");
  const { row, identity, claimedAt } = claimed;
  holds(!stops(runner.problems), "I10", () => `${identity} was taken over although the files have mistakes`);
  holds(asksFor(runner, row), "I10", () => `${identity} was taken over, and the tip does not ask for it`);
  holds(
    runner.clock >= claimedAt - CLOCKS_DIFFER_MS,
    "S1",
    () => `${identity} was taken over by a clock that is behind its claim`,
  );
}

/** An earlier claim of the same order, left by a run that may have given it. */
function mayStillShow(earlier: TrackedRow, claimed: TrackedRow | undefined): boolean {
  if (!claimed || !earlier.isTakenOver || earlier.row.kind !== "pay" || claimed.row.kind !== "pay") return false;
  const isSame = earlier.identity === claimed.identity && earlier.row.attempt === claimed.row.attempt;
  return isSame && earlier.claim < claimed.claim && claimed.claimedAt < earlier.claimedAt + LISTED_MS;
}

function asksFor({ manifests }: Runner, row: PayClaim): boolean {
  return manifests.some(({ bonuses }) =>
    bonuses.some(
      (each) =>
        each.assignment === row.assignment &&
        each.label === row.label &&
        each.worker === row.worker &&
        formatMoney(each.amount) === row.amount,
    ),
  );
}

/** S1: three bonuses in a row without a clear answer stop a run, and nothing less does. I5: its plan calls paid what is. */
export function checkEnd({ world, scenario }: Play, runner: Runner, { rows, stop }: ApplyResult): void {
  for (const row of runner.point.plan?.settled ?? []) {
    if (row.kind !== "pay") continue;
    const { assignment, label, worker, amount } = row;
    const isPaid = world.bonuses.some(
      (each) => each.identity === `${assignment}/${label}` && each.worker === worker && each.cents === amount.minor,
    );
    holds(isPaid, "I5", () => `the plan of ${runner.name} calls ${assignment}/${label} paid, and it is not so`);
  }
  if (scenario.atOnce > 1) return;
  // Where it settled what others claimed, too, they are not told in the order in which they ended.
  const own = new Set(world.ledger.records.flatMap(({ path, record }) => (record.run === runner.name ? [path] : [])));
  if (rows.some((row) => !("claim" in row) || !own.has(row.claim))) return;
  const ends = rows.flatMap((told) => {
    if (told.row.kind !== "pay") return [];
    return told.state === "ended" ? [told.row.outcome] : [told.state];
  });
  const third = ends.findIndex((_, n) => n >= 2 && ends.slice(n - 2, n + 1).every((each) => each === "open"));
  const isRight =
    third === -1 ? stop?.cause !== "unknowns" : ends.slice(third + 1).every((each) => each === "not-sent");
  holds(isRight, "S1", () => `${runner.name} stopped or went on, and its bonuses ended so: ${ends.join(", ")}`);
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
  holds(asksFor(runner, row), "I10", () => `${row.assignment} was paid, and the tip does not ask for it`);
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
    ({ row, outcome, run }) =>
      outcome === undefined &&
      run === runner.name &&
      row.kind !== "pay" &&
      row.kind !== "create-type" &&
      row.worker === order.worker,
  );
  if (!claim || claim.row.kind === "pay" || claim.row.kind === "create-type")
    throw new Violation("I2", "a score was changed without an open claim of its own");
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
    const { budget, day } = scenario;
    const claimed = spent.get(ACCOUNT.environment) ?? 0;
    holds(budget === undefined || claimed <= budget, "I7", () => `${claimed} cents claimed, over the budget`);
    const today = spent.get(`${ACCOUNT.environment} ${record.time.slice(0, 10)}`) ?? 0;
    holds(day === undefined || today <= day, "I7", () => `${today} cents claimed in a day, over the limit`);
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
