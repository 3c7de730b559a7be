import type { AdoptionFile } from "../audit/write-adoption.ts";
import { displayMoney, formatMoney, sumMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { count } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

/** Which files `audit --adopt` wrote, and what to do with them. `isEncrypted`: the lab has its lists encrypted. */
export function adoptionText(files: readonly AdoptionFile[], style: Style, isEncrypted = false): string {
  if (files.length === 0)
    return paint(style, "green", "There is nothing to adopt: no bonus was paid without this repository.");
  return [
    ...files.map(
      (file) =>
        `wrote ${paint(style, "bold", file.path)}: ${count(file.payments.length, "bonus", "bonuses")}, ${displayMoney(totalOf(file))}`,
    ),
    "",
    ...(isEncrypted ? ["The worker ids in them are in clear: run `mergepay encrypt` before you commit them.", ""] : []),
    "Nothing is adopted yet. Read the files, take out what nobody can explain, and bring them in by a pull request",
    "like any list: once it is merged, the audit counts these bonuses as explained, and nobody can be paid them again.",
  ].join("\n");
}

export function adoptionJson(files: readonly AdoptionFile[]): Json {
  return {
    version: 1,
    files: files.map((file) => ({
      file: file.path,
      bonuses: file.payments.length,
      amount: formatMoney(totalOf(file)),
    })),
  };
}

function totalOf({ payments }: AdoptionFile): Money {
  const [first] = payments;
  return sumMoney(
    payments.map(({ amount }) => amount),
    first?.amount.currency ?? "USD",
  );
}
