import { hasShownUp } from "../ledger/by-amounts.ts";
import { claimsOf, mayBePaid, takenOver, unpaidClaims } from "../ledger/may-be-paid.ts";
import type { ClaimRow, LedgerRecord, PayClaim, ReceiptRow } from "../ledger/records.ts";
import { rowFaults } from "../ledger/chain-rows.ts";
import { bonusKey } from "../ledger/identity.ts";
import { isAbout } from "../ledger/record-account.ts";
import { amountOf, claimedRowKey, ledgerState } from "../ledger/state.ts";
import type { FiledClaim, LedgerState, OpenRow } from "../ledger/state.ts";
import { compareMoney, displayMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PayStep, Plan, Step } from "../plan/plan.ts";
import type { Account, ObservedPayment, Traits } from "../platforms/ports.ts";
import { stops } from "../problem.ts";
import { chained, claimDraft, claimRow, commitMessage, listText, receiptDraft } from "./compose.ts";
import type { Draft } from "./compose.ts";
import { ask, instant } from "./effects.ts";
import type { LedgerRead, Protocol } from "./effects.ts";
import { evidenceOf, prepareOrder } from "./prepare-order.ts";
import type { PreparedClaim } from "./prepare-order.ts";
import { preparing } from "./preparing.ts";
import { membershipKey } from "./settle-membership.ts";
import { settleOrder } from "./settle-order.ts";
import type { Order } from "./settle-order.ts";
import { ASKED, listedAsClaimed, SKEW_MS } from "./settle-payment.ts";
import type { Settled, Wanted } from "./settle-payment.ts";
import { nextToSettle, settlingOf } from "./settling.ts";
import type { Settling } from "./settling.ts";
import { sideBySide } from "./side-by-side.ts";
import { forgetAnswered, newWork, note, resultOf } from "./work.ts";
import type { ApplyResult, Work } from "./work.ts";

export interface ApplyInput {
  readonly account: Account;
  readonly traits: Traits;
  /** The plan under the ledger as it is at that moment. Pure: everything else it depends on was fixed before. */
  readonly plan: (ledger: LedgerState, now: string) => Plan;
  /** By manifest file: where its content comes from and who let it in. */
  readonly provenance: ReadonlyMap<string, Provenance>;
  readonly run: Run;
  /** Rows of one claim. */
  readonly chunk: number;
  /** Rows that are settled at once. With 1, no claim is made ahead either: all goes one after another. */
  readonly atOnce: number;
  /** Other runs that may be at work now: their claims are theirs to settle. */
  readonly liveRuns: ReadonlySet<string>;
  /** A record as its file is to hold it; the record itself unless lists are encrypted. Pure. */
  readonly seal?: (record: LedgerRecord) => LedgerRecord;
}

export type Provenance = Pick<LedgerRecord, "sealed" | "manifest" | "pullRequest" | "author" | "approvers">;
export type Run = Pick<LedgerRecord, "actor" | "run" | "tool" | "endpoint">;

/** A rival may win this many races for the ledger before the run gives up. */
const RACES_MAX = 8;

/**
 * Claims, checks, sends, settles and writes receipts. Every run first settles what earlier runs left open. A claim is
 * pushed, read back and found there before anything that it names is ordered; where a push loses a race everything is
 * read again and planned again. The rows of a claim are settled several at once, and meanwhile the next claim is pushed,
 * with the receipt of the one before: what runs at once stays inside claimed rows.
 */
export function* applyProtocol(input: ApplyInput): Protocol<ApplyResult> {
  const work = newWork();
  for (let races = 0; races <= RACES_MAX; races++) {
    const ledger = yield* readLedger(work);
    if (!ledger) break;
    const state = ledgerState(ledger.records, input.account);
    forgetAnswered(work, state);
    const now = yield* instant();
    const plan = input.plan(state, now);
    work.plan = plan;
    work.unpaid = unpaidClaims(state);
    work.turnedAway = [];
    yield* settleLeftOpen(input, work, { state, plan, now }, races);
    if (work.pending.length > 0) {
      // What is known and not written down changes what is to be paid: first it is written, then planned again.
      yield* flush(input, work, ledger);
      if (work.stop?.cause === "ledger") break;
      continue;
    }

    work.planned = new Set(work.rows.keys());
    const blocked = work.stop !== undefined || stops(plan.problems);
    if (blocked || (yield* payPlan(input, work, ledger, plan)) === "over") return resultOf(work);
  }
  work.stop ??= { cause: "ledger", message: "other runs kept writing to the ledger; run again when they have ended" };
  return resultOf(work);
}

type Ledger = Extract<LedgerRead, { kind: "ledger" }>;

function* readLedger(work: Work): Protocol<Ledger | undefined> {
  const read = yield* ask({ op: "read-ledger" });
  if (read.kind === "ledger") return read;
  work.stop = { cause: "ledger", message: `${read.message}: ${read.hint}` };
  return undefined;
}

/**
 * What earlier runs left open, and held rows that may have shown up since. In a later round of this run only its own
 * claims count, such as one whose push seemed lost and landed after all: a claim of a rival is the rival's to settle.
 */
function* settleLeftOpen(
  input: ApplyInput,
  work: Work,
  { state, plan, now }: { state: LedgerState; plan: Plan; now: string },
  races: number,
): Protocol<void> {
  if (state.open.length > 0) yield* readBalance(work);
  const inHand = new Set(
    work.pending.flatMap(({ claim, rows }) => rows.map((row) => claimedRowKey(claim.record.sequence, row))),
  );
  const ours = state.open.filter(({ claim, row }) => {
    if (races > 0 && claim.record.run !== input.run.run) return false;
    return !input.liveRuns.has(claim.record.run) && !inHand.has(claimedRowKey(claim.record.sequence, row));
  });
  const wanted = stillWanted(plan, input.run);
  const settling = settlingOf(ours.map((open) => ({ ...open, wanted: wanted(open) })));
  yield* sideBySide(() => nextToSettle(input, work, settling));
  if (races > 0) return;
  // A list that was copied asks twice for the same bonus, and what is found is written once.
  const mayShowUp = onceEach([
    ...state.held,
    ...listedAfterAll(input, state, plan),
    ...givenBackAndGone(input.traits, state, plan, now),
    ...claimedOtherwiseSince(input.traits, state, now),
  ]);
  let looking = 0;
  yield* sideBySide(() => {
    const next = looking < input.atOnce ? mayShowUp.shift() : undefined;
    if (!next) return undefined;
    looking += 1;
    return lookAgain(next);
  });

  function* lookAgain({ claim, row }: OpenRow): Protocol<void> {
    if (row.kind === "pay" && !work.stop) {
      const listed = yield* ask({ op: "list", assignment: row.assignment });
      const end = listed.ok ? shownUp(row, claim, listed.value) : undefined;
      if (end) note(work, claim, row, { end }, yield* instant());
    }
    looking -= 1;
  }

  function shownUp(row: PayClaim, claim: FiledClaim, listed: readonly ObservedPayment[]): Settled["end"] {
    const { account, traits } = input;
    if (traits.witness === "amounts") {
      const amounts = listed.map(({ amount }) => amount);
      const beside = [...state.bonuses.values()].filter((each) => each.row.assignment === row.assignment);
      return hasShownUp({ row, claim }, beside, amounts, account)
        ? { outcome: "found", message: "it is listed after all", listed: listText(amounts) }
        : undefined;
    }
    const found = listedAsClaimed(row, amountOf(row.amount, account), listed);
    return found && { outcome: "found", message: `listed at ${found.at}` };
  }
}

function onceEach(rows: readonly OpenRow[]): OpenRow[] {
  return [...new Map(rows.map((each) => [claimedRowKey(each.claim.record.sequence, each.row), each])).values()];
}

/** Bonuses whose receipt says that nothing moved, and that the platform lists nevertheless. */
function listedAfterAll({ account }: ApplyInput, { bonuses, held }: LedgerState, plan: Plan): OpenRow[] {
  // One bonus has one reference: where an earlier attempt is held, what is listed may be that one's.
  const looked = new Set(held.map(({ bonus }) => bonus));
  return plan.settled.flatMap((row) => {
    if (row.kind !== "pay" || row.because !== "listed") return [];
    if (looked.has(bonusKey(account, row.assignment, row.label))) return [];
    const claimed = bonuses.get(bonusKey(account, row.assignment, row.label));
    return claimed?.state === "free" || claimed?.state === "refused"
      ? [{ claim: claimed.claim, row: claimed.row }]
      : [];
  });
}

/**
 * Bonuses that were given back or refused a short while ago and that nobody asks for any more. A run that saw no other
 * gave them back; should another one have ordered them, no plan would ever look for them again.
 */
function givenBackAndGone({ witness }: Traits, { bonuses }: LedgerState, plan: Plan, now: string): OpenRow[] {
  const asked = new Set(
    [...plan.steps, ...plan.settled, ...plan.held].map((row) =>
      row.kind === "pay" ? bonusKey(plan.account, row.assignment, row.label) : "",
    ),
  );
  return [...bonuses].flatMap(([key, { state, claim, row }]) => {
    // An order is given back by the one run that could have given it.
    const isGone = ((state === "free" && witness === "reference") || state === "refused") && !asked.has(key);
    return isGone && Date.parse(now) - Date.parse(claim.record.time) < GIVEN_BACK_MS ? [{ claim, row }] : [];
  });
}

/**
 * Claims of a bonus that came to nothing a short while ago, and after which it was claimed with another amount or for
 * another worker. Should one of them have been ordered by a run that saw no other, what is listed is not what was claimed
 * last, and is in no receipt. Of several that are alike one stands for all: what is found is written once.
 */
function claimedOtherwiseSince({ witness }: Traits, { bonuses, unpaid }: LedgerState, now: string): OpenRow[] {
  if (witness !== "reference") return [];
  const apart = new Map<string, OpenRow>();
  for (const { bonus, claim, row } of unpaid.values()) {
    const last = bonuses.get(bonus);
    if (!last || Date.parse(now) - Date.parse(claim.record.time) >= GIVEN_BACK_MS) continue;
    const what = (each: PayClaim) => `${bonus} ${each.worker} ${each.amount}`;
    if (what(row) !== what(last.row)) apart.set(what(row), { claim, row });
  }
  return [...apart.values()];
}

/** For so long after its claim a bonus that was given back is looked for, though nobody asks for it. */
const GIVEN_BACK_MS = 96 * 60 * 60 * 1000;

/** A plan that is refused wants nothing. One that is not lists an open bonus as such only where it is as it was claimed. */
function stillWanted(plan: Plan, { run }: Run): (row: OpenRow) => Wanted {
  if (stops(plan.problems)) return () => "plan refused";
  const key = (assignment: string | undefined, label: string | undefined) => `${assignment} ${label}`;
  const open = new Set(
    plan.held.flatMap(({ state, assignment, label }) => (state === "open" ? [key(assignment, label)] : [])),
  );
  return ({ claim, row }) => {
    if (row.kind !== "pay" || !open.has(key(row.assignment, row.label))) return "taken out";
    return claim.record.run === run ? "yes" : "anew";
  };
}

/** Claims chunk by chunk, and settles what is claimed meanwhile. */
function* payPlan(input: ApplyInput, work: Work, first: Ledger, plan: Plan): Protocol<"over" | "again"> {
  const byAmounts = input.traits.witness === "amounts";
  const todo = byAmounts ? chunksOfOrders(plan, input.traits.batch, input.chunk) : chunks(plan, input.chunk);
  const settling = settlingOf();
  let ledger = first;
  let claims: "wanted" | "when all is quiet" | "over" = "wanted";
  let lost = false;
  let done = 0;

  yield* sideBySide(() => {
    const [steps] = todo;
    if (steps && !work.stop && mayClaim()) return claimNext(steps);
    const next = nextToSettle(input, work, settling);
    return next && counted(next);
  });
  return lost && work.stop?.cause !== "ledger" ? "again" : yield* flush(input, work, ledger);

  /** One claim ahead of the one that is being settled, whose own receipt then travels with the next. */
  function mayClaim(): boolean {
    const unfinished = new Set([...settling.waiting, ...settling.begun].map(({ claim }) => claim.path));
    const ahead = input.atOnce > 1 && !byAmounts ? 1 : 0;
    return (
      (claims === "wanted" && unfinished.size <= ahead) || (claims === "when all is quiet" && unfinished.size === 0)
    );
  }

  function* claimNext(steps: readonly Step[]): Protocol<void> {
    claims = "over";
    if (yield* mustStop(work)) return;
    const money = yield* enoughMoney(work, settling, steps, input.account);
    if (money === "not for all") claims = "when all is quiet";
    if (money !== "enough" || !(yield* clockIsSound(work, ledger, input.account))) return;
    const prepared = yield* prepareClaim(input, work, steps);
    if (!prepared) return;
    if (prepared.rows.length === 0) {
      todo.shift();
      claims = "wanted";
      return;
    }
    const time = yield* instantAfter(ledger, input.account);
    if (mustWait(input, work, steps, time)) {
      lost = true;
      return;
    }
    const claim = draftClaim(input, work, steps, prepared, time);
    const answered = work.pending.filter((each) => !isUnderWay(settling, each.claim));
    const receipts = yield* receiptDrafts(input, work, answered, time);
    const pushed = yield* push(input, work, ledger, answered, [...receipts, claim]);
    const filed = pushed?.claim;
    if (!filed) {
      lost = true;
      return;
    }
    ledger = pushed.ledger;
    todo.shift();
    const over = answersIn(ledger, [filed, ...settling.waiting.map(({ claim }) => claim)]);
    const isOpen = ({ claim: { record }, row }: OpenRow) => !over.has(claimedRowKey(record.sequence, row));
    settling.waiting.splice(0, Infinity, ...settling.waiting.filter(isOpen));
    const rows = filed.record.rows.filter((row) => isOpen({ claim: filed, row }));
    if (prepared.order) yield* settleOrder(orderOf(filed, rows));
    else
      settling.waiting.push(
        ...rows.map(
          (row) => ({ claim: filed, row, wanted: isUnclear(row, filed, input, work) ? "yes" : "fresh" }) as const,
        ),
      );
    // What a rival wrote meanwhile the plan does not know: what is claimed is settled, and then all is read again.
    if (ledger.head.sequence > filed.record.sequence) lost = true;
    else claims = "wanted";
  }

  function orderOf(claim: FiledClaim, rows: readonly ClaimRow[]): Order {
    const { account, traits } = input;
    const bonuses = rows.filter((row) => row.kind === "pay");
    return { account, traits, work, claim, rows: bonuses, answered: claim.record.rows.length - rows.length, onRow };
  }

  function* counted(settled: Protocol<void>): Protocol<void> {
    yield* settled;
    yield* onRow();
  }

  function* onRow(): Protocol<void> {
    yield* ask({ op: "progress", done: ++done, of: plan.steps.length });
  }
}

/**
 * A rival may give back what this run has ordered, and this run what another has. Claimed again, it is still what may
 * have been ordered.
 */
function isUnclear(
  row: ClaimRow,
  { record }: FiledClaim,
  { account, traits }: ApplyInput,
  { unclear, unpaid }: Work,
): boolean {
  switch (row.kind) {
    case "pay": {
      const earlier = claimsOf(unpaid, account, row);
      const time = Date.parse(record.time);
      return unclear.has(row.handle) || takenOver(earlier, row.attempt, time, traits).length > 0;
    }
    case "grant":
    case "rescore":
    case "revoke":
      return unclear.has(membershipKey(row));
    case "create-type":
      return false;
  }
}

/** Whether something has to wait at a time (ISO 8601), though it had not when the plan was made. */
function mustWait({ account, traits }: ApplyInput, { unpaid }: Work, steps: readonly Step[], time: string): boolean {
  return steps.some((step) => {
    if (step.kind !== "pay") return false;
    return mayBePaid(claimsOf(unpaid, account, step), step.attempt, Date.parse(time), traits) !== undefined;
  });
}

function isUnderWay({ waiting, begun }: Settling, { path }: FiledClaim): boolean {
  return [...waiting, ...begun].some(({ claim }) => claim.path === path);
}

/** Rows of these claims that another run has taken up and answered meanwhile: they are over. */
function answersIn({ records }: Ledger, claims: readonly FiledClaim[]): ReadonlySet<string> {
  const asked = new Set(claims.map(({ record }) => record.sequence));
  return new Set(
    records.flatMap(({ record }) =>
      record.record === "receipt" && asked.has(record.claim)
        ? record.rows.map((row) => claimedRowKey(record.claim, row))
        : [],
    ),
  );
}

/** Writes the receipts that are still in hand. Losing a race here costs nothing but another try. */
function* flush(input: ApplyInput, work: Work, ledger: Ledger): Protocol<"over" | "again"> {
  const { pending } = work;
  if (pending.length === 0) return "over";
  yield* readBalance(work);
  const drafts = yield* receiptDrafts(input, work, pending, yield* instantAfter(ledger, input.account));
  const pushed = yield* push(input, work, ledger, pending, drafts);
  return pushed || work.stop?.cause === "ledger" ? "over" : "again";
}

/**
 * Appends to the ledger and reads it back. Undefined: a rival was faster, or (with `work.stop`) it cannot be written.
 * What is not found there on reading back was not written, whatever the push said. `answered` is what the drafts answer.
 */
function* push(
  { seal = (record) => record }: ApplyInput,
  work: Work,
  ledger: Ledger,
  answered: Work["pending"],
  drafts: readonly Draft[],
): Protocol<{ ledger: Ledger; claim: FiledClaim | undefined } | undefined> {
  const filed = chained(ledger.head, drafts, seal);
  const [fault] = ledger.rows ? rowFaults(filed, ledger.rows) : rowFaults([...ledger.records, ...filed]);
  if (fault) {
    // A record cannot be taken back: one that every later run would refuse must not be written.
    work.stop = { cause: "ledger", message: `refused to write a record that contradicts the ledger: ${fault.message}` };
    return undefined;
  }
  const files = filed.map(({ path, text }) => ({ path, text }));
  const message = commitMessage(filed.map(({ record }) => record));
  const appended = yield* ask({ op: "append", parent: ledger.commit, files, message });
  if (appended.kind === "rejected") return undefined;
  if (appended.kind === "refused") {
    work.stop = { cause: "ledger", message: `the ledger cannot be written: ${appended.message}` };
    return undefined;
  }
  const read = yield* readLedger(work);
  if (!read) return undefined;
  const there = new Map(read.records.map((each) => [each.path, each]));
  const found = filed.map(({ path, hash }) => (there.get(path)?.hash === hash ? there.get(path) : undefined));
  if (found.includes(undefined)) {
    if (appended.kind === "pushed")
      work.stop = { cause: "ledger", message: "what was pushed to the ledger is not there on reading it back" };
    return undefined;
  }
  work.pending = work.pending.filter((each) => !answered.includes(each));
  for (const filed of found) if (filed?.record.record === "receipt") work.receipts.push(filed.path);
  const claim = found.at(-1);
  return {
    ledger: read,
    claim: claim?.record.record === "claim" ? { path: claim.path, record: claim.record } : undefined,
  };
}

/** Undefined, with `work.stop`: the platform would not prepare it. */
function* prepareClaim(
  { account, traits, provenance }: ApplyInput,
  work: Work,
  steps: readonly Step[],
): Protocol<PreparedClaim | undefined> {
  const pays = steps.filter((step) => step.kind === "pay");
  const [first] = pays;
  if (first && traits.witness === "amounts") {
    const isSealed = provenance.get(first.file)?.sealed !== undefined;
    return yield* prepareOrder({ account, traits, work, steps: pays, isSealed });
  }
  const handles = yield* handlesOf(account, work, pays);
  return handles && { rows: steps.map((step) => claimRow(step, handles.get(step) ?? "")) };
}

function draftClaim(
  input: ApplyInput,
  work: Work,
  steps: readonly Step[],
  { rows, order }: PreparedClaim,
  time: string,
): Draft {
  const { account, run } = input;
  const [{ file, study }] = steps as [Step];
  const provenance = input.provenance.get(file);
  if (!provenance) throw new Error(`a claim needs to know where ${file} comes from`);
  return claimDraft({ account, run, provenance, study, time, balance: work.balance, rows, order });
}

/** What the platform prepared, bonus by bonus. Undefined, with `work.stop`: it would not. */
function* handlesOf(
  account: Account,
  work: Work,
  pays: readonly PayStep[],
): Protocol<ReadonlyMap<Step, string> | undefined> {
  if (pays.length === 0) return new Map();
  const prepared = yield* preparing({ container: undefined, rows: pays.map((step) => ({ ...account, ...step })) });
  switch (prepared.kind) {
    case "prepared":
      return new Map(pays.map((step, n) => [step, prepared.handles[n] as string]));
    case "refused":
      work.stop = {
        cause: "refused",
        message: `the platform would not prepare it (${prepared.code}): ${prepared.message}`,
      };
      return undefined;
    case "stop":
      work.stop = prepared.stop;
      return undefined;
  }
}

function* receiptDrafts({ run }: ApplyInput, work: Work, answered: Work["pending"], time: string): Protocol<Draft[]> {
  const drafts: Draft[] = [];
  for (const { claim, rows } of answered) {
    const { container } = claim.record;
    const about = { run, time, balance: work.balance, ...(container ? yield* evidenceOf([container]) : {}) };
    drafts.push(receiptDraft(claim, asClaimed(claim, rows), about));
  }
  return drafts;
}

/** Rows in the order of their claim, whichever ended first. */
function asClaimed({ record }: FiledClaim, rows: readonly ReceiptRow[]): ReceiptRow[] {
  const places = new Map(record.rows.map((row, place) => [claimedRowKey(record.sequence, row), place]));
  const place = (row: ReceiptRow) => places.get(claimedRowKey(record.sequence, row)) as number;
  return rows.toSorted((a, b) => place(a) - place(b));
}

/**
 * Whether the account holds what the next claim costs, beside what is claimed and may still be paid. What it holds while
 * orders are under way may be before or after them: where it would not do for all, it is read again when all is quiet.
 * Sets `work.stop` where there is not enough.
 */
function* enoughMoney(
  work: Work,
  { waiting, begun }: Settling,
  steps: readonly Step[],
  account: Account,
): Protocol<"enough" | "not for all" | "not enough"> {
  const claimed = [...waiting, ...begun].flatMap(({ row }) =>
    row.kind === "pay" ? [amountOf(row.amount, account), amountOf(row.fee, account)] : [],
  );
  const quiet = waiting.length + begun.size === 0;
  const balance = yield* readBalance(work, quiet);
  const next = steps.flatMap((step) => (step.kind === "pay" ? [step.amount, step.fee] : []));
  const cost = sumMoney([...claimed, ...next], account.currency);
  if (balance === "unknown" || compareMoney(cost, balance) <= 0) return "enough";
  if (!quiet) return "not for all";
  work.stop = {
    cause: "funds",
    message: `the account holds ${displayMoney(balance)}, and the next rows cost ${displayMoney(cost)}`,
  };
  return "not enough";
}

/** What is read while orders are under way is good for a decision, and no figure for the records. */
function* readBalance(work: Work, quiet = true): Protocol<Money | "unknown"> {
  const read = yield* ask({ op: "wallet" });
  const balance = read.ok ? read.value : "unknown";
  work.balance = quiet ? balance : "unknown";
  if (work.balanceBefore === "unknown") work.balanceBefore = work.balance;
  return balance;
}

/** The steps of one manifest together, its types first, at most `size` to a claim. */
function chunks(plan: Plan, size: number): Step[][] {
  const order: Record<Step["kind"], number> = { "create-type": 0, pay: 1, grant: 2, rescore: 2, revoke: 2 };
  return plan.manifests.flatMap(({ file }) => {
    const steps = plan.steps.filter((step) => step.file === file).sort((a, b) => order[a.kind] - order[b.kind]);
    return Array.from({ length: Math.ceil(steps.length / size) }, (_, n) => steps.slice(n * size, (n + 1) * size));
  });
}

/**
 * Where a platform tells payments by their amounts: what changes groups first, then bonuses in orders. Two for one
 * assignment are never in the same order, and go one after the other.
 */
function chunksOfOrders(plan: Plan, { rows, perContainer }: Traits["batch"], chunk: number): Step[][] {
  const size = Math.min(rows, chunk);
  const others = chunks({ ...plan, steps: plan.steps.filter(({ kind }) => kind !== "pay") }, chunk);
  const orders = plan.manifests.flatMap(({ file }) => {
    const made: PayStep[][] = [];
    for (const step of plan.steps) {
      if (step.kind !== "pay" || step.file !== file) continue;
      const fits = (order: readonly PayStep[]) =>
        order.length < size &&
        order.every(
          (each) => each.assignment !== step.assignment && (!perContainer || each.container === step.container),
        );
      const order = made.find(fits);
      if (order) order.push(step);
      else made.push([step]);
    }
    return made;
  });
  return [...others, ...orders];
}

function* mustStop(work: Work): Protocol<boolean> {
  if (!(yield* ask({ op: "asked-to-stop" }))) return false;
  work.stop ??= ASKED;
  return true;
}

/** False, with `work.stop`, where this machine's clock is behind what other runs wrote: its windows could not be trusted. */
function* clockIsSound(work: Work, ledger: Ledger, account: Account): Protocol<boolean> {
  const now = yield* ask({ op: "now" });
  if (now >= lastTime(ledger, account) - SKEW_MS) return true;
  work.stop = { cause: "clock", message: "this machine's clock is behind the last record of the ledger" };
  return false;
}

/** Now, and never before the account's last record: what must be written down is written, whatever the clock says. */
function* instantAfter(ledger: Ledger, account: Account): Protocol<string> {
  return new Date(Math.max(yield* ask({ op: "now" }), lastTime(ledger, account))).toISOString();
}

function lastTime({ records }: Ledger, account: Account): number {
  const last = records.findLast(({ record }) => isAbout(record, account));
  return last ? Date.parse(last.record.time) : 0;
}
