import type { CommentInput } from "./comment-input.ts";
import { viewForMarkdown } from "./markdown-view.ts";
import type { Detail, MarkdownView } from "./markdown-view.ts";
import { markerOf } from "./marker.ts";
import { workersOf } from "./plan-people.ts";
import { planSections } from "./plan-sections.ts";
import { resultSections } from "./result-sections.ts";

/** GitHub takes 65,536 characters. */
const BODY_MOST = 60_000;
/** What GitHub takes where it refuses more. */
const BODY_LEAST = 10_000;

/** Everything that a comment has room for. */
export const FULL: Detail = {
  everyRow: true,
  sample: true,
  statistics: true,
  errors: 5_000,
  warnings: 4_000,
  leftAlone: 3_000,
  changes: 2_000,
  names: 1_500,
  asked: true,
};

/** What always fits: verdict, totals, the first errors, approval. */
export const SMALLEST: Detail = {
  ...FULL,
  everyRow: false,
  sample: false,
  statistics: false,
  errors: 1_500,
  warnings: 0,
  leftAlone: 0,
  changes: 0,
  names: 400,
};

/** What is given up first. */
const DETAILS: readonly Detail[] = [
  FULL,
  { ...FULL, everyRow: false },
  { ...FULL, everyRow: false, sample: false },
  { ...FULL, everyRow: false, sample: false, warnings: 0, changes: 0 },
  { ...FULL, everyRow: false, sample: false, warnings: 0, changes: 0, leftAlone: 0 },
  { ...FULL, everyRow: false, sample: false, warnings: 0, changes: 0, leftAlone: 0, statistics: false },
  SMALLEST,
];

/**
 * The one comment of a pull request, in any state: bodies from the richest to the smallest, each at most 60,000
 * characters, the last under 10,000. Whoever posts it tries the next where GitHub answers that one is too large.
 */
export function pullRequestComment(input: CommentInput): string[] {
  const view = viewOf(input);
  const bodies: string[] = [];
  for (const detail of DETAILS) {
    const body = markdownOf(input, view, detail, markerOf("plan", input.account));
    if (body.length <= BODY_MOST && body.length < (bodies.at(-1)?.length ?? Infinity)) bodies.push(body);
    if (body.length < BODY_LEAST) return bodies;
  }
  throw new Error(`the smallest comment has ${bodies.at(-1)?.length} characters`);
}

/** How the input's policy lets people be named. Every worker that the input names is known to it. */
export function viewOf(input: CommentInput): MarkdownView {
  return viewForMarkdown({ workers: input.policy.workers, aliasKey: input.aliasKey }, peopleOf(input));
}

/** One Markdown text. `detail.asked` is decided here. */
export function markdownOf(input: CommentInput, view: MarkdownView, detail: Detail, marker?: string): string {
  const sections =
    input.kind === "plan"
      ? planSections(input, view, { ...detail, asked: input.state !== "CANNOT EVALUATE" })
      : resultSections(input, view, detail);
  const text = sections.filter((section) => section !== "").join("\n\n");
  return `${marker === undefined ? "" : `${marker}\n`}${text}\n`;
}

function peopleOf(input: CommentInput): Set<string> {
  const workers = new Set<string>();
  const add = (rows: Iterable<object>) => {
    for (const row of rows) if ("worker" in row && typeof row.worker === "string") workers.add(row.worker);
  };
  if (input.kind === "plan") {
    for (const { plan } of input.plans) for (const worker of workersOf(plan)) workers.add(worker);
    const { added = [], removed = [], changed = [] } = input.changes ?? {};
    add([...added, ...removed, ...changed.flatMap(({ before, after }) => [before, after])]);
  } else {
    for (const { report } of input.accounts) add([...report.rows, ...(report.held ?? [])]);
    for (const plan of input.plans ?? []) for (const worker of workersOf(plan)) workers.add(worker);
  }
  return workers;
}
