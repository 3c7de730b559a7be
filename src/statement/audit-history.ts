import type { AuditRecord, FiledAudit, FindingCount } from "../ledger/audit-record.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { parseLargeMoney } from "./statement-reader.ts";

/** One audit as far as it is about the accounts of a report. */
export interface AuditEntry extends Pick<
  AuditRecord,
  "time" | "actor" | "run" | "tool" | "everywhere" | "notAsked" | "commit" | "ledger"
> {
  /** Its file. */
  readonly path: string;
  /** What was found in these accounts, and what belongs to none. None: every cent was explained. */
  readonly findings: readonly FindingCount[];
  /** Amounts of bonuses, without fees. */
  readonly accounts: readonly {
    readonly account: Account;
    readonly bonuses: number;
    readonly explained: Money;
    readonly total: Money;
  }[];
}

/** The audits that looked at an account that is wanted, the newest first. */
export function auditHistory(audits: readonly FiledAudit[], isWanted: (account: Account) => boolean): AuditEntry[] {
  return audits
    .flatMap(({ path, audit }): AuditEntry[] => {
      const { time, actor, run, tool, everywhere, notAsked, commit, ledger } = audit;
      const wanted = audit.accounts.filter(isWanted);
      if (wanted.length === 0) return [];
      return [
        {
          path,
          time,
          actor,
          run,
          tool,
          everywhere,
          notAsked,
          commit,
          ledger,
          findings: together([...audit.findings, ...wanted.flatMap(({ findings }) => findings)]),
          accounts: wanted.map(({ platform, environment, currency, bonuses, explained, total }) => ({
            account: { platform, environment, currency },
            bonuses,
            explained: parseLargeMoney(explained, currency),
            total: parseLargeMoney(total, currency),
          })),
        },
      ];
    })
    .toReversed();
}

/** How many findings there were, whatever their codes. */
export function findingsIn({ findings }: Pick<AuditEntry, "findings">): number {
  return findings.reduce((sum, { count }) => sum + count, 0);
}

function together(findings: readonly FindingCount[]): FindingCount[] {
  const counts = new Map<string, number>();
  for (const { code, count } of findings) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => ({ code, count }));
}
