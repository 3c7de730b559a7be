import { stringify } from "csv-stringify/sync";
import { formatMoney, sumMoney } from "../money.ts";
import type { Mask } from "../report/mask.ts";
import { visible } from "../report/safe-text.ts";
import { isPaidRow } from "../statement/statement.ts";
import type { StatementRow } from "../statement/statement.ts";
import type { Summary } from "../statement/summary.ts";

/** How workers and the words of people are written in a file that others will open. */
export interface Names {
  /** See `workerNames`. */
  readonly workers: ReadonlyMap<string, string>;
  readonly mask: Mask;
}

/**
 * One line for each claimed row, after a line of titles. Only `paid`, `fee_paid` and `cost_paid` may be added up, and
 * only within one platform, environment and currency. Comes in pieces, because a large ledger is longer than a string
 * may be.
 */
export function* paymentsCsv(rows: readonly StatementRow[], names: Names): Generator<string> {
  yield csv([Object.keys(COLUMNS)]);
  for (let at = 0; at < rows.length; at += PIECE)
    yield csv(rows.slice(at, at + PIECE).map((row) => Object.values(COLUMNS).map((cell) => cell(row, names))));
}

/** What each worker was paid in each year: one line for each, account by account. */
export function* yearsCsv(summaries: readonly Summary[], { workers }: Pick<Names, "workers">): Generator<string> {
  yield csv([["year", "platform", "environment", "worker", "currency", "bonuses", "amount"]]);
  for (const { account, years } of summaries)
    for (let at = 0; at < years.length; at += PIECE)
      yield csv(
        years.slice(at, at + PIECE).map(({ year, worker, bonuses, amount }) => {
          const { platform, environment, currency } = account;
          return [year, platform, environment, workers.get(worker) ?? "", currency, bonuses, formatMoney(amount)];
        }),
      );
}

/** Rows of one piece: so small that what is left of one is gone before the next. */
const PIECE = 20;

type Cell = (row: StatementRow, names: Names) => string | number;

const COLUMNS: Readonly<Record<string, Cell>> = {
  time: ({ time }) => new Date(time).toISOString(),
  platform: ({ claim }) => claim.account.platform,
  environment: ({ claim }) => claim.account.environment,
  study: ({ claim }) => claim.study,
  kind: ({ kind }) => kind,
  outcome: ({ outcome }) => outcome,
  worker: ({ worker }, { workers }) => workers.get(worker) ?? "",
  assignment: ({ assignment }, { mask }) => (assignment ? mask.assignment(assignment) : ""),
  label: ({ label }, { mask }) => mask.text(label),
  qualification: ({ name }, { mask }) => mask.text(name),
  score: ({ score }) => score ?? "",
  currency: ({ claim }) => claim.account.currency,
  asked: ({ kind, amount }) => (kind === "pay" ? formatMoney(amount) : ""),
  paid: (row) => (isPaidRow(row) ? formatMoney(row.amount) : ""),
  fee_paid: (row) => (isPaidRow(row) ? formatMoney(row.fee) : ""),
  cost_paid: (row) => (isPaidRow(row) ? formatMoney(sumMoney([row.amount, row.fee], row.amount.currency)) : ""),
  reason: ({ reason }, { mask }) => mask.text(reason),
  reference: ({ reference }) => reference,
  message: ({ message }, { mask }) => mask.text(message),
  approvers: ({ claim }) => claim.approvers.join(" "),
  pull_request: ({ claim }) => claim.pullRequest ?? "",
  manifest: ({ claim }, { mask }) => mask.text(claim.manifest.file),
  claim: ({ claim }) => claim.path,
  receipt: ({ receipt }) => receipt?.path ?? "",
};

/**
 * Lines that a spreadsheet may open: what would be read as a formula follows an apostrophe, and nothing invisible is
 * left in a cell.
 */
function csv(lines: readonly (readonly (string | number)[])[]): string {
  const safe = lines.map((line) =>
    line.map((cell) => (typeof cell === "string" ? visible(cell).replace(LATER_FORMULA, "$1'") : cell)),
  );
  return stringify(safe, { escape_formulas: true, record_delimiter: "windows" });
}

/** A spreadsheet set to another separator begins a new cell in the middle of ours, and some take off spaces first. */
const LATER_FORMULA = /((?:^\s+|[;|]\s*))(?=[=+@\uff1d\uff0b\uff20-])/gu;
