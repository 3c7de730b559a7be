/** The parts of Stryker's JSON report that are read here (schema: mutation-testing-report-schema 2). */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Both count from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Score {
  readonly killed: number;
  readonly survived: number;
}

/** A mutant that a test ended, or that never ended, is killed; one that no test reaches has survived. */
export function scoreOf({ files }: MutationReport): Score {
  const states = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  return {
    killed: states.filter((status) => KILLED.has(status)).length,
    survived: states.filter((status) => SURVIVED.has(status)).length,
  };
}

const KILLED: ReadonlySet<string> = new Set(["Killed", "Timeout"]);
const SURVIVED: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

/** Per cent, cut and not rounded: 94.99 is not 95. */
export function percent({ killed, survived }: Score): number {
  return killed + survived === 0 ? 100 : Math.floor((1000 * killed) / (killed + survived)) / 10;
}

/** File → the survivors in it, each as the line that names it: by what it changes and where, not by a line number. */
export function survivorsOf({ files }: MutationReport): Map<string, string[]> {
  const survivors = new Map<string, string[]>();
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split("\n");
    const counts = new Map<string, number>();
    for (const mutant of mutants.filter(({ status }) => SURVIVED.has(status))) {
      const name = nameOf(mutant, lines);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    survivors.set(
      file,
      [...counts].map(([name, count]) => (count > 1 ? `${name}, ${count} times` : name)),
    );
  }
  return survivors;
}

function nameOf({ mutatorName, replacement = "", location: { start, end } }: Mutant, lines: readonly string[]): string {
  const touched = lines.slice(start.line - 1, end.line);
  const last = touched.length - 1;
  const original = touched
    .map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
    .join(" ");
  return `${mutatorName} ${code(original)} → ${code(replacement)} in ${code(touched[0] ?? "")}`;
}

const SHOWN = 110;

function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const shown = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
  return shown.includes("`") ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

/** File → survivor → why nothing kills it. */
export type Reasons = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads what {@link survivorsList} wrote: a heading for each file, a bullet for each survivor, the reason indented below. */
export function readReasons(page: string): Reasons {
  const reasons = new Map<string, Map<string, string>>();
  let ofFile = new Map<string, string>();
  let survivor = "";
  for (const line of page.split("\n")) {
    const file = /^## `(src\/.+)`$/.exec(line)?.[1];
    if (file !== undefined) reasons.set(file, (ofFile = new Map()));
    else if (line.startsWith("- ") && reasons.size > 0) ofFile.set((survivor = line.slice(2)), "");
    else if (line.startsWith("  ")) ofFile.set(survivor, `${ofFile.get(survivor) ?? ""} ${line.trim()}`.trim());
  }
  return reasons;
}

/** Where the survivors of a page stand, as Stryker takes it (`src/a.ts:3-3`). What is not in the source any more is left out. */
export function placesOf(survivors: readonly string[], file: string, source: string): string[] {
  const lines = source.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  const wanted = new Set<number>();
  for (const survivor of survivors) {
    const [original = "", , line = ""] = [...survivor.matchAll(/(`+) ?([^]+?) ?\1(?!`)/g)].map(([, , text]) => text);
    const begin = line.replace(/…$/, "");
    lines.forEach((each, at) => {
      if (begin === "" || !each.startsWith(begin)) return;
      const reach = each.includes(original) ? 1 : LINES_OF_ONE;
      for (let n = at; n < Math.min(at + reach, lines.length); n++) wanted.add(n + 1);
    });
  }
  const firsts = [...wanted].filter((line) => !wanted.has(line - 1)).sort((a, b) => a - b);
  return firsts.map((first) => {
    let last = first;
    while (wanted.has(last + 1)) last += 1;
    return `${file}:${first}-${last}`;
  });
}

/** What is changed begins on the line that is named, and ends within so many. */
const LINES_OF_ONE = 12;

/** The same for what a diff without context (`git diff --unified=0`) adds. */
export function changedPlaces(diff: string): { readonly file: string; readonly place: string }[] {
  let file = "";
  return diff.split("\n").flatMap((line) => {
    file = /^\+\+\+ b\/(.+)$/.exec(line)?.[1] ?? file;
    const [, first = "", count = "1"] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (first === "" || count === "0") return [];
    return [{ file, place: `${file}:${first}-${Number(first) + Number(count) - 1}` }];
  });
}

/** What stands between the survivors of a run and the reasons that are written down, as lines to read. */
export function disagreements(survivors: ReadonlyMap<string, readonly string[]>, reasons: Reasons): string[] {
  return [...survivors].flatMap(([file, names]) => {
    const known = reasons.get(file) ?? new Map<string, string>();
    return [
      ...names.filter((name) => !known.get(name)).map((name) => `${file}: survived without a reason: ${name}`),
      ...[...known.keys()]
        .filter((name) => !names.includes(name))
        .map((name) => `${file}: has a reason and survives no more: ${name}`),
    ];
  });
}

/** The page's list: reasons are kept, new survivors are left without one, and files that were not mutated stay as they are. */
export function survivorsList(survivors: ReadonlyMap<string, readonly string[]>, reasons: Reasons): string {
  const files = [...new Set([...reasons.keys(), ...survivors.keys()])].sort();
  const parts = files.map((file) => {
    const names = survivors.get(file) ?? [...(reasons.get(file)?.keys() ?? [])];
    const entries = names.map((name) => `- ${name}\n  ${reasons.get(file)?.get(name) ?? ""}`.trimEnd());
    return names.length === 0 ? "" : `## \`${file}\`\n\n${entries.join("\n")}\n`;
  });
  return parts.filter((part) => part !== "").join("\n");
}
