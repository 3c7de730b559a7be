import type { Currency, Money } from "../money.ts";
import type { PlatformRules } from "../platforms/ports.ts";
import type { Match } from "./columns.ts";
import type { Sources } from "./sources.ts";

/** What a person asks for. Texts are as they were typed. */
export interface BonusRequest extends Sources {
  /** The columns that hold the same code. Needed where there are scores. */
  readonly match?: Match | undefined;
  /** Where the batch calls them otherwise than {@link guessColumn} knows. */
  readonly worker?: string | undefined;
  readonly assignment?: string | undefined;
  /** A column, an amount, or a formula. */
  readonly amount: string;
  /** No bonus is more than this. */
  readonly max?: string | undefined;
  /** A column, or what all workers read. */
  readonly reason: string;
  readonly where?: string | undefined;
  /** What happens to amounts with more than two decimals. */
  readonly rounding: "refuse" | "half-up";
  readonly label: string;
  readonly rules: PlatformRules;
  /** Of every amount. */
  readonly currency: Currency;
  /** What was asked for or paid before, for an assignment with this draft's label. */
  readonly known: (assignment: string) => KnownBonus | undefined;
  /** How messages call what is asked for: an option of the command line, or a field of a page. */
  readonly names: OptionNames;
}

export interface KnownBonus {
  readonly where: "ledger" | "manifest";
  /** The receipt or the manifest. */
  readonly file: string;
  readonly amount: Money;
}

export type OptionNames = Readonly<Record<"amount" | "max" | "where" | "match" | "round", string>>;
