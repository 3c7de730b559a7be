import type { ExitStatus, Options } from "../cli.ts";
import { beancountLedger } from "../exports/beancount.ts";
import { paymentsCsv, yearsCsv } from "../exports/csv.ts";
import { hledgerJournal } from "../exports/hledger.ts";
import { statementJson } from "../exports/statement-json.ts";
import { Failure } from "../failure.ts";
import { report } from "../pipeline.ts";
import { maskFor } from "../report/mask.ts";
import { jsonText } from "../report/plan-json.ts";
import { brokenText, statementText } from "../report/statement-text.ts";
import { shownAccounts } from "../statement/shown-accounts.ts";
import { summarize } from "../statement/summary.ts";
import { workerNames } from "../statement/worker-names.ts";
import { pageOf } from "./report-page.ts";
import { STANDARD_OUTPUT, writeFiles } from "./output-files.ts";
import type { OutputFile } from "./output-files.ts";
import { outputStyle, placeOf, print, say } from "./terminal.ts";

export async function reportCommand(options: Options, [file]: readonly string[]): Promise<ExitStatus> {
  const json = jsonFile(options.json, file);
  const { environment, ...place } = placeOf(options);
  const reported = await report(place, { offline: options.offline === true });
  const { policy, problems, statement, tip } = reported;
  if (problems.length > 0) {
    say(brokenText(problems, outputStyle()));
    return 1;
  }
  const { accounts, leftOut } = shownAccounts(statement, environment);
  const shown = new Set(accounts);
  const rows = statement.rows.filter(({ claim }) => shown.has(claim.account));
  const summaries = accounts.map((account) => summarize(statement, account, policy.budgets));
  const ids = new Set(rows.map(({ worker }) => worker));
  const mask = maskFor({ workers: policy.workers, aliasKey: process.env["MERGEPAY_ALIAS_KEY"] }, ids);
  const names = { workers: workerNames(ids, mask), mask };
  const page =
    options.html === undefined ? undefined : await pageOf(reported, { accounts, leftOut, rows, summaries, names });
  const outputs: [string | undefined, OutputFile["text"]][] = [
    [options.html, () => page ?? []],
    [options.csv, () => paymentsCsv(rows, names)],
    [options.tax, () => yearsCsv(summaries, names)],
    [json, () => [`${jsonText(statementJson(summaries, tip, names))}\n`]],
    [options.hledger, () => hledgerJournal(statement, accounts)],
    [options.beancount, () => beancountLedger(statement, accounts)],
  ];
  const files = outputs.flatMap(([file, text]) => (file === undefined ? [] : [{ file, text }]));
  await writeFiles(files);
  if (files.some(({ file }) => file === STANDARD_OUTPUT)) return 0;
  print(statementText(summaries, { leftOut, files: files.map(({ file }) => file), tip, style: outputStyle() }));
  return 0;
}

/** `--json` alone is for standard output; `--json FILE` arrives as the command's argument, since every command has `--json`. */
function jsonFile(json: Options["json"], file: string | undefined): string | undefined {
  if (json === undefined && file !== undefined)
    throw new Failure(
      `report has no use for ${file}`,
      "say what to write: --html, --csv, --tax, --json, --hledger, --beancount",
    );
  return json === true ? (file ?? STANDARD_OUTPUT) : json;
}
