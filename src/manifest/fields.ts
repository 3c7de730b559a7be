import { CURRENCIES, parseMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import { amountHint } from "./amount-hint.ts";
import type { Findings } from "./findings.ts";
import { nearest } from "./nearest.ts";
import type { YamlEntries, YamlNode, YamlText } from "./yaml-tree.ts";

/** One value of a map that is being read. What is not there, or was reported already, reads as `undefined`. */
export interface Field {
  readonly key: string;
  readonly node: YamlNode | undefined;
  readonly findings: Findings;
}

export function fieldOf(map: YamlEntries, key: string, findings: Findings): Field {
  return { key, node: map.entries.get(key)?.node, findings };
}

/** The text of a field. Reports one that was left empty. */
export function textOfField({ key, node, findings }: Field): YamlText | undefined {
  if (node?.kind !== "text" || node.faulty) return undefined;
  if (!node.empty && node.text.trim() !== "") return node;
  findings.error("wrong-shape", node.start, `\`${key}\` has no value`, "write one after the colon, or delete the key");
  return undefined;
}

export function readAmount(field: Field, currency: Currency, zero?: "allowed"): Money | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const amount = parseMoney(found.text, currency);
  if (!amount) {
    const shown = found.text.length <= 20 ? found.text : `${found.text.slice(0, 20)}…`;
    field.findings.error(
      "amount-unreadable",
      found.start,
      `\`${shown}\` is not an amount of money`,
      amountHint(found.text),
    );
    return undefined;
  }
  if (amount.minor > 0 || zero === "allowed") return amount;
  field.findings.error(
    "amount-zero",
    found.start,
    `\`${field.key}\` is nothing`,
    "write what the worker is to get, or delete the row",
  );
  return undefined;
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** A whole number. */
export function readWhole(field: Field, { least, most }: Range): number | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const value = /^(0|[1-9][0-9]{0,9})$/.test(found.text) ? Number(found.text) : -1;
  if (value >= least && value <= most) return value;
  field.findings.error(
    "wrong-shape",
    found.start,
    `\`${field.key}\` must be a whole number from ${least} to ${most}`,
    "write digits only: no sign, dot, comma or blank",
  );
  return undefined;
}

export function readFlag(field: Field): boolean | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  if (found.text === "true") return true;
  if (found.text === "false") return false;
  field.findings.error(
    "wrong-shape",
    found.start,
    `\`${field.key}\` must be true or false`,
    "write `true` or `false`, in lower-case letters",
  );
  return undefined;
}

/** A name of lower-case letters, digits and hyphens. */
export function readSlug(field: Field, most: number): string | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  if (isSlug(found.text, most)) return found.text;
  const better = slugOf(found.text, most);
  field.findings.error(
    "text-unsuitable",
    found.start,
    `\`${field.key}\` takes lower-case letters, digits and hyphens, at most ${most}`,
    better === "" ? "write it anew, such as `wave-1`" : `write \`${better}\`, for instance`,
  );
  return undefined;
}

/** Characters of an account's name. */
export const ACCOUNT_MOST = 40;

export function isSlug(text: string, most: number): boolean {
  return text.length <= most && /^[a-z0-9][a-z0-9-]*$/.test(text);
}

/** The nearest such name; empty where the text has no letter or digit of the Latin alphabet. */
export function slugOf(text: string, most: number): string {
  const letters = text.slice(0, 200).normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  return letters
    .split(/[^a-z0-9]/)
    .filter((part) => part !== "")
    .join("-")
    .slice(0, most);
}

/** One word of a few. */
export function readChoice<T extends string>(field: Field, choices: readonly T[]): T | undefined {
  const found = textOfField(field);
  if (!found) return undefined;
  const choice = choices.find((each) => each === found.text);
  if (choice !== undefined) return choice;
  const meant = nearest(found.text, choices);
  field.findings.error(
    CODES[field.key] ?? "wrong-shape",
    found.start,
    `\`${field.key}\` must be one of ${choices.join(", ")}`,
    meant === undefined ? "choose one of them, in exactly these letters" : `did you mean \`${meant}\`?`,
  );
  return undefined;
}

const CODES: Readonly<Record<string, "unknown-platform" | "wrong-environment" | "wrong-currency">> = {
  platform: "unknown-platform",
  environment: "wrong-environment",
  currency: "wrong-currency",
};

export function readCurrency(field: Field): Currency | undefined {
  return readChoice(field, CURRENCIES);
}
