/** Whole cents of an amount that MTurk's pattern takes (`5`, `5.`, `5.1`, `005`). */
export function centsOf(amount: string): number {
  const [whole = "0", fraction = ""] = amount.split(".");
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

/** `1.50`, or `1.5` where answers are switched to the short form. */
export function dollars(cents: number, form: "1.50" | "1.5" = "1.50"): string {
  const long = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  return form === "1.50" ? long : long.replace(/0$/, "");
}

/** 20 %, rounded half up, at least one cent. */
export function bonusFee(amount: number): number {
  return feeOf(amount, 20);
}

/** 20 % of the reward; from ten assignments on another 20 %; for Masters another 5 %. */
export function rewardFee(reward: number, maxAssignments: number, masters: boolean): number {
  return feeOf(reward, 20 + (maxAssignments >= 10 ? 20 : 0) + (masters ? 5 : 0));
}

function feeOf(cents: number, percent: number): number {
  return Math.max(1, Math.floor((cents * percent + 50) / 100));
}
