import { matchesGlob } from "node:path";

/** What of the ledger is tested with git itself, each rule for a second or more. */
const WITH_GIT = ["anchors", "git-history", "git-store", "signatures", "verify"].map((name) => `src/ledger/${name}.ts`);

/** The explorers play the protocol and what it does with the ledger, a thousand times. */
export const EXPLORED = ["src/proof/schedules/random.test.ts", "src/proof/orders/orders.test.ts"];

/** What decides about money, whose tests are themselves tested: the sources, the rules for them, the least score. */
export const AREAS = {
  money: area(["src/money.ts"], ["src/money.test.ts"], 100),
  manifest: area(
    ["src/manifest/**/*.ts"],
    ["src/{manifest,policy}/**/*.test.ts", "src/encryption/lists.test.ts", "src/calibration/calibration.test.ts"],
    95,
  ),
  plan: area(["src/plan/**/*.ts"], ["src/plan/**/*.test.ts"], 95),
  ledger: area(
    ["src/ledger/**/*.ts", ...WITH_GIT.map((file) => `!${file}`)],
    ["src/ledger/!(git-store|signatures|verify).test.ts", "src/{plan,audit}/by-amounts.test.ts", ...EXPLORED],
    95,
  ),
  git: area(WITH_GIT, ["src/ledger/*.test.ts"], 95),
  apply: area(["src/apply/**/*.ts"], ["src/apply/**/*.test.ts", ...EXPLORED], 95),
};

export type Area = keyof typeof AREAS;

export function isArea(text: string): text is Area {
  return Object.hasOwn(AREAS, text);
}

/** The area that a source file belongs to. */
export function areaOf(file: string): Area | undefined {
  const isAmong = (patterns: readonly string[]) => patterns.some((pattern) => matchesGlob(file, pattern));
  return Object.keys(AREAS)
    .filter(isArea)
    .find((name) => isAmong(AREAS[name].wanted) && !isAmong(AREAS[name].unwanted));
}

/** Where `scripts/all-rules.ts` puts an area's rules together. */
export const ALL_RULES = "src/**/all-rules.test.ts";

/** Of sources that begin with `!` nothing is wanted, and nothing of tests. */
function area(asked: readonly string[], rules: readonly string[], least: number) {
  const sources = [...asked, "!**/*.test.ts", "!**/*.fixture.ts"];
  const wanted = sources.filter((each) => !each.startsWith("!"));
  const unwanted = sources.filter((each) => each.startsWith("!")).map((each) => each.slice(1));
  return { wanted, unwanted, sources, rules, least };
}
