import jsep from "jsep";
import { Big } from "big.js";

/** What `--amount` and `--where` say: arithmetic and comparisons over columns, and nothing else. */
export type Expression =
  | { readonly kind: "number"; readonly value: Big }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "flag"; readonly value: boolean }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "unary"; readonly operator: "-" | "+" | "!"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly args: readonly Expression[] };

export type BinaryOperator = (typeof BINARY)[number];
const BINARY = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "&&", "||"] as const;

export type FunctionName = keyof typeof FUNCTIONS;
/** How many values each takes: least and most. */
const FUNCTIONS = { min: [1, 20], max: [1, 20], round: [1, 2], floor: [1, 1], ceil: [1, 1], abs: [1, 1] } as const;

export type ParsedExpression =
  | { readonly kind: "expression"; readonly expression: Expression; readonly columns: readonly string[] }
  /** `offset` counts from the beginning of the text. */
  | { readonly kind: "wrong"; readonly offset: number; readonly message: string; readonly hint: string };

/** Longer text is not a formula that a colleague can review. */
const LONGEST = 500;

/**
 * Parses `0.50 + 0.10 * score`. A column is written by its name, as in `Answer.score`; one whose name has blanks or
 * signs in brackets, as in `[Duration (in seconds)]`.
 */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > LONGEST)
    return wrong(LONGEST, `this formula has more than ${LONGEST} characters`, "make it shorter");
  try {
    const { plain, names } = withoutBrackets(text);
    const tree = jsep(plain);
    const columns = new Set<string>();
    const expression = convert(tree, { names, columns, depth: 0 });
    return { kind: "expression", expression, columns: [...columns] };
  } catch (thrown) {
    if (thrown instanceof Refusal) return wrong(0, thrown.message, thrown.hint ?? syntaxHint(text));
    const { index, description } = Object(thrown) as { index?: unknown; description?: unknown };
    if (typeof index !== "number") throw thrown;
    return wrong(index, `this formula cannot be read: ${String(description)}`, syntaxHint(text));
  }
}

function wrong(offset: number, message: string, hint: string): ParsedExpression {
  return { kind: "wrong", offset, message, hint };
}

class Refusal extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

const EXAMPLE = "write it such as 0.50 + 0.10 * score, with the names of columns";

function syntaxHint(text: string): string {
  if (/[0-9],[0-9]/.test(text)) return "write numbers with a dot, such as 0.50";
  if (/(^|[^=!<>])=([^=]|$)/.test(text)) return "write == to compare, as in Finished == 1";
  if (/[“”‘’]/.test(text)) return 'write straight quotes around text: "…"';
  return `${EXAMPLE}; put brackets around a name with blanks: [Total score]`;
}

/** Takes names in brackets for made-up ones of as many letters, so that offsets stay. Text in quotes is left alone. */
function withoutBrackets(text: string): { plain: string; names: ReadonlyMap<string, string> } {
  const names = new Map<string, string>();
  const plain = text.replace(/"[^"]*"|'[^']*'|\[([^[\]"']+)\]/g, (found, name: string | undefined) => {
    if (name === undefined) return found;
    const made = `$${names.size}`;
    names.set(made, name.trim());
    return ` ${made}`.padEnd(found.length);
  });
  return { plain, names };
}

interface Reading {
  readonly names: ReadonlyMap<string, string>;
  readonly columns: Set<string>;
  readonly depth: number;
}

function convert(node: jsep.Expression, reading: Reading): Expression {
  if (reading.depth > 50) throw new Refusal("this formula is nested too deeply", "make it simpler");
  const inner = { ...reading, depth: reading.depth + 1 };
  const each = node as jsep.CoreExpression;
  switch (each.type) {
    case "Literal":
      return literal(each);
    case "Identifier":
    case "MemberExpression": {
      const name = columnName(each, reading.names);
      reading.columns.add(name);
      return { kind: "column", name };
    }
    case "UnaryExpression":
      return { kind: "unary", operator: unaryOperator(each.operator), of: convert(each.argument, inner) };
    case "BinaryExpression":
      return {
        kind: "binary",
        operator: binaryOperator(each.operator),
        left: convert(each.left, inner),
        right: convert(each.right, inner),
      };
    case "ConditionalExpression":
      return {
        kind: "choice",
        condition: convert(each.test, inner),
        yes: convert(each.consequent, inner),
        no: convert(each.alternate, inner),
      };
    case "CallExpression":
      return call(each, inner);
    case "Compound":
    case "SequenceExpression":
      throw new Refusal("two values follow each other without a sign between them");
    case "ArrayExpression":
    case "ThisExpression":
      throw new Refusal("this formula has something in it that is no arithmetic", EXAMPLE);
  }
}

function literal({ value, raw }: jsep.Literal): Expression {
  if (typeof value === "string") return { kind: "text", value };
  if (typeof value === "boolean") return { kind: "flag", value };
  if (typeof value !== "number") throw new Refusal(`\`${raw}\` cannot stand in a formula`, EXAMPLE);
  if (/^(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})$/.test(raw)) return { kind: "number", value: new Big(raw) };
  throw new Refusal(`\`${raw}\` is not a plain number`, "write its digits and a dot, such as 0.50");
}

/** `Answer.surveycode` is the name of one column, not a part of something. */
function columnName(node: jsep.Expression, names: ReadonlyMap<string, string>): string {
  const each = node as jsep.CoreExpression;
  if (each.type === "Identifier") return names.get(each.name) ?? each.name;
  if (each.type === "MemberExpression" && !each.computed)
    return `${columnName(each.object, names)}.${columnName(each.property, names)}`;
  throw new Refusal("this formula has something in it that is no name of a column", EXAMPLE);
}

function unaryOperator(operator: string): "-" | "+" | "!" {
  if (operator === "-" || operator === "+" || operator === "!") return operator;
  throw new Refusal(`\`${operator}\` cannot stand in a formula`, EXAMPLE);
}

function binaryOperator(operator: string): BinaryOperator {
  if (operator === "===" || operator === "!==") return operator === "===" ? "==" : "!=";
  const known = BINARY.find((each) => each === operator);
  if (known !== undefined) return known;
  throw new Refusal(`\`${operator}\` cannot stand in a formula`, `the signs are ${BINARY.join(" ")}`);
}

function call({ callee, arguments: args }: jsep.CallExpression, reading: Reading): Expression {
  const called = callee as jsep.CoreExpression;
  const name = called.type === "Identifier" ? called.name : "";
  const known = (Object.keys(FUNCTIONS) as FunctionName[]).find((each) => each === name.toLowerCase());
  if (known === undefined)
    throw new Refusal(`there is no function \`${name}\``, `the functions are ${Object.keys(FUNCTIONS).join(", ")}`);
  const [least, most] = FUNCTIONS[known];
  if (args.length < least || args.length > most)
    throw new Refusal(
      `${known} takes ${most === 20 ? "values" : most === 1 ? "one value" : "one or two values"}`,
      "put them in parentheses, with commas between them",
    );
  return { kind: "call", name: known, args: args.map((each) => convert(each, reading)) };
}
