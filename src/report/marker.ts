/**
 * The first line of a comment or issue of ours, by which it is found again: one of each kind for each account of the lab.
 * Nothing below it is ever read back.
 */
export function markerOf(kind: "plan" | "held" | "audit", account: string | undefined): string {
  return `<!-- mergepay:${kind} v1 ${account === undefined ? "" : `${account} `}-->`;
}

/** Whose ledger it speaks of is said further down. */
export function isMarked(text: string, kind: "plan" | "held" | "audit"): boolean {
  return text.startsWith(`<!-- mergepay:${kind} v1 `);
}
