import { createHash } from "node:crypto";
import { type Json, type JsonObject, textOf, textsOf } from "../../simulator/json.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { iso } from "../../simulator/times.ts";
import { type Asked, type Call, type Decision, Refused } from "./call.ts";
import { double } from "./doubles.ts";
import { byOffset, byPage } from "./listing.ts";
import { theStudy, theSubmission } from "./lookups.ts";
import { badRequest } from "./refusal.ts";
import { type Change, type Payment, put, STATUSES, type Submission } from "./state.ts";

export function getSubmission(call: Call, { ids }: Asked): Decision {
  const { id, participant, status, study, started, completed, code } = theSubmission(call, ids[0]);
  const entries = shownEntries(call, id).map(double);
  return {
    output: {
      id,
      status,
      study_id: study,
      participant,
      started_at: iso(started),
      completed_at: completed === undefined ? null : iso(completed),
      entered_code: code ?? null,
      return_requested: null,
      ...paymentsMember(call, entries),
    },
  };
}

/** `?study=`, with a filter on the status, by `page` and `page_size`. */
export function listSubmissions(call: Call, asked: Asked): Decision {
  const study = asked.query.get("study");
  if (study === null) throw new Refused(badRequest({ study: ["This field is required."] }));
  const status = asked.query.get("status")?.replaceAll("_", " ");
  const rows = ofStudy(call, study).filter((each) => status === undefined || plainStatus(each) === status);
  return {
    output: byPage(
      call,
      asked,
      rows.map((each) => listed(call, each)),
    ),
  };
}

/** The official client pages by `limit` and `offset`, 200 at a time. */
export function listStudySubmissions(call: Call, asked: Asked): Decision {
  const rows = ofStudy(call, theStudy(call, asked.ids[0]).id);
  const items = rows.map((each) => ({ ...listed(call, each), ...listedPayments(call, each) }));
  return { output: byOffset(call, asked, items, 200) };
}

export function countSubmissions(call: Call, { ids }: Asked): Decision {
  const rows = ofStudy(call, theStudy(call, ids[0]).id);
  const counts = STATUSES.map((status) => [status, rows.filter((each) => each.status === status).length] as const);
  return { output: { ...Object.fromEntries(counts), TOTAL: rows.length } };
}

/** A request that asks for what is so already is ignored. */
export function transition(call: Call, { ids, input }: Asked): Decision {
  const submission = theSubmission(call, ids[0]);
  const action = textOf(input, "action") ?? "";
  const move = MOVES[action];
  if (!move) throw new Refused(badRequest({ action: [`"${action}" is not a valid choice.`] }));
  if (action === "REJECT") requireReasons(input);
  if (submission.status === move.to) return { output: shortForm(submission) };
  if (!move.from.includes(submission.status))
    throw new Refused(badRequest(`A submission that is ${submission.status} cannot be changed to ${move.to}.`));
  const moved = { ...submission, status: move.to, ...(action === "COMPLETE" ? { completed: call.now } : {}) };
  return { output: shortForm(moved), changes: [put("submissions", moved.id, moved)] };
}

/** `{submission_ids}`, or `{study_id, participant_ids}`. Those that cannot be approved are passed over. */
export function bulkApprove(call: Call, { input }: Asked): Decision {
  const ids = textsOf(input, "submission_ids");
  const participants = textsOf(input, "participant_ids") ?? [];
  const rows = ids
    ? ids.map((id) => theSubmission(call, id))
    : ofStudy(call, theStudy(call, textOf(input, "study_id")).id).filter(({ participant }) =>
        participants.includes(participant),
      );
  return {
    output: { message: "The request to bulk approve has been made successfully." },
    changes: rows.filter(({ status }) => MOVES["APPROVE"]?.from.includes(status)).map(approved),
  };
}

type Status = Submission["status"];

const MOVES: Readonly<Record<string, { readonly from: readonly Status[]; readonly to: Status }>> = {
  START: { from: ["RESERVED"], to: "ACTIVE" },
  COMPLETE: { from: ["ACTIVE", "TIMED-OUT"], to: "AWAITING REVIEW" },
  APPROVE: { from: ["AWAITING REVIEW"], to: "APPROVED" },
  REJECT: { from: ["AWAITING REVIEW"], to: "REJECTED" },
  UNREJECT: { from: ["REJECTED"], to: "AWAITING REVIEW" },
  RETURN: { from: ["RESERVED", "ACTIVE", "TIMED-OUT", "AWAITING REVIEW"], to: "RETURNED" },
  UNRETURN: { from: ["RETURNED"], to: "ACTIVE" },
  SCREEN_OUT: { from: ["ACTIVE", "AWAITING REVIEW"], to: "SCREENED OUT" },
};

const CATEGORIES =
  /^(TOO_QUICKLY|TOO_SLOWLY|FAILED_INSTRUCTIONS|INCOMP_LONGITUDINAL|FAILED_CHECK|LOW_EFFORT|MALINGERING|NO_CODE|BAD_CODE|NO_DATA|UNSUPP_DEVICE|OTHER)$/;

function requireReasons(input: JsonObject): void {
  if (!CATEGORIES.test(textOf(input, "rejection_category") ?? ""))
    throw new Refused(badRequest({ rejection_category: ["This is not a valid choice."] }));
  if ((textOf(input, "message") ?? "").length < 100)
    throw new Refused(badRequest({ message: ["Ensure this field has at least 100 characters."] }));
}

function approved(submission: Submission): Change {
  return put("submissions", submission.id, { ...submission, status: "APPROVED" });
}

function ofStudy({ state }: Call, study: string): readonly Submission[] {
  return rowsOf(state.submissions, state.submissionsOfStudy.get(study));
}

function plainStatus({ status }: Submission): string {
  return status.replaceAll("-", " ");
}

function shortForm({ id, status, participant }: Submission): JsonObject {
  return { id, status, participant };
}

/** Lists call the participant `participant_id`; the detail calls it `participant`. */
function listed(call: Call, submission: Submission): JsonObject {
  const { id, participant, status, study, started, completed, code } = submission;
  const others = ofStudy(call, study).some((each) => each.participant === participant && each.id !== id);
  return {
    id,
    participant_id: participant,
    status,
    started_at: iso(started),
    completed_at: completed === undefined ? null : iso(completed),
    has_siblings: others,
    study_code: code ?? null,
    return_requested: null,
  };
}

function listedPayments(call: Call, { id }: Submission): JsonObject {
  switch (call.switches.listedPayments) {
    case "no":
      return {};
    case "cents":
      return paymentsMember(call, shownEntries(call, id).map(double));
    case "major":
      return paymentsMember(
        call,
        shownEntries(call, id).map((cents) => double(cents / 100)),
      );
  }
}

function paymentsMember({ switches }: Call, entries: readonly Json[]): JsonObject {
  if (entries.length > 0) return { bonus_payments: entries };
  switch (switches.noPayments) {
    case "list":
      return { bonus_payments: [] };
    case "null":
      return { bonus_payments: null };
    case "missing":
      return {};
  }
}

/** The amounts in cents that a submission shows: bare numbers, whoever paid them. */
function shownEntries({ state, switches }: Call, submission: string): readonly number[] {
  const shown = ({ source }: Payment) =>
    source === "screen-out" ? switches.screenOutListed : source !== "adjustment" || switches.adjustmentListed;
  const payments = rowsOf(state.payments, state.paymentsOfSubmission.get(submission)).filter(shown);
  const amounts = payments.map(({ amount }) => amount);
  switch (switches.entries) {
    case "each":
      return amounts;
    case "sum":
      return amounts.length === 0 ? [] : [amounts.reduce((sum, each) => sum + each, 0)];
    case "shuffled":
      return payments
        .map(({ id, amount }) => ({ amount, order: createHash("sha256").update(id).digest("hex") }))
        .sort((a, b) => (a.order < b.order ? -1 : 1))
        .map(({ amount }) => amount);
  }
}
