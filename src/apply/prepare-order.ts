import type { ClaimRecord, ClaimRow, Evidence, RowEnd } from "../ledger/records.ts";
import { formatMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { PayStep } from "../plan/plan.ts";
import type { Account, Prepared, Quote, Traits } from "../platforms/ports.ts";
import { evidenceText, listText, payClaim } from "./compose.ts";
import { ask, instant } from "./effects.ts";
import type { Protocol } from "./effects.ts";
import { priceFault, shares } from "./order-price.ts";
import { preparing } from "./preparing.ts";
import { ASKED } from "./settle-payment.ts";
import type { Work } from "./work.ts";

/** What a claim is to hold: its rows and, where it is one order, what the platform said of that. */
export interface PreparedClaim {
  readonly rows: readonly ClaimRow[];
  readonly order?: Pick<ClaimRecord, "container" | "quote" | "evidence">;
}

export interface OrderToPrepare {
  readonly account: Account;
  readonly traits: Traits;
  readonly work: Work;
  /** Bonuses of one container, none of them for the same assignment as another. */
  readonly steps: readonly PayStep[];
  /** Ids are sealed in the record, so that what would name them is left out. */
  readonly isSealed: boolean;
}

/**
 * Reads what the platform lists for each row, has it prepare an order of them, and checks its price. Rows that cannot be
 * ordered are told as turned away, and the others go on without them: none may be left. Undefined, with `work.stop`: no
 * more can be ordered in this run. Nothing moves here, and nothing is claimed yet.
 */
export function* prepareOrder(asked: OrderToPrepare): Protocol<PreparedClaim | undefined> {
  const { work, isSealed } = asked;
  const baselines = yield* readBaselines(asked);
  if (!baselines) return undefined;
  const container = asked.traits.batch.perContainer ? asked.steps[0]?.container : undefined;
  const left = [...baselines.keys()];
  const isTold = left.length > 0 && container !== undefined && !isSealed;
  const about = isTold ? { container, ...(yield* evidenceOf([container])) } : {};
  while (left.length > 0) {
    const rows = left.map((step) => ({ ...asked.account, ...step }));
    const prepared = yield* preparing({ container, rows });
    switch (prepared.kind) {
      case "prepared":
        return priced(asked, left, baselines, prepared, about);
      case "refused": {
        const { code, message, assignments } = prepared;
        const blamed = left.filter(({ assignment }) => assignments.includes(assignment));
        if (blamed.length === 0) {
          work.stop = { cause: "refused", message: `the platform would not prepare an order (${code}): ${message}` };
          return undefined;
        }
        for (const step of blamed) {
          left.splice(left.indexOf(step), 1);
          yield* turnAway(work, step, { outcome: "refused", code, message });
        }
        break;
      }
      case "stop":
        work.stop = prepared.stop;
        return undefined;
    }
  }
  return { rows: [] };
}

/** Step → what is listed for its assignment. Undefined, with `work.stop`: somebody asked the run to stop. */
function* readBaselines({ work, steps }: OrderToPrepare): Protocol<Map<PayStep, readonly Money[]> | undefined> {
  const baselines = new Map<PayStep, readonly Money[]>();
  for (const step of steps) {
    if (yield* ask({ op: "asked-to-stop" })) {
      work.stop = ASKED;
      return undefined;
    }
    if (isUnsettled(work, step.assignment)) {
      const message = "another bonus for the same assignment is not settled yet: what shows could be either";
      yield* turnAway(work, step, { outcome: "not-sent", code: "other-bonus-open", message });
      continue;
    }
    const listed = yield* ask({ op: "list", assignment: step.assignment });
    if (!listed.ok) {
      yield* turnAway(work, step, { outcome: "not-sent", code: "cannot-look", message: listed.cause });
      continue;
    }
    const amounts = listed.value.map(({ amount }) => amount);
    const equal = amounts.filter(({ minor }) => minor === step.amount.minor).length;
    const known = (step.known ?? 0) + paidSincePlan(work, step);
    if (equal > known + step.others) {
      const message = "an equal bonus was paid outside of mergepay after the plan was made";
      yield* turnAway(work, step, { outcome: "not-sent", code: "list-moved", message });
      continue;
    }
    if (equal < known) {
      const message = "the platform does not list what receipts say was paid: what it says now is out of date";
      yield* turnAway(work, step, { outcome: "not-sent", code: "list-behind", message });
      continue;
    }
    baselines.set(step, amounts);
  }
  return baselines;
}

/** A bonus for the assignment that this run left open or held. */
function isUnsettled(work: Work, assignment: string): boolean {
  return [...work.rows.values()].some(
    ({ told }) =>
      told.row.kind === "pay" &&
      told.row.assignment === assignment &&
      (told.state === "open" || told.row.outcome === "held"),
  );
}

function paidSincePlan({ rows, planned }: Work, { assignment, amount }: PayStep): number {
  return [...rows].filter(
    ([key, { told }]) =>
      !planned.has(key) &&
      told.state === "ended" &&
      told.row.kind === "pay" &&
      told.row.assignment === assignment &&
      told.row.amount === formatMoney(amount) &&
      (told.row.outcome === "done" || told.row.outcome === "found"),
  ).length;
}

function* turnAway(work: Work, step: PayStep, end: Omit<RowEnd, "time">): Protocol<void> {
  work.turnedAway.push({ ...payClaim(step, ""), ...end, time: yield* instant() });
}

/** The claim at the price that the platform asks, its charges shared out over the rows. */
function priced(
  { account, traits, work }: OrderToPrepare,
  steps: readonly PayStep[],
  baselines: ReadonlyMap<PayStep, readonly Money[]>,
  { handles, quote }: Extract<Prepared, { kind: "prepared" }>,
  order: PreparedClaim["order"],
): PreparedClaim | undefined {
  const [handle = ""] = handles;
  if (handle === "" || handles.length !== steps.length || handles.some((each) => each !== handle))
    throw new Error("an order has one handle, and each of its rows has that one");
  const { currency } = account;
  const amounts = steps.map(({ amount }) => amount);
  const planned = sumMoney(
    steps.flatMap(({ amount, fee }) => [amount, fee]),
    currency,
  );
  const fault = quote
    ? priceFault(quote, { amounts, planned, balance: work.balance })
    : traits.price === "quote"
      ? ({ cause: "price", message: "the platform names no price for an order" } as const)
      : undefined;
  if (fault) {
    work.stop = fault;
    return undefined;
  }
  const fees = quote ? shares(sumMoney([quote.fee, quote.tax], currency), amounts) : steps.map(({ fee }) => fee);
  work.prepared.add(handle);
  return {
    rows: steps.map((step, n) => ({
      ...payClaim(step, handle, fees[n]),
      baseline: listText(baselines.get(step) as readonly Money[]),
    })),
    order: { ...order, ...(quote ? { quote: quoteText(quote) } : {}) },
  };
}

function quoteText({ amount, fee, tax, total }: Quote) {
  return { amount: formatMoney(amount), fee: formatMoney(fee), tax: formatMoney(tax), total: formatMoney(total) };
}

/** What the platform says of a container; nothing where it does not answer. */
export function* evidenceOf(containers: readonly string[]): Protocol<{ readonly evidence?: Evidence }> {
  const told = yield* ask({ op: "evidence", containers });
  return told.ok ? { evidence: evidenceText(told.value) } : {};
}
