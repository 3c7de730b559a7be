import type { ExitStatus, Options } from "../cli.ts";
import { beancountLedger } from "../exports/beancount.ts";
import { paymentsCsv, yearsCsv } from "../exports/csv.ts";
import { hledgerJournal } from "../exports/hledger.ts";
import { statementJson } from "../exports/statement-json.ts";
import { Failure } from "../failure.ts";
import { proofLines, sealOf } from "../page/proof.ts";
import { report } from "../pipeline.ts";
import type { Place, Reported } from "../pipeline.ts";
import type { Environment } from "../platforms/ports.ts";
import { lastAuditLine } from "../report/last-audit-text.ts";
import { inCurrency } from "../policy/in-currency.ts";
import { maskFor } from "../report/mask.ts";
import type { MaskOptions } from "../report/mask.ts";
import { jsonText } from "../report/plan-json.ts";
import { brokenText, sealText, statementText } from "../report/statement-text.ts";
import { auditHistory } from "../statement/audit-history.ts";
import { shownAccounts } from "../statement/shown-accounts.ts";
import { isSameAccount } from "../statement/statement.ts";
import { summarize } from "../statement/summary.ts";
import { workerNames } from "../statement/worker-names.ts";
import { aliasKey } from "./alias-key.ts";
import { ledgerTitle, placesOf } from "./every-account.ts";
import { STANDARD_OUTPUT, writeFiles } from "./output-files.ts";
import type { OutputFile } from "./output-files.ts";
import { pageOf } from "./report-page.ts";
import type { Shown } from "./report-page.ts";
import { outputStyle, placeOf, print, say } from "./terminal.ts";

/** One account is written to files; where nothing is to be written, every account is told, one below the other. */
export async function reportCommand(options: Options, [file]: readonly string[]): Promise<ExitStatus> {
  const json = jsonFile(options.json, file);
  if (options.public) refuseOthers(options, json);
  if (options.ids) refusePages(options, json);
  const { html, csv, tax, hledger, beancount } = options;
  const writes = [html, csv, tax, hledger, beancount, json].some((each) => each !== undefined);
  const places = writes ? [placeOf(options)] : await placesOf(options);
  for (const [number, place] of places.entries()) {
    if (places.length > 1) print(`${number > 0 ? "\n" : ""}${ledgerTitle(place)}\n`);
    if (!(await reportOn(place, options, json))) return 1;
  }
  return 0;
}

/** False where there are no figures to rely on. */
async function reportOn(place: Place, options: Options, json: string | undefined): Promise<boolean> {
  const { environment, ...anywhere } = place;
  const reported = await report(anywhere, { offline: options.offline === true, ids: options.ids === true });
  if (reported.problems.length > 0) {
    say(brokenText(reported.problems, outputStyle()));
    return false;
  }
  const shown = await shownOf(reported, options, environment);
  const files = filesOf(reported, shown, options, json);
  await writeFiles(files);
  if (files.some(({ file }) => file === STANDARD_OUTPUT)) return true;
  const { accounts, summaries, leftOut, audits } = shown;
  const { tip, statement } = reported;
  const style = outputStyle();
  const now = new Date().toISOString();
  const lastAudit = lastAuditLine({ lastAudit: audits[0], accounts, records: statement.records.length, now, style });
  print(statementText(summaries, { leftOut, files: files.map(({ file }) => file), tip, lastAudit, style }));
  if (options.public) print(`\n${sealText(sealOf(proofLines(statement)))}`);
  return true;
}

async function shownOf(reported: Reported, options: Options, environment: Environment | undefined): Promise<Shown> {
  const { statement, policy } = reported;
  const { accounts, leftOut } = shownAccounts(statement, environment);
  const rows = statement.rows.filter(({ claim }) => accounts.includes(claim.account));
  const ids = new Set(rows.map(({ worker }) => worker));
  const mask = maskFor(await masking(options, reported), ids);
  return {
    accounts,
    leftOut,
    rows,
    // A ledger's audits are its account's, and do not repeat its name.
    audits: auditHistory(reported.audits, (each) =>
      accounts.some(({ platform, environment, currency }) => isSameAccount(each, { platform, environment, currency })),
    ),
    summaries: accounts.map((account) => summarize(statement, account, inCurrency(policy, account.currency).budgets)),
    names: { workers: workerNames(ids, mask), mask },
    isPublic: options.public === true,
  };
}

/** How workers are named: as the policy says, or in a public report by aliases that only this lab can make. */
async function masking(options: Options, { policy, root }: Reported): Promise<MaskOptions> {
  if (options.public) return { workers: "alias", aliasKey: await aliasKey(root, process.env) };
  if (options.ids) return { workers: "show" };
  return { workers: policy.workers, aliasKey: process.env["MERGEPAY_ALIAS_KEY"] };
}

function filesOf(
  reported: Reported,
  shown: Shown,
  { html, csv, tax, hledger, beancount }: Options,
  json: string | undefined,
): OutputFile[] {
  const { statement, tip } = reported;
  const { accounts, rows, summaries, audits, names } = shown;
  const outputs: [string | undefined, OutputFile["text"]][] = [
    [html, () => pageOf(reported, shown)],
    [csv, () => paymentsCsv(rows, names)],
    [tax, () => yearsCsv(summaries, names)],
    [json, () => [`${jsonText(statementJson(summaries, { tip, audits, names }))}\n`]],
    [hledger, () => hledgerJournal(statement, accounts)],
    [beancount, () => beancountLedger(statement, accounts)],
  ];
  return outputs.flatMap(([file, text]) => (file === undefined ? [] : [{ file, text }]));
}

/** Only the page is made so that nobody is named in it. */
function refuseOthers({ html, csv, tax, hledger, beancount }: Options, json: string | undefined): void {
  if (html !== undefined && [csv, tax, hledger, beancount, json].every((each) => each === undefined)) return;
  throw new Failure("--public makes a page, and nothing else", "use it with --html FILE alone");
}

/** What names people is a table for whoever must know them, and nothing that is passed on. */
function refusePages({ html, csv, tax, hledger, beancount }: Options, json: string | undefined): void {
  if ((csv !== undefined || tax !== undefined) && [html, hledger, beancount, json].every((each) => each === undefined))
    return;
  throw new Failure(
    "--ids is for --tax and --csv, and for nothing else",
    "make the other files in a run without --ids",
  );
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
