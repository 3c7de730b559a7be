import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Stroke } from "../processes.ts";
import { OWED, openStage } from "./lab.ts";
import type { Stage } from "./lab.ts";
import { strikeOnce } from "./strike.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const PAY = "call POST bulk-bonus-payments/…/pay/";
const killed = (on: string, moment = 1): Stroke => ({ moment, on, how: "SIGKILL" });

describe("an order of a run that is struck is given once, and each bonus is paid once, or held for a person", () => {
  test.for<[stroke: Stroke, paid: number]>([
    [killed("after call POST submissions/bonus-payments/"), OWED.length],
    // Claimed, and perhaps ordered: nobody can know, so that a person is asked in the end.
    [killed("after git push"), OWED.length - 2],
    [killed(`after ${PAY}`), OWED.length],
    [killed(`after ${PAY}`, 2), OWED.length],
  ])("%j", async ([stroke, paid]) => {
    const { struck, violations, ...count } = await strikeOnce(stage, stroke);
    expect(struck).toBe(stroke.on);
    expect(violations).toEqual([]);
    expect(count).toEqual({ paid, held: OWED.length - paid });
  });

  test("beside a second runner", async () => {
    const { violations } = await strikeOnce(stage, killed(`during ${PAY}`), { second: true });
    expect(violations).toEqual([]);
  });

  test("that sleeps for four days before its order gives it no more", async () => {
    const stroke: Stroke = { moment: 1, on: "after git push", how: "SIGSTOP" };
    const { violations } = await strikeOnce(stage, stroke, { asleep: 4 * 24 * 3600 });
    expect(violations).toEqual([]);
  });
});
