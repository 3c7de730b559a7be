import { expect, test } from "vitest";
import type { Manifest } from "../manifest/manifest.ts";
import { offlinePlans } from "./offline-plan.ts";
import { usd } from "./plans.fixture.ts";

const at = { file: "payments/a.yaml", line: 5, column: 3 };
const manifest: Manifest = {
  file: "payments/a.yaml",
  digest: "d",
  study: "stroop",
  platform: "mturk",
  environment: "production",
  currency: "USD",
  bonuses: [
    {
      at,
      worker: "A2WORKEREXAMPLE",
      assignment: "3A",
      amount: usd("1.50"),
      reason: "Thank you",
      label: "",
      attempt: 1,
      repeat: false,
    },
  ],
  qualifications: [
    {
      at,
      type: { name: "wave-1" },
      notify: true,
      grant: [{ at, worker: "A3", score: 2 }],
      revoke: [{ at, worker: "A4" }],
    },
  ],
};

test("files alone give rows, sums and fees, and no balance", () => {
  const [plan] = offlinePlans([manifest]);
  expect(plan?.steps.map(({ kind }) => kind)).toEqual(["pay", "grant", "revoke"]);
  expect(plan?.totals).toMatchObject({
    bonuses: 1,
    cost: usd("1.80"),
    balance: "unknown",
    grants: 1,
    revokes: 1,
    emails: 1,
  });
});

test("each account has a plan of its own", () => {
  expect(offlinePlans([manifest, { ...manifest, environment: "sandbox" }, manifest])).toHaveLength(2);
});
