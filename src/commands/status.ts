import type { ExitStatus, Options } from "../cli.ts";
import { undecided } from "../ledger/may-be-paid.ts";
import { status } from "../pipeline.ts";
import type { Place, Status } from "../pipeline.ts";
import { lastAuditLine } from "../report/last-audit-text.ts";
import { statusJson, statusText } from "../report/status-text.ts";
import { ledgerTitle, placesOf } from "./every-account.ts";
import { outputStyle, print, printJson } from "./terminal.ts";

export async function statusCommand(options: Options): Promise<ExitStatus> {
  const found: { place: Place; status: Status }[] = [];
  for (const place of await placesOf(options)) found.push({ place, status: await status(place) });
  const [only] = found;
  if (options.json && found.length === 1 && only)
    await printJson(statusJson(only.status.accounts, only.status.lastAudit));
  else if (options.json) {
    const ledgers = found.map(({ place: { account }, status: { accounts, lastAudit } }) => ({
      account: account ?? null,
      status: statusJson(accounts, lastAudit),
    }));
    await printJson({ version: 1, ledgers });
  } else {
    const text = (each: (typeof found)[number]) =>
      `${found.length > 1 ? `${ledgerTitle(each.place)}\n` : ""}${ledgerText(each.status, options)}`;
    print(found.map(text).join("\n\n"));
  }
  const accounts = found.flatMap((each) => each.status.accounts);
  return accounts.some(({ state }) => undecided(state).length + state.held.length > 0) ? 3 : 0;
}

function ledgerText({ policy, accounts, lastAudit, records }: Status, options: Options): string {
  const now = new Date().toISOString();
  const style = outputStyle();
  const text = statusText(accounts, { workers: policy.workers, style, now, verbose: options.verbose === true });
  const line = lastAuditLine({ lastAudit, accounts: accounts.map(({ account }) => account), records, now, style });
  return line === "" ? text : `${text}\n\n${line}`;
}
