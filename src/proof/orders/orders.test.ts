import { describe, expect, test } from "vitest";
import type { Coverage } from "../schedules/coverage.ts";
import { everyScenario, perform, replay } from "./jobs.ts";
import { rareEvents } from "./section.ts";

const { small, deep } = everyScenario();

describe("a campaign", () => {
  test.each(deep)("at random: no order is given twice, whatever goes wrong: %s", (scenario) => {
    const { violations, schedules } = perform({ kind: "random", scenario, seed: 7, count: 150 });
    expect(violations).toEqual([]);
    expect(schedules).toBe(150);
  });

  test("of every schedule of two runs at once finds nothing", () => {
    const scenario = small.find((each) => each.includes("two runs at once")) ?? "";
    const { violations, schedules } = perform({ kind: "all", scenario });
    expect(violations).toEqual([]);
    expect(schedules).toBeGreaterThan(1_000);
  });

  test("is the same every time", () => {
    const job = { kind: "random", scenario: deep[0] ?? "", seed: 3, count: 50 } as const;
    expect(perform(job)).toEqual(perform(job));
  });

  test("that met too little says so", () => {
    const none: Coverage = new Map();
    expect(rareEvents(none).violations).toContain("never met: pay: no connection");
  });
});

test("a recorded schedule is played again, step by step", () => {
  const { lines, violated } = replay("one-bonus-a-run-after-another -");
  expect(violated).toBe(false);
  expect(lines.join("\n")).toContain("run-1  pay");
  expect(lines.at(-1)).toBe("nothing broke");
});
