import { expect, test } from "vitest";
import { problem } from "../problem.ts";
import { hideIds } from "./verdict.ts";

const WORKER = "A2WORKEREXAMPLE";
const ASSIGNMENT = "3ASSIGNMENTEXAMPLE0000000001";
const at = { file: "payments/june.yaml", line: 6, column: 5 };
const verdict = {
  result: {
    digest: "c210c750ae20da4cc5d4700151bc99084b913f3f42e4b85e467702acc08bc287",
    steps: [{ worker: WORKER, assignment: ASSIGNMENT, amount: "1.00", reference: "IOGS-FFVI-XVHA" }],
    problems: [{ message: `${WORKER} did not do it`, hint: null }],
  },
  problems: [problem("worker-mismatch", at, `${WORKER} did not do it`, `ask ${WORKER}`)],
};

test("a result and its problems show workers as the policy has them, and leave digests, amounts and references alone", () => {
  const hidden = hideIds(verdict, { workers: "mask" });
  expect(JSON.stringify(hidden)).not.toContain(WORKER);
  expect(JSON.stringify(hidden)).not.toContain(ASSIGNMENT);
  expect(hidden.result).toMatchObject({
    digest: verdict.result.digest,
    steps: [{ worker: "A2…PLE", amount: "1.00", reference: "IOGS-FFVI-XVHA" }],
    problems: [{ message: "A2…PLE did not do it", hint: null }],
  });
  expect(hidden.problems).toMatchObject([{ ...at, message: "A2…PLE did not do it", hint: "ask A2…PLE" }]);
});

test("a policy that shows workers changes nothing", () => {
  expect(hideIds(verdict, { workers: "show" })).toEqual(verdict);
});
