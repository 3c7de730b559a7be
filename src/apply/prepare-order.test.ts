import { expect, test } from "vitest";
import { money } from "../money.ts";
import type { PayStep } from "../plan/plan.ts";
import { prolificRules } from "../platforms/prolific/rules.ts";
import { ACCOUNT } from "./one-study.fixture.ts";
import { played } from "./played.fixture.ts";
import type { Script } from "./played.fixture.ts";
import { prepareOrder } from "./prepare-order.ts";
import { newWork } from "./work.ts";

const STEP: PayStep = {
  kind: "pay",
  file: "payments/pilot.yaml",
  line: 2,
  study: "pilot",
  worker: "w",
  assignment: "s1",
  label: "",
  attempt: 1,
  amount: money(150, "GBP"),
  fee: money(50, "GBP"),
  reason: "Thanks [ref X]",
  reference: "X",
  others: 0,
  container: "study",
};

function prepared(script: Script, step: Partial<PayStep> = {}) {
  const work = newWork();
  const steps = [{ ...STEP, ...step }];
  const order = { account: ACCOUNT, traits: prolificRules.traits, work, steps, isSealed: false };
  return { ...played(prepareOrder(order), script), work };
}

test("the order is prepared with everything that a row is, for its container", () => {
  const { effects, asked } = prepared({});
  expect(asked).toBe("asked-to-stop, list, evidence, prepare");
  const { worker, assignment, amount, reason, label, attempt } = STEP;
  expect(effects.slice(1)).toMatchObject([
    { assignment: "s1" },
    { containers: ["study"] },
    { batch: { container: "study", rows: [{ ...ACCOUNT, worker, assignment, amount, reason, label, attempt }] } },
  ]);
});

test("an equal bonus that the plan takes for somebody else's is no surprise, and a second one is", () => {
  const paid = (times: number) => ({
    list: [{ ok: true as const, value: Array.from({ length: times }, () => ({ amount: money(150, "GBP") })) }],
  });
  expect(prepared(paid(1), { others: 1 }).work.turnedAway).toEqual([]);
  expect(prepared(paid(2), { others: 1 }).work.turnedAway).toMatchObject([{ code: "list-moved" }]);
});

test("a plan that saw no list knows of no equal bonus", () => {
  const { asked, result, work } = prepared({ list: [{ ok: true, value: [{ amount: money(150, "GBP") }] }] });
  expect(asked).toBe("asked-to-stop, list, now");
  expect(result).toEqual({ rows: [] });
  expect(work.turnedAway).toMatchObject([{ assignment: "s1", outcome: "not-sent", code: "list-moved" }]);
});
