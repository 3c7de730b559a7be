import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { resolve } from "node:path";
import { AREAS, areaOf, isArea } from "./areas.ts";
import type { Area } from "./areas.ts";
import {
  changedPlaces,
  disagreements,
  percent,
  placesOf,
  readReasons,
  scoreOf,
  survivorsList,
  survivorsOf,
} from "./survivors.ts";
import type { MutationReport } from "./survivors.ts";

const PAGE = "docs/mutation-survivors.md";
const REPORT = "node_modules/.mutation-report.json";
/** Every mutant starts vitest anew, and loads the same libraries. */
const COMPILED = resolve("node_modules/.compiled");
const USAGE = `usage: npm run mutate [-- AREA|FILE … [--again[=COMMIT]] [--write]]

Changes the code in small ways and looks whether a test fails. AREA is one of ${Object.keys(AREAS).join(", ")};
without any, all of them. --again changes only the lines on which something survived before, which is quicker after new
rules; with a COMMIT also those that are new since. --write puts new survivors into ${PAGE}, for you to write why.
`;

const args = process.argv.slice(2);
const asked = args.filter((arg) => !arg.startsWith("--"));
const again = args.find((arg) => /^--again(?:=.|$)/.test(arg));
const since = again?.slice("--again=".length);
if (args.includes("--help")) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const wrong = asked.filter((each) => !isArea(each) && areaOf(each) === undefined);
if (wrong.length > 0) {
  process.stderr.write(`neither an area nor a file of one: ${wrong.join(", ")}\n${USAGE}`);
  process.exit(2);
}

setPriority(15);
const complaints: string[] = [];
for (const area of Object.keys(AREAS).filter(isArea)) {
  const files = asked.filter((each) => areaOf(each) === area);
  if (asked.length > 0 && !asked.includes(area) && files.length === 0) continue;
  const wanted = files.length > 0 ? files : AREAS[area].sources;
  const before = again ? survivorsBefore(area, files) : new Map<string, readonly string[]>();
  const survived = [...before].flatMap(([file, names]) => placesOf(names, file, readFileSync(file, "utf8")));
  const places = [...survived, ...(since ? placesSince(since, area, files) : [])];
  const report = mutate(area, again ? places : wanted);
  const score = scoreOf(report);
  const of = again ? ", on the lines where something survived before, or that are new" : "";
  process.stdout.write(`${area}: ${percent(score)} % (${score.killed} killed, ${score.survived} survived${of})\n`);
  if (!again && percent(score) < AREAS[area].least)
    complaints.push(`${area}: ${percent(score)} %, not ${AREAS[area].least} %`);
  const page = readFileSync(PAGE, "utf8");
  const survivors = new Map<string, readonly string[]>([
    ...[...before.keys()].map((file) => [file, []] as const),
    ...survivorsOf(report),
  ]);
  if (args.includes("--write")) {
    const [top = ""] = page.split("\n## ");
    writeFileSync(PAGE, `${top.trimEnd()}\n\n${survivorsList(survivors, readReasons(page))}`);
  }
  complaints.push(...disagreements(survivors, readReasons(readFileSync(PAGE, "utf8"))));
}
process.stdout.write(complaints.map((each) => `${each}\n`).join(""));
process.exitCode = complaints.length > 0 ? 1 : 0;

/** File → what survived in it, as the page has it; of all files of the area, or of some. */
function survivorsBefore(area: Area, files: readonly string[]): Map<string, readonly string[]> {
  const page = readReasons(readFileSync(PAGE, "utf8"));
  const known = [...page].filter(([file]) => areaOf(file) === area && (files.length === 0 || files.includes(file)));
  return new Map(known.map(([file, reasons]) => [file, [...reasons.keys()]]));
}

/** Lines that were changed since a commit, of all files of the area, or of some. */
function placesSince(commit: string, area: Area, files: readonly string[]): string[] {
  const { stdout, status } = spawnSync("git", ["diff", "--unified=0", "--no-color", commit, "--", "src"], {
    encoding: "utf8",
    maxBuffer: Infinity,
  });
  if (status !== 0) throw new Error(`git knows no ${commit}`);
  return changedPlaces(stdout).flatMap(({ file, place }) =>
    areaOf(file) === area && (files.length === 0 || files.includes(file)) ? [place] : [],
  );
}

function mutate(area: Area, sources: readonly string[]): MutationReport {
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/@stryker-mutator/core/bin/stryker.js", "run", "--mutate", sources.join()],
    { stdio: "inherit", env: { ...process.env, MUTATED_AREA: area, NODE_COMPILE_CACHE: COMPILED } },
  );
  if (status !== 0) throw new Error(`Stryker ended with ${status}`);
  return JSON.parse(readFileSync(REPORT, "utf8")) as MutationReport;
}
