import type { Account } from "../platforms/ports.ts";

/** What was measured of a platform that its documentation does not say. */
export interface Calibration extends Pick<Account, "platform" | "environment"> {
  /** ISO 8601. */
  readonly measured: string;
  readonly facts: readonly Fact[];
}

/** One thing that the platform's documentation leaves open. */
export interface Fact {
  /** Stable; how the calibration file calls it. */
  readonly id: string;
  /** What was measured, for the file: `yes`, `12`, `refused`. */
  readonly value: string;
  /** The same in a sentence, without its full stop. */
  readonly says: string;
  /** Present where it is worse than mergepay assumes: what that means, and what to do. Payments stay safe all the same. */
  readonly worse?: { readonly message: string; readonly hint: string };
}

/** Values by the ids of their facts, as the file holds them. */
export type Measured = ReadonlyMap<string, string>;
