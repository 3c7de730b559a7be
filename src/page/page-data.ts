import type { Currency } from "../money.ts";

/**
 * What the page's own program reads: plain values, column by column, so that a hundred thousand rows are a few megabytes.
 * Amounts are whole minor units, times are seconds since 1970.
 */
export interface PageData {
  readonly accounts: readonly AccountData[];
  /** None in a public report. */
  readonly rows: RowData | undefined;
  /** A public report carries a proof, in an element of its own. See `proof.ts`. */
  readonly proof: boolean;
}

export interface AccountData {
  /** `production (Amazon Mechanical Turk)` */
  readonly title: string;
  readonly currency: Currency;
  /** As a proof's lines name it: `mturk production USD`. */
  readonly name: string;
  readonly paid: { readonly amount: number; readonly fee: number };
  readonly days: {
    readonly day: readonly string[];
    readonly study: readonly string[];
    readonly cost: readonly number[];
  };
  readonly studies: {
    readonly study: readonly string[];
    readonly cost: readonly number[];
    /** Claimed, and neither paid nor turned away. */
    readonly waiting: readonly number[];
    readonly budget: readonly (number | null)[];
  };
  readonly amounts: { readonly amount: readonly number[]; readonly bonuses: readonly number[] };
  readonly workers: {
    readonly worker: readonly string[];
    readonly bonuses: readonly number[];
    readonly amount: readonly number[];
    readonly first: readonly string[];
    readonly last: readonly string[];
  };
}

/** The same while it is written: column by column, so that a million rows are never held a second time. */
export interface WrittenPageData extends Omit<PageData, "rows"> {
  readonly rows: RowColumns | undefined;
}

export type RowColumns = {
  readonly [Key in keyof RowData]: RowData[Key] extends readonly (infer Cell)[] ? Iterable<Cell> : RowData[Key];
};

/** Every claimed row. A number in `…At` is a place in `words`. */
export interface RowData {
  readonly words: readonly string[];
  /** Place in `accounts`. */
  readonly account: readonly number[];
  readonly time: readonly number[];
  readonly studyAt: readonly number[];
  readonly kindAt: readonly number[];
  readonly outcomeAt: readonly number[];
  readonly workerAt: readonly number[];
  readonly assignment: readonly string[];
  readonly labelAt: readonly number[];
  readonly reasonAt: readonly number[];
  readonly approversAt: readonly number[];
  readonly reference: readonly string[];
  readonly amount: readonly number[];
  readonly fee: readonly number[];
  /** The receipt, or the claim while there is none. */
  readonly fileAt: readonly number[];
  /** Begins a file's address; empty where files have none. */
  readonly filesAt: string;
}
