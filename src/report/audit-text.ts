import type { Finding } from "../audit/finding.ts";
import type { Audit, AuditedAccount } from "../audit/make-audit.ts";
import { displayMoney, formatMoney } from "../money.ts";
import { wrap } from "./columns.ts";
import { accountText, count } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { paint } from "./style.ts";
import { counted, viewFor } from "./terminal-view.ts";
import type { TerminalOptions, View } from "./terminal-view.ts";

/** What an audit found, the worst first, and how much of the money is explained. */
export function auditText(audit: Audit, options: TerminalOptions): string {
  const { accounts, findings, notAsked } = audit;
  const view = viewFor(
    options,
    findings.flatMap(({ worker }) => worker ?? []),
  );
  const shown = findings.slice(0, view.rowsShown);
  return [
    ...shown.map((finding) => findingText(finding, view)),
    ...counted(findings.length - shown.length),
    ...(findings.length > 0 ? [""] : []),
    verdictText(findings, view),
    ...accounts.map((each) => `  ${accountText(each.account)}: ${explainedText(each)}`),
    ...accounts.flatMap(({ money }) => notesOf(money)).map((note) => `  ${wrap(note, view.style.width, { first: 2 })}`),
    ...notAsked.map((what) => `  ${wrap(`not asked here: ${what}`, view.style.width, { first: 2 })}`),
  ].join("\n");
}

/** `explained $9.25 of $11.10 in 7 bonuses` */
export function explainedText({ money: { explained, total, bonuses } }: AuditedAccount): string {
  return `explained ${displayMoney(explained)} of ${displayMoney(total)} in ${count(bonuses, "bonus", "bonuses")}`;
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
export function auditJson({ accounts, findings, notAsked }: Audit): Json {
  return {
    version: 1,
    clean: findings.length === 0,
    accounts: accounts.map(({ account, money }) => ({
      platform: account.platform,
      environment: account.environment,
      currency: account.currency,
      bonuses: money.bonuses,
      explained: formatMoney(money.explained),
      total: formatMoney(money.total),
      notListedYet: money.fresh,
      noLongerListed: money.past,
    })),
    findings: findings.map(findingJson),
    notAsked,
  };
}

function findingJson({ code, place, account, worker, assignment, amount, message, next }: Finding): Json {
  return {
    code,
    place,
    ...(account ? { platform: account.platform, environment: account.environment } : {}),
    ...(worker === undefined ? {} : { worker }),
    ...(assignment === undefined ? {} : { assignment }),
    ...(amount ? { amount: formatMoney(amount) } : {}),
    message,
    next,
  };
}

function verdictText(findings: readonly Finding[], { style }: View): string {
  if (findings.length === 0)
    return paint(style, "green", "Everything is explained: manifests, ledger and platform tell the same story.");
  return paint(style, "red", `${count(findings.length, "finding")}: not everything is explained.`);
}

function findingText({ code, place, worker, assignment, amount, message, next }: Finding, view: View): string {
  const about = [
    ...(amount ? [displayMoney(amount)] : []),
    ...(worker === undefined ? [] : [`worker ${view.worker(worker)}`]),
    ...(assignment === undefined ? [] : [`assignment ${view.assignment(assignment)}`]),
  ].join(", ");
  const line = (name: string, text: string) =>
    `  ${`${name}:`.padEnd(7)}${wrap(view.words(text), view.style.width, { first: 9 })}`;
  return [
    `${paint(view.style, "bold", view.words(place))}  ${paint(view.style, "red", code)}`,
    ...(about === "" ? [] : [`  about: ${about}`]),
    line("what", message),
    line("next", next),
  ].join("\n");
}
