import type { Command } from "commander";

type Action = (this: Command) => Promise<void>;

/** How `draft` and its two kinds are called. */
export function addDraft(
  draft: Command,
  actions: Readonly<Record<"ask" | "bonuses" | "qualifications", Action>>,
): void {
  draft
    .addHelpText(
      "after",
      "\nExamples:\n  mergepay draft\n  mergepay draft bonuses --help\n  mergepay draft qualifications --help",
    )
    .action(actions.ask);

  shared(draft.command("bonuses").description("who gets which bonus, worked out of exported files"))
    .option("--batch <file>", "who did what: MTurk's batch results, or a CSV with worker, assignment and amount")
    .option("--scores <file>", "what the amounts depend on, in a file of its own: the survey's export")
    .option("--match <columns>", "the columns that hold the same code, batch first: Answer.surveycode=RandomID")
    .option("--amount <formula>", "a column, an amount, or a formula: '0.50 + 0.10 * score'")
    .option("--max <amount>", "no bonus is more than this")
    .option("--round <how>", "half-up: round amounts with more than two decimals, which are refused otherwise")
    .option("--reason <text>", "what workers read: a text, or the column that holds one")
    .option("--label <name>", "for a second bonus of assignments that were paid one already")
    .option("--assignment <column>", "the column that holds assignment ids, where it is called something unusual")
    .addHelpText("after", BONUS_EXAMPLES)
    .action(actions.bonuses);

  shared(draft.command("qualifications").description("a qualification for every worker of a batch or of a HIT"))
    .option("--batch <file>", "MTurk's batch results, or any CSV with a column of worker ids")
    .option("--hit <id>", "all who submitted this HIT, asked of MTurk")
    .requiredOption("--name <type>", "the name of the qualification type")
    .option("--score <formula>", "a whole number, a column, or a formula", "1")
    .option("--create <description>", "make the type, with this description, where the account has none of this name")
    .option("--notify", "let MTurk e-mail the workers")
    .addHelpText("after", QUALIFICATION_EXAMPLES)
    .action(actions.qualifications);
}

function shared(command: Command): Command {
  return command
    .option("--where <condition>", "only rows for which it is true: 'Status != \"Survey Preview\"'")
    .option("--worker <column>", "the column that holds worker ids, where it is called something unusual")
    .option("--study <name>", "the study that pays: budgets and reports go by it")
    .option("--platform <name>", "whose workers they are; the file's columns tell unless told")
    .option("--currency <code>", "of the amounts; the policy's, where the platform pays in it, unless told")
    .option("--environment <name>", "production, sandbox or simulator", "production")
    .option("--out <file>", "the list to write; one under payments/ is named after the study otherwise")
    .option("--pull-request", "push it as a new branch, and open the pull request or say where to open it");
}

const BONUS_EXAMPLES = `
Examples:
  mergepay draft bonuses --batch Batch_4123456_batch_results.csv --amount 1.50
  mergepay draft bonuses --batch batch.csv --scores survey.csv --match Answer.surveycode=RandomID \\
      --amount '0.50 + 0.10 * score' --max 5.00 --where 'Status != "Survey Preview"' --study stroop --pull-request
  mergepay draft bonuses --batch pilot-bonus.csv

A formula knows + - * / ( ) == != < <= > >= && || ! ? : and min, max, round, floor, ceil, abs. A column whose name has
blanks is written in brackets: [Duration (in seconds)]. Numbers are exact: 0.10 * 3 is 0.30.`;

const QUALIFICATION_EXAMPLES = `
Examples:
  mergepay draft qualifications --batch batch.csv --name stroop-wave-1 --create 'Took part in wave 1'
  mergepay draft qualifications --hit 3EXAMPLEHIT0000000000000000001 --name stroop-wave-1 --score 100`;
