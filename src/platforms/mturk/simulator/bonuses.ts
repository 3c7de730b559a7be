import { DAY_MS } from "../../simulator/times.ts";
import { type Call, type Decision, Refused, seconds } from "./call.ts";
import { centsOf, decimal } from "../../simulator/cents.ts";
import { bonusFee } from "./fees.ts";
import { debit } from "./funds.ts";
import { type JsonObject, requiredText, textOf } from "../../simulator/json.ts";
import { doesNotExist, hitOf, requireWorker, submittedAssignment } from "./lookups.ts";
import { page } from "./pages.ts";
import { invalidValue, outOfRange, parameterError, requestError } from "./refusal.ts";
import { rowsOf } from "../../simulator/tables.ts";
import { type Assignment, type Bonus, put } from "./state.ts";
import type { Switches } from "./switches.ts";

const SIX_MONTHS_MS = 183 * DAY_MS;

export function sendBonus(call: Call, input: JsonObject): Decision {
  const { state, switches, now } = call;
  const worker = requiredText(input, "WorkerId");
  const amount = centsOf(requiredText(input, "BonusAmount"));
  const reason = requiredText(input, "Reason");
  const token = textOf(input, "UniqueRequestToken");
  refuseOddSizes(switches, amount, reason);

  const assignment = submittedAssignment(call, requiredText(input, "AssignmentId"), "Submitted,Approved,Rejected");
  const hit = state.hits.get(assignment.hit);
  if (hit?.disposed !== undefined && switches.disposedBonus === "refused") throw doesNotExist(assignment.id);
  requireWorker(call, worker);
  if (assignment.worker !== worker) throw new Refused(invalidValue("WorkerId", worker));
  if (lastSubmission(call, assignment) + SIX_MONTHS_MS < now)
    throw new Refused(
      // What MTurk says here was never seen in a capture.
      requestError(
        "PermissionDeniedException",
        "The Worker has not worked for this Requester within the last 6 months.",
      ),
    );

  const bonus: Bonus = {
    id: call.newId(),
    assignment: assignment.id,
    hit: assignment.hit,
    worker,
    amount,
    fee: bonusFee(amount),
    reason,
    at: now,
    requestId: call.requestId,
    ...(token === undefined ? {} : { token }),
  };
  return {
    changes: [
      ...debit(call, "bonus", bonus.id, bonus.amount, bonus.fee),
      put("bonuses", bonus.id, bonus),
      put("mails", bonus.id, {
        to: worker,
        about: "bonus",
        subject: `You have been paid a bonus of $${decimal(amount)}`,
        text: reason,
        at: now,
      }),
    ],
  };
}

export function listBonusPayments(call: Call, input: JsonObject): Decision {
  const { state, switches, now } = call;
  const hit = textOf(input, "HITId");
  const assignment = textOf(input, "AssignmentId");
  if (hit === undefined && assignment === undefined)
    throw new Refused(parameterError("HITId", "Either the HITId or the AssignmentId parameter must be specified."));
  if (hit !== undefined && assignment !== undefined && switches.bonusBothIds === "refused")
    throw new Refused(parameterError("HITId", "Only one of HITId and AssignmentId can be specified."));

  const bonuses =
    assignment === undefined
      ? rowsOf(state.bonuses, state.bonusesOfHit.get(listedHit(call, hit ?? "")))
      : rowsOf(state.bonuses, state.bonusesOfAssignment.get(listedAssignment(call, assignment)));
  const visible = bonuses.filter((each) => now >= each.at + switches.bonusListingLagSeconds * 1000);
  return {
    output: page(call, input, "BonusPayments", inOrder(visible, switches.bonusOrder), (each) => ({
      WorkerId: each.worker,
      BonusAmount: decimal(each.amount, switches.amountForm),
      AssignmentId: each.assignment,
      Reason: told(each.reason, switches.reason),
      GrantTime: seconds(each.at),
    })),
  };
}

function refuseOddSizes(switches: Switches, amount: number, reason: string): void {
  if (amount === 0 && switches.zeroBonus === "refused")
    throw new Refused(
      parameterError("BonusAmount", "The value 0 is invalid for BonusAmount.", "AWS.ParameterOutOfRange"),
    );
  if (switches.bonusMaxCents > 0 && amount > switches.bonusMaxCents)
    throw new Refused(
      parameterError(
        "BonusAmount",
        `The value ${decimal(amount)} is invalid for BonusAmount. Valid values range from 0.01 to ${decimal(switches.bonusMaxCents)}.`,
        "AWS.ParameterOutOfRange",
      ),
    );
  if (switches.reasonLengthMax > 0 && reason.length > switches.reasonLengthMax)
    throw new Refused(outOfRange("Reason", reason.length, 0, switches.reasonLengthMax));
}

/** The old assignment of a busy worker can still be paid: what counts is the worker's last one. */
function lastSubmission({ state }: Call, assignment: Assignment): number {
  const all = rowsOf(state.assignments, state.assignmentsOfWorker.get(assignment.worker));
  return all.reduce((last, each) => Math.max(last, each.submitted ?? 0), 0);
}

function listedHit(call: Call, id: string): string {
  const disposed = call.state.hits.get(id)?.disposed !== undefined;
  return disposed && call.switches.disposedBonusListing === "listed" ? id : hitOf(call, id).id;
}

function listedAssignment(call: Call, id: string): string {
  const assignment = call.state.assignments.get(id);
  if (!assignment) throw doesNotExist(id);
  const disposed = call.state.hits.get(assignment.hit)?.disposed !== undefined;
  if (disposed && call.switches.disposedBonusListing === "refused") throw doesNotExist(id);
  return id;
}

function inOrder(bonuses: readonly Bonus[], order: Switches["bonusOrder"]): readonly Bonus[] {
  switch (order) {
    case "oldest-first":
      return bonuses;
    case "newest-first":
      return bonuses.toReversed();
    case "shuffled":
      return bonuses.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function told(reason: string, how: string): string {
  if (how === "collapsed-whitespace") return reason.replace(/\s+/g, " ").trim();
  if (how === "uppercased") return reason.toUpperCase();
  return how.startsWith("truncated ") ? reason.slice(0, Number(how.slice("truncated ".length))) : reason;
}
