import { formatMoney, displayMoney, money, sumMoney } from "../money.ts";
import { generateWorld } from "../platforms/mturk/simulator/generate-world.ts";
import { isObject, numberOf } from "../platforms/simulator/json.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { groupSizes, moneyNamed, objectsIn, textNamed } from "./json-rows.ts";
import { byWorker } from "./study.ts";
import type { Moved, Order, Owed, Study } from "./study.ts";

const TASKS = 40;
const ASSIGNMENTS = 300;
const PREPAID = money(600_00, "USD");
const KNOWN_TYPE = "may-be-asked-again";
const NEW_TYPE = "took-part-in-wave-1";
const RULE = "52 cents for part 1 of the study, and 2 cents more for each later part";
/** Which order's answer is lost. */
const ANSWER_LOST = 42;

/** Forty HITs, a bonus for each of their assignments, and two qualifications. */
export const MTURK_STUDY: Study = {
  platform: "mturk",
  title: "MTurk",
  article: "an MTurk",
  init: "mergepay init",
  journal: "mturk.journal",
  world: `balance: ${formatMoney(PREPAID)}
${generateWorld({ hits: TASKS, assignments: ASSIGNMENTS, seed: 1 })}
qualificationTypes:
  - { name: ${KNOWN_TYPE}, description: May be asked again }
`,
  bonuses: ASSIGNMENTS,
  orders: ASSIGNMENTS,
  groups: { [KNOWN_TYPE]: 5, [NEW_TYPE]: 12 },
  groupsIn: (state) => groupSizes(objectsIn(state["qualificationTypes"]), objectsIn(state["holders"]), "type"),
  prepaid: PREPAID,
  words: {
    over: [
      `MTurk holds ${TASKS} tasks (HITs) with ${ASSIGNMENTS} submitted assignments. The account has ${displayMoney(PREPAID)} of pretend money.`,
      `Each gets a bonus: ${RULE}. There are two qualifications to grant as well.`,
    ],
    loss: [
      "What is about to be paid is first written down on the branch receipts, a hundred rows at a time. Then it is paid.",
      `The connection breaks while MTurk confirms bonus ${ANSWER_LOST}: it has paid, and its answer never arrives.`,
    ],
    found: (reference, times) =>
      `The bonus without an answer: mergepay looked at MTurk's list of paid bonuses and found the reference ${reference} there. MTurk was asked for it ${times}. Its row:`,
    belongs: "A bonus belongs to its assignment, wherever its line stands.",
  },
  owedIn,
  manifest,
  ordersIn: (calls) => calls.filter(({ operation }) => operation === "SendBonus").map(orderOf),
  loseAnswer: { operation: "SendBonus", after: ANSWER_LOST - 1, fault: { kind: "drop-after" } },
  booksIn,
};

/** Every assignment that MTurk holds, and what {@link RULE} gives for it. */
function owedIn(state: JsonObject): readonly Owed[] {
  const parts = new Map(objectsIn(state["hits"]).map((hit, index) => [textNamed(hit, "id"), index + 1]));
  return objectsIn(state["assignments"]).map((assignment) => {
    const part = parts.get(textNamed(assignment, "hit"));
    if (part === undefined) throw new Error("an assignment of no HIT");
    return {
      worker: textNamed(assignment, "worker"),
      assignment: textNamed(assignment, "id"),
      amount: money(50 + 2 * part, "USD"),
    };
  });
}

function manifest(owed: readonly Owed[], comment: string): string {
  const bonuses = owed.map(
    ({ worker, assignment, amount }) =>
      `  - { worker: ${worker}, assignment: ${assignment}, amount: ${formatMoney(amount)} }`,
  );
  const workers = [...new Set(byWorker(owed).map(({ worker }) => worker))];
  return `# yaml-language-server: $schema=../schemas/manifest.schema.json
# ${comment}
study: demo-study
environment: simulator
reason: Thank you for taking part in wave 1.

bonuses:
${bonuses.join("\n")}

qualifications:
  - name: ${NEW_TYPE}
    create: { description: Took part in wave 1 }
    grant:
${workers.slice(0, 12).map(grant).join("\n")}
  - name: ${KNOWN_TYPE}
    grant:
${workers.slice(0, 5).map(grant).join("\n")}
`;
}

function grant(worker: string): string {
  return `      - { worker: ${worker} }`;
}

function orderOf(call: JsonObject): Order {
  const { input } = call;
  return {
    assignments: isObject(input) ? [textNamed(input, "AssignmentId")] : [],
    effect: call["effect"] === true,
    answerLost: numberOf(call, "status") === 0,
  };
}

function booksIn(state: JsonObject): Moved {
  const listed = objectsIn(state["bonuses"]);
  return {
    bonuses: listed.map((row) => ({
      worker: textNamed(row, "worker"),
      assignment: textNamed(row, "assignment"),
      amount: moneyNamed(row, "amount", "USD"),
    })),
    fees: sumMoney(
      listed.map((row) => moneyNamed(row, "fee", "USD")),
      "USD",
    ),
    balance: moneyNamed(state, "balance", "USD"),
  };
}
