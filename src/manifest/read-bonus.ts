import type { Currency } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import type { DraftBonus } from "./draft.ts";
import { fieldOf, readAmount, readFlag, readSlug, readWhole } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { readProse, REASON_MAX } from "./prose.ts";
import { readRowIds } from "./row-ids.ts";
import type { YamlEntries } from "./yaml-tree.ts";

export interface BonusContext {
  readonly rules: PlatformRules | undefined;
  readonly currency: Currency;
  /** The manifest's reason, for rows that have none of their own. */
  readonly defaultReason: string | undefined;
  readonly findings: Findings;
}

/** One row of `bonuses`, or `undefined` where a part that it needs is missing or wrong. */
export function readBonus(
  map: YamlEntries,
  { rules, currency, defaultReason, findings }: BonusContext,
): DraftBonus | undefined {
  const field = (key: string) => fieldOf(map, key, findings);
  const has = (key: string) => map.entries.has(key);
  const ids = readRowIds(map, rules, findings);
  const amountField = field("amount");
  const amount = readAmount(amountField, currency);
  const label = has("label") ? readSlug(field("label"), 40) : "";
  const reason = has("reason") ? readProse(field("reason"), REASON_MAX) : defaultReason;
  const attempt = has("attempt") ? readWhole(field("attempt"), ATTEMPTS) : 1;
  const repeat = has("repeat") ? readFlag(field("repeat")) : false;
  if (!ids || !amount || !amountField.node) return undefined;
  if (reason === undefined || label === undefined || attempt === undefined || repeat === undefined) return undefined;
  const at = findings.at(map.start);
  return {
    row: { at, ...ids, amount, reason, label, attempt, repeat },
    amountAt: findings.at(amountField.node.start),
  };
}

const ATTEMPTS = { least: 1, most: 999 };
