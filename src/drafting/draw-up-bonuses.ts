import { isSlug } from "../manifest/fields.ts";
import type { SourceFile } from "../manifest/source.ts";
import { sumMoney } from "../money.ts";
import type { Currency, Money } from "../money.ts";
import type { Environment, PlatformRules } from "../platforms/ports.ts";
import type { Policy } from "../policy/policy.ts";
import { inOrder, problem, stops } from "../problem.ts";
import type { Problem } from "../problem.ts";
import { checkDrafted } from "./check-drafted.ts";
import { guessColumn, guessMatch } from "./columns.ts";
import type { Match } from "./columns.ts";
import { draftBonuses } from "./draft-bonuses.ts";
import type { BonusRequest, KnownBonus } from "./bonus-request.ts";
import type { BonusDraft } from "./draft-bonuses.ts";
import { bonusManifest } from "./manifest-text.ts";
import type { ManifestText } from "./manifest-text.ts";
import { freePath, pathsFor, splitRows } from "./manifest-files.ts";
import { studyNamed } from "./study-name.ts";
import { readTable } from "./table.ts";
import type { ExportedFile, Table } from "./table.ts";

/** What a person asks for; what is left out is guessed, and told. */
export interface BonusOrder extends Pick<
  BonusRequest,
  "worker" | "assignment" | "max" | "where" | "rounding" | "label" | "names"
> {
  readonly batch: ExportedFile;
  readonly scores?: ExportedFile | undefined;
  readonly match?: Match | undefined;
  readonly amount?: string | undefined;
  readonly reason?: string | undefined;
  readonly study?: string | undefined;
  /** From the top of the repository. One that is free is found where it is left out. */
  readonly path?: string | undefined;
  readonly environment: Environment;
}

/** Where the manifest is to stand: what is there already, and what it will be judged by. */
export interface Ground {
  /** Under `payments/`. */
  readonly files: readonly SourceFile[];
  readonly policy: Policy;
  readonly rules: PlatformRules;
  readonly currency: Currency;
  readonly known: (assignment: string, label: string) => KnownBonus | undefined;
  /** Whoever writes the lists encrypts them where the policy asks for it: that they are in clear before is no mistake. */
  readonly seals?: boolean;
}

/** What was asked for, with everything that was guessed. */
export interface BonusChoices {
  readonly match: Match | undefined;
  readonly amount: string;
  readonly reason: string;
  readonly study: string;
}

export interface DrawnBonuses {
  readonly kind: "bonuses";
  readonly batch?: Table;
  readonly scores?: Table | undefined;
  readonly choices?: BonusChoices;
  readonly draft?: BonusDraft;
  readonly totals: Totals;
  /** None where a problem is an error, or where nothing is left to pay. */
  readonly manifests: readonly ManifestText[];
  readonly problems: readonly Problem[];
}

export interface Totals {
  readonly bonuses: number;
  readonly amount: Money;
  readonly fees: Money;
  readonly cost: Money;
  /** Where the fees are an estimate: what it is made of. */
  readonly feeBasis?: string;
}

export const USUAL_REASON = "Thank you for taking part in our study.";

/** From exported files to the text of manifests that `validate` accepts, or everything that is in the way. */
export function drawUpBonuses(order: BonusOrder, ground: Ground): DrawnBonuses {
  const batch = readTable(order.batch);
  const scores = order.scores && readTable(order.scores);
  const problems = [...batch.problems, ...(scores?.problems ?? [])];
  const none = totalsOf([], ground);
  if (!batch.table || (scores && !scores.table)) return { kind: "bonuses", totals: none, manifests: [], problems };
  const tables = { batch: batch.table, scores: scores?.table };
  const choices = choose(order, tables.batch, scores?.table, ground.rules);
  if (!("amount" in choices))
    return { kind: "bonuses", ...tables, totals: none, manifests: [], problems: [...problems, ...choices.problems] };
  const draft = draftBonuses({
    ...order,
    ...tables,
    ...choices,
    rules: ground.rules,
    currency: ground.currency,
    known: (assignment) => ground.known(assignment, order.label),
  });
  problems.push(...draft.problems);
  const texts = writeTexts(order, choices, draft, tables, ground);
  problems.push(...checkDrafted(texts, ground));
  return {
    kind: "bonuses",
    ...tables,
    choices,
    draft,
    totals: totalsOf(
      draft.bonuses.map(({ amount }) => amount),
      ground,
    ),
    manifests: stops(problems) ? [] : texts,
    problems: inOrder(problems),
  };
}

function choose(
  order: BonusOrder,
  batch: Table,
  scores: Table | undefined,
  rules: PlatformRules,
): BonusChoices | { readonly problems: readonly Problem[] } {
  const amount =
    order.amount ?? (scores && guessColumn(scores, "amount", rules)) ?? guessColumn(batch, "amount", rules);
  if (amount === undefined)
    return {
      problems: [
        problem(
          "column-unknown",
          { file: order.names.amount, line: 1, column: 1 },
          "no column seems to hold the bonus",
          `give a column, an amount or a formula: ${order.names.amount} 1.50, or ${order.names.amount} '0.50 + 0.10 * score'`,
        ),
      ],
    };
  return {
    match: scores ? (order.match ?? guessMatch(batch, scores)) : undefined,
    amount,
    reason: order.reason ?? USUAL_REASON,
    study: order.study ?? studyNamed(order.batch.name),
  };
}

function writeTexts(
  order: BonusOrder,
  { match, amount, study }: BonusChoices,
  { bonuses }: BonusDraft,
  { batch, scores }: { readonly batch: Table; readonly scores: Table | undefined },
  { files, policy, rules, currency }: Ground,
): ManifestText[] {
  if (bonuses.length === 0) return [];
  const parts = splitRows(bonuses, policy.limits.rows);
  const fallback = isSlug(study, 60) ? study : "bonuses";
  const first = order.path ?? freePath(fallback, parts.length, files);
  const head = {
    study,
    rules,
    currency,
    environment: order.environment,
    label: order.label,
    sources: scores ? [batch, scores] : [batch],
    recipe: [
      ...(match ? [`matched: ${match.batch} = ${match.scores}`] : []),
      `amount: ${amount}${order.max === undefined ? "" : `, at most ${order.max}`}${order.rounding === "half-up" ? ", rounded half up" : ""}`,
      ...(order.where === undefined ? [] : [`where: ${order.where}`]),
    ],
  };
  return pathsFor(first, parts.length).map((path, index) => bonusManifest(path, head, parts[index] ?? []));
}

export function totalsOf(amounts: readonly Money[], { rules, currency }: Pick<Ground, "rules" | "currency">): Totals {
  const amount = sumMoney(amounts, currency);
  const fees = sumMoney(amounts.map(rules.fee), currency);
  const basis = rules.traits.price === "quote" ? { feeBasis: rules.feeBasis } : {};
  return { bonuses: amounts.length, amount, fees, cost: sumMoney([amount, fees], currency), ...basis };
}
