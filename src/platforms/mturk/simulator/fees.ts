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
