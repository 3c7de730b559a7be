import { createHash } from "node:crypto";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Thirty characters beginning with 3, like every id that MTurk's present API makes. The same number gives the same id. */
export function entityId(number: number, seed = "mturk"): string {
  return `3${scrambled(`${seed}/entity/${number}`, 29)}`;
}

/** A and thirteen characters. */
export function workerId(number: number, seed = "mturk"): string {
  return `A${scrambled(`${seed}/worker/${number}`, 13)}`;
}

/** A version 4 UUID that is the same for the same start of the server and number of call. */
export function requestId(start: number, number: number): string {
  const hex = createHash("sha256").update(`request/${start}/${number}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function scrambled(text: string, length: number): string {
  const bytes = createHash("sha256").update(text).digest();
  return [...bytes.subarray(0, length)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}
