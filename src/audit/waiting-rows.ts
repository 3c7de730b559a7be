import { amountOf } from "../ledger/state.ts";
import type { BonusClaim, LedgerState, OpenRow } from "../ledger/state.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { bonusKey } from "../ledger/identity.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";

/** Rows of the ledger that have no end yet, or one that a person must look at. */
export function waitingRows(evidence: AccountEvidence, manifests: readonly Manifest[], ledger: LedgerState): Finding[] {
  const asked = new Map(
    manifests.flatMap(({ bonuses }) =>
      bonuses.map((row) => [bonusKey(evidence.account, row.assignment, row.label), row.attempt]),
    ),
  );
  return [
    ...ledger.open.map((row) => openFinding(evidence, row)),
    ...[...ledger.bonuses].flatMap(([key, bonus]) => endedFinding(evidence, bonus, asked.get(key))),
  ];
}

function openFinding({ account, rules, now }: AccountEvidence, { claim, row }: OpenRow): Finding {
  const ageMs = Date.parse(now) - Date.parse(claim.record.time);
  const isStuck = ageMs >= patienceMs(rules);
  const about = {
    code: isStuck ? ("stuck-claim" as const) : ("open-claim" as const),
    account,
    place: claim.path,
    ...(row.kind === "create-type" ? {} : { worker: row.worker }),
    ...(row.kind === "pay" ? { assignment: row.assignment, amount: amountOf(row.amount, account) } : {}),
  };
  const what = row.kind === "pay" ? "this bonus" : `the ${row.kind} of ${row.name}`;
  const since = `${what} was claimed ${hoursText(ageMs)} ago, and nobody wrote down how it ended`;
  return isStuck
    ? {
        ...about,
        message: since,
        next: "run `mergepay apply`: it looks for the payment, and holds the row where there is none. It is too late to order it again",
      }
    : { ...about, message: since, next: "the next run of `mergepay apply` finds out and writes the receipt" };
}

/** For how long a claim may be open without anything being wrong. */
function patienceMs({ traits: { completion, resend } }: PlatformRules): number {
  if (completion.kind === "later") return completion.horizonMs;
  return resend.kind === "token" ? resend.forMs : HOUR_MS;
}

const HOUR_MS = 60 * 60_000;

/** `less than an hour`, `13 hours` */
function hoursText(ageMs: number): string {
  const hours = Math.floor(ageMs / HOUR_MS);
  return hours < 1 ? "less than an hour" : `${hours} ${hours === 1 ? "hour" : "hours"}`;
}

/**
 * Held ones wait whatever the manifests say; refused ones only while a manifest still asks for them. `asked` is the attempt
 * that it asks for.
 */
function endedFinding(
  { account }: AccountEvidence,
  { state, row, receipt, claim }: BonusClaim,
  asked: number | undefined,
): Finding[] {
  if (state !== "held" && state !== "refused") return [];
  if (asked === undefined ? state === "refused" : asked > row.attempt) return [];
  const again = `give the row \`attempt: ${row.attempt + 1}\` by a reviewed change`;
  return [
    {
      code: state === "held" ? "held-row" : "refused-row",
      account,
      place: receipt?.path ?? claim.path,
      worker: row.worker,
      assignment: row.assignment,
      amount: amountOf(row.amount, account),
      message: `${state}: ${receipt?.row.message ?? "the receipt does not say why"}`,
      next:
        state === "held"
          ? `ask the platform whether it was paid; if it was not, ${again}, or take the row out`
          : `correct the row and ${again}, or take it out`,
    },
  ];
}
