import { readOutside } from "../ledger-from-outside.ts";

export interface Owed {
  readonly submission: string;
  readonly cents: number;
}

/** A call of pay, and the tip of the ledger's branch when it arrived. */
export interface Arrival {
  readonly bulk: string;
  readonly tip: string;
}

/** What Prolific's own books say. */
export interface Books {
  readonly orders: readonly { readonly bulk: string }[];
  readonly payments: readonly { readonly submission: string; readonly amount: string; readonly source: string }[];
}

export interface Judgement {
  /** Each begins with a word in capitals. Empty: every promise was kept. */
  readonly violations: readonly string[];
  readonly paid: number;
  readonly held: number;
}

/** Judges from outside, after everything has come to rest: Prolific's books against the ledger in git. */
export function judge(remote: string, owed: readonly Owed[], books: Books, arrivals: readonly Arrival[]): Judgement {
  const outside = readOutside(remote);
  const violations = [...outside.violations];
  const say = (text: string) => void violations.push(text);
  const claims = outside.records.filter(({ record }) => record === "claim");
  const answers = outside.records.filter(({ record }) => record === "receipt").flatMap(({ rows }) => rows);

  const seen = new Set<string>();
  for (const { bulk, tip } of arrivals) {
    if (seen.has(bulk)) say(`TWICE the order ${bulk} was given twice`);
    seen.add(bulk);
    const pushed = outside.pathsAt(tip);
    const claim = claims.find(({ path, rows }) => pushed.has(path) && rows.some(({ handle }) => handle === bulk));
    if (!claim) say(`UNCLAIMED the order ${bulk} was given before its claim was pushed`);
  }
  for (const { bulk } of books.orders) if (!seen.has(bulk)) say(`BOOKS nobody saw the order ${bulk} arrive`);

  const count = { paid: 0, held: 0 };
  for (const { submission, cents } of owed) {
    const payments = books.payments.filter((each) => each.submission === submission);
    const rows = answers.filter(({ assignment }) => assignment === submission);
    const calledPaid = rows.filter(({ outcome }) => outcome === "done" || outcome === "found").length;
    const claimed = claims.filter((claim) => claim.rows.some(({ assignment }) => assignment === submission)).length;
    if (payments.length > 1) say(`DOUBLE ${submission} was paid ${payments.length} times`);
    if (payments.some(({ amount }) => Math.round(Number(amount) * 100) !== cents))
      say(`WRONG ${submission} got another amount`);
    if (calledPaid !== payments.length)
      say(`FALSE ${submission} has ${calledPaid} receipts and ${payments.length} payments`);
    if (claimed > rows.length) say(`OPEN ${submission} stays open`);
    if (calledPaid > 0) count.paid += 1;
    else if (rows.at(-1)?.outcome === "held") count.held += 1;
    else say(`UNPAID ${submission} (${rows.at(-1)?.outcome ?? "not claimed"})`);
  }
  return { violations, ...count };
}
