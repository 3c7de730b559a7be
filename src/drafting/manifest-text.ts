import { formatMoney } from "../money.ts";
import type { Currency } from "../money.ts";
import type { Environment, PlatformRules } from "../platforms/ports.ts";
import { DEFAULT_PLATFORM } from "../platforms/rules.ts";
import type { Place } from "../problem.ts";
import { hasForbidden } from "../manifest/characters.ts";
import type { DraftedBonus } from "./draft-bonuses.ts";
import type { DraftedGrant } from "./draft-qualifications.ts";
import type { Table } from "./table.ts";

/** A manifest to be written, and for each line that stands for a row where that row came from. */
export interface ManifestText {
  /** From the top of the repository, as in `payments/wave-1.yaml`. */
  readonly path: string;
  readonly text: string;
  readonly rows: number;
  readonly origins: ReadonlyMap<number, Place>;
}

/** What stands above the rows. */
export interface ManifestHead {
  readonly study: string;
  readonly rules: PlatformRules;
  readonly currency: Currency;
  readonly environment: Environment;
  readonly label: string;
  /** The exports that the rows came from. */
  readonly sources: readonly Pick<Table, "name" | "sha256">[];
  /** How the rows were made of them, for a colleague to check: `amount: 0.50 + 0.10 * score`. */
  readonly recipe: readonly string[];
}

/** One bonus a line, aligned, under the reason that most of them have. */
export function bonusManifest(path: string, head: ManifestHead, bonuses: readonly DraftedBonus[]): ManifestText {
  const reason = mostCommon(bonuses.map((each) => each.reason));
  const columns = bonuses.map(({ worker, assignment, amount, ...bonus }) => ({
    worker: worker === "" ? "" : `worker: ${worker},`,
    assignment: `${head.rules.words.assignment}: ${assignment},`,
    amount: formatMoney(amount),
    rest: [
      ...(head.label === "" ? [] : [`label: ${head.label}`]),
      ...(bonus.reason === reason ? [] : [`reason: ${quoted(bonus.reason)}`]),
    ].map((each) => `, ${each}`),
  }));
  const width = (of: "worker" | "assignment" | "amount") => Math.max(0, ...columns.map((each) => each[of].length));
  const [workers, assignments, amounts] = [width("worker"), width("assignment"), width("amount")];
  const lines = columns.map(({ worker, assignment, amount, rest }) => {
    const ids = [...(workers > 0 ? [worker.padEnd(workers)] : []), assignment.padEnd(assignments)];
    return `  - { ${ids.join(" ")} amount: ${amount.padStart(amounts)}${rest.join("")} }`;
  });
  const top = [...headLines(path, head), `reason: ${quoted(reason)}`, "", "bonuses:"];
  return assemble(path, top, lines, bonuses);
}

/** The qualification that the workers are to hold. */
export interface QualificationHead {
  readonly name: string;
  /** Makes the type where the account has none of this name. */
  readonly description: string | undefined;
  readonly notify: boolean;
}

export function qualificationManifest(
  path: string,
  head: ManifestHead,
  qualification: QualificationHead,
  grants: readonly DraftedGrant[],
): ManifestText {
  const width = Math.max(0, ...grants.map(({ worker }) => worker.length + 1));
  const lines = grants.map(({ worker, score }) =>
    score === 1 ? `      - { worker: ${worker} }` : `      - { worker: ${`${worker},`.padEnd(width)} score: ${score} }`,
  );
  const { name, description, notify } = qualification;
  const top = [
    ...headLines(path, head),
    "",
    "qualifications:",
    `  - name: ${quoted(name)}`,
    ...(description === undefined ? [] : [`    create: { description: ${quoted(description)} }`]),
    ...(notify ? ["    notify: true"] : []),
    "    grant:",
  ];
  return assemble(path, top, lines, grants);
}

function assemble(
  path: string,
  top: readonly string[],
  lines: readonly string[],
  rows: readonly { readonly at: Place }[],
): ManifestText {
  return {
    path,
    text: [...top, ...lines, ""].join("\n"),
    rows: rows.length,
    origins: new Map(rows.map(({ at }, index) => [top.length + index + 1, at])),
  };
}

function headLines(path: string, { study, rules, currency, environment, sources, recipe }: ManifestHead): string[] {
  const depth = path.split("/").length - 1;
  const width = Math.max(0, ...sources.map(({ name }) => comment(name).length));
  return [
    `# yaml-language-server: $schema=${"../".repeat(depth)}schemas/manifest.schema.json`,
    "#",
    ...(sources.length > 0 ? ["# Drafted by mergepay from"] : ["# Drafted by mergepay"]),
    ...sources.map(({ name, sha256 }) =>
      `#   ${comment(name).padEnd(width)}  ${sha256 === "" ? "" : `SHA-256 ${sha256}`}`.trimEnd(),
    ),
    ...recipe.map((line) => `# ${comment(line)}`),
    "",
    `study: ${study}`,
    ...(rules.name === DEFAULT_PLATFORM ? [] : [`platform: ${rules.name}`]),
    `environment: ${environment}`,
    ...(rules.currencies.length > 1 ? [`currency: ${currency}`] : []),
  ];
}

/** Text from elsewhere cannot end the comment that it stands in. */
function comment(text: string): string {
  return Array.from(text.replace(/\s+/g, " ").slice(0, 300), (each) => (hasForbidden(each) ? "?" : each)).join("");
}

/** As YAML takes it: plain where nothing in it has a meaning. */
function quoted(text: string): string {
  const plain = /^[\p{L}][\p{L}\p{N} ._/()+'-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text);
  return plain && !text.endsWith(" ") ? text : JSON.stringify(text);
}

function mostCommon(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ["", 0] as const)[0];
}
