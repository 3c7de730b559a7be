/** Where a run saw the tip of the ledger. */
export interface LedgerTip {
  readonly branch: string;
  readonly commit: string;
}

/** What is written where the ledger's branch cannot reach. GitHub shows no comment of HTML. */
export function anchorText({ branch, commit }: LedgerTip): string {
  return `<!-- mergepay:ledger ${branch} ${commit} -->`;
}

/** The last tip of a branch that a text of ours names. */
export function anchorIn(text: string, branch: string): string | undefined {
  return [...text.matchAll(ANCHOR)].filter(([, of]) => of === branch).at(-1)?.[2];
}

const ANCHOR = /<!-- mergepay:ledger (\S+) ([0-9a-f]{40}|[0-9a-f]{64}) -->/g;
