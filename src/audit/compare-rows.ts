import { bonusKey } from "../ledger/identity.ts";
import { amountOf } from "../ledger/state.ts";
import type { BonusClaim, LedgerState } from "../ledger/state.ts";
import type { BonusRow, Manifest } from "../manifest/manifest.ts";
import { compareMoney, displayMoney } from "../money.ts";
import type { ListedPayment } from "../platforms/ports.ts";
import type { AccountEvidence, ReviewEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";
import { paymentKey } from "./payment-key.ts";

/** What the default branch asks for, row by row, against the ledger: what is not paid, and what was changed since. */
export function compareRows(
  evidence: AccountEvidence,
  manifests: readonly Manifest[],
  ledger: LedgerState,
  reviews: ReviewEvidence | "not-asked",
): Finding[] {
  const listed = new Map<string, ListedPayment>(
    evidence.observed.listed.map((payment) => [paymentKey(payment), payment]),
  );
  const adopted = new Set(manifests.flatMap(({ adopted }) => adopted.map((row) => keyOf(evidence, row))));
  return manifests.flatMap((manifest) =>
    manifest.bonuses.flatMap((row) => {
      if (adopted.has(keyOf(evidence, row))) return [];
      const claimed = ledger.bonuses.get(keyOf(evidence, row));
      return claimed
        ? compareClaimed(evidence, row, claimed)
        : unpaid(evidence, manifest, row, reviews, listed.get(paymentKey(row)));
    }),
  );
}

function compareClaimed(evidence: AccountEvidence, row: BonusRow, claimed: BonusClaim): Finding[] {
  const { account } = evidence;
  const amount = amountOf(claimed.row.amount, account);
  const record = claimed.receipt?.path ?? claimed.claim.path;
  const isNext = row.attempt === claimed.row.attempt + 1;
  if (claimed.state === "free" || (isNext && (claimed.state === "held" || claimed.state === "refused")))
    return [
      {
        ...aboutRow(evidence, row, "merged-but-unpaid"),
        message: `merged and not paid: claimed before, and ${claimed.state === "free" ? "never sent" : claimed.state} (${record})`,
        next: "run `mergepay apply`, or let the workflow run: it pays what was approved",
      },
    ];
  // A row that leaves the worker out is for whomever the platform named when it was claimed.
  const isSame = row.worker === "" || row.worker === claimed.row.worker;
  if (isSame && compareMoney(row.amount, amount) === 0) return [];
  const what = isSame
    ? `reads ${displayMoney(row.amount)}, and ${displayMoney(amount)} was`
    : "names another worker than the one to whom it was";
  return [
    {
      ...aboutRow(evidence, row, "row-changed"),
      message: `${what} ${claimed.state === "settled" ? "paid" : "claimed"} (${record})`,
      next: "put the row back as it was by a reviewed change; for more money to the same worker add a row with a `label`",
    },
  ];
}

function unpaid(
  evidence: AccountEvidence,
  { file }: Manifest,
  row: BonusRow,
  reviews: ReviewEvidence | "not-asked",
  byHand: ListedPayment | undefined,
): Finding[] {
  const standing = reviews === "not-asked" ? undefined : reviews.manifests.get(file);
  const [message, next] =
    standing?.approved === false
      ? [`merged and not paid: ${standing.message}`, standing.next]
      : byHand
        ? [
            `merged and not paid by mergepay; an equal bonus was paid${byHand.at === undefined ? "" : ` at ${byHand.at}`}`,
            "if that was this bonus, `mergepay audit --adopt` writes it into a file for review, and the row counts as paid",
          ]
        : [
            "merged and not paid: no claim names this row",
            "run `mergepay plan` to see why; `mergepay apply` or the next run of the workflow pays what was approved",
          ];
  return [{ ...aboutRow(evidence, row, "merged-but-unpaid"), message, next }];
}

function aboutRow({ account }: AccountEvidence, row: BonusRow, code: Finding["code"]) {
  const { at, worker, assignment, amount } = row;
  return { code, account, place: `${at.file}:${at.line}`, worker, assignment, amount };
}

function keyOf({ account }: AccountEvidence, row: { readonly assignment: string; readonly label: string }): string {
  return bonusKey(account, row.assignment, row.label);
}
