import { type Actions, objectIn } from "../../simulator/control.ts";
import { type Json, type JsonObject, textOf, textsOf } from "../../simulator/json.ts";
import { cents, needed } from "../../simulator/world-text.ts";
import type { Account } from "./account.ts";
import type { Call } from "./call.ts";
import { debited } from "./funds.ts";
import { keyOf } from "./groups.ts";
import { priceOf } from "./price.ts";
import { type Change, type Payment, put, remove, type Submission } from "./state.ts";

/** What happens to submissions and groups without a call of the API. Each throws an Error where it is not possible. */
export function byHandActions(account: Account): Actions {
  return {
    /** A person pays in the web app, at once: `{submission, amount}`. */
    "POST /console-bonus": (input) => deed(account, input, (call, asked) => paid(call, asked, "console")),
    /** A submission ends early and gets the fixed reward for that: `{submission, reward}`. */
    "POST /screen-out": (input) =>
      deed(account, input, (call, asked) => {
        const submission = theOne(call, asked);
        return [
          put("submissions", submission.id, { ...submission, status: "SCREENED OUT", completed: call.now }),
          ...paid(call, { ...asked, amount: needed(asked, "reward", "screen-out") }, "screen-out"),
        ];
      }),
    /** Prolific pays more for a study that took longer than it said: `{submission, amount}`. */
    "POST /adjustment": (input) => deed(account, input, (call, asked) => paid(call, asked, "adjustment")),
    /** A participant hands in: `{study, participant}` → `{submission}`. */
    "POST /submit": (input) => deed(account, input, submitted),
    /** A study's completion code changes a group: `{group, add?, remove?}`. */
    "POST /members": (input) => deed(account, input, membersChanged),
  };
}

function deed(
  account: Account,
  input: Json,
  changesOf: (call: Call, asked: JsonObject) => readonly Change[],
): JsonObject {
  let made: readonly Change[] = [];
  account.change((call) => {
    made = changesOf(call, objectIn(input));
    return made;
  });
  return { changed: made.map(({ table, key }) => `${table} ${key}`) };
}

function paid(call: Call, asked: JsonObject, source: Payment["source"]): readonly Change[] {
  const submission = theOne(call, asked);
  const study = call.state.studies.get(submission.study);
  if (!study) throw new Error(`there is no study ${submission.study}`);
  const id = call.newId();
  const amount = cents(needed(asked, "amount", source), "amount");
  const price = priceOf([{ amount }], call.switches);
  return [
    put("payments", id, { id, submission: submission.id, study: study.id, amount, at: call.now, source }),
    ...debited(call.state, study, price, { key: id, for: source, at: call.now }),
  ];
}

function submitted(call: Call, asked: JsonObject): readonly Change[] {
  const study = needed(asked, "study", "submit");
  const participant = needed(asked, "participant", "submit");
  if (!call.state.studies.has(study)) throw new Error(`there is no study ${study}`);
  const id = call.newId();
  const started = call.now - 10 * 60_000;
  return [
    put("participants", participant, { participant }),
    put("submissions", id, { id, study, participant, status: "AWAITING REVIEW", started, completed: call.now }),
  ];
}

function membersChanged(call: Call, asked: JsonObject): readonly Change[] {
  const group = needed(asked, "group", "members");
  if (!call.state.groups.has(group)) throw new Error(`there is no group ${group}`);
  return [
    ...(textsOf(asked, "add") ?? []).map((participant) =>
      put("members", keyOf({ id: group }, participant), { group, participant, added: call.now }),
    ),
    ...(textsOf(asked, "remove") ?? []).map((participant) => remove("members", keyOf({ id: group }, participant))),
  ];
}

function theOne({ state }: Call, asked: JsonObject): Submission {
  const id = textOf(asked, "submission") ?? "";
  const submission = state.submissions.get(id);
  if (!submission) throw new Error(`there is no submission ${id}`);
  return submission;
}
