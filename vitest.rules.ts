import { defineConfig } from "vitest/config";
import { ALL_RULES, AREAS, EXPLORED, isArea } from "./scripts/areas.ts";

/**
 * The rules of what decides about money, alone: with every branch counted (`npm run coverage`), or those of one area
 * in one file, once for each mutant (`npm run mutate`).
 */
const mutated = process.env["MUTATED_AREA"] ?? "";

/**
 * Each looks at more than ten thousand variants, or at somebody else's program, and reaches no branch of its own. The explorers
 * would reach branches for which there is to be a rule.
 */
const NOT_COUNTED = ["src/manifest/editor.test.ts", "src/ledger/tampers.test.ts", ...EXPLORED];

const ALL = { branches: 100 };

export default defineConfig({
  test: {
    include: isArea(mutated) ? [ALL_RULES] : Object.values(AREAS).flatMap(({ rules }) => rules),
    exclude: NOT_COUNTED,
    maxWorkers: 2,
    setupFiles: isArea(mutated) ? ["scripts/few-samples.ts"] : [],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: Object.values(AREAS).flatMap(({ wanted }) => wanted),
      exclude: ["**/*.test.ts", "**/*.fixture.ts"],
      reporter: ["text"],
      reportsDirectory: "node_modules/.coverage",
      thresholds: { "src/money.ts": ALL, "src/{apply,ledger,manifest,plan}/**": ALL },
    },
  },
});
