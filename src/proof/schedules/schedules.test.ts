import { describe, expect, test } from "vitest";
import { exploreAll } from "./exhaustive.ts";
import { perform } from "./jobs.ts";
import { PAIRWISE_PROFILES, profile } from "./profile.ts";
import { replay } from "./replay.ts";
import { EXHAUSTIVE, SCENARIOS } from "./scenarios.ts";
import { shrink } from "./shrink.ts";

const [SMALL] = EXHAUSTIVE;
const FEW = { crashes: 1, faults: 0, switches: 1, events: 1 };

describe("every schedule", () => {
  test.each(EXHAUSTIVE.map(({ name }) => name))("keeps every promise: %s", (scenario) => {
    const { violations, schedules } = perform({ kind: "all", scenario, profile: 2, left: FEW });
    expect(violations).toEqual([]);
    expect(schedules).toBeGreaterThan(10);
  });

  test.each([
    ["a run after another, time passes", FEW],
    ["two runs at once", { crashes: 1, faults: 0, switches: 1, events: 0 }],
    ["two runs at once", { crashes: 0, faults: 1, switches: 1, events: 0 }],
    ["one claim settled at once", { crashes: 0, faults: 1, switches: 1, events: 0 }],
  ])("is counted the same whether states that it met before are played again or not: %s", (name, left) => {
    const scenario = EXHAUSTIVE.find((each) => each.name.includes(name));
    if (!scenario) throw new Error("there is no scenario");
    const setting = { scenario: { ...scenario, left }, profile: profile(4) };
    const merged = exploreAll(setting, new Map());
    const played = exploreAll(setting, new Map(), { merge: false });
    expect(merged.schedules).toBe(played.schedules);
    expect(merged.steps).toBeLessThan(played.steps);
  });
});

test("every two switches of MTurk take all four combinations in the eight profiles", () => {
  for (let a = 0; a < 5; a++)
    for (let b = a + 1; b < 5; b++)
      expect(new Set(PAIRWISE_PROFILES.map((each) => ((each >> a) & 1) * 2 + ((each >> b) & 1))).size).toBe(4);
});

test("a recorded schedule is played again, step by step", () => {
  const { lines, violation } = replay(SCENARIOS, `${SMALL?.name.replaceAll(/[^a-z]+/g, "-")} 0 01`);
  expect(violation).toBeUndefined();
  expect(lines.join("\n")).toContain("cut off before");
  expect(lines.at(-1)).toBe("nothing broke");
});

test("a recorded schedule is played within the bounds that it was found in", () => {
  const within = (bounds: string) =>
    replay(SCENARIOS, `${SMALL?.name.replaceAll(/[^a-z]+/g, "-")}@${bounds} 0 01`).lines.join("\n");
  expect(within("1,0,0,0")).toContain("cut off before");
  expect(within("0,0,0,0")).not.toContain("cut off before");
});

test("a failing list is shrunk to the choices that matter", () => {
  const fails = (choices: readonly number[]) => choices.includes(3) && choices.indexOf(3) < choices.lastIndexOf(5);
  expect(shrink([0, 1, 0, 3, 2, 2, 0, 5, 0, 4], fails)).toEqual([3, 5]);
});
