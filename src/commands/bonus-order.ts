import type { BonusOrder } from "../drafting/draw-up-bonuses.ts";
import type { Match } from "../drafting/columns.ts";
import { Failure } from "../failure.ts";
import type { DraftOptions } from "./draft-options.ts";
import { outPath, readExport } from "./draft-shell.ts";
import { placeOf } from "./terminal.ts";

/** How messages call what is asked for. */
export const OPTION_NAMES = {
  amount: "--amount",
  max: "--max",
  where: "--where",
  match: "--match",
  round: "--round half-up",
} as const;

/** What the options ask for, with the files read. */
export async function bonusOrder(options: DraftOptions): Promise<BonusOrder> {
  if (options.batch === undefined)
    throw new Failure(
      "no file is given to draft bonuses from",
      "give it with --batch FILE; on a terminal, `mergepay draft` asks for everything",
    );
  return {
    batch: await readExport(options.batch),
    scores: options.scores === undefined ? undefined : await readExport(options.scores),
    match: options.match === undefined ? undefined : matchOf(options.match),
    amount: options.amount,
    max: options.max,
    where: options.where,
    reason: options.reason,
    rounding: roundingOf(options.round),
    label: options.label ?? "",
    worker: options.worker,
    assignment: options.assignment,
    study: options.study,
    path: await outPath(options),
    environment: placeOf(options).environment ?? "production",
    names: OPTION_NAMES,
  };
}

/** Two names of columns with an equals sign between them. */
export function matchOf(text: string): Match {
  const [, batch = "", scores = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (batch !== "" && scores !== "") return { batch: batch.trim(), scores: scores.trim() };
  throw new Failure(
    `--match ${text} does not name two columns`,
    "write the batch's column, an equals sign and the other file's: --match Answer.surveycode=RandomID",
  );
}

function roundingOf(text: string | undefined): BonusOrder["rounding"] {
  if (text === undefined) return "refuse";
  if (text === "half-up") return "half-up";
  throw new Failure(`there is no rounding ${text}`, "the one that there is: --round half-up");
}
