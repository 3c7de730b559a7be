import { PLATFORMS } from "../platforms/rules.ts";
import { fault } from "./chain-fault.ts";
import type { ChainFault } from "./chain-fault.ts";
import type { LedgerRecord, QuoteText } from "./records.ts";

/**
 * What a record says of orders, against how its platform pays: a baseline stands where payments are told by their amounts
 * and nowhere else, a quote where the platform names its price, and it is what the rows add up to.
 */
export function orderFaults(path: string, record: LedgerRecord): ChainFault[] {
  const traits = PLATFORMS.get(record.platform)?.traits;
  // A newer version may know more platforms than this one.
  if (!traits) return [];
  const told = new Set<string>();
  const byAmounts = traits.witness === "amounts";
  const pays = record.rows.flatMap((row) => (row.kind === "pay" ? [row] : []));
  for (const row of pays) {
    if ((row.baseline !== undefined) !== byAmounts)
      told.add(byAmounts ? "names a bonus without its baseline" : `names a baseline, and ${record.platform} has none`);
    if ("listed" in row && !byAmounts) told.add(`names a list, and ${record.platform} has references`);
  }
  if (record.evidence !== undefined && !byAmounts) told.add(`names evidence, and ${record.platform} has none`);
  if (record.record === "claim") {
    const isQuoted = traits.price === "quote" && pays.length > 0;
    if ((record.quote !== undefined) !== isQuoted)
      told.add(isQuoted ? "names no price for its order" : `names a quote, and ${record.platform} gives none for it`);
    if (record.container !== undefined && !traits.batch.perContainer)
      told.add(`names a container, and an order of ${record.platform} has none`);
    if (record.quote) for (const each of sumFaults(record.quote, record)) told.add(each);
  }
  return [...told].map((message) => fault("wrong-shape", path, message));
}

function sumFaults({ amount, fee, tax, total }: QuoteText, { totals }: LedgerRecord): string[] {
  return [
    ...(amount === totals.amount ? [] : [`names a quote of ${amount} for rows of ${totals.amount}`]),
    ...(minor(fee) + minor(tax) === minor(totals.fee)
      ? []
      : [`names a quote with ${fee} fee and ${tax} tax for rows with ${totals.fee}`]),
    ...(total === totals.cost ? [] : [`names a quote of ${total} in all for rows that cost ${totals.cost}`]),
  ];
}

/** Of any size: whoever made a record up is told so, too. */
function minor(text: string): bigint {
  return BigInt(text.replace(".", ""));
}
