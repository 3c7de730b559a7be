import { FINDINGS } from "../audit/finding.ts";
import type { Finding } from "../audit/finding.ts";
import type { Audit, AuditedAccount, NotAsked } from "../audit/make-audit.ts";
import { displayMoney, formatMoney } from "../money.ts";
import type { Recorded } from "../recording.ts";
import { wrap } from "./columns.ts";
import { accountText, count } from "./phrases.ts";
import { named } from "./plan-json.ts";
import type { Json } from "./plan-json.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";
import { counted, viewFor } from "./terminal-view.ts";
import type { TerminalOptions, View } from "./terminal-view.ts";

/** Whether an audit that was to be recorded is. */
export function recordedText(recorded: Recorded, style: Style): string {
  switch (recorded.kind) {
    case "recorded":
      return `Recorded in the ledger: ${safeForTerminal(recorded.path)}`;
    case "nothing":
      return "Not recorded: there was nothing to compare.";
    case "not-recorded":
      return paint(
        style,
        "red",
        `Not recorded: ${safeForTerminal(recorded.why)}\n  → ${wrap(safeForTerminal(recorded.hint), style.width, { first: 4 })}`,
      );
  }
}

/** Findings of one kind before the rest is counted. */
const SHOWN_OF_A_KIND = 5;

/** What an audit found, the worst first and like beside like, and how much of the money is explained. */
export function auditText(audit: Audit, options: TerminalOptions): string {
  const { accounts, findings, notAsked } = audit;
  const view = viewFor(
    options,
    findings.flatMap(({ worker }) => worker ?? []),
  );
  const verdict = [
    verdictText(audit, view),
    ...accounts.map((each) => `  ${accountText(each.account)}: ${explainedText(each)}`),
    ...accounts
      .flatMap((each) => [...notesOf(each.money), ...figuresOf(each)])
      .map((note) => `  ${wrap(note, view.style.width, { first: 2 })}`),
    ...notAsked.map((what) => `  ${wrap(`not asked here: ${NOT_ASKED[what]}`, view.style.width, { first: 2 })}`),
  ];
  return [...alike(findings).map((some) => alikeText(some, view)), verdict.join("\n")].join("\n\n");
}

/** Findings of one kind for which the same is to be done, in the order of the first of each. */
function alike(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.next}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}

function alikeText(findings: readonly Finding[], view: View): string {
  const [{ code, next } = { code: "chain-broken" as const, next: "" }] = findings;
  const shown = view.verbose ? findings : findings.slice(0, SHOWN_OF_A_KIND);
  const number = findings.length > 1 ? ` (${findings.length.toLocaleString("en-US")})` : "";
  return [
    `${paint(view.style, "red", code)}  ${paint(view.style, "bold", FINDINGS[code])}${number}`,
    ...shown.map((finding) => findingText(finding, view)),
    ...counted(findings.length - shown.length),
    `  → ${wrap(view.words(next), view.style.width, { first: 4 })}`,
  ].join("\n");
}

/** `explained $9.25 of $11.10 in 7 bonuses` */
export function explainedText({ money: { explained, total, bonuses } }: AuditedAccount): string {
  return `explained ${displayMoney(explained)} of ${displayMoney(total)} in ${count(bonuses, "bonus", "bonuses")}`;
}

/** Sums that the platform itself tells: to compare with, where something is not explained. */
export function figuresOf({ evidence = {} }: AuditedAccount): string[] {
  return Object.entries(evidence).map(([what, figures]) =>
    safeForTerminal(`by the platform's own count, ${what}: ${figures}`),
  );
}

/** What the explained money rests on, where it is not the platform's own list. */
export function notesOf({ fresh, past }: AuditedAccount["money"]): string[] {
  return [
    ...(fresh > 0
      ? [`${count(fresh, "bonus was", "bonuses were")} paid within the last hour: the platform may not list them yet`]
      : []),
    ...(past > 0
      ? [
          `${count(past, "bonus is", "bonuses are")} explained by the receipt alone: the platform no longer knows their assignments`,
        ]
      : []),
  ];
}

/** What `audit --json` prints. Ids are in clear: it is for programs on the person's own machine. */
export function auditJson({ accounts, findings, notAsked }: Audit, recorded?: Recorded): Json {
  return {
    version: 1,
    clean: findings.length === 0,
    accounts: accounts.map(({ account, money, evidence }) => ({
      platform: account.platform,
      environment: account.environment,
      ...named(account),
      currency: account.currency,
      bonuses: money.bonuses,
      explained: formatMoney(money.explained),
      total: formatMoney(money.total),
      ...(evidence === undefined || Object.keys(evidence).length === 0 ? {} : { evidence }),
      notListedYet: money.fresh,
      noLongerListed: money.past,
    })),
    findings: findings.map(findingJson),
    notAsked: notAsked.map((what) => NOT_ASKED[what]),
    ...(recorded ? { recorded: recorded.kind === "recorded" ? recorded.path : null } : {}),
  };
}

/** What could not be looked at, in words. */
export const NOT_ASKED: Readonly<Record<NotAsked, string>> = {
  reviews: "reviews on GitHub: only the workflow can ask who approved what",
  protection: "the protection of branches on GitHub: only the workflow can ask",
};

function findingJson({ code, place, account, worker, assignment, amount, message, next }: Finding): Json {
  return {
    code,
    place,
    ...(account ? { platform: account.platform, environment: account.environment, ...named(account) } : {}),
    ...(worker === undefined ? {} : { worker }),
    ...(assignment === undefined ? {} : { assignment }),
    ...(amount ? { amount: formatMoney(amount) } : {}),
    message,
    next,
  };
}

function verdictText({ findings, accounts }: Audit, { style }: View): string {
  if (findings.length > 0)
    return paint(style, "red", `${count(findings.length, "finding")}: not everything is explained.`);
  if (accounts.length === 0) return "There is nothing to compare: no list and no record names an account.";
  return paint(style, "green", "Everything is explained: manifests, ledger and platform tell the same story.");
}

function findingText({ place, worker, assignment, amount, message }: Finding, view: View): string {
  const about = [
    view.words(place),
    ...(amount ? [displayMoney(amount)] : []),
    ...(worker === undefined ? [] : [`worker ${view.worker(worker)}`]),
    ...(assignment === undefined ? [] : [`assignment ${view.assignment(assignment)}`]),
  ].join("  ");
  return `  ${about}\n    ${wrap(view.words(message), view.style.width, { first: 4 })}`;
}
