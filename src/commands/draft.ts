import type { ExitStatus } from "../cli.ts";
import { Failure } from "../failure.ts";
import { stops } from "../problem.ts";
import type { DrawnBonuses } from "../drafting/draw-up-bonuses.ts";
import type { DrawnQualifications } from "../drafting/draw-up-qualifications.ts";
import type { Style } from "../report/style.ts";
import { askAgain, askForBonuses, askForQualification } from "./draft-interview.ts";
import { draftOf } from "./draft-qualifications.ts";
import type { DraftOptions } from "./draft-options.ts";
import { commandLine, destinationOf, showDraft } from "./draft-shell.ts";
import { askOn } from "./questions.ts";
import type { Questions } from "./questions.ts";
import { canAsk, outputStyle, say } from "./terminal.ts";
import { previewBonuses, writeBonuses } from "./write-bonuses.ts";

export async function draftCommand(options: DraftOptions): Promise<ExitStatus> {
  if (!canAsk(options))
    throw new Failure(
      "`mergepay draft` asks questions, and nobody is there to answer",
      "`mergepay draft bonuses --help` and `mergepay draft qualifications --help` show how to do without",
    );
  const questions = await askOn({ input: process.stdin, output: process.stdout });
  const kind = await questions.choose("What is to be drafted?", KINDS);
  return kind === "bonuses" ? interview(questions, options, BONUSES) : interview(questions, options, QUALIFICATIONS);
}

/** `draft bonuses` without a file, on a terminal. */
export async function askedBonuses(options: DraftOptions): Promise<ExitStatus> {
  return interview(await askOn({ input: process.stdin, output: process.stdout }), options, BONUSES);
}

const KINDS = [
  { value: "bonuses", label: "Bonuses", hint: "who gets which amount" },
  { value: "qualifications", label: "A qualification", hint: "for every worker of a batch" },
] as const;

/** What differs between the two kinds of list. */
interface Kind {
  readonly name: "bonuses" | "qualifications";
  readonly ask: (questions: Questions, given: DraftOptions, style: Style) => Promise<DraftOptions>;
  readonly again: (questions: Questions, given: DraftOptions) => Promise<DraftOptions>;
  readonly preview: (
    answers: DraftOptions,
  ) => Promise<{ readonly drawn: DrawnBonuses | DrawnQualifications; readonly text: string }>;
  readonly write: (answers: DraftOptions) => Promise<ExitStatus>;
}

export const BONUSES: Kind = {
  name: "bonuses",
  ask: askForBonuses,
  again: askAgain,
  preview: previewBonuses,
  write: (answers) => writeBonuses(answers, "result alone"),
};

export const QUALIFICATIONS: Kind = {
  name: "qualifications",
  ask: askForQualification,
  again: (questions, given) => askForQualification(questions, { ...given, batch: given.batch ?? "" }, outputStyle()),
  preview: (answers) => draftOf(answers, undefined),
  write: async (answers) => showDraft(await draftOf(answers, destinationOf(answers)), answers, undefined),
};

/** Asks for everything that is not given, shows what would come of it, and writes it where the person wants it. */
export async function interview(questions: Questions, options: DraftOptions, kind: Kind): Promise<ExitStatus> {
  const environment = await questions.choose("Where is the money?", ENVIRONMENTS);
  let answers = await kind.ask(questions, { ...options, environment }, outputStyle());
  for (;;) {
    const { drawn, text } = await kind.preview(answers);
    questions.show(text);
    const refused = stops(drawn.problems) || drawn.manifests.length === 0;
    const isRough = drawn.problems.some(({ code }) => code === "amount-too-precise");
    const choice = await questions.choose("And now?", [
      ...(refused ? [] : READY),
      ...(isRough ? ROUGH : []),
      ...ALWAYS,
    ]);
    switch (choice) {
      case "stop":
        throw new Failure("stopped: nothing was written", `to go on: ${commandLine(kind.name, answers)}`);
      case "again":
        answers = await kind.again(questions, answers);
        break;
      case "round":
        answers = { ...answers, round: "half-up" };
        break;
      case "folder":
      case "branch": {
        const done = { ...answers, ...(choice === "branch" ? { pullRequest: true as const } : {}) };
        const status = await kind.write(done);
        say(`\nThe same without questions:\n  ${commandLine(kind.name, done)}`);
        return status;
      }
    }
  }
}

const ENVIRONMENTS = [
  { value: "production", label: "production", hint: "real people, real money" },
  { value: "sandbox", label: "sandbox", hint: "MTurk's test site" },
  { value: "simulator", label: "simulator", hint: "the pretend MTurk of mergepay" },
] as const;

type Next = "folder" | "branch" | "round" | "again" | "stop";
const READY = [
  { value: "folder", label: "Write the list into this folder" },
  { value: "branch", label: "Push it as a new branch, for a pull request" },
] as const satisfies readonly { value: Next; label: string }[];
const ROUGH = [
  { value: "round", label: "Round amounts half up to whole cents, and look again" },
] as const satisfies readonly { value: Next; label: string }[];
const ALWAYS = [
  { value: "again", label: "Change the condition or the amounts" },
  { value: "stop", label: "Stop" },
] as const satisfies readonly { value: Next; label: string }[];
