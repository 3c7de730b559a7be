import { createHash } from "node:crypto";
import { readOutside } from "./ledger-from-outside.ts";
import type { OutsideRecord, OutsideRow } from "./ledger-from-outside.ts";

/**
 * Judges from outside, after everything has come to rest: the books of MTurk against the ledger in git. It shares no
 * code with what it judges: reference, token, fee and hash chain are computed here a second time, from their
 * description in the design.
 */
export interface Evidence {
  /** The bare repository. */
  readonly remote: string;
  readonly owed: readonly { readonly worker: string; readonly assignment: string; readonly cents: number }[];
  /** The reason in the manifest, without a reference. */
  readonly reason: string;
  /** `/_simulator/state` at the end. */
  readonly books: Books;
  /** `/_simulator/calls`, those before a restart included. */
  readonly calls: readonly MadeCall[];
  /** For each SendBonus that arrived, where the ledger's branch was at that instant. */
  readonly sightings: readonly { readonly invocation: string; readonly tip: string }[];
  /** Cents that the account held before the first run. */
  readonly funds: number;
  /** May a row end in a state that needs a person: held, or open. Where not, each must be paid. */
  readonly mayBeUnsettled: boolean;
}

export interface Books {
  readonly balance: string;
  readonly bonuses: readonly {
    readonly assignment: string;
    readonly worker: string;
    readonly amount: string;
    readonly fee: string;
    readonly reason: string;
    readonly token?: string;
    readonly requestId: string;
  }[];
}

export interface MadeCall {
  readonly operation: string;
  readonly at: string;
  readonly effect: boolean;
  readonly sdkInvocationId?: string;
  readonly input: Readonly<Record<string, string>>;
}

export interface Judgement {
  /** Each begins with a word in capitals. Empty: every promise was kept. */
  readonly violations: readonly string[];
  readonly paid: number;
  readonly held: number;
  readonly open: number;
}

const WINDOW_MS = 12 * 3_600_000;

export function judge(evidence: Evidence): Judgement {
  const { owed, books, funds } = evidence;
  const outside = readOutside(evidence.remote);
  const violations = [...outside.violations];
  const say = (text: string) => void violations.push(text);

  const expected = new Map(owed.map((row) => [row.assignment, { ...row, ...identityOf(row.assignment) }]));
  const claims = outside.records.filter(({ record }) => record === "claim");
  const receipts = outside.records.filter(({ record }) => record === "receipt");

  for (const claim of claims) {
    for (const row of claim.rows) {
      const due = expected.get(row.assignment);
      if (!due || !isAsOwed(row, due, evidence.reason))
        say(`CLAIM ${claim.path} claims what nobody owes: ${row.assignment}`);
    }
    checkTotals(claim, claim.rows, say);
  }
  for (const receipt of receipts) {
    const claim = claims.find(({ sequence }) => sequence === receipt.claim);
    if (!claim || claim.sequence >= receipt.sequence) say(`RECEIPT ${receipt.path} answers no claim before it`);
    for (const row of receipt.rows) {
      const claimed = claim?.rows.find(({ assignment }) => assignment === row.assignment);
      const same = (["worker", "amount", "fee", "reason", "reference", "handle"] as const).every(
        (key) => claimed?.[key] === row[key],
      );
      if (!same) say(`RECEIPT ${receipt.path} answers ${row.assignment} otherwise than it was claimed`);
    }
    checkTotals(receipt, receipt.rows.filter(isPaid), say);
  }

  let spent = 0;
  for (const bonus of books.bonuses) {
    const due = expected.get(bonus.assignment);
    if (!due) {
      say(`WRONG a bonus for ${bonus.assignment}, which nobody owes`);
      continue;
    }
    spent += centsIn(bonus.amount) + centsIn(bonus.fee);
    if (bonus.worker !== due.worker || centsIn(bonus.amount) !== due.cents || centsIn(bonus.fee) !== feeOf(due.cents))
      say(`WRONG ${bonus.assignment} got ${bonus.amount} (fee ${bonus.fee}) to ${bonus.worker}`);
    if (bonus.reason !== `${evidence.reason} [ref ${due.reference}]` || bonus.token !== due.token)
      say(`WRONG ${bonus.assignment} was paid under another reference or token`);
  }
  if (centsIn(books.balance) !== funds - spent)
    say(`BOOKS the balance is ${books.balance}, and ${spent} cents were spent`);

  for (const call of evidence.calls.filter(({ operation }) => operation === "SendBonus")) checkOrder(call);
  const sent = new Set(evidence.calls.map(({ sdkInvocationId }) => sdkInvocationId));
  for (const { invocation, tip } of evidence.sightings) {
    if (!sent.has(invocation)) say(`BOOKS the order ${invocation} arrived and is not among the calls`);
    if (!outside.commits.includes(tip)) say(`HISTORY the branch was at ${tip} once, and no longer holds it`);
  }

  const count = { paid: 0, held: 0, open: 0 };
  for (const { assignment } of owed) settleRow(assignment);
  return { violations, ...count };

  /** Every order, answered or not, is as it is owed, and was claimed at that moment, within the last twelve hours. */
  function checkOrder({ input, sdkInvocationId, at }: MadeCall): void {
    const assignment = input["AssignmentId"] ?? "";
    const due = expected.get(assignment);
    const asOwed =
      due &&
      input["WorkerId"] === due.worker &&
      centsIn(input["BonusAmount"] ?? "") === due.cents &&
      input["UniqueRequestToken"] === due.token;
    if (!asOwed) say(`ORDER ${assignment} was ordered otherwise than it is owed`);
    const tip = evidence.sightings.find(({ invocation }) => invocation === sdkInvocationId)?.tip;
    if (tip === undefined || !outside.commits.includes(tip)) return say(`ORDER nobody saw ${sdkInvocationId} arrive`);
    const pushed = outside.pathsAt(tip);
    const claim = claims.findLast(
      ({ path, rows }) => pushed.has(path) && rows.some((row) => row.assignment === assignment),
    );
    if (!claim) say(`UNCLAIMED ${assignment} was ordered before its claim was pushed`);
    else if (Date.parse(at) >= Date.parse(claim.time) + WINDOW_MS)
      say(`LATE ${assignment} was ordered twelve hours after its claim`);
  }

  function settleRow(assignment: string): void {
    const paid = books.bonuses.filter((bonus) => bonus.assignment === assignment);
    const answers = receipts.flatMap(({ rows }) => rows.filter((row) => row.assignment === assignment));
    const claimed = claims.filter(({ rows }) => rows.some((row) => row.assignment === assignment)).length;
    const calledPaid = answers.filter(isPaid);
    if (paid.length > 1) say(`DOUBLE ${assignment} was paid ${paid.length} times`);
    if (calledPaid.length > paid.length)
      say(`FALSE ${assignment} has ${calledPaid.length} receipts and ${paid.length} bonuses`);
    for (const { requestId } of calledPaid)
      if (requestId !== undefined && !paid.some((bonus) => bonus.requestId === requestId))
        say(`FALSE the receipt of ${assignment} names a request that paid nothing`);

    const last = answers.at(-1)?.outcome;
    const state =
      calledPaid.length > 0 ? "paid" : last === "held" ? "held" : claimed > answers.length ? "open" : undefined;
    if (state === undefined) {
      say(
        paid.length > 0
          ? `LOST ${assignment} was paid, and the ledger shows it neither paid nor open nor held`
          : `UNPAID ${assignment} (${last ?? "not claimed"})`,
      );
      return;
    }
    count[state]++;
    if (state !== "paid" && !evidence.mayBeUnsettled)
      say(`UNSETTLED ${assignment} is ${state} after everything came to rest`);
  }
}

function isPaid({ outcome }: OutsideRow): boolean {
  return outcome === "done" || outcome === "found";
}

function isAsOwed(
  row: OutsideRow,
  due: { worker: string; cents: number; reference: string; token: string },
  reason: string,
): boolean {
  return (
    row.kind === "pay" &&
    row.worker === due.worker &&
    centsIn(row.amount) === due.cents &&
    centsIn(row.fee) === feeOf(due.cents) &&
    row.reference === due.reference &&
    row.handle === due.token &&
    row.reason === `${reason} [ref ${due.reference}]`
  );
}

function checkTotals({ path, totals }: OutsideRecord, rows: readonly OutsideRow[], say: (text: string) => void): void {
  const amount = rows.reduce((sum, row) => sum + centsIn(row.amount), 0);
  const fee = rows.reduce((sum, row) => sum + centsIn(row.fee), 0);
  const right =
    totals.rows === rows.length &&
    centsIn(totals.amount) === amount &&
    centsIn(totals.fee) === fee &&
    centsIn(totals.cost) === amount + fee;
  if (!right) say(`TOTALS ${path} does not add up`);
}

function centsIn(text: string): number {
  const [, whole, cents] = /^(\d+)\.(\d\d)$/.exec(text) ?? [];
  return whole === undefined ? Number.NaN : Number(whole) * 100 + Number(cents);
}

/** 20 %, at least one cent, half up. */
function feeOf(cents: number): number {
  return Math.max(1, Math.floor((cents * 20 + 50) / 100));
}

function identityOf(assignment: string): { reference: string; token: string } {
  const what = ["mturk", "simulator", assignment, ""];
  const code = hashed(["mergepay-reference/1", ...what]);
  return {
    reference: `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8, 12)}`,
    token: hashed(["mergepay/1", ...what, "1"]),
  };
}

/** SHA-256 over parts that each end in a NUL, in base 32: five bits a letter, the last one filled up with zeros. */
function hashed(parts: readonly string[]): string {
  const bytes = createHash("sha256")
    .update(parts.map((part) => `${part}\0`).join(""))
    .digest();
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives.map((five) => LETTERS[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
