import type { ExitStatus, Options } from "../cli.ts";
import { status } from "../pipeline.ts";
import { statusJson, statusText } from "../report/status-text.ts";
import { outputStyle, placeOf, print, printJson } from "./terminal.ts";

export async function statusCommand(options: Options): Promise<ExitStatus> {
  const { policy, accounts } = await status(placeOf(options));
  if (options.json) printJson(statusJson(accounts));
  else {
    const now = new Date().toISOString();
    const verbose = options.verbose === true;
    print(statusText(accounts, { workers: policy.workers, style: outputStyle(), now, verbose }));
  }
  return accounts.some(({ state }) => state.open.length + state.held.length > 0) ? 3 : 0;
}
