import { expect, test } from "vitest";
import { inputOf, usd } from "./plan-world.fixture.ts";
import { studySpending } from "./study-spending.ts";

test("what was adopted counts for the study of its list, and for no other", () => {
  const at = { file: "payments/other.yaml", line: 9, column: 5 };
  const adopted = [{ at, worker: "A2WORKER", assignment: "3A", amount: usd(150), label: "", paid: "2026-01-01" }];
  const input = inputOf({});
  const [pilot] = input.manifests;
  const manifests = pilot ? [pilot, { ...pilot, file: at.file, study: "other", adopted }] : [];
  const spent = (study: string) => studySpending(study, { ...input, manifests }).adopted;
  expect([spent("pilot"), spent("other")]).toEqual([usd(0), usd(180)]);
});
