import { link } from "./markdown-links.ts";
import type { MarkdownView } from "./markdown-view.ts";

/** Where a text comes from, for its last line. */
export interface Footer {
  /** The address of the run that made it. */
  readonly runUrl?: string | undefined;
  /** `mergepay 1.4.0` */
  readonly tool?: string | undefined;
  /** ISO 8601, UTC. */
  readonly time?: string | undefined;
  /** Where the policy was read: it is the base branch's, not the pull request's. */
  readonly policyFrom?: { readonly commit: string; readonly branch: string } | undefined;
}

/** The last line: sources, and that nothing is read back. */
export function footerLine(footer: Footer, view: MarkdownView, last?: string): string {
  const { runUrl, tool, time, policyFrom } = footer;
  const run = runUrl === undefined ? undefined : link("this run", runUrl);
  const parts = [
    ...(run === undefined ? [] : [run]),
    ...(policyFrom === undefined
      ? []
      : [
          `rules: \`payments/policy.yaml\` at ${view.name(policyFrom.commit.slice(0, 7))} of ${view.name(policyFrom.branch)}`,
        ]),
    ...(tool === undefined ? [] : [view.words(tool, 60)]),
    ...(time === undefined ? [] : [timeText(time, view)]),
    ...(last === undefined ? [] : [last]),
  ];
  return parts.length === 0 ? "" : `<sub>${parts.join(" · ")}</sub>`;
}

/** `2026-06-12 14:03 UTC` */
function timeText(time: string, view: MarkdownView): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*Z$/.exec(time);
  return match ? `${match[1]} ${match[2]} UTC` : view.words(time, 40);
}
