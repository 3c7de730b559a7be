import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    reporters: ["default", "./scripts/plain-count.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
