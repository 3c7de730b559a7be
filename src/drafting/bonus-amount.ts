import { Big } from "big.js";
import { compareMoney, parseMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { problem } from "../problem.ts";
import type { Place, Problem } from "../problem.ts";
import type { BonusRequest } from "./bonus-request.ts";
import { amount as numberIn } from "./evaluate.ts";
import { rowPlace, workOut } from "./formulas.ts";
import type { Formula } from "./formulas.ts";
import type { ReadRequest } from "./read-request.ts";
import type { JoinedRow } from "./sources.ts";

export type WorkedAmount =
  | { readonly kind: "amount"; readonly amount: Money; readonly isRounded: boolean; readonly isCapped: boolean }
  /** Nothing to pay. */
  | { readonly kind: "zero" }
  | { readonly kind: "problem"; readonly problem: Problem };

/** What a row's worker gets, in whole cents. */
export function workOutAmount(row: JoinedRow, request: BonusRequest, read: ReadRequest): WorkedAmount {
  const { currency, names, rounding } = request;
  const result = workOut(read.amount, row, { sources: request, currency }, numberIn);
  if ("problem" in result) return { kind: "problem", problem: result.problem };
  const refused = (code: "amount-unreadable" | "amount-too-precise", message: string, hint: string): WorkedAmount => ({
    kind: "problem",
    problem: problem(code, amountPlace(row, read.amount), message, hint),
  });
  const exact = result.value;
  if (exact.lt(0))
    return refused(
      "amount-unreadable",
      `the bonus would be ${shortened(exact)}`,
      "write max(0, …) around the formula if nothing is meant",
    );
  const cents = exact.round(2, Big.roundHalfUp);
  const isRounded = !cents.eq(exact);
  if (isRounded && rounding === "refuse")
    return refused(
      "amount-too-precise",
      `${shortened(exact)} has more than two decimals; rounded half up it is ${cents.toFixed(2)}`,
      `${names.round} rounds all such amounts and says how many; round(…, 2) in the formula does it as well`,
    );
  const amount = parseMoney(cents.toFixed(2), currency);
  if (!amount)
    return refused("amount-unreadable", `the bonus would be ${shortened(exact)}`, "check the formula and the row");
  if (amount.minor === 0) return { kind: "zero" };
  const isCapped = read.max !== undefined && compareMoney(amount, read.max) > 0;
  return { kind: "amount", amount: isCapped && read.max ? read.max : amount, isRounded, isCapped };
}

function shortened(value: Big): string {
  const text = value.toFixed();
  return text.length <= 12 ? text : `${text.slice(0, 12)}…`;
}

/** The first cell that the amount is made of, or the row. */
function amountPlace(row: JoinedRow, { columns }: Formula): Place {
  for (const { source, index } of columns.values()) {
    const found = row[source];
    if (found) return found.at(index);
  }
  return rowPlace(row);
}
