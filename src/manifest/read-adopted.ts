import type { Currency } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { fieldOf, readAmount, readSlug, textOfField } from "./fields.ts";
import type { Field } from "./fields.ts";
import type { Findings } from "./findings.ts";
import type { AdoptedRow } from "./manifest.ts";
import { readRowIds } from "./row-ids.ts";
import type { YamlEntries } from "./yaml-tree.ts";

/** One row of `adopted`, or `undefined` where a part that it needs is missing or wrong. */
export function readAdopted(
  map: YamlEntries,
  rules: PlatformRules | undefined,
  currency: Currency,
  findings: Findings,
): AdoptedRow | undefined {
  const field = (key: string) => fieldOf(map, key, findings);
  const ids = readRowIds(map, rules, findings);
  const amount = readAmount(field("amount"), currency);
  const label = map.entries.has("label") ? readSlug(field("label"), 40) : "";
  const paid = readTime(field("paid"));
  if (!ids || !amount || label === undefined || paid === undefined) return undefined;
  return { at: findings.at(map.start), ...ids, amount, label, paid };
}

/** A moment in UTC, such as `2026-03-01T12:30:00Z`. */
function readTime(field: Field): string | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const text = found.text.replace(/(?:\.(\d{1,3}))?Z/, (_all, part = "") => `.${String(part).padEnd(3, "0")}Z`);
  const ms = Date.parse(text);
  if (!Number.isNaN(ms) && new Date(ms).toISOString() === text) return text;
  field.findings.error(
    "wrong-shape",
    found.start,
    `\`${field.key}\` must be the moment of the payment`,
    "write it as `mergepay audit --adopt` does: 2026-03-01T12:30:00Z",
  );
  return undefined;
}
