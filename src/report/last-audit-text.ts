import { displayMoney } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { findingsIn } from "../statement/audit-history.ts";
import type { AuditEntry } from "../statement/audit-history.ts";
import { count, isReal } from "./phrases.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

export interface LastAuditView {
  readonly lastAudit: AuditEntry | undefined;
  /** What it may have looked at. */
  readonly accounts: readonly Account[];
  /** How many the ledger has now. */
  readonly records: number;
  /** ISO 8601. */
  readonly now: string;
  readonly style: Style;
}

/** The last audit in a line of its own; empty where there was none, and no real money either. */
export function lastAuditLine({ lastAudit, accounts, records, now, style }: LastAuditView): string {
  if (!lastAudit)
    return accounts.some(isReal)
      ? paint(style, "yellow", "No audit is recorded: `mergepay audit --record` compares lists, ledger and platform.")
      : "";
  const text = `L${lastAuditText(lastAudit, now, records).slice(1)}.`;
  return lastAudit.findings.length === 0
    ? text
    : paint(style, "yellow", `${text}\n  → \`mergepay audit\` shows what is left of that, and what to do`);
}

/**
 * `last audit 3 days ago: every cent explained, $12.50 in 7 bonuses`; with what came to the ledger since. `now` is ISO
 * 8601, `records` how many the ledger has now.
 */
export function lastAuditText(entry: AuditEntry, now: string, records: number): string {
  const newer = records - entry.ledger.records;
  const since = newer > 0 ? `; ${count(newer, "record is", "records are")} newer` : "";
  return `last audit ${daysAgo(entry.time, now)}: ${auditWords(entry)}${since}`;
}

/** `every cent explained, $12.50 in 7 bonuses` or `2 findings, explained $11.00 of $12.50 in 7 bonuses`. */
export function auditWords(entry: AuditEntry): string {
  const found = findingsIn(entry);
  const sums = entry.accounts.map(({ bonuses, explained, total }) => {
    const of = count(bonuses, "bonus", "bonuses");
    return found === 0
      ? `${displayMoney(total)} in ${of}`
      : `explained ${displayMoney(explained)} of ${displayMoney(total)} in ${of}`;
  });
  return [found === 0 ? "every cent explained" : count(found, "finding"), ...sums].join(", ");
}

/** `today`, `yesterday`, `3 days ago`: by days of UTC. */
export function daysAgo(time: string, now: string): string {
  const day = (text: string) => Math.floor(Date.parse(text) / 86_400_000);
  const days = Math.max(0, day(now) - day(time));
  return days === 0 ? "today" : days === 1 ? "yesterday" : `${count(days, "day")} ago`;
}
