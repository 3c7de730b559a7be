import type { SealedWith } from "../encryption/open-ids.ts";
import type { Currency } from "../money.ts";
import type { Environment, PlatformRules } from "../platforms/ports.ts";
import type { Place } from "../problem.ts";
import type { AdoptedRow, BonusRow, QualificationBlock } from "./manifest.ts";

/** What could be read of a file that may have mistakes. What could not be read is missing here and has its problem. */
export interface Draft {
  readonly file: string;
  readonly at: Place;
  readonly study: string | undefined;
  readonly platform: string | undefined;
  readonly rules: PlatformRules | undefined;
  readonly environment: Environment | undefined;
  readonly currency: Currency;
  readonly account?: { readonly name: string; readonly at: Place };
  /** Where the key `bonuses` stands. */
  readonly bonusesAt: Place;
  readonly bonuses: readonly DraftBonus[];
  readonly qualifications: readonly QualificationBlock[];
  readonly adopted: readonly AdoptedRow[];
  /** All rows that the file has, readable or not. */
  readonly rows: number;
  /** Where its ids are encrypted. */
  readonly sealed?: SealedWith;
}

export interface DraftBonus {
  readonly row: BonusRow;
  readonly amountAt: Place;
}
