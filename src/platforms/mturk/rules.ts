import { money } from "../../money.ts";
import type { Money } from "../../money.ts";
import type { IdProblem, PlatformRules } from "../ports.ts";
import { EXAMPLE_LIST } from "./example-list.ts";
import { judgeFacts } from "./calibration/judge-facts.ts";

/** What is known of Amazon Mechanical Turk without asking it. */
export const mturkRules: PlatformRules = {
  name: "mturk",
  title: "Amazon Mechanical Turk",
  currencies: ["USD"],
  traits: {
    // MTurk forgets a token after 24 hours. Source: MTurk Requester Guide, “Use request tokens”. Half of it is used.
    resend: { kind: "token", forMs: 12 * 60 * 60 * 1000 },
    witness: "reference",
    completion: { kind: "immediate" },
    batch: { rows: 1, perContainer: false },
    price: "rule",
    message: "with-payment",
    membership: "scored",
    environments: ["production", "sandbox", "simulator"],
    // HITs are disposed of by themselves after 120 days, and a bonus may be paid on the last of them; a month is a guess
    // at what is usual. Source: API reference, “HIT”.
    listsForMs: 30 * 24 * 60 * 60 * 1000,
  },
  words: {
    assignment: "assignment",
    submitted: "submitted assignment",
    container: "HIT",
    group: "qualification type",
    membership: "qualification",
    // Batch results, supersubmiterator's `LABEL-bonus.csv`, nodegame's `bonus.csv`, and people's own.
    columns: {
      worker: ["workerid", "worker", "mturkworkerid", "amtworkerid", "mturkid", "amtid", "turkid"],
      assignment: ["assignmentid", "assignment", "mturkassignmentid", "assignid"],
    },
    exportColumns: { worker: "WorkerId", assignment: "AssignmentId" },
    hints: {
      unknown:
        "check the id and the environment; an assignment that was submitted a moment ago can take a quarter of an hour to appear, so try again later",
      otherWorker: "take worker and assignment from the same line of the batch results",
    },
  },
  workerProblem: (id) =>
    WORKER.test(id)
      ? unusual(id, 12, 14, "worker")
      : {
          severity: "error",
          message: "is not a worker id",
          hint: "a worker id is `A` and then capital letters and digits, twelve to fourteen in all",
        },
  assignmentProblem: (id) => entityProblem(id, "assignment"),
  containerProblem: (id) => entityProblem(id, "HIT"),
  groupProblem: (id) => entityProblem(id, "qualification type"),
  fee: bonusFee,
  feeBasis: "20 % of each bonus, at least one cent",
  exampleList: EXAMPLE_LIST,
  judgeFacts,
};

/** Source: service model mturk/2017-01-17, shapes CustomerId and EntityId. */
const WORKER = /^A[A-Z0-9]{1,63}$/;
const ENTITY = /^[A-Z0-9]{1,64}$/;

/** 20 % of the bonus, rounded half up, at least one cent. Source: MTurk pricing page. */
function bonusFee(amount: Money): Money {
  return money(Math.max(1, Math.floor((amount.minor * 20 + 50) / 100)), amount.currency);
}

function entityProblem(id: string, what: string): IdProblem | undefined {
  if (!ENTITY.test(id))
    return {
      severity: "error",
      message: `is not ${article(what)} ${what} id`,
      hint: `${article(what)} ${what} id has capital letters and digits only, and begins with 3`,
    };
  return unusual(id, 30, 40, what);
}

/** Ids of another length exist in old accounts, so they are pointed out and not refused. */
function unusual(id: string, min: number, max: number, what: string): IdProblem | undefined {
  if (id.length >= min && id.length <= max) return undefined;
  return {
    severity: "warning",
    message: `has ${id.length} characters, which is unusual for ${article(what)} ${what} id`,
    hint: `compare it with the source: ${what} ids have ${min} to ${max} characters`,
  };
}

function article(what: string): string {
  return /^[aeiou]/.test(what) ? "an" : "a";
}
