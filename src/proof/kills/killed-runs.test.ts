import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { templatesOf } from "./section.ts";
import { openStage } from "./stage.ts";
import type { Stage } from "./stage.ts";
import { sweepRuns } from "./sweep.ts";
import { A_FEW } from "./sweeps.ts";

let stage: Stage & { close(): Promise<void> };
let templateOf: ReturnType<typeof templatesOf>;

beforeAll(async () => {
  stage = await openStage();
  templateOf = templatesOf(stage);
});
afterAll(() => stage.close());

describe("whatever moment a run is struck at, each bonus is paid once, after its claim, and has its receipt", () => {
  test.for(A_FEW)("$name", async (sweep) => {
    const { cases, violations } = await sweepRuns(stage, sweep, await templateOf(sweep), { lanes: 2 });
    expect(violations).toEqual([]);
    expect(cases).toBeGreaterThan(0);
  });
});
