import type { DraftedBonus } from "../drafting/draft-bonuses.ts";
import type { DrawnBonuses } from "../drafting/draw-up-bonuses.ts";
import type { QualificationDraft } from "../drafting/draft-qualifications.ts";
import type { DrawnQualifications } from "../drafting/draw-up-qualifications.ts";
import { displayMoney, formatMoney } from "../money.ts";
import { stops } from "../problem.ts";
import type { Account } from "../platforms/ports.ts";
import { columns, wrap } from "./columns.ts";
import { changesOf, leftOutOf } from "./draft-counts.ts";
import type { Counted } from "./draft-counts.ts";
import { maskFor } from "./mask.ts";
import type { MaskOptions } from "./mask.ts";
import { accountText, capital, count, sumText, wordsOf } from "./phrases.ts";
import type { Json } from "./plan-json.ts";
import { problemsJson } from "./plan-json.ts";
import { problemsText } from "./problems.ts";
import { safeForTerminal } from "./safe-text.ts";
import { paint } from "./style.ts";
import type { Style } from "./style.ts";

export interface DraftTextOptions extends MaskOptions {
  readonly account: Account;
  readonly style: Style;
}

/** How many rows are shown before the file is there to be read. */
const SHOWN = 5;

/** The draft on one screen: the first rows, what they cost, what is not among them and why. */
export function bonusDraftText(drawn: DrawnBonuses, { account, style, ...masking }: DraftTextOptions): string {
  const { draft, totals, choices } = drawn;
  const mask = maskFor(
    masking,
    draft?.bonuses.map(({ worker }) => worker),
  );
  const problems = drawn.problems.length > 0 ? [problemsText(drawn.problems, style, mask.text)] : [];
  if (!draft || !choices || (draft.bonuses.length === 0 && stops(drawn.problems))) return problems.join("\n");
  const made = `${count(totals.bonuses, "bonus", "bonuses")}: ${sumText(totals)} — ${accountText(account)}`;
  return [
    ...problems,
    ...(problems.length > 0 ? [""] : []),
    paint(style, "bold", made),
    ...wrapped(
      [
        ...(choices.match ? [`matched by ${choices.match.batch} = ${choices.match.scores}`] : []),
        `amount: ${choices.amount}`,
        `reason: ${choices.reason}`,
        `study: ${choices.study}`,
      ],
      style,
    ),
    ...(draft.bonuses.length > 0 ? ["", ...firstRows(draft.bonuses, { account, style, ...masking })] : []),
    ...section("Left out", leftOutOf(draft)),
    ...section("Changed", changesOf(draft)),
  ].join("\n");
}

function wrapped(lines: readonly string[], style: Style): string[] {
  return lines.map((line) => `  ${wrap(safeForTerminal(line), style.width, { first: 2, indent: 4 })}`);
}

function firstRows(bonuses: readonly DraftedBonus[], { account, style, ...masking }: DraftTextOptions): string[] {
  const mask = maskFor(masking);
  const hasWorkers = bonuses.some(({ worker }) => worker !== "");
  const { header, lines } = columns(
    [
      ...(hasWorkers ? [{ title: "Worker" }] : []),
      { title: capital(wordsOf(account).assignment) },
      { title: "Amount", align: "right" },
      { title: "Reason" },
    ],
    bonuses
      .slice(0, SHOWN)
      .map(({ worker, assignment, amount, reason }) => [
        ...(hasWorkers ? [mask.worker(worker)] : []),
        mask.assignment(assignment),
        displayMoney(amount),
        safeForTerminal(mask.text(reason)),
      ]),
    style.width,
  );
  const rest = bonuses.length - lines.length;
  return [paint(style, "dim", header), ...lines, ...(rest > 0 ? [`  … and ${rest.toLocaleString("en-US")} more`] : [])];
}

function section(title: string, entries: readonly Counted[]): string[] {
  const shown = entries.filter(({ number }) => number > 0);
  if (shown.length === 0) return [];
  const width = Math.max(...shown.map(({ number }) => String(number).length));
  return ["", title, ...shown.map(({ number, what }) => `  ${String(number).padStart(width)}  ${what}`)];
}

export function qualificationDraftText(
  drawn: DrawnQualifications,
  { account, style, ...masking }: DraftTextOptions,
): string {
  const { draft } = drawn;
  const mask = maskFor(
    masking,
    draft?.grants.map(({ worker }) => worker),
  );
  const problems = drawn.problems.length > 0 ? [problemsText(drawn.problems, style, mask.text), ""] : [];
  if (!draft) return problems.join("\n");
  const { header, lines } = columns(
    [{ title: "Worker" }, { title: "Score", align: "right" }],
    draft.grants.slice(0, SHOWN).map(({ worker, score }) => [mask.worker(worker), String(score)]),
    style.width,
  );
  const rest = draft.grants.length - lines.length;
  return [
    ...problems,
    paint(style, "bold", `${count(draft.grants.length, "worker")} — ${accountText(account)}`),
    ...(lines.length > 0 ? ["", paint(style, "dim", header), ...lines] : []),
    ...(rest > 0 ? [`  … and ${rest.toLocaleString("en-US")} more`] : []),
    ...section("Left out", leftOutOfGrants(draft)),
  ].join("\n");
}

function leftOutOfGrants({ leftOut }: QualificationDraft): Counted[] {
  return [
    { number: leftOut.where, what: "that the condition leaves out" },
    { number: leftOut.withoutIds, what: "without a worker" },
    { number: leftOut.repeated, what: "of workers who are named already" },
  ];
}

/** What `draft --json` prints; `files` is empty where nothing was written. */
export function draftJson(drawn: DrawnBonuses | DrawnQualifications): { readonly [key: string]: Json } {
  const files = drawn.manifests.map(({ path, rows }) => ({ file: path, rows }));
  switch (drawn.kind) {
    case "bonuses": {
      const { draft, choices, totals } = drawn;
      return {
        version: 1,
        files,
        choices: choices ? { ...choices, match: choices.match ? { ...choices.match } : null } : null,
        totals: {
          bonuses: totals.bonuses,
          amount: formatMoney(totals.amount),
          fees: formatMoney(totals.fees),
          cost: formatMoney(totals.cost),
        },
        leftOut: draft ? { ...draft.leftOut, scoresUnused: draft.scoresUnused } : null,
        changed: draft ? { rounded: draft.rounded, capped: draft.capped } : null,
        ...problemsJson(drawn.problems),
      };
    }
    case "qualifications":
      return {
        version: 1,
        files,
        study: drawn.study,
        grants: drawn.draft?.grants.length ?? 0,
        leftOut: drawn.draft ? { ...drawn.draft.leftOut } : null,
        ...problemsJson(drawn.problems),
      };
  }
}
