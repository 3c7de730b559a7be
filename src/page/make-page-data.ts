import type { Names } from "../exports/csv.ts";
import type { Account } from "../platforms/ports.ts";
import { accountText } from "../report/phrases.ts";
import { visible } from "../report/safe-text.ts";
import type { StatementRow } from "../statement/statement.ts";
import type { Summary } from "../statement/summary.ts";
import type { AccountData, RowColumns } from "./page-data.ts";

/** The figures of one account, for its charts. `workers` names them. */
export function accountData(summary: Summary, workers: ReadonlyMap<string, string>): AccountData {
  const { account, days, studies, amounts } = summary;
  return {
    title: accountText(account),
    currency: account.currency,
    name: `${account.platform} ${account.environment} ${account.currency}`,
    paid: { amount: summary.paid.amount.minor, fee: summary.paid.fee.minor },
    days: {
      day: days.map(({ day }) => day),
      study: days.map(({ study }) => study),
      cost: days.map(({ cost }) => cost.minor),
    },
    studies: {
      study: studies.map(({ study }) => study),
      cost: studies.map(({ cost }) => cost.minor),
      waiting: studies.map(({ committed, cost }) => committed.minor - cost.minor),
      budget: studies.map(({ budget }) => budget?.minor ?? null),
    },
    amounts: {
      amount: amounts.map(({ amount }) => amount.minor),
      bonuses: amounts.map(({ bonuses }) => bonuses),
    },
    workers: {
      worker: summary.workers.map(({ worker }) => workers.get(worker) ?? ""),
      bonuses: summary.workers.map(({ bonuses }) => bonuses),
      amount: summary.workers.map(({ amount }) => amount.minor),
      first: summary.workers.map(({ first }) => first),
      last: summary.workers.map(({ last }) => last),
    },
  };
}

/**
 * Every row, with ids and words as the mask lets them be seen. A column is made while it is read; `words` are whole when
 * all others were.
 */
export function rowColumns(
  rows: readonly StatementRow[],
  accounts: readonly Account[],
  { workers, mask }: Names,
  filesAt: string,
): RowColumns {
  const words = new Words();
  const shown = new Map<string, number>();
  /** Words of a person are looked through once, however many rows have them. */
  const told = (text: string) => {
    const known = shown.get(text) ?? words.at(visible(mask.text(text)));
    shown.set(text, known);
    return known;
  };
  const column = <Cell>(of: (row: StatementRow) => Cell): Iterable<Cell> => ({
    *[Symbol.iterator]() {
      for (const row of rows) yield of(row);
    },
  });
  return {
    account: column(({ claim }) => accounts.indexOf(claim.account)),
    time: column(({ time }) => Math.floor(time / 1000)),
    studyAt: column(({ claim }) => words.at(claim.study)),
    kindAt: column(({ kind }) => words.at(kind)),
    outcomeAt: column(({ outcome }) => words.at(outcome)),
    workerAt: column(({ worker }) => words.at(workers.get(worker) ?? "")),
    assignment: column(({ assignment }) => (assignment ? mask.assignment(assignment) : "")),
    labelAt: column(({ label, name }) => told(label || name)),
    reasonAt: column(({ reason, message }) => told(message ? `${reason} (${message})` : reason)),
    approversAt: column(({ claim }) => words.at(claim.approvers.join(", "))),
    reference: column(({ reference }) => mask.text(reference)),
    amount: column(({ amount }) => amount.minor),
    fee: column(({ fee }) => fee.minor),
    fileAt: column(({ receipt, claim }) => words.at((receipt ?? claim).path)),
    filesAt,
    words: words.all,
  };
}

/** Each word once. */
class Words {
  readonly all: string[] = [];
  private readonly places = new Map<string, number>();

  at(word: string): number {
    const known = this.places.get(word);
    if (known !== undefined) return known;
    this.places.set(word, this.all.length);
    return this.all.push(word) - 1;
  }
}
