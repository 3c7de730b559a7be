import { describe, expect, test } from "vitest";
import { perform } from "./jobs.ts";
import { ALL_PROFILES } from "./profile.ts";
import { DEEP } from "./scenarios.ts";

describe("random schedules", () => {
  test.each(DEEP.map(({ name }) => name))(
    "runs cut off anywhere, amid every fault, are finished by the next ones: %s",
    (scenario) => {
      const job = { kind: "random", scenario, profiles: ALL_PROFILES, seed: 7, count: 150 } as const;
      expect(perform(job).violations).toEqual([]);
    },
  );

  test("whatever a random schedule comes to, every end of it keeps every promise", () => {
    const scenario = DEEP.find(({ name }) => name.includes("a day's limit"))?.name ?? "";
    const job = { kind: "beginnings", scenario, profiles: ALL_PROFILES, seed: 7, count: 500 } as const;
    const { violations, schedules } = perform(job);
    expect(violations).toEqual([]);
    expect(schedules).toBeGreaterThanOrEqual(500);
  });

  test("are the same every time", () => {
    const job = { kind: "random", scenario: DEEP[0]?.name ?? "", profiles: ALL_PROFILES, seed: 3, count: 50 } as const;
    expect(perform(job)).toEqual(perform(job));
  });
});
