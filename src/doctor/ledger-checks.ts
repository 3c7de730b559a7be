import { count } from "../report/phrases.ts";
import { done, missing, waiting } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { AUDIT_NOW, recordedAudit } from "./recorded-audit.ts";
import type { LedgerFacts, RepositoryFacts } from "./repository-facts.ts";

/** Whether there is a ledger, and somebody here may write it. `now` is ISO 8601. */
export function ledgerChecks(facts: RepositoryFacts, now: string): Check[] {
  const { ledger, onGitHub, workflowPays, environment } = facts;
  const check = { topic: "ledger", needed: true } as const;
  const paidByGitHub = environment === "production" && onGitHub !== undefined && workflowPays;
  return [
    { ...check, id: "ledger", title: "The ledger", ...there(ledger) },
    {
      ...check,
      id: "ledger-push",
      title: "May be written from here",
      needed: !paidByGitHub,
      ...pushable(ledger),
    },
    // GitHub knows when a workflow last audited.
    ...(onGitHub === undefined || environment === "simulator"
      ? [{ ...check, id: "last-audit", title: "The last audit", needed: false, ...audited(ledger, now) }]
      : []),
  ];
}

function there(ledger: LedgerFacts): Finding {
  switch (ledger.kind) {
    case "not-looked":
      return waiting("there is no remote to ask", "A clone with a remote");
    case "missing":
      return missing(
        `the remote has no branch \`${ledger.branch}\``,
        "mergepay init makes it. If it was there before, bring it back from a clone: a new one would forget who was paid",
      );
    case "unreadable":
      return missing(ledger.message, ledger.hint);
    case "broken":
      return missing(`its chain is broken: ${ledger.first}`, "mergepay verify shows everything that is wrong with it");
    case "whole":
      return done(`branch \`${ledger.branch}\`, ${count(ledger.records.length, "record")} in one chain`);
  }
}

function audited(ledger: LedgerFacts, now: string): Finding {
  if (ledger.kind !== "whole") return waiting("there is nothing to audit", "The ledger");
  if (ledger.records.length === 0) return done("nothing was paid yet, so that there is nothing to audit");
  return recordedAudit(ledger.lastAudit, now) ?? missing("none is recorded in the ledger", AUDIT_NOW);
}

function pushable(ledger: LedgerFacts): Finding {
  if (ledger.kind !== "whole") return waiting("there is none to write", "The ledger");
  if (ledger.refusal === undefined) return done("the remote would take a push (nothing was pushed)");
  return missing(
    `the remote says: ${ledger.refusal}`,
    `whoever pays must be able to push to \`${ledger.branch}\`: ask for write access, or log in to git`,
  );
}
