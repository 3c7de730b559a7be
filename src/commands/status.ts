import type { ExitStatus, Options } from "../cli.ts";
import { status } from "../pipeline.ts";
import { lastAuditLine } from "../report/last-audit-text.ts";
import { statusJson, statusText } from "../report/status-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function statusCommand(options: Options): Promise<ExitStatus> {
  const { policy, accounts, lastAudit, records } = await status(placeOf(options));
  if (options.json) printJson(statusJson(accounts, lastAudit));
  else {
    const now = new Date().toISOString();
    const style = outputStyle();
    print(statusText(accounts, { workers: policy.workers, style, now, verbose: options.verbose === true }));
    const line = lastAuditLine({ lastAudit, accounts: accounts.map(({ account }) => account), records, now, style });
    if (line !== "") print(`\n${line}`);
  }
  return accounts.some(({ state }) => state.open.length + state.held.length > 0) ? 3 : 0;
}
