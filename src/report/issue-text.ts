import type { Policy } from "../policy/policy.ts";
import { isHandedOver, isWell } from "./apply-report.ts";
import type { AccountResult, HeldManifest } from "./comment-input.ts";
import { footerLine } from "./markdown-footer.ts";
import type { Footer } from "./markdown-footer.ts";
import { heldLine, lazily } from "./markdown-sections.ts";
import { markerOf } from "./marker.ts";
import { within } from "./markdown-table.ts";
import { viewForMarkdown } from "./markdown-view.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { accountText, count } from "./phrases.ts";
import { resultCounts } from "./result-counts.ts";
import { resultsInOrder } from "./result-verdict.ts";
import { heldManifests } from "./result-sections.ts";
import { needLines } from "./row-needs.ts";

/** Characters that each list may take; GitHub takes 65,536 for all. */
const MANIFESTS_MOST = 12_000;
const ROWS_MOST = 36_000;

/** What a run left for a person to do. */
export interface Findings {
  readonly policy: Policy;
  readonly aliasKey?: string | undefined;
  readonly account?: string | undefined;
  readonly accounts: readonly AccountResult[];
  readonly held: readonly HeldManifest[];
  readonly footer?: Footer;
}

/** The issue about everything that waits for a person; undefined where nothing does, and an open issue is closed. */
export function issueText(findings: Findings): { readonly title: string; readonly body: string } | undefined {
  const { policy, aliasKey, held } = findings;
  const accounts = resultsInOrder(findings.accounts).filter(needsWork);
  if (accounts.length + held.length === 0) return undefined;
  const people = accounts
    .flatMap(({ report }) => [...report.rows, ...(report.held ?? [])])
    .flatMap((row) => (row.kind === "create-type" ? [] : [row.worker]));
  const view = viewForMarkdown({ workers: policy.workers, aliasKey }, people);
  const manifests = heldManifests(held, view, { leftAlone: MANIFESTS_MOST });
  const room = Math.floor(ROWS_MOST / Math.max(1, accounts.length));
  const sections = [
    `${markerOf("held", findings.account)}\nPayments wait for a person. Each line says what to do; nothing here is paid twice by running the workflow again. This issue is written anew by every run and closed by the first that leaves nothing to do.`,
    manifests.text,
    manifests.unseen === "" ? "" : `**Not shown here:** ${manifests.unseen}.`,
    ...accounts.map((each) => accountSection(each, view, room)),
    footerLine(findings.footer ?? {}, view, "nothing is read back from this issue"),
  ];
  return {
    title: titleOf(accounts, held, findings.account),
    body: `${sections.filter((each) => each !== "").join("\n\n")}\n`,
  };
}

function needsWork(each: AccountResult): boolean {
  const { rows, held = [], stopped } = each.report;
  const waits = rows.some((row) => !isWell(row)) || held.length > 0 || stopped !== undefined;
  return (waits && !isHandedOver(each.report)) || resultCounts(each).mismatch !== undefined;
}

/** Numbers only, so that the title holds no text of others. */
function titleOf(
  accounts: readonly AccountResult[],
  held: readonly HeldManifest[],
  account: string | undefined,
): string {
  const states = accounts.flatMap(({ report }) => [
    ...report.rows.filter((row) => !isWell(row)).map(({ outcome }) => outcome),
    ...(report.held ?? []).map(({ state }) => state),
  ]);
  const parts = (["unknown", "held", "refused", "open", "not-sent"] as const).flatMap((state) => {
    const number = states.filter((each) => each === state).length;
    return number > 0 ? [`${count(number, "row")} ${state === "not-sent" ? "not sent" : state}`] : [];
  });
  const all = [
    ...(accounts.some((each) => resultCounts(each).mismatch !== undefined) ? ["COUNT MISMATCH"] : []),
    ...parts,
    ...(held.length > 0 ? [`${count(held.length, "manifest")} held`] : []),
  ];
  const where = account === undefined ? "" : ` (account ${account})`;
  return `Payments need a person${where}: ${all.length > 0 ? all.join(", ") : "a run was stopped"}`;
}

function accountSection(each: AccountResult, view: MarkdownView, room: number): string {
  const { account, rows, held = [], stopped } = each.report;
  const waiting = rows.filter((row) => !isWell(row));
  const { mismatch } = resultCounts(each);
  const { shown, rest } = within(
    [...needLines(waiting, account, view, room), ...lazily(held, room, (row) => heldLine(row, view))],
    room,
  );
  const title = accountText(account);
  return [
    `### ${title.slice(0, 1).toUpperCase()}${title.slice(1)}`,
    mismatch === undefined
      ? ""
      : `⛔ **The numbers of the last run do not agree:** ${mismatch}.<br>→ compare the receipts with the platform's list of bonuses before anything else is merged`,
    stopped
      ? `⛔ **The last run stopped early:** ${view.words(stopped.message, 300)} (${view.words(stopped.cause, 40)})<br>→ ${view.words(stopped.next, 300)}`
      : "",
    shown.join("\n"),
    rest > 0
      ? `**Not shown here:** ${rest.toLocaleString("en-US")} of ${count(waiting.length + held.length, "row")}. \`mergepay status\` lists them.`
      : "",
  ]
    .filter((section) => section !== "")
    .join("\n\n");
}
