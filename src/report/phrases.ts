import { isAlias } from "../encryption/lab-key.ts";
import { displayMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { mturkRules } from "../platforms/mturk/rules.ts";
import type { Account, PlatformWords } from "../platforms/ports.ts";
import { PLATFORMS } from "../platforms/rules.ts";

/** `1 bonus`, `2,500 bonuses`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

export interface Sums {
  readonly amount: Money;
  readonly fees: Money;
  readonly cost: Money;
  /** Where the fees are an estimate: what it is made of. No more than it is ever paid. */
  readonly feeBasis?: string;
}

/** `$9.25 + $1.85 fees = $11.10`, `£9.25 + at most £3.12 fees = £12.37` */
export function sumText({ amount, fees, cost, feeBasis }: Sums): string {
  const most = feeBasis === undefined ? "" : "at most ";
  return `${displayMoney(amount)} + ${most}${displayMoney(fees)} fees = ${displayMoney(cost)}`;
}

/** What an account's platform calls things; MTurk's words for a platform that only a newer version knows. */
export function wordsOf({ platform }: Pick<Account, "platform">): PlatformWords {
  return (PLATFORMS.get(platform) ?? mturkRules).words;
}

/** `submission` → `Submission` */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** `2 qualification changes`, `1 group change` */
export function changesText(number: number, account: Pick<Account, "platform">): string {
  return count(number, `${wordsOf(account).membership} change`);
}

/** Whether the platform shows its workers why they get a bonus. */
export function workersReadReasons({ platform }: Pick<Account, "platform">): boolean {
  return PLATFORMS.get(platform)?.traits.message !== "none";
}

/** Whether who is in a group is all that there is to say of it. */
export function hasPlainGroups({ platform }: Pick<Account, "platform">): boolean {
  return PLATFORMS.get(platform)?.traits.membership === "plain";
}

/** Instead of a worker whom neither a list nor the platform has named yet. */
export const NOBODY_TOLD = "not named";

/** What becomes of reasons that nobody but the lab reads. */
export const REASONS_KEPT = "kept in the receipts; the workers do not see them";

/** `production (Amazon Mechanical Turk, account memory-lab)`; says where no real money moves. */
export function accountText(account: Pick<Account, "platform" | "environment" | "name">): string {
  const name = account.name === undefined ? "" : `, account ${account.name}`;
  return `${account.environment} (${titleOf(account.platform)}${name}${isReal(account) ? "" : ", no real money"})`;
}

/**
 * `PRODUCTION`, `SANDBOX, account memory-lab, no real money`: for a title. Where the title tells of several platforms, the
 * platform too.
 */
export function accountTag(
  account: Pick<Account, "environment" | "name"> & Partial<Pick<Account, "platform">>,
  among: readonly Pick<Account, "platform">[] = [],
): string {
  const { environment, name, platform } = account;
  const where = among.some((each) => each.platform !== platform) ? ` (${titleOf(platform)})` : "";
  const called = name === undefined ? "" : `, account ${name}`;
  return `${environment.toUpperCase()}${where}${called}${environment === "production" ? "" : ", no real money"}`;
}

function titleOf(platform = ""): string {
  return PLATFORMS.get(platform)?.title ?? platform;
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

/** What a worker holds once a row is true: `85`, `none`; `in` or `out` where a group has no scores. */
export function heldScore(
  row: { readonly kind: "grant" | "rescore" | "revoke"; readonly score?: number },
  account: Pick<Account, "platform">,
): string {
  if (hasPlainGroups(account)) return row.kind === "revoke" ? "out" : "in";
  return row.kind === "revoke" ? "none" : String(row.score ?? 1);
}

/** The same with what the worker held before, where there are scores: `60 → 85`. */
export function changedScore(row: Parameters<typeof scoreText>[0], account: Pick<Account, "platform">): string {
  return hasPlainGroups(account) ? heldScore(row, account) : scoreText(row);
}

/** What a change to a qualification is called in a sentence. */
export const CHANGES = { grant: "grant", rescore: "re-score", revoke: "revoke" } as const;

/** How a person finds a bonus on the platform's site. Where ids are encrypted its reference is not told either. */
export function bonusToLookFor(reference: string, { platform }: Pick<Account, "platform">): string {
  const rules = PLATFORMS.get(platform);
  if (rules?.traits.witness === "amounts") return `this bonus among those of its ${rules.words.assignment}`;
  return isAlias(reference)
    ? "this bonus (`mergepay edit` on the list shows its ids)"
    : `a bonus with [ref ${reference}]`;
}
