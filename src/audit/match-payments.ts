import { referenceOf, referencesIn } from "../ledger/identity.ts";
import type { BonusClaim, LedgerState } from "../ledger/state.ts";
import { amountOf } from "../ledger/state.ts";
import type { AdoptedRow, Manifest } from "../manifest/manifest.ts";
import { compareMoney, displayMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { ListedPayment, ObservedPayment } from "../platforms/ports.ts";
import type { AccountEvidence } from "./audit-input.ts";
import type { Finding } from "./finding.ts";
import { paymentKey } from "./payment-key.ts";

/** Money that moved, or that a receipt says moved, in one account. Amounts without fees: platforms list those alone. */
export interface MatchedMoney {
  readonly bonuses: number;
  readonly total: Money;
  readonly explained: Money;
  /** Of the explained: paid within the last hour, so that the platform may not list them yet. */
  readonly fresh: number;
  /** Of the explained: so old that the platform has thrown their assignments away, and only the receipt tells. */
  readonly past: number;
}

/** A list may lag behind a payment. For so long the platform's own answer, noted in the receipt, is believed. */
const LAG_MS = 60 * 60_000;

/** Compares what the platform lists with what receipts call paid, payment by payment. */
export function matchPayments(
  evidence: AccountEvidence,
  manifests: readonly Manifest[],
  ledger: LedgerState,
): { readonly money: MatchedMoney; readonly findings: readonly Finding[]; readonly outside: readonly ListedPayment[] } {
  const books = booksOf(evidence, ledger);
  const tally: Tally = { total: [], explained: [], fresh: 0, past: 0, findings: [], outside: [] };
  const listedFor = new Map<string, ListedPayment[]>();
  const adoptions = adoptedIn(evidence, manifests);
  const tie = evidence.rules.traits.witness === "amounts" ? tieByAmounts(books) : tieByReference(books);
  const known = new Set(manifests.flatMap(({ bonuses }) => bonuses.map((row) => referenceFor(evidence, row))));
  for (const payment of evidence.observed.listed) {
    tally.total.push(payment.amount);
    const reference = tie(payment);
    if (reference !== undefined) listedFor.set(reference, [...(listedFor.get(reference) ?? []), payment]);
    else if (takeAdopted(adoptions, payment)) tally.explained.push(payment.amount);
    else {
      const finding = unknownPayment(evidence, payment, known);
      tally.findings.push(finding);
      if (finding.code === "paid-outside") tally.outside.push(payment);
    }
  }
  for (const [reference, bonus] of books) matchBonus(evidence, bonus, listedFor.get(reference) ?? [], tally);
  for (const row of [...adoptions.values()].flat()) tally.findings.push(...notListed(evidence, row));
  const { currency } = evidence.account;
  return {
    findings: tally.findings,
    outside: tally.outside,
    money: {
      bonuses: tally.total.length,
      total: sumMoney(tally.total, currency),
      explained: sumMoney(tally.explained, currency),
      fresh: tally.fresh,
      past: tally.past,
    },
  };
}

/** To which bonus of the ledger a payment belongs; undefined: to none. Asked once for each payment. */
type Tie = (payment: ListedPayment) => string | undefined;

function tieByReference(books: ReadonlyMap<string, BonusClaim>): Tie {
  return (payment) => referencesIn(payment.reason).find((each) => books.has(each));
}

/**
 * Where a list tells nothing but amounts, each payment is taken for a bonus of the same assignment and amount that none was
 * taken for yet: for a paid one first, then for one that may have been paid. What was turned away was not ordered.
 */
function tieByAmounts(books: ReadonlyMap<string, BonusClaim>): Tie {
  const waiting = new Map<string, string[]>();
  for (const state of ["settled", "open", "held"] as const)
    for (const [reference, bonus] of books) {
      if (bonus.state !== state) continue;
      const key = amountKey(bonus.row.assignment, amountOf(bonus.row.amount, bonus.claim.record));
      waiting.set(key, [...(waiting.get(key) ?? []), reference]);
    }
  return ({ assignment, amount }) => waiting.get(amountKey(assignment, amount))?.shift();
}

function amountKey(assignment: string, { minor }: Money): string {
  return `${assignment}\0${minor}`;
}

interface Tally {
  readonly total: Money[];
  readonly explained: Money[];
  fresh: number;
  past: number;
  readonly findings: Finding[];
  readonly outside: ListedPayment[];
}

/** Reference → the bonus in the ledger, whatever its state. */
function booksOf({ account }: AccountEvidence, { bonuses }: LedgerState): Map<string, BonusClaim> {
  return new Map([...bonuses.values()].map((bonus) => [referenceOf({ ...account, ...bonus.row }), bonus]));
}

function referenceFor({ account }: AccountEvidence, row: { readonly assignment: string; readonly label: string }) {
  return referenceOf({ ...account, assignment: row.assignment, label: row.label });
}

/** One bonus of the ledger, and every payment that carries its reference. */
function matchBonus(
  evidence: AccountEvidence,
  bonus: BonusClaim,
  listed: readonly ListedPayment[],
  tally: Tally,
): void {
  const { account } = evidence;
  const amount = amountOf(bonus.row.amount, account);
  const finding = aboutBonus(evidence, bonus);
  if (bonus.state !== "settled") {
    for (const payment of listed) tally.findings.push(finding("paid-but-unrecorded", payment, ...unrecorded(bonus)));
    return;
  }
  const [match] = listed.filter((payment) => isEqual(payment, bonus.row.worker, amount));
  if (match) tally.explained.push(match.amount);
  for (const payment of listed)
    if (payment !== match)
      tally.findings.push(
        match && isEqual(payment, bonus.row.worker, amount)
          ? finding("paid-twice", payment, "the platform lists this bonus more than once", TWICE)
          : finding("amount-mismatch", payment, mismatch(payment, bonus, amount), MISMATCH),
      );
  if (listed.length > 0) return;
  tally.total.push(amount);
  const missing = whyNotListed(evidence, bonus.row.assignment, bonus.receipt?.row.time ?? bonus.claim.record.time);
  if (missing === "fresh" || missing === "past") {
    tally.explained.push(amount);
    tally[missing] += 1;
  } else tally.findings.push(finding("recorded-but-not-paid", { amount }, ...missing));
}

function aboutBonus({ account }: AccountEvidence, { row, receipt, claim }: BonusClaim) {
  return (code: Finding["code"], { amount }: Pick<ObservedPayment, "amount">, message: string, next: string) => ({
    code,
    account,
    place: receipt?.path ?? claim.path,
    worker: row.worker,
    assignment: row.assignment,
    amount,
    message,
    next,
  });
}

/** Why a payment that somebody vouches for is not listed: it is too new, too old, or there is something to find out. */
function whyNotListed(
  { observed, rules, now }: AccountEvidence,
  assignment: string,
  time: string,
): "fresh" | "past" | [message: string, next: string] {
  const ageMs = Date.parse(now) - Date.parse(time);
  if (ageMs < LAG_MS) return "fresh";
  if (observed.assignments.has(assignment))
    return [
      "the receipt says that this was paid, and the platform lists no such bonus",
      "look at the assignment's bonuses on the platform; if it was not paid, the record was written by somebody else than mergepay, or the platform has lost it: ask its support with the request id in the receipt",
    ];
  const { listsForMs = Infinity } = rules.traits;
  if (ageMs >= listsForMs) return "past";
  return [
    "the receipt says that this was paid, and the platform no longer knows the assignment",
    `find out who deleted the ${rules.words.container}, or whether this is the right account: until then the receipt alone says that it was paid`,
  ];
}

function unknownPayment(evidence: AccountEvidence, payment: ListedPayment, known: ReadonlySet<string>): Finding {
  const references = referencesIn(payment.reason);
  const about = {
    account: evidence.account,
    place: `${evidence.rules.words.container} ${payment.container}`,
    worker: payment.worker,
    assignment: payment.assignment,
    amount: payment.amount,
  };
  const [reference] = references;
  const paid = payment.at === undefined ? "paid" : `paid at ${payment.at}`;
  if (reference === undefined)
    return {
      code: "paid-outside",
      ...about,
      message: `${paid} by hand or by another program, and nothing in this repository asked for it`,
      next: "ask who paid it; `mergepay audit --adopt` writes it into a file for review",
    };
  if (references.some((each) => known.has(each)))
    return {
      code: "paid-but-unrecorded",
      ...about,
      message: `${paid} with the reference ${reference} of a merged row, and the ledger has no claim for it`,
      next: "the ledger was lost or set back, or this repository is a copy: bring back the ledger branch that paid it",
    };
  return {
    code: "paid-outside",
    ...about,
    message: `${paid} with the reference ${reference}, which neither ledger nor manifests know: by another repository, or from a ledger that was lost`,
    next: "find the repository that pays from the same account; `mergepay audit --adopt` writes it into a file for review",
  };
}

function unrecorded({ state }: BonusClaim): [message: string, next: string] {
  const message = `the platform lists this bonus as paid, and in the ledger it is ${STATES[state]}`;
  if (state === "open" || state === "held")
    return [message, "run `mergepay apply`: it finds the payment and writes the receipt"];
  return [
    message,
    "somebody paid it with mergepay's reference, or the platform said no and paid all the same: keep the row out of every manifest, and ask the platform's support",
  ];
}

const STATES = {
  open: "open",
  held: "held",
  refused: "called refused",
  free: "called not sent",
  settled: "paid",
} as const;

function mismatch(payment: ListedPayment, { row }: BonusClaim, amount: Money): string {
  if (payment.worker !== row.worker) return "the platform lists this bonus for another worker than the receipt";
  return `the platform lists ${displayMoney(payment.amount)}, and the receipt says ${displayMoney(amount)}`;
}

const TWICE =
  "compare the times on the platform with the runs in the ledger; ask the platform's support to take one back";
const MISMATCH =
  "look at the assignment's bonuses on the platform and at the commit that added the receipt: one of them is not what was reviewed";

function isEqual(payment: ObservedPayment, worker: string, amount: Money): boolean {
  return payment.worker === worker && compareMoney(payment.amount, amount) === 0;
}

/** Payment (see `paymentKey`) → the rows that name it: they tell equal payments apart by their times. */
type Adoptions = Map<string, AdoptedRow[]>;

function adoptedIn({ observed }: AccountEvidence, manifests: readonly Manifest[]): Adoptions {
  const adoptions: Adoptions = new Map();
  for (const row of manifests.flatMap(({ adopted }) => adopted)) {
    const worker = row.worker === "" ? observed.assignments.get(row.assignment)?.worker : row.worker;
    const key = paymentKey({ ...row, worker: worker ?? "" });
    adoptions.set(key, [...(adoptions.get(key) ?? []), row]);
  }
  return adoptions;
}

function takeAdopted(adoptions: Adoptions, payment: ListedPayment): boolean {
  const rows = adoptions.get(paymentKey(payment)) ?? [];
  const { at } = payment;
  const place = rows.findIndex(({ paid }) => at === undefined || Date.parse(paid) === Date.parse(at));
  if (place !== -1) rows.splice(place, 1);
  return place !== -1;
}

function notListed(evidence: AccountEvidence, row: AdoptedRow): Finding[] {
  const why = whyNotListed(evidence, row.assignment, row.paid);
  if (why === "past" || why === "fresh") return [];
  return [
    {
      code: "adopted-not-listed",
      account: evidence.account,
      place: `${row.at.file}:${row.at.line}`,
      worker: row.worker,
      assignment: row.assignment,
      amount: row.amount,
      message: "the file says that this was paid before, and the platform lists no such bonus",
      next: "take the line out by a reviewed change, or correct it: `mergepay audit --adopt` writes what the platform lists",
    },
  ];
}
