import { matchesGlob } from "node:path";

/** What decides about money, whose tests are themselves tested: the sources, the rules for them, the least score. */
export const AREAS = {
  money: area("src/money.ts", ["src/money.test.ts"], 100),
  manifest: area(
    "src/manifest/**/*.ts",
    ["src/{manifest,policy}/**/*.test.ts", "src/encryption/lists.test.ts", "src/calibration/calibration.test.ts"],
    95,
  ),
  plan: area("src/plan/**/*.ts", ["src/plan/**/*.test.ts"], 95),
  ledger: area(
    "src/ledger/**/*.ts",
    ["src/ledger/!(git-store|signatures|verify).test.ts"],
    95,
    "src/ledger/{git-history,git-store,signatures,verify}.ts",
  ),
  /** What is tested with git itself, each rule for a second or more. */
  git: area("src/ledger/{git-history,git-store,signatures,verify}.ts", ["src/ledger/*.test.ts"], 95),
  apply: area("src/apply/**/*.ts", ["src/apply/**/*.test.ts"], 95),
};

export type Area = keyof typeof AREAS;

export function isArea(text: string): text is Area {
  return Object.hasOwn(AREAS, text);
}

/** The area that a source file belongs to. */
export function areaOf(file: string): Area | undefined {
  return Object.keys(AREAS)
    .filter(isArea)
    .find((name) => {
      const { of, except } = AREAS[name];
      return matchesGlob(file, of) && !(except !== undefined && matchesGlob(file, except));
    });
}

/** Where `scripts/all-rules.ts` puts an area's rules together. */
export const ALL_RULES = "src/**/all-rules.test.ts";

function area(of: string, rules: readonly string[], least: number, except?: string) {
  const not = except === undefined ? [] : [`!${except}`];
  return { of, except, sources: [of, ...not, "!**/*.test.ts", "!**/*.fixture.ts"], rules, least };
}
