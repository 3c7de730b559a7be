import { isAlias } from "../encryption/lab-key.ts";
import { displayMoney } from "../money.ts";
import type { Money } from "../money.ts";
import type { Account } from "../platforms/ports.ts";
import { PLATFORMS } from "../platforms/rules.ts";

/** `1 bonus`, `2,500 bonuses`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** `$9.25 + $1.85 fees = $11.10` */
export function sumText(sums: { readonly amount: Money; readonly fees: Money; readonly cost: Money }): string {
  return `${displayMoney(sums.amount)} + ${displayMoney(sums.fees)} fees = ${displayMoney(sums.cost)}`;
}

/** `production (Amazon Mechanical Turk)`; says where no real money moves. */
export function accountText(account: Pick<Account, "platform" | "environment">): string {
  const title = PLATFORMS.get(account.platform)?.title ?? account.platform;
  return `${account.environment} (${title}${isReal(account) ? "" : ", no real money"})`;
}

/** `PRODUCTION`, `SANDBOX, no real money`: for a title. */
export function accountTag(account: Pick<Account, "environment">): string {
  return `${account.environment.toUpperCase()}${account.environment === "production" ? "" : ", no real money"}`;
}

/** True where real people are paid real money. */
export function isReal(account: Pick<Account, "environment">): boolean {
  return account.environment === "production";
}

/** Money that may be unknown. */
export function moneyText(amount: Money | "unknown"): string {
  return amount === "unknown" ? "unknown" : displayMoney(amount);
}

/** A reason without the reference that every reason ends in. */
export function bareReason(reason: string, reference: string): string {
  const tail = ` [ref ${reference}]`;
  return reason.endsWith(tail) ? reason.slice(0, -tail.length) : reason;
}

/** `60 → 85`, `none → 85`, `85 → none`: what a worker holds now and then. */
export function scoreText(step: {
  readonly kind: "grant" | "rescore" | "revoke";
  readonly score?: number;
  readonly was?: number;
}): string {
  const was = step.was ?? (step.kind === "grant" ? "none" : "held");
  return `${was} → ${step.kind === "revoke" ? "none" : (step.score ?? 1)}`;
}

/** What a change to a qualification is called in a sentence. */
export const CHANGES = { grant: "grant", rescore: "re-score", revoke: "revoke" } as const;

/** How a person finds a bonus on the platform's site. Where ids are encrypted its reference is not told either. */
export function bonusToLookFor(reference: string): string {
  return isAlias(reference)
    ? "this bonus (`mergepay edit` on the list shows its ids)"
    : `a bonus with [ref ${reference}]`;
}
