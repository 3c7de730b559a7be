import { guessColumn, guessMatch, guessPlatform } from "../../drafting/columns.ts";
import type { Match } from "../../drafting/columns.ts";
import type { BonusOrder } from "../../drafting/draw-up-bonuses.ts";
import { USUAL_REASON } from "../../drafting/draw-up-bonuses.ts";
import { studyNamed } from "../../drafting/study-name.ts";
import type { ExportedFile, ReadTable, Table } from "../../drafting/table.ts";
import type { Environment } from "../../platforms/ports.ts";

/** A file that was dropped, and what could be read of it. */
export interface LoadedFile extends ReadTable {
  readonly file: ExportedFile;
}

/** What the fields of the page hold: texts as they were typed, names of columns as they were chosen. */
export interface Form {
  readonly worker: string;
  readonly assignment: string;
  readonly batchCode: string;
  readonly scoresCode: string;
  readonly amount: string;
  readonly max: string;
  readonly where: string;
  readonly rounds: boolean;
  readonly reason: string;
  readonly study: string;
  readonly label: string;
  readonly environment: Environment;
}

export const BLANK: Form = {
  worker: "",
  assignment: "",
  batchCode: "",
  scoresCode: "",
  amount: "",
  max: "",
  where: "",
  rounds: false,
  reason: USUAL_REASON,
  study: "",
  label: "",
  environment: "production",
};

/** Fills in what the files suggest. */
export function suggested(batch: Table, scores: Table | undefined): Partial<Form> {
  const match = scores && guessMatch(batch, scores);
  const rules = guessPlatform(batch);
  return {
    worker: guessColumn(batch, "worker", rules) ?? "",
    assignment: guessColumn(batch, "assignment", rules) ?? "",
    batchCode: match?.batch ?? "",
    scoresCode: match?.scores ?? "",
    amount: (scores && guessColumn(scores, "amount", rules)) ?? guessColumn(batch, "amount", rules) ?? "",
    where: hasPreviews(scores) ? 'Status != "Survey Preview"' : "",
    study: studyNamed(batch.name),
  };
}

/** Qualtrics exports what its authors tried out, too. */
function hasPreviews(scores: Table | undefined): boolean {
  const column = scores?.columns.indexOf("Status") ?? -1;
  return scores?.rows.some(({ cells }) => cells[column] === "Survey Preview") ?? false;
}

/** How messages call the fields. */
export const FIELD_NAMES = {
  amount: "amount",
  max: "max",
  where: "where",
  match: "match",
  round: "“Round half up”",
} as const;

export function orderOf(form: Form, batch: LoadedFile, scores: LoadedFile | undefined): BonusOrder {
  const match: Match | undefined =
    form.batchCode !== "" && form.scoresCode !== "" ? { batch: form.batchCode, scores: form.scoresCode } : undefined;
  return {
    batch: batch.file,
    scores: scores?.file,
    match,
    worker: given(form.worker),
    assignment: given(form.assignment),
    amount: given(form.amount),
    max: given(form.max),
    where: given(form.where),
    rounding: form.rounds ? "half-up" : "refuse",
    reason: given(form.reason),
    study: given(form.study),
    label: form.label.trim(),
    environment: form.environment,
    names: FIELD_NAMES,
  };
}

function given(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim();
}
