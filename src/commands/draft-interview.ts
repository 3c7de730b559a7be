import { guessColumn, guessMatch, guessPlatform } from "../drafting/columns.ts";
import type { Match } from "../drafting/columns.ts";
import { USUAL_REASON } from "../drafting/draw-up-bonuses.ts";
import { isFormula, readFormula } from "../drafting/formulas.ts";
import type { Sources } from "../drafting/sources.ts";
import { studyNamed } from "../drafting/study-name.ts";
import { readTable } from "../drafting/table.ts";
import type { Table } from "../drafting/table.ts";
import { isSlug, slugOf } from "../manifest/fields.ts";
import { amountHint } from "../manifest/amount-hint.ts";
import { parseMoney } from "../money.ts";
import { stops } from "../problem.ts";
import { problemsText } from "../report/problems.ts";
import type { Style } from "../report/style.ts";
import { matchOf } from "./bonus-order.ts";
import type { DraftOptions } from "./draft-options.ts";
import { readExport } from "./draft-shell.ts";
import { foundExports } from "./found-exports.ts";
import type { Questions } from "./questions.ts";

/** The answers of a person, as options of `draft bonuses`. What was given as an option is not asked. */
export async function askForBonuses(questions: Questions, given: DraftOptions, style: Style): Promise<DraftOptions> {
  const batch = await askForTable(questions, given.batch, {
    question: "Which file says who did what?",
    style,
    optional: false,
  });
  if (!batch) throw new Error("the first file is not optional");
  const ids = await askForIds(questions, given, batch.table);
  const scores = await askForTable(questions, given.scores, {
    question: "Is there a second file that the amounts depend on, such as the survey's export?",
    style,
    optional: true,
    but: batch.path,
  });
  const sources = { batch: batch.table, scores: scores?.table };
  const match = scores && (given.match ?? (await askForMatch(questions, batch.table, scores.table)));
  const where = given.where ?? (await askForWhere(questions, sources, named(match)));
  const amount = given.amount ?? (await askForAmount(questions, sources, named(match)));
  return {
    ...given,
    ...ids,
    batch: batch.path,
    ...(scores ? { scores: scores.path } : {}),
    ...(match === undefined ? {} : { match }),
    ...(where === "" ? {} : { where }),
    amount,
    ...(await askForRest(questions, given, batch.table)),
  };
}

/** What is asked again when the preview was not as it should be. */
export async function askAgain(questions: Questions, given: DraftOptions): Promise<DraftOptions> {
  const { amount, max, where, ...kept } = given;
  const tables = await Promise.all(
    [given.batch, given.scores].map(async (path) =>
      path === undefined ? undefined : readTable(await readExport(path)).table,
    ),
  );
  const [batch, scores] = tables;
  if (!batch) throw new Error("the files were read before");
  const sources = { batch, scores };
  const match = named(given.match);
  const newWhere = await askForWhere(questions, sources, match, where ?? "");
  const newAmount = await askForAmount(questions, sources, match, amount);
  const newMax = await askForMax(questions, max ?? "");
  return {
    ...kept,
    amount: newAmount,
    ...(newWhere === "" ? {} : { where: newWhere }),
    ...(newMax === "" ? {} : { max: newMax }),
  };
}

function named(match: string | undefined): Match | undefined {
  return match === undefined ? undefined : matchOf(match);
}

interface AskedTable {
  readonly path: string;
  readonly table: Table;
}

/** Asks until the file can be read as a table. */
async function askForTable(
  questions: Questions,
  given: string | undefined,
  { question, style, optional, but }: { question: string; style: Style; optional: boolean; but?: string },
): Promise<AskedTable | undefined> {
  let path = given ?? (await askForFile(questions, question, optional, but));
  for (;;) {
    if (path === undefined) return undefined;
    const { table, problems } = await readTableAt(path);
    if (table && !stops(problems)) return { path, table };
    questions.show(problemsText(problems, style));
    path = await askForFile(questions, question, optional, but);
  }
}

async function readTableAt(path: string): Promise<ReturnType<typeof readTable>> {
  return readTable(await readExport(path));
}

async function askForFile(
  questions: Questions,
  question: string,
  optional: boolean,
  but: string | undefined,
): Promise<string | undefined> {
  const others = (await foundExports()).filter(({ path }) => path !== but);
  const found = others.sort(
    (a, b) => Number(optional ? a.namesWorkers : b.namesWorkers) - Number(optional ? b.namesWorkers : a.namesWorkers),
  );
  const chosen = await questions.choose(question, [
    ...(optional ? [{ value: NONE, label: "No: the amounts are in the first file, or the same for all" }] : []),
    ...found.map(({ path, label }) => ({ value: path, label })),
    { value: OTHER, label: "Another file …" },
  ]);
  if (chosen === NONE) return undefined;
  if (chosen !== OTHER) return chosen;
  const typed = await questions.write("Its name, or drag it here", {
    example: "batch_results.csv",
    check: (answer) => (answer === "" ? "write the file's name" : undefined),
  });
  // Terminals put quotes around, or a backslash before blanks of, a file that is dragged into them.
  return typed.replace(/^(['"])(.*)\1$/, "$2").replaceAll("\\ ", " ");
}

/** No file is called so. */
const NONE = "\0none";
const OTHER = "\0other";

async function askForIds(questions: Questions, given: DraftOptions, batch: Table): Promise<Partial<DraftOptions>> {
  const rules = guessPlatform(batch);
  const ask = async (role: "worker" | "assignment") => {
    if (given[role] !== undefined || guessColumn(batch, role, rules) !== undefined) return undefined;
    if (role === "worker" && rules.words.assignment === "submission") return undefined;
    return questions.choose(`Which column holds the ${role} ids?`, columnChoices(batch));
  };
  const worker = await ask("worker");
  const assignment = await ask("assignment");
  return { ...(worker === undefined ? {} : { worker }), ...(assignment === undefined ? {} : { assignment }) };
}

/** Each column with its first value, by which a person knows it. */
function columnChoices({ columns, rows }: Table) {
  return columns.flatMap((name, index) =>
    name === "" ? [] : [{ value: name, label: name, hint: rows[0]?.cells[index]?.slice(0, 30) }],
  );
}

async function askForMatch(questions: Questions, batch: Table, scores: Table): Promise<string> {
  const guess = guessMatch(batch, scores);
  const other = "another";
  if (guess) {
    const answer = await questions.choose("How do the two files belong together?", [
      { value: "guess", label: `${guess.batch} and ${guess.scores} hold the same codes` },
      { value: other, label: "Other columns …" },
    ]);
    if (answer !== other) return `${guess.batch}=${guess.scores}`;
  }
  const left = await questions.choose(`The column of ${batch.name} that holds the code`, columnChoices(batch));
  const right = await questions.choose(`The column of ${scores.name} that holds the same code`, columnChoices(scores));
  return `${left}=${right}`;
}

async function askForWhere(
  questions: Questions,
  sources: Sources,
  match: Match | undefined,
  before = suggestedWhere(sources),
): Promise<string> {
  return questions.write("Only rows for which this is true (leave it empty for all)", {
    initial: before,
    example: 'Status != "Survey Preview"',
    check: (answer) => (answer === "" ? undefined : formulaFault(answer, sources, match)),
  });
}

/** Qualtrics exports what its authors tried out, too. */
function suggestedWhere({ scores }: Sources): string {
  const column = scores?.columns.indexOf("Status") ?? -1;
  const has = scores?.rows.some(({ cells }) => cells[column] === "Survey Preview");
  return has ? 'Status != "Survey Preview"' : "";
}

async function askForAmount(
  questions: Questions,
  sources: Sources,
  match: Match | undefined,
  before = suggestedAmount(sources),
): Promise<string> {
  return questions.write("What does each get? An amount, a column, or a formula", {
    initial: before,
    example: "0.50 + 0.10 * score",
    check: (answer) => (answer === "" ? "write an amount, such as 1.50" : formulaFault(answer, sources, match)),
  });
}

function suggestedAmount({ batch, scores }: Sources): string | undefined {
  const rules = guessPlatform(batch);
  return (scores && guessColumn(scores, "amount", rules)) ?? guessColumn(batch, "amount", rules);
}

function formulaFault(text: string, sources: Sources, match: Match | undefined): string | undefined {
  const read = readFormula({ option: "", text }, sources, match);
  if (isFormula(read)) return undefined;
  const [first] = read.problems;
  return first && `${first.message}: ${first.hint}`;
}

async function askForMax(questions: Questions, before: string): Promise<string> {
  return questions.write("The most that anybody may get (leave it empty for no limit but the policy's)", {
    initial: before,
    example: "5.00",
    check: (answer) =>
      answer === "" || parseMoney(answer, "USD") ? undefined : `not an amount: ${amountHint(answer)}`,
  });
}

async function askForRest(questions: Questions, given: DraftOptions, batch: Table): Promise<Partial<DraftOptions>> {
  const max = given.max ?? (await askForMax(questions, ""));
  const reason =
    given.reason ??
    (await questions.write("What do workers read as the reason? A text, or a column", {
      initial: guessColumn(batch, "reason", guessPlatform(batch)) ?? USUAL_REASON,
      check: (answer) => (answer === "" ? "workers want to know why they get money" : undefined),
    }));
  const study = given.study ?? (await askForStudy(questions, batch));
  return { ...(max === "" ? {} : { max }), reason, study };
}

async function askForStudy(questions: Questions, batch: Table): Promise<string> {
  return questions.write("Which study is it for?", {
    initial: studyNamed(batch.name),
    check: (answer) =>
      isSlug(answer, 60)
        ? undefined
        : `lower-case letters, digits and hyphens, such as ${slugOf(answer, 60) || "wave-1"}`,
  });
}

/** The answers of a person, as options of `draft qualifications`. */
export async function askForQualification(
  questions: Questions,
  given: DraftOptions,
  style: Style,
): Promise<DraftOptions> {
  const batch = await askForTable(questions, given.batch, {
    question: "Which file lists the workers?",
    style,
    optional: false,
  });
  if (!batch) throw new Error("the file is not optional");
  const sources = { batch: batch.table };
  const worker =
    given.worker ??
    (guessColumn(batch.table, "worker", guessPlatform(batch.table)) === undefined
      ? await questions.choose("Which column holds the worker ids?", columnChoices(batch.table))
      : undefined);
  const name = await questions.write("What is the qualification type called?", {
    example: "stroop-wave-1",
    check: (answer) => (answer === "" ? "write its exact name" : undefined),
  });
  const create = await questions.write("If there is none yet, make one with this description (leave it empty not to)", {
    example: "Took part in wave 1",
  });
  const score = await questions.write("Which score do they get? A whole number, a column, or a formula", {
    initial: "1",
    check: (answer) => (answer === "" ? "write a whole number" : formulaFault(answer, sources, undefined)),
  });
  const where = await askForWhere(questions, sources, undefined, given.where ?? "");
  return {
    ...given,
    batch: batch.path,
    name,
    score,
    study: given.study ?? (await askForStudy(questions, batch.table)),
    ...(worker === undefined ? {} : { worker }),
    ...(create === "" ? {} : { create }),
    ...(where === "" ? {} : { where }),
  };
}
