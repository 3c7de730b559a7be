import { Failure } from "../failure.ts";
import { formatMoney, money, parseMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import { DEFAULT_PLATFORM, PLATFORMS, rulesOf } from "../platforms/rules.ts";
import { isSlug } from "../manifest/fields.ts";

/** What a lab wants its set-up to say, as far as it may differ from lab to lab. */
export interface Wishes {
  readonly rules: PlatformRules;
  /** Where the lab's money is there; undefined where it is not known yet, or there is no such thing. */
  readonly workspace: string | undefined;
  /** Logins whose approval counts, and who own the rules; empty: everybody who may write. */
  readonly approvers: readonly string[];
  /** How many must agree to a list of real money. */
  readonly required: number;
  /** May a person pay real money from their own computer. */
  readonly local: boolean;
  readonly bonus: Money;
  readonly list: Money;
  readonly day: Money;
  readonly budget: { readonly study: string; readonly amount: Money } | undefined;
  readonly workflow: boolean;
  /** Publish the public report on GitHub Pages, where everybody can read it. */
  readonly pages: boolean;
  readonly example: boolean;
}

/** Those of a lab that says nothing. */
export const DEFAULT_WISHES: Wishes = {
  rules: rulesOf(DEFAULT_PLATFORM),
  workspace: undefined,
  approvers: [],
  required: 1,
  local: false,
  bonus: money(20_00, "USD"),
  list: money(500_00, "USD"),
  day: money(1000_00, "USD"),
  budget: undefined,
  workflow: true,
  pages: false,
  example: true,
};

/** The answers as a person types them, to questions or as options. What is absent is as in {@link DEFAULT_WISHES}. */
export interface TypedWishes {
  readonly platform?: string | undefined;
  readonly currency?: string | undefined;
  readonly workspace?: string | undefined;
  readonly approvers?: string | undefined;
  readonly required?: string | undefined;
  readonly local?: boolean | undefined;
  readonly bonus?: string | undefined;
  readonly list?: string | undefined;
  readonly day?: string | undefined;
  readonly study?: string | undefined;
  readonly budget?: string | undefined;
  readonly workflow?: boolean | undefined;
  readonly pages?: boolean | undefined;
  readonly example?: boolean | undefined;
}

/** Reads what was typed. Throws a {@link Failure} that says what is wrong with the first answer that is none. */
export function readWishes(typed: TypedWishes): Wishes {
  const { study = "", budget = "" } = typed;
  const rules = read("platform", typed.platform, DEFAULT_WISHES.rules, platformIn);
  const currency = currencyIn(typed.currency, rules);
  const amount = (what: string, text: string | undefined, otherwise: Money) =>
    money(read(what, text, otherwise, amountIn).minor, currency);
  const wishes: Wishes = {
    rules,
    workspace: workspaceIn(typed.workspace, rules),
    approvers: read("approvers", typed.approvers, DEFAULT_WISHES.approvers, loginsIn),
    required: read("required", typed.required, DEFAULT_WISHES.required, wholeIn),
    local: typed.local ?? DEFAULT_WISHES.local,
    bonus: amount("bonus", typed.bonus, DEFAULT_WISHES.bonus),
    list: amount("list", typed.list, DEFAULT_WISHES.list),
    day: amount("day", typed.day, DEFAULT_WISHES.day),
    budget:
      study.trim() === "" && budget.trim() === ""
        ? undefined
        : { study: read("study", study, "", studyIn), amount: amount("budget", budget, DEFAULT_WISHES.day) },
    workflow: typed.workflow ?? DEFAULT_WISHES.workflow,
    pages: typed.pages ?? DEFAULT_WISHES.pages,
    example: typed.example ?? DEFAULT_WISHES.example,
  };
  const few = wishes.approvers.length > 0 && wishes.approvers.length < wishes.required;
  if (few)
    throw new Failure(
      `${wishes.required} must agree, but only ${wishes.approvers.length} may`,
      "name more approvers, or ask for fewer",
    );
  return wishes;
}

/** What is wrong with an answer; undefined where nothing is. An empty one stands for the default. */
export function mistakeIn(what: keyof typeof READERS, text: string): string | undefined {
  const found = text.trim() === "" ? undefined : READERS[what](text.trim());
  return found instanceof Failure ? `${found.message}: ${found.hint}` : undefined;
}

function read<T>(what: string, text: string | undefined, otherwise: T, reader: (text: string) => T | Failure): T {
  if (text === undefined || text.trim() === "") return otherwise;
  const found = reader(text.trim());
  if (found instanceof Failure) throw new Failure(`${what}: ${found.message}`, found.hint);
  return found;
}

/** Source: GitHub's rules for user names. */
const LOGIN = /^[a-z0-9](?:-?[a-z0-9]){0,38}$/i;

function loginsIn(text: string): readonly string[] | Failure {
  const logins = text.split(/[\s,]+/).map((each) => each.replace(/^@/, ""));
  const wrong = logins.find((each) => !LOGIN.test(each));
  if (wrong !== undefined)
    return new Failure(`${wrong} is no login of GitHub`, "give logins with blanks or commas between them: ada bea");
  return [...new Set(logins)];
}

function wholeIn(text: string): number | Failure {
  return /^[1-9]$/.test(text) ? Number(text) : new Failure(`${text} is no number from 1 to 9`, "usually it is 1");
}

/** Its currency is said elsewhere. */
function amountIn(text: string): Money | Failure {
  const amount = parseMoney(text.replace(/^[$£]/, ""), "USD");
  return amount && amount.minor > 0
    ? amount
    : new Failure(`${text} is no amount`, `write digits and a dot, such as ${formatMoney(DEFAULT_WISHES.bonus)}`);
}

function platformIn(text: string): PlatformRules | Failure {
  const known = [...PLATFORMS.keys()].join(" or ");
  return PLATFORMS.get(text) ?? new Failure(`${text} is no platform`, `write ${known}`);
}

function currencyIn(text: string | undefined, { title, currencies }: PlatformRules): Currency {
  const found = text === undefined ? currencies[0] : currencies.find((each) => each === text.toUpperCase());
  if (found) return found;
  throw new Failure(`currency: ${title} does not pay in ${text}`, `it pays in ${currencies.join(" or ")}`);
}

function workspaceIn(text: string | undefined, { title, workspaceProblem }: PlatformRules): string | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  if (!workspaceProblem) throw new Failure(`workspace: ${title} has none`, "leave it out");
  const wrong = workspaceProblem(text.trim());
  if (wrong) throw new Failure(`workspace: ${text.trim()} ${wrong.message}`, wrong.hint);
  return text.trim();
}

function studyIn(text: string): string | Failure {
  return isSlug(text, 60)
    ? text
    : new Failure(`${text} is no name of a study`, "use small letters, digits and hyphens, such as stroop-replication");
}

const READERS = {
  approvers: loginsIn,
  required: wholeIn,
  bonus: amountIn,
  list: amountIn,
  day: amountIn,
  study: studyIn,
  budget: amountIn,
} as const;
