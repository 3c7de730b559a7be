import { anchorText } from "../report/ledger-anchor.ts";
import type { LedgerTip } from "../report/ledger-anchor.ts";
import type { GitHub } from "./github.ts";
import { CHECK_NAME } from "./ledger-anchors.ts";

/** Notes on the default branch's `tip` where the ledger was: a place that nobody can edit. The same is noted once. */
export async function noteTip(github: GitHub, tip: string, ledger: LedgerTip): Promise<void> {
  const externalId = anchorText(ledger);
  if ((await github.checksOf(tip, CHECK_NAME)).some((check) => check.externalId === externalId)) return;
  await github.createCheck({
    name: CHECK_NAME,
    commit: tip,
    externalId,
    title: `the ledger is at ${ledger.commit.slice(0, 12)}`,
    summary: `Branch \`${ledger.branch}\` was at commit ${ledger.commit} when this run ended. A later run pays nothing from a ledger that does not hold it.`,
  });
}
