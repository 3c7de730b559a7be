/** What decides about money, whose tests are themselves tested: the sources, the rules for them, the least score. */
export const AREAS = {
  money: area("src/money.ts", ["src/money.test.ts"], 100),
  manifest: area(
    "src/manifest/**/*.ts",
    ["src/{manifest,policy}/**/*.test.ts", "src/encryption/lists.test.ts", "src/calibration/calibration.test.ts"],
    95,
  ),
  plan: area("src/plan/**/*.ts", ["src/plan/**/*.test.ts"], 95),
  ledger: area("src/ledger/**/*.ts", ["src/ledger/**/*.test.ts"], 95),
  apply: area("src/apply/**/*.ts", ["src/apply/**/*.test.ts"], 95),
};

export type Area = keyof typeof AREAS;

export function isArea(text: string): text is Area {
  return Object.hasOwn(AREAS, text);
}

/** The area that a source file belongs to. */
export function areaOf(file: string): Area | undefined {
  const folder = /^src\/([a-z]+)(?:\/.*)?\.ts$/.exec(file)?.[1] ?? "";
  return isArea(folder) ? folder : undefined;
}

/** Where `scripts/all-rules.ts` puts an area's rules together. */
export const ALL_RULES = "src/**/all-rules.test.ts";

function area(sources: string, rules: readonly string[], least: number) {
  return { sources: [sources, "!**/*.test.ts", "!**/*.fixture.ts"], rules, least };
}
