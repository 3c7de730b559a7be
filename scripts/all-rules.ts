import { globSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { AREAS, EXPLORED, isArea } from "./areas.ts";

/**
 * Run by Stryker in its copy of the project. A mutant is one start of vitest, and a test file costs more to start than
 * to run: so all rules of an area are put into one file, the slowest last.
 */
const area = process.env["MUTATED_AREA"] ?? "";
if (!isArea(area)) throw new Error(`no area: ${area}`);

/** These look at thousands of variants, or run somebody else's program: no mutant is worth as much. */
const TAKE_THEIR_TIME = /\/(?:editor|hostile-files|tampers)\.test\.ts$/;
const RUN_GIT = /\/(?:git-store|signatures|verify)\.test\.ts$/;

const rules = AREAS[area].rules.flatMap((pattern) => globSync(pattern)).filter((file) => !TAKE_THEIR_TIME.test(file));
const weight = (file: string) => (RUN_GIT.test(file) || EXPLORED.includes(file) ? 1 : 0);
const inOrder = rules.sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
const [first = ""] = inOrder;
const folder = dirname(first);
writeFileSync(
  `${folder}/all-rules.test.ts`,
  inOrder.map((file) => `import "./${relative(folder, file).replaceAll("\\", "/")}";\n`).join(""),
);
