import type { Measured } from "../../../calibration/calibration.ts";

/** An MTurk where money is play money, with one assignment that somebody handed in. */
export interface TestSite {
  readonly assignment: string;
  /** Under which the assignment's HIT was made just now, if it was. */
  readonly hitToken: string | undefined;
  order(order: TestOrder): Promise<TestAnswer>;
  /** Every bonus of the assignment. */
  listed(): Promise<readonly Listed[]>;
  /** Epoch milliseconds. */
  now(): Promise<number>;
  wait(ms: number): Promise<void>;
  /** What goes on, for the person who waits. */
  say(text: string): void;
}

export interface TestOrder {
  readonly cents: number;
  readonly reason: string;
  readonly token: string;
  /** Another one than the site's. */
  readonly assignment?: string;
}

export type TestAnswer =
  | { readonly kind: "paid" }
  /** `readAs`: what the payer of `apply` makes of it. */
  | { readonly kind: "turned-away"; readonly code: string; readonly message: string; readonly readAs: string };

export interface Listed {
  readonly cents: number;
  readonly reason: string;
}

/** Every order has an amount of its own, by which its bonus is known whatever becomes of its reason. */
const CENTS = { first: 2, long: 3, other: 4, hitToken: 5, afterFailure: 6 } as const;
/** Like a reason with its reference, with what might be normalised. */
const REASON = "mergepay calibration:  Two  blanks, CAPITALS and small letters [ref CALI-BRAT-ION2]";
const LONG_REASONS = [4000, 2000, 1000, 500, 250];
/** Every look after the last one, in seconds. */
const LOOKS_S = [...Array<number>(5).fill(1), ...Array<number>(5).fill(5), ...Array<number>(58).fill(15)];

/**
 * Finds out what Amazon does not document, by a handful of bonuses of a few cents. `token` gives a new token for each
 * name. Throws an Error that says why where the very first bonus is turned away.
 */
export async function measure(site: TestSite, token: (name: string) => string): Promise<Measured> {
  const measured = new Map<string, string>();
  site.say("paying a first bonus, and waiting until it is listed");
  const first = { cents: CENTS.first, reason: REASON, token: token("first") };
  const paidAt = await site.now();
  const paid = await site.order(first);
  if (paid.kind !== "paid") throw new Error(`the first bonus was turned away: ${paid.code} ${paid.message}`);
  const lag = await listingLag(site, paidAt);
  measured.set("listed-after-seconds", lag.seconds === undefined ? `more than ${lag.looked}` : String(lag.seconds));
  const lagMs = lag.seconds === undefined ? undefined : lag.seconds * 1000 + 1000;

  site.say("paying one with a long reason");
  const longest = await longestReason(site, token);
  await site.wait(lagMs ?? 0);
  const reasons = await site.listed();
  const shown = (cents: number) => reasons.find((each) => each.cents === cents)?.reason;
  const [short, long] = [shown(CENTS.first), shown(CENTS.long)];
  if (short !== undefined) measured.set("reason-comes-back", comparison(REASON, short, longest, long));
  measured.set("longest-reason", String(longest.length));

  site.say("giving the same order again, and another one under the same token");
  const again = await site.order(first);
  measured.set("same-order-again", await ended(site, again, CENTS.first, 2, lagMs));
  if (again.kind === "turned-away") {
    measured.set("used-token-code", again.code);
    measured.set("used-token-read-as", again.readAs);
  }
  const other = await ended(site, await site.order({ ...first, cents: CENTS.other }), CENTS.other, 1, lagMs);
  measured.set("other-order-same-token", other);

  site.say("giving an order under the token of the HIT, and one under the token of an order that failed");
  measured.set("tokens-count-in", await tokensCountIn(site, other));
  measured.set("failed-order-uses-token", await failureUsesToken(site, other, token("failure")));
  return measured;
}

/** `looked`: for how many seconds it was looked for in vain. */
async function listingLag(site: TestSite, paidAt: number): Promise<{ seconds?: number; looked: number }> {
  const elapsed = async () => Math.ceil(((await site.now()) - paidAt) / 1000);
  const isThere = async () => (await site.listed()).some(({ cents }) => cents === CENTS.first);
  let looked = await elapsed();
  if (await isThere()) return { seconds: looked, looked };
  for (const seconds of LOOKS_S) {
    await site.wait(seconds * 1000);
    looked = await elapsed();
    if (await isThere()) return { seconds: looked, looked };
  }
  return { looked };
}

/** The longest of a few reasons that is accepted; empty where none is. */
async function longestReason(site: TestSite, token: (name: string) => string): Promise<string> {
  for (const length of LONG_REASONS) {
    const reason = `${REASON} `
      .repeat(Math.ceil(length / REASON.length))
      .slice(0, length - 1)
      .concat(".");
    const { kind } = await site.order({ cents: CENTS.long, reason, token: token(`long ${length}`) });
    if (kind === "paid") return reason;
  }
  return "";
}

function comparison(sent: string, short: string, longSent: string, long: string | undefined): string {
  const pairs: (readonly [before: string, after: string])[] = [[sent, short]];
  if (long !== undefined) pairs.push([longSent, long]);
  const every = (means: (text: string) => string) => pairs.every(([before, after]) => means(before) === after);
  if (every((text) => text)) return "verbatim";
  if (every((text) => text.replace(/\s+/g, " ").trim())) return "blanks collapsed";
  if (every((text) => text.toUpperCase())) return "upper case";
  const cut = Math.max(...pairs.map(([, after]) => after.length));
  return every((text) => text.slice(0, cut)) ? `cut off at ${cut}` : "changed";
}

/** `paid` only where as many bonuses are listed as there would be; `unknown` where they are not listed in time. */
async function ended(
  site: TestSite,
  answer: TestAnswer,
  amount: number,
  wouldBe: number,
  lagMs: number | undefined,
): Promise<"refused" | "ignored" | "paid" | "unknown"> {
  if (answer.kind === "turned-away") return "refused";
  if (lagMs === undefined) return "unknown";
  await site.wait(lagMs);
  const there = (await site.listed()).filter(({ cents }) => cents === amount).length;
  return there >= wouldBe ? "paid" : "ignored";
}

async function tokensCountIn(site: TestSite, other: string): Promise<string> {
  // Where a token may count only together with its parameters, one that was used with others says nothing.
  if (site.hitToken === undefined || other !== "refused") return "unknown";
  const { kind } = await site.order({ cents: CENTS.hitToken, reason: REASON, token: site.hitToken });
  return kind === "paid" ? "operation" : "account";
}

/** The order that fails names an assignment that is not there. */
async function failureUsesToken(site: TestSite, other: string, token: string): Promise<string> {
  if (other !== "refused") return "unknown";
  const nobodys = site.assignment.slice(0, -1) + (site.assignment.endsWith("0") ? "1" : "0");
  const what = { cents: CENTS.afterFailure, reason: REASON, token };
  const failed = await site.order({ ...what, assignment: nobodys });
  if (failed.kind === "paid") return "unknown";
  return (await site.order(what)).kind === "paid" ? "no" : "yes";
}
