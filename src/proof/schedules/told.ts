import type { Answer, Answers, Effect } from "../../apply/effects.ts";

const numbers = new Map<string, number>();

/** The same number for the same text, as long as {@link forgetInterned} is not called. */
export function interned(text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

export function forgetInterned(): void {
  numbers.clear();
}

/** An answer as text: the same for the same answer. */
export function told({ op }: Effect, answer: Answer): string {
  if (op !== "read-ledger") return JSON.stringify(answer) ?? op;
  const read = answer as Answers["read-ledger"];
  return read.kind === "ledger" ? read.commit : read.message;
}
