import { createHash } from "node:crypto";
import { formatMoney } from "../money.ts";
import type { Statement } from "../statement/statement.ts";

/**
 * What a stranger can check a public report by: one line for each record of the ledger, in order, parted by spaces:
 * number, kind, SHA-256 of the record's file, platform, environment, currency, amount, fee, rows, day, study. The file of a
 * record names the hash of the line before as its `previous`, so that whoever is shown one file can place it. The first n
 * lines never change: their SHA-256 (`head -n N proof.txt | sha256sum`) is the seal of the ledger at record n.
 */
export function* proofLines({ records }: Statement): Generator<string> {
  for (const { sequence, kind, hash, account, totals, time, study } of records) {
    const { platform, environment, currency } = account;
    const sums = [formatMoney(totals.amount), formatMoney(totals.fee), totals.rows];
    yield `${[sequence, kind, hash, plain(platform), environment, currency, ...sums, time.slice(0, 10), plain(study)].join(" ")}\n`;
  }
}

/** SHA-256 over lines, hex. */
export function sealOf(lines: Iterable<string>): string {
  const seal = createHash("sha256");
  for (const line of lines) seal.update(line);
  return seal.digest("hex");
}

/** Nothing in a line parts it, or ends the element that holds it. */
function plain(word: string): string {
  return word.replace(/[^\w.-]/g, "_");
}
