import { displayMoney, formatMoney, money, sumMoney } from "../money.ts";
import { generateWorld } from "../platforms/prolific/simulator/generate-world.ts";
import { isObject, numberOf } from "../platforms/simulator/json.ts";
import type { JsonObject } from "../platforms/simulator/json.ts";
import { groupSizes, moneyNamed, objectsIn, textNamed } from "./json-rows.ts";
import { byWorker } from "./study.ts";
import type { Moved, Order, Owed, Study } from "./study.ts";

const STUDIES = 4;
const SUBMISSIONS = 120;
const PREPAID = money(200_00, "GBP");
const GROUP = "took-part-in-wave-1";
const RULE = "50 pence for part 1 of the study, and 10 pence more for each later part";
/** Which order's answer is lost. */
const ANSWER_LOST = 2;

/** Four studies, a bonus for each of their submissions, and a participant group. */
export const PROLIFIC_STUDY: Study = {
  platform: "prolific",
  title: "Prolific",
  article: "a Prolific",
  init: "mergepay init --platform prolific",
  journal: "prolific.journal",
  world: generateWorld({
    studies: STUDIES,
    submissions: SUBMISSIONS,
    seed: 1,
    currency: "GBP",
    balance: formatMoney(PREPAID),
  }),
  bonuses: SUBMISSIONS,
  orders: STUDIES,
  groups: { [GROUP]: 12 },
  groupsIn: (state) => groupSizes(objectsIn(state["groups"]), objectsIn(state["members"]), "group"),
  prepaid: PREPAID,
  words: {
    over: [
      `Prolific holds ${STUDIES} studies with ${SUBMISSIONS} submissions. The workspace has ${displayMoney(PREPAID)} of pretend money.`,
      `Each gets a bonus: ${RULE}. A participant group is to be made as well.`,
    ],
    loss: [
      "Prolific takes one order for each study, says what it costs, and pays it some minutes later. What is about to be ordered is first written down on the branch receipts.",
      `The connection breaks while Prolific confirms order ${ANSWER_LOST}: it will be paid, and the answer never arrives. Given again, it would be paid again.`,
    ],
    found: (_reference, times) =>
      `The order without an answer: mergepay read each of its submissions until the amount appeared there that was not there before. Prolific was asked for it ${times}. One of its rows, with what was listed before (baseline) and after:`,
    belongs: "A bonus belongs to its submission, wherever its line stands.",
  },
  owedIn,
  manifest,
  ordersIn,
  loseAnswer: { operation: "pay-bonuses", after: ANSWER_LOST - 1, fault: { kind: "drop-after" } },
  booksIn,
};

/** Every submission that Prolific holds, and what {@link RULE} gives for it. */
function owedIn(state: JsonObject): readonly Owed[] {
  const parts = new Map(objectsIn(state["studies"]).map((study, index) => [textNamed(study, "id"), index]));
  return objectsIn(state["submissions"]).map((submission) => {
    const part = parts.get(textNamed(submission, "study"));
    if (part === undefined) throw new Error("a submission of no study");
    return {
      worker: textNamed(submission, "participant"),
      assignment: textNamed(submission, "id"),
      amount: money(50 + 10 * part, "GBP"),
    };
  });
}

function manifest(owed: readonly Owed[], comment: string): string {
  const bonuses = owed.map(
    ({ assignment, amount }) => `  - { submission: ${assignment}, amount: ${formatMoney(amount)} }`,
  );
  const workers = [...new Set(byWorker(owed).map(({ worker }) => worker))];
  return `# yaml-language-server: $schema=../schemas/manifest.schema.json
# ${comment}
study: demo-study
platform: prolific
environment: simulator
currency: GBP
reason: Thank you for taking part in wave 1.

bonuses:
${bonuses.join("\n")}

qualifications:
  - name: ${GROUP}
    create: { description: Took part in wave 1 }
    grant:
${workers
  .slice(0, 12)
  .map((worker) => `      - { worker: ${worker} }`)
  .join("\n")}
`;
}

/** An order names a bulk; what is in it was said when it was set up. The same bulks come in the same order. */
function ordersIn(calls: readonly JsonObject[]): readonly Order[] {
  const setUps = calls.filter(({ operation }) => operation === "set-up-bonuses");
  const pays = calls.filter(({ operation }) => operation === "pay-bonuses");
  return pays.map((call, index) => {
    const input = setUps[index]?.["input"];
    const csv = isObject(input) ? textNamed(input, "csv_bonuses") : "";
    return {
      assignments: csv.split("\n").map((line) => line.split(",")[0] ?? ""),
      effect: call["effect"] === true,
      answerLost: numberOf(call, "status") === 0,
    };
  });
}

function booksIn(state: JsonObject): Moved {
  const people = new Map(
    objectsIn(state["submissions"]).map((each) => [textNamed(each, "id"), textNamed(each, "participant")]),
  );
  const [workspace] = objectsIn(state["workspaces"]);
  return {
    bonuses: objectsIn(state["payments"]).map((payment) => {
      const assignment = textNamed(payment, "submission");
      return { worker: people.get(assignment) ?? "", assignment, amount: moneyNamed(payment, "amount", "GBP") };
    }),
    fees: sumMoney(
      objectsIn(state["debits"]).map((debit) => moneyNamed(debit, "fees", "GBP")),
      "GBP",
    ),
    balance: moneyNamed(workspace ?? {}, "balance", "GBP"),
  };
}
