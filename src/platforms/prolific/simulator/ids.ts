import { createHash } from "node:crypto";

/** Twenty-four hexadecimal digits, like every id of Prolific's, whatever it stands for. The same number gives the same id. */
export function objectId(number: number, seed = "prolific"): string {
  return `6${createHash("sha256").update(`${seed}/${number}`).digest("hex").slice(0, 23)}`;
}
