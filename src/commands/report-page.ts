import { basename } from "node:path";
import type { Names } from "../exports/csv.ts";
import { addressOf } from "../github/proposal-address.ts";
import { accountData, rowColumns } from "../page/make-page-data.ts";
import { pageHtml } from "../page/page-html.ts";
import { pageScript } from "../page/page-script.ts";
import { proofLines } from "../page/proof.ts";
import type { Reported } from "../pipeline.ts";
import type { Account } from "../platforms/ports.ts";
import { visible } from "../report/safe-text.ts";
import type { StatementRow } from "../statement/statement.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import type { Summary } from "../statement/summary.ts";

/** What the report is about, and how it names people. */
export interface Shown {
  readonly accounts: readonly Account[];
  readonly leftOut: readonly Account[];
  readonly rows: readonly StatementRow[];
  readonly summaries: readonly Summary[];
  /** The newest first. */
  readonly audits: readonly AuditEntry[];
  readonly names: Names;
  readonly isPublic: boolean;
}

/** The report as one page. Its links lead to the remote's GitHub, if it has one. */
export async function pageOf({ tip, statement, remoteUrl }: Reported, shown: Shown): Promise<Iterable<string>> {
  const { accounts, leftOut, rows, summaries, audits, names, isPublic } = shown;
  const address = addressOf(remoteUrl, process.env["GITHUB_SERVER_URL"]);
  const repository = address && `${address.server}/${address.repository}`;
  const filesAt = repository && `${repository}/blob/${tip}/`;
  const { mask, workers } = names;
  return pageHtml({
    view: {
      title: address?.repository ?? basename(remoteUrl, ".git"),
      made: new Date().toISOString(),
      tip,
      records: statement.records.length,
      isPublic,
      ledger: isPublic ? undefined : repository && `${repository}/tree/${tip}`,
      filesAt,
      workers,
      words: (text) => visible(mask.text(text)),
    },
    summaries,
    leftOut,
    audits,
    data: {
      accounts: summaries.map((each) => accountData(each, workers)),
      rows: isPublic ? undefined : rowColumns(rows, accounts, names, filesAt ?? ""),
      proof: isPublic,
    },
    script: await pageScript(),
    proof: isPublic ? proofLines(statement) : [],
  });
}
