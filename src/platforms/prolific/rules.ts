import { money } from "../../money.ts";
import type { Money } from "../../money.ts";
import { EXAMPLE_LIST } from "./example-list.ts";
import type { IdProblem, PlatformRules, PlatformSettings } from "../ports.ts";

const HOUR_MS = 60 * 60 * 1000;

/** Payments show within minutes, as a rule: they are looked for about twenty. */
const POLLS_MS = [15, 30, 60, 120, 240, 300, 300].map((seconds) => seconds * 1000);

/** What is known of Prolific without asking it, and what a lab's policy says of its workspace there. */
export const prolificRules: PlatformRules = rulesUnder({});

/**
 * 33.3 % is what academic and non-profit researchers pay, without tax. Source: Prolific's pricing page as quoted in July
 * 2026; companies pay 42.8 %, and VAT comes on the fee where a country asks for it.
 */
function rulesUnder({
  feeRate = 33_300,
  vatRate = 0,
  rowsPerOrder = 100,
  horizonHours = 72,
}: PlatformSettings): PlatformRules {
  return {
    name: "prolific",
    title: "Prolific",
    // Source: Prolific's API reference, reward recommendations; a study is paid in the currency of its workspace.
    currencies: ["GBP", "USD"],
    traits: {
      // A repeated order pays again. Source: Prolific's API reference, “Pay bulk bonus payments”.
      resend: { kind: "never" },
      witness: "amounts",
      completion: { kind: "later", pollMs: POLLS_MS, horizonMs: horizonHours * HOUR_MS },
      batch: { rows: rowsPerOrder, perContainer: true },
      price: "quote",
      message: "none",
      membership: "plain",
      environments: ["production", "simulator"],
    },
    words: {
      assignment: "submission",
      submitted: "submission",
      container: "Prolific study",
      group: "participant group",
      membership: "group",
      // The export of submissions, and the names that a study's address hands to a survey.
      columns: {
        worker: ["participantid", "participant", "prolificpid", "prolificid", "pid", "workerid", "worker"],
        assignment: ["submissionid", "submission", "prolificsessionid", "sessionid"],
      },
      exportColumns: { worker: "Participant id", assignment: "Submission id" },
      hints: {
        unknown:
          "look whether `submission` holds the id of the participant or of the Prolific study: they all look alike. The export calls it Submission id, and surveys SESSION_ID",
        otherWorker:
          "take submission and participant from the same line of the export, or leave the participant out: Prolific knows whose a submission is",
      },
    },
    workerProblem: (id) => idProblem(id, "a participant id"),
    assignmentProblem: (id) => idProblem(id, "a submission id"),
    containerProblem: (id) => idProblem(id, "the id of a Prolific study"),
    groupProblem: (id) => idProblem(id, "the id of a participant group"),
    workspaceProblem: (id) => idProblem(id, "the id of a workspace"),
    fee: (amount) => feeAtMost(amount, feeRate, vatRate),
    feeBasis: `about ${percent(feeRate)} platform fee${vatRate > 0 ? ` and ${percent(vatRate)} VAT on it` : ""}, by the policy; Prolific tells the exact price before paying`,
    exampleList: EXAMPLE_LIST,
    under: rulesUnder,
  };
}

/** Thousandths of a percent in the whole. */
const WHOLE = 100_000;

/**
 * Fee and tax, each rounded up: Prolific does not say how it rounds, nor whether by row or by order, and what is planned
 * must never be less than what it asks.
 */
function feeAtMost({ minor, currency }: Money, feeRate: number, vatRate: number): Money {
  const fee = Math.ceil((minor * feeRate) / WHOLE);
  return money(fee + Math.ceil((fee * vatRate) / WHOLE), currency);
}

/** `33.3 %` */
function percent(rate: number): string {
  return `${rate / 1000} %`;
}

/** Every kind of id looks the same here; only Prolific can tell them apart. Source: examples of its API reference. */
const ID = /^[0-9a-f]{24}$/;

function idProblem(id: string, what: string): IdProblem | undefined {
  return ID.test(id) ? undefined : { severity: "error", message: `is not ${what}`, hint: hintFor(id) };
}

function hintFor(id: string): string {
  if (/^\{\{%.*%\}\}$/.test(id) || /^(PROLIFIC_PID|STUDY_ID|SESSION_ID)$/.test(id))
    return "the survey kept Prolific's placeholder instead of what it stands for: look how the study's address hands it over";
  if (/^[0-9a-f]{24}@email\.prolific\.com?$/.test(id)) return "write the part before the @ alone";
  if (/^A[A-Z0-9]{9,19}$/.test(id))
    return "this looks like a worker id of Amazon Mechanical Turk: those lists have no `platform: prolific`";
  if (/^3[A-Z0-9]{25,39}$/.test(id))
    return "this looks like an id of Amazon Mechanical Turk: those lists have no `platform: prolific`";
  return "an id of Prolific is 24 digits and letters from a to f, such as 5f8d0d55b54764421b7156d2";
}
