import type { Finding } from "../audit/finding.ts";
import type { Audit } from "../audit/make-audit.ts";
import { displayMoney } from "../money.ts";
import type { Policy } from "../policy/policy.ts";
import type { Recorded } from "../recording.ts";
import { explainedText, figuresOf, NOT_ASKED, notesOf } from "./audit-text.ts";
import { footerLine } from "./markdown-footer.ts";
import type { Footer } from "./markdown-footer.ts";
import { lazily } from "./markdown-sections.ts";
import { markerOf } from "./marker.ts";
import { within } from "./markdown-table.ts";
import { viewForMarkdown } from "./markdown-view.ts";
import type { MarkdownView } from "./markdown-view.ts";
import { accountText, count } from "./phrases.ts";

/** Characters that findings may take: of GitHub's 65,536 in an issue, and of its 1 MiB in a summary. */
const ISSUE_MOST = 48_000;
const SUMMARY_MOST = 800_000;

/** An audit to be told on GitHub. */
export interface AuditReport {
  readonly audit: Audit;
  readonly workers: Policy["workers"];
  readonly aliasKey: string | undefined;
  readonly account?: string | undefined;
  readonly footer: Footer;
  /** What became of it in the ledger. */
  readonly recorded?: Recorded | undefined;
}

/** The issue about what is left to explain; undefined where nothing is, and an open issue is closed. */
export function auditIssue(report: AuditReport): { readonly title: string; readonly body: string } | undefined {
  if (report.audit.findings.length === 0) return undefined;
  const body = [
    `${markerOf("audit", report.account)}\nLists, ledger and platform do not tell the same story. This issue is written anew by every audit, and closed by the first that leaves nothing to explain. \`docs/audit.md\` of mergepay explains every kind of finding.`,
    ...sections(report, ISSUE_MOST),
  ];
  const where = report.account === undefined ? "" : ` (account ${report.account})`;
  return { title: `Audit: not everything is explained${where}`, body: `${body.join("\n\n")}\n` };
}

/** The job's summary, whatever was found. */
export function auditSummary(report: AuditReport): string {
  const { findings } = report.audit;
  const title =
    findings.length === 0
      ? "## ✅ EXPLAINED: lists, ledger and platform tell the same story"
      : `## ⛔ UNEXPLAINED: ${count(findings.length, "finding")}`;
  return `${[title, ...sections(report, SUMMARY_MOST)].join("\n\n")}\n`;
}

function sections({ audit, workers, aliasKey, footer, recorded }: AuditReport, room: number): string[] {
  const { accounts, findings, notAsked } = audit;
  const view = viewForMarkdown(
    { workers, aliasKey },
    findings.flatMap(({ worker }) => worker ?? []),
  );
  const lines = accounts.flatMap((each) => [
    `- ${accountText(each.account)}: **${explainedText(each)}**`,
    ...notesOf(each.money).map((note) => `  - ${note}`),
    ...figuresOf(each).map((figure) => `  - ${view.words(figure, 200)}`),
  ]);
  const { shown, rest } = within(
    lazily(findings, room, (finding) => findingLine(finding, view)),
    room,
  );
  return [
    [
      ...lines,
      ...notAsked.map((what) => `- not asked: ${NOT_ASKED[what]}`),
      ...(recorded?.kind === "recorded" ? [`- recorded in the ledger: ${view.name(recorded.path)}`] : []),
      ...(recorded?.kind === "not-recorded"
        ? [`- **not recorded in the ledger**: ${view.words(recorded.why, 400)} → ${view.words(recorded.hint, 400)}`]
        : []),
    ].join("\n"),
    shown.join("\n"),
    rest > 0 ? `**Not shown here:** ${count(rest, "more finding")}. \`mergepay audit --verbose\` shows all.` : "",
    footerLine(footer, view, "nothing is read back from here"),
  ].filter((section) => section !== "");
}

function findingLine({ code, place, worker, assignment, amount, message, next }: Finding, view: MarkdownView): string {
  const about = [
    ...(amount ? [displayMoney(amount)] : []),
    ...(worker === undefined ? [] : [view.worker(worker)]),
    ...(assignment === undefined ? [] : [view.assignment(assignment)]),
  ].join(" ");
  const what = `${about === "" ? "" : `${about}: `}${view.words(message, 400)}`;
  return `- **\`${code}\`** ${view.name(place)}<br>${what}<br>→ ${view.words(next, 400)}`;
}
