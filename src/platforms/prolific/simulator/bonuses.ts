import { type Json, textOf } from "../../simulator/json.ts";
import { type Asked, type Call, type Decision, Refused } from "./call.ts";
import { double } from "./doubles.ts";
import { available, covers, workspaceOf } from "./funds.ts";
import { theBulk, theStudy } from "./lookups.ts";
import { priceOf, totalOf } from "./price.ts";
import { badRequest } from "./refusal.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Bulk, type BulkRow, type Order, put, type Pots, type Study, type Submission } from "./state.ts";

const MANY = 200;

/** Makes a bulk of `<participant or submission>,<amount>` lines and says what it will cost. No money moves. */
export function setUpBonuses(call: Call, { input }: Asked): Decision {
  const id = textOf(input, "study_id");
  const csv = textOf(input, "csv_bonuses");
  const missing = { ...(id ? {} : { study_id: REQUIRED }), ...(csv ? {} : { csv_bonuses: REQUIRED }) };
  if (!id || !csv) throw new Refused(badRequest(missing));
  const study = theStudy(call, id);
  const rows = bulkRows(call, study, csv);
  const price = priceOf(rows, call.switches);
  if (call.switches.shortage === "400-at-set-up") requireFunds(call, study, price);

  const { bulkExpirySeconds } = call.switches;
  const bulk: Bulk = {
    id: call.newId(),
    study: study.id,
    rows,
    price,
    created: call.now,
    ...(bulkExpirySeconds === 0 ? {} : { expires: call.now + bulkExpirySeconds * 1000 }),
  };
  return {
    status: 201,
    output: {
      id: bulk.id,
      study: study.id,
      amount: double(price.rewards),
      fees: double(price.fees),
      vat: double(price.vat),
      total_amount: double(totalOf(price)),
    },
    changes: [put("bulks", bulk.id, bulk)],
  };
}

/** Accepts a bulk for payment. Asked twice, it pays twice. The worker that pays comes later. */
export function payBonuses(call: Call, { ids }: Asked): Decision {
  const { state, switches, now } = call;
  const bulk = theBulk(call, ids[0]);
  const before = [...state.orders.values()].filter((order) => order.bulk === bulk.id);
  if (before.length > 0 && switches.secondPay === "400")
    throw new Refused(badRequest("This bulk bonus payment has already been paid."));
  if (switches.shortage === "400-at-pay" || switches.shortage === "400-at-set-up")
    requireFunds(call, theStudy(call, bulk.study), bulk.price, before.length === 0 ? bulk : undefined);

  const { processingSeconds } = switches;
  const order: Order = {
    id: call.newId(),
    bulk: bulk.id,
    at: now,
    ...(processingSeconds === "never" ? {} : { due: now + processingSeconds * 1000 }),
  };
  return { status: 202, output: switches.payAnswer, changes: [put("orders", order.id, order)] };
}

const REQUIRED = ["This field is required."];

function requireFunds({ state, switches, now }: Call, study: Study, price: Pots, own?: Bulk): void {
  const free = available(state, switches, workspaceOf(state, study.id), now);
  // What was kept aside for this very bulk is there for it.
  const kept = own && switches.balanceDrops === "at-set-up" ? own.price : NOTHING;
  const pots = { rewards: free.rewards + kept.rewards, fees: free.fees + kept.fees, vat: free.vat + kept.vat };
  if (!covers(pots, price, switches))
    throw new Refused(badRequest("Your balance is too low to pay these bonuses. Please top up your account."));
}

const NOTHING: Pots = { rewards: 0, fees: 0, vat: 0 };

function bulkRows(call: Call, study: Study, csv: string): readonly BulkRow[] {
  const { switches } = call;
  const lines = csv.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length > MANY && switches.manyRows === "400")
    throw new Refused(badRequest({ csv_bonuses: [`No more than ${MANY} bonuses can be set up at once.`] }));
  const parts = lines.map((line) => /^\s*([^,\s]+)\s*,\s*(-?[0-9]+(?:\.[0-9]+)?)\s*$/.exec(line));
  const unread = lines.filter((_, index) => !parts[index]);
  if (unread.length > 0 || lines.length === 0)
    throw new Refused(badRequest({ csv_bonuses: unread.map((line) => `Not <id>,<amount>: ${line}`) }));

  const named = parts.map((part) => ({ id: part?.[1] ?? "", amount: part?.[2] ?? "" }));
  const meant = named.map(({ id, amount }) => ({ id, amount, submission: submissionMeant(call, study, id) }));
  const foreign = meant.filter(({ submission }) => submission === undefined).map(({ id }) => id);
  if (foreign.length > 0) throw new Refused(badRequest(foreignText(call, foreign)));

  const rows = meant.flatMap(({ submission, amount }) => {
    const cents = centsOf(call, amount);
    return submission && cents > 0 ? [{ submission: submission.id, amount: cents }] : [];
  });
  return joined(call, rows);
}

function foreignText({ switches }: Call, ids: readonly string[]): Json {
  return switches.foreignIds === "unnamed"
    ? "Some of the ids are not of participants of this study."
    : `The following ids are not of participants or submissions of this study: ${ids.join(", ")}`;
}

/** A submission's id stands for it, a participant's for one of the participant's submissions to the study. */
function submissionMeant(call: Call, study: Study, id: string): Submission | undefined {
  const { state, switches } = call;
  const submission = state.submissions.get(id);
  if (submission) return submission.study === study.id ? payable(call, submission) : undefined;
  const own = rowsOf(state.submissions, state.submissionsOfStudy.get(study.id))
    .filter(({ participant }) => participant === id)
    .sort((a, b) => a.started - b.started);
  if (own.length > 1 && switches.participantRow === "400")
    throw new Refused(badRequest(`Participant ${id} has several submissions in this study.`));
  const one = switches.participantRow === "oldest" ? own[0] : own.at(-1);
  return one && payable(call, one);
}

function payable({ switches }: Call, submission: Submission): Submission | undefined {
  const unfinished = submission.status === "RESERVED" || submission.status === "ACTIVE";
  return unfinished && switches.unfinished === "400" ? undefined : submission;
}

/** Major units become cents: `1.50` is 150, and `30` is 3000. */
function centsOf({ switches }: Call, amount: string): number {
  const [whole = "", fraction = ""] = amount.replace("-", "").split(".");
  const thousandths = Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
  const odd = fraction.length > 2 || amount.startsWith("-") || thousandths === 0;
  if (odd && switches.oddAmounts === "400")
    throw new Refused(badRequest({ csv_bonuses: [`Not an amount that can be paid: ${amount}`] }));
  return amount.startsWith("-") ? 0 : Math.floor((thousandths + 5) / 10);
}

function joined({ switches }: Call, rows: readonly BulkRow[]): readonly BulkRow[] {
  const sums = new Map<string, number>();
  for (const { submission, amount } of rows) sums.set(submission, (sums.get(submission) ?? 0) + amount);
  if (sums.size === rows.length || switches.repeatedRow === "both") return rows;
  if (switches.repeatedRow === "400") throw new Refused(badRequest("A submission is named more than once."));
  return [...sums].map(([submission, amount]) => ({ submission, amount }));
}
