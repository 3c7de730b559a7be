import { isWell } from "./apply-report.ts";
import type { CommentInput } from "./comment-input.ts";
import { bytesOf } from "./markdown-table.ts";
import { FULL, markdownOf, SMALLEST, viewOf } from "./pull-request-comment.ts";

/** GitHub takes 1 MiB a step. */
const BYTES_MOST = 900_000;
const ROWS_MOST = 5_000;
/** A summary has room for every held row and manifest of an ordinary run. */
const ROOMY = { leftAlone: 100_000 };

/**
 * The comment's text with a table of every row in place of its samples: up to 5,000 rows and 900,000 bytes, the rest
 * counted. It needs no token that may write, so that a fork's run has it too.
 */
export function jobSummary(input: CommentInput): string {
  const view = viewOf(input);
  const tables = Math.max(1, tablesOf(input));
  const frame = markdownOf(input, view, { ...FULL, ...ROOMY, list: { rows: 0, bytes: 0 } });
  const bytes = Math.floor((BYTES_MOST - bytesOf(frame)) / tables);
  const summary = markdownOf(input, view, {
    ...FULL,
    ...ROOMY,
    list: { rows: Math.floor(ROWS_MOST / tables), bytes },
  });
  return bytesOf(summary) <= BYTES_MOST ? summary : markdownOf(input, view, SMALLEST);
}

/** How many tables of rows share the room. */
function tablesOf(input: CommentInput): number {
  if (input.kind === "result") return input.accounts.filter(({ report }) => report.rows.some(isWell)).length;
  return input.plans.reduce((sum, { plan: { steps } }) => {
    const bonuses = steps.some(({ kind }) => kind === "pay");
    const memberships = steps.some(({ kind }) => kind !== "pay" && kind !== "create-type");
    return sum + Number(bonuses) + Number(memberships);
  }, 0);
}
