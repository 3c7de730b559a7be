import { Big } from "big.js";
import type { Expression, FunctionName } from "./expression.ts";
import { readNumber } from "./numbers.ts";
import type { NumberStyle } from "./numbers.ts";

/** What a formula gives for one row. Numbers are exact decimals. */
export type Value =
  | { readonly kind: "number"; readonly value: Big }
  | { readonly kind: "text"; readonly value: string; readonly column?: CellRef }
  | { readonly kind: "flag"; readonly value: boolean };

/** The cell that a value came from, for a message. */
export interface CellRef {
  readonly name: string;
  readonly style: NumberStyle;
}

/** A formula that cannot be worked out for one row, and the column that is the cause where one is. */
export class CannotEvaluate extends Error {
  readonly code: "cell-blank" | "cell-damaged" | "expression-wrong";
  readonly hint: string;
  readonly column: string | undefined;
  constructor(code: CannotEvaluate["code"], message: string, hint: string, column?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.column = column;
  }
}

/** What a name means in the row at hand. */
export type Lookup = (name: string) => { readonly cell: string; readonly style: NumberStyle };

/** Division gives twenty decimals at most, the last one rounded half up: whether the result is whole cents is seen later. */
const DECIMALS = 20;

/** Throws {@link CannotEvaluate}. */
export function evaluate(expression: Expression, lookup: Lookup): Value {
  switch (expression.kind) {
    case "number":
    case "text":
    case "flag":
      return expression;
    case "column": {
      const { cell, style } = lookup(expression.name);
      return { kind: "text", value: cell, column: { name: expression.name, style } };
    }
    case "unary": {
      const of = evaluate(expression.of, lookup);
      if (expression.operator === "!") return flag(!truth(of));
      return number(expression.operator === "-" ? amount(of).neg() : amount(of));
    }
    case "binary":
      return binary(expression, lookup);
    case "choice":
      return evaluate(truth(evaluate(expression.condition, lookup)) ? expression.yes : expression.no, lookup);
    case "call":
      return number(
        apply(
          expression.name,
          expression.args.map((each) => amount(evaluate(each, lookup))),
        ),
      );
  }
}

/** The value as a number; throws where it is none. */
export function amount(value: Value): Big {
  switch (value.kind) {
    case "number":
      return value.value;
    case "flag":
      throw new CannotEvaluate(
        "expression-wrong",
        "yes or no stands where a number must be",
        "compare inside of `… ? … : …`",
      );
    case "text": {
      const { column } = value;
      if (!column)
        throw new CannotEvaluate(
          "expression-wrong",
          `"${value.value}" is text, not a number`,
          "write numbers without quotes",
        );
      const read = readNumber(value.value, column.style);
      switch (read.kind) {
        case "number":
          return read.value;
        case "blank":
          throw new CannotEvaluate(
            "cell-blank",
            `\`${column.name}\` is blank`,
            `fill it in, or leave such rows out with: --where '${bracketed(column.name)} != ""'`,
            column.name,
          );
        case "damaged":
          throw new CannotEvaluate("cell-damaged", `\`${column.name}\`: ${read.message}`, read.hint, column.name);
        case "unreadable":
          throw new CannotEvaluate("expression-wrong", `\`${column.name}\`: ${read.message}`, read.hint, column.name);
      }
    }
  }
}

/** The value as yes or no; throws where it is neither. Spreadsheets write TRUE, Qualtrics True or 1. */
export function truth(value: Value): boolean {
  if (value.kind === "flag") return value.value;
  const text = value.kind === "text" ? value.value.toLowerCase() : value.value.toString();
  if (["true", "1", "yes"].includes(text)) return true;
  if (["false", "0", "no", ""].includes(text)) return false;
  throw new CannotEvaluate(
    "expression-wrong",
    `\`${text.slice(0, 40)}\` is neither yes nor no`,
    "compare it with something, as in Finished == 1",
  );
}

function binary({ operator, left, right }: Expression & { kind: "binary" }, lookup: Lookup): Value {
  const a = evaluate(left, lookup);
  if (operator === "&&") return flag(truth(a) && truth(evaluate(right, lookup)));
  if (operator === "||") return flag(truth(a) || truth(evaluate(right, lookup)));
  const b = evaluate(right, lookup);
  switch (operator) {
    case "==":
      return flag(same(a, b));
    case "!=":
      return flag(!same(a, b));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return flag(ordered(operator, amount(a).cmp(amount(b))));
    case "+":
      return number(amount(a).plus(amount(b)));
    case "-":
      return number(amount(a).minus(amount(b)));
    case "*":
      return number(amount(a).times(amount(b)));
    case "/":
      return number(divide(amount(a), amount(b)));
  }
}

/** Equal as numbers where both are numbers, as yes or no where one is, and else letter by letter. */
function same(a: Value, b: Value): boolean {
  if (a.kind === "flag" || b.kind === "flag") return truth(a) === truth(b);
  const [first, second] = [maybeNumber(a), maybeNumber(b)];
  if (first && second) return first.eq(second);
  return textOf(a) === textOf(b);
}

function maybeNumber(value: Value): Big | undefined {
  if (value.kind === "number") return value.value;
  if (value.kind === "flag") return undefined;
  const read = readNumber(value.value, value.column?.style ?? { currency: "USD", decimalComma: false });
  return read.kind === "number" ? read.value : undefined;
}

function textOf(value: Value): string {
  return value.kind === "text" ? value.value : value.kind === "number" ? value.value.toString() : String(value.value);
}

function ordered(operator: "<" | "<=" | ">" | ">=", sign: number): boolean {
  switch (operator) {
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    case ">=":
      return sign >= 0;
  }
}

function divide(a: Big, b: Big): Big {
  if (b.eq(0))
    throw new CannotEvaluate("expression-wrong", "this row divides by zero", "leave such rows out with --where");
  return divider(a).div(b);
}

function divider(value: Big): Big {
  const Exact = Big();
  Exact.DP = DECIMALS;
  Exact.RM = Big.roundHalfUp;
  return new Exact(value);
}

function apply(name: FunctionName, args: readonly Big[]): Big {
  const [first = new Big(0), second = new Big(0)] = args;
  switch (name) {
    case "min":
      return args.reduce((least, each) => (each.lt(least) ? each : least), first);
    case "max":
      return args.reduce((most, each) => (each.gt(most) ? each : most), first);
    case "abs":
      return first.abs();
    case "round":
      return first.round(places(second), Big.roundHalfUp);
    case "floor":
      return whole(first, false);
    case "ceil":
      return whole(first, true);
  }
}

function places(value: Big): number {
  const count = value.toNumber();
  if (Number.isInteger(count) && count >= 0 && count <= DECIMALS) return count;
  throw new CannotEvaluate("expression-wrong", "round takes a whole number of decimals", "as in round(score / 3, 2)");
}

function whole(value: Big, up: boolean): Big {
  const cut = value.round(0, Big.roundDown);
  if (up) return cut.lt(value) ? cut.plus(1) : cut;
  return cut.gt(value) ? cut.minus(1) : cut;
}

function number(value: Big): Value {
  return { kind: "number", value };
}

function flag(value: boolean): Value {
  return { kind: "flag", value };
}

/** The name of a column as a formula must write it. */
export function bracketed(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u.test(name) ? name : `[${name}]`;
}
