import { formatMoney } from "../../money.ts";
import type { PayOrder } from "../../platforms/ports.ts";
import { holds, Violation } from "../schedules/violation.ts";
import { contains, identityOf } from "./branch.ts";
import type { Branch, Tracked } from "./branch.ts";
import type { Play } from "./perform.ts";
import type { Runner } from "./runner.ts";
import { containerOf, HORIZON, HOUR, MINUTE, rulesOf } from "./scenario.ts";
import type { World } from "./world.ts";

/** What must hold the moment an order is given: I1, I2, I3, I10, I11. */
export function checkOrder({ world, scenario }: Play, runner: Runner, { handle, rows }: PayOrder): void {
  holds(!world.given.has(handle), "I1", () => `${handle} is given a second time`);
  const { seen } = runner;
  if (!seen || !contains(world.branch, seen.commit))
    throw new Violation("I2", `${handle} is given on a ledger that the branch does not hold`);
  const claimed = [...seen.rows.values()].filter(({ row }) => row.handle === handle);
  holds(
    claimed.length > 0 && claimed.every(({ run, outcome }) => run === runner.name && outcome === undefined),
    "I2",
    () => `${handle} is given without an open claim of this very run`,
  );
  const said = (row: { assignment: string; worker: string; amount: string }) =>
    `${row.assignment} ${row.worker} ${row.amount}`;
  const ordered = rows.map((row) => said({ ...row, amount: formatMoney(row.amount) })).sort(inOrder);
  const wanted = claimed.map(({ row }) => said(row)).sort(inOrder);
  holds(ordered.join() === wanted.join(), "I11", () => `${handle} is given otherwise than it was claimed`);
  const prepared = (world.prepared.get(handle) ?? []).map(({ assignment }) => assignment).sort(inOrder);
  holds(
    prepared.join() ===
      rows
        .map(({ assignment }) => assignment)
        .sort(inOrder)
        .join(),
    "I11",
    () => `${handle} is given with other rows than it was prepared with`,
  );
  const assignments = new Set(prepared);
  holds(assignments.size === rows.length, "I3", () => `${handle} has a submission twice`);
  holds(new Set(prepared.map(containerOf)).size === 1, "I11", () => `${handle} is for two studies`);
  holds(rows.length <= scenario.rows, "I11", () => `${handle} has too many rows`);
  for (const each of claimed) {
    checkLook(runner, each, seen);
    checkEarlierClaims(world, each, [...seen.rows.values()]);
  }
  for (const { identity, row } of claimed)
    holds(
      runner.bonuses.some((each) => identityOf(each) === identity && formatMoney(each.amount) === row.amount),
      "I10",
      () => `${identity} is ordered, and the tip does not ask for it`,
    );
}

/** After its claim was read back it looked once more, and at the clock after that: all is as it was claimed. */
function checkLook(runner: Runner, { row, claimedAt, identity }: Tracked, seen: Branch): void {
  const look = runner.looks.get(row.assignment);
  if (!look || look.at <= runner.readAt)
    throw new Violation("I1", `${identity} is ordered without a look after its claim was read back`);
  const listed = look.amounts.map(formatMoneyOf).sort(inOrder);
  const before = [...(row.baseline ?? [])].sort(inOrder);
  holds(listed.join() === before.join(), "I1", () => `${identity} is ordered although its list moved`);
  const paid = [...seen.rows.values()].filter(
    (each) => each.row.assignment === row.assignment && each.row.amount === row.amount && isPaid(each),
  );
  const alike = listed.filter((each) => each === row.amount).length;
  holds(alike <= paid.length, "I3", () => `${identity} is ordered although somebody else has paid as much`);
  const { at, told } = runner.clock;
  holds(at > look.at, "I3", () => `${identity} is ordered without a look at the clock`);
  const isInTime = told >= claimedAt - SKEW_MS && told < claimedAt + ORDER_WITHIN_MS;
  holds(isInTime, "I3", () => `${identity} is ordered ${(told - claimedAt) / HOUR} hours after its claim`);
}

/** As the protocol promises: see `docs/proof.md`. */
const ORDER_WITHIN_MS = 30 * MINUTE;
const SKEW_MS = 5 * MINUTE;

/** No second order for a bonus but by a reviewed attempt, and none for a submission of which another one may yet show. */
function checkEarlierClaims(world: World, { claim, claimedAt, identity, row }: Tracked, all: readonly Tracked[]): void {
  for (const other of all) {
    if (other.row.assignment !== row.assignment || other.claim >= claim) continue;
    const isSame = other.identity === identity;
    const isOver = all.some((each) => each.identity === other.identity && each.claim > other.claim && isPaid(each));
    if (isOver && !isSame) continue;
    holds(other.outcome !== undefined, "I3", () => `${identity} is ordered while ${other.identity} is open`);
    holds(
      other.outcome !== "held" || (isSame && other.row.attempt < row.attempt),
      "I3",
      () => `${identity} is ordered while ${other.identity} is held`,
    );
    if (!isSame) continue;
    holds(
      other.outcome !== "done" && other.outcome !== "found",
      "I1",
      () => `${identity} is ordered, and was paid before`,
    );
    holds(
      !world.given.has(other.row.handle) || other.row.attempt < row.attempt,
      "I1",
      () => `${identity} is ordered again without a reviewed attempt`,
    );
    holds(
      other.outcome !== "held" || claimedAt >= other.claimedAt + HORIZON,
      "I3",
      () => `${identity} is ordered again before the first order was waited for`,
    );
  }
}

function isPaid({ outcome }: Tracked): boolean {
  return outcome === "done" || outcome === "found";
}

/** What must hold of the newest records, given what the platform really did: I5, I6. */
export function checkAppend({ world, scenario }: Play): void {
  const { added, rows } = world.branch;
  for (const record of added) {
    if (record.record === "claim") {
      const planned = record.rows.flatMap((row) => (row.kind === "pay" ? [minorOf(row.amount)] : []));
      const most = planned.reduce(
        (sum, minor) => sum + minor + rulesOf(scenario).fee({ minor, currency: "GBP" }).minor,
        0,
      );
      holds(
        minorOf(record.totals.cost) <= most,
        "I7",
        () => `a claim costs ${record.totals.cost}, more than was planned`,
      );
      continue;
    }
    for (const row of record.rows) {
      if (row.kind !== "pay") continue;
      const identity = identityOf(row);
      if (row.outcome === "not-sent")
        holds(!world.given.has(row.handle), "I5", () => `a receipt calls ${identity} not sent, and it was`);
      if (row.outcome === "done" || row.outcome === "found") {
        const alike = world.entries.filter(
          (each) => each.assignment === row.assignment && formatMoneyOf(each.minor) === row.amount,
        );
        const paid = [...rows.values()].filter(
          (each) =>
            each.row.assignment === row.assignment &&
            each.row.amount === row.amount &&
            (each.outcome === "done" || each.outcome === "found"),
        );
        const gone = world.touched.has(row.assignment);
        holds(
          paid.length <= alike.length || gone,
          "I5",
          () => `receipts call ${paid.length} payments like ${identity} paid, and ${alike.length} are listed`,
        );
        if (row.outcome === "done")
          holds(
            world.given.has(row.handle),
            "I6",
            () => `a receipt calls ${identity} done, and its order was not given`,
          );
      }
    }
  }
}

/** I1 again, by what the platform holds: of each bonus at most one payment of ours for each order that was given. */
export function checkEntries({ entries, touched }: World): void {
  const counts = new Map<string, number>();
  for (const { identity, handle, assignment } of entries) {
    if (handle === undefined || touched.has(assignment)) continue;
    const key = `${identity} ${handle}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    holds(counts.get(key) === 1, "I1", () => `${key} is paid twice`);
  }
}

function minorOf(amount: string): number {
  return Number(amount.replace(".", ""));
}

function formatMoneyOf(minor: number): string {
  return formatMoney({ minor, currency: "GBP" });
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
