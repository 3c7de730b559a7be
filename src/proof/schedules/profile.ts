/** What Amazon does not say about MTurk. Each may be either way, and every promise must hold. */
export interface Profile {
  /** A call that failed uses up its token. */
  readonly burnsTokens: boolean;
  /** A token that was used before is told by a code of its own, not by the wording seen in the wild. */
  readonly ownDuplicateCode: boolean;
  /** A new bonus or type may be listed late: by minutes, or by more than a day. */
  readonly listsLate: boolean;
  /** A reason comes back in capitals and with its white space collapsed. */
  readonly rewritesReasons: boolean;
  /** A token used again with other parameters is refused for that. */
  readonly comparesParameters: boolean;
}

/** All 32, by number: each switch is a bit. */
export function profile(number: number): Profile {
  return {
    burnsTokens: (number & 1) > 0,
    ownDuplicateCode: (number & 2) > 0,
    listsLate: (number & 4) > 0,
    rewritesReasons: (number & 8) > 0,
    comparesParameters: (number & 16) > 0,
  };
}

export const ALL_PROFILES = Array.from({ length: 32 }, (_, number) => number);

/** Eight in which every two switches take all four combinations: an orthogonal array of strength 2. */
export const PAIRWISE_PROFILES = Array.from({ length: 8 }, (_, number) => {
  const [a, b, c] = [number & 1, (number >> 1) & 1, (number >> 2) & 1];
  return a | (b << 1) | (c << 2) | ((a ^ c) << 3) | ((b ^ c) << 4);
});
