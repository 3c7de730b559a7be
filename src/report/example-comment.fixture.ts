import type { Policy } from "../policy/policy.ts";
import type { PlanComment } from "./comment-input.ts";
import { pay, plan, settledPay, usd } from "./plans.fixture.ts";
import { pullRequestComment } from "./pull-request-comment.ts";

/** The pull request of the README's picture: five bonuses of one small study, one row paid before, two who may approve. */
export function exampleComment(): string {
  const [richest = ""] = pullRequestComment(exampleInput());
  return richest;
}

export function exampleInput(): PlanComment {
  return {
    kind: "plan",
    state: "PLAN READY",
    plans: [
      {
        plan: plan(STEPS, {
          manifests: [{ file: FILE, digest: "7f3a91c044de".padEnd(64, "0"), study: "stroop-replication" }],
          settled: [
            settledPay({
              file: FILE,
              line: 14,
              worker: "A3VYQ2N8W0KDM7",
              assignment: "3N2BF7Y2VQTM4HMHLR",
              amount: usd("1.25"),
              receipt: "receipts/2026/06/000012-stroop-replication.receipt.json",
            }),
          ],
          totals: { ...plan(STEPS).totals, budgetsLeft: new Map([["stroop-replication", usd("2388.90")]]) },
        }),
        approvers: {
          needed: 1,
          allowed: ["pi-lindqvist", "okafor"],
          notAllowed: ["mara", "jo-lab"],
        },
      },
    ],
    policy: EXAMPLE_POLICY,
    footer: {
      runUrl: "https://github.com/example-lab/payments/actions/runs/8123",
      tool: "mergepay 0.1.0",
      time: "2026-06-12T14:03:00.000Z",
      policyFrom: { commit: "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678", branch: "main" },
    },
  };
}

export const EXAMPLE_POLICY: Policy = {
  source: "file",
  approvals: { required: 1, by: ["pi-lindqvist", "okafor"], local: false },
  limits: { bonus: usd("20.00"), manifest: usd("1000.00"), day: usd("2000.00"), rows: 5000 },
  budgets: new Map([["stroop-replication", usd("2400.00")]]),
  receipts: { branch: "receipts" },
  workers: "mask",
};

const FILE = "payments/2026-06-stroop-round-2.yaml";

const STEPS = (
  [
    ["A1F3K8LQ2M09QX", "3ZDAD0O1T1D8KD2PA", "1.00", "0.20", "Round 2, accuracy above 90 %"],
    ["A3H7C2VB5N10LM", "3HRMW88U17Q81ZTT", "1.00", "0.20", "Round 2, accuracy above 90 %"],
    ["AF0R9SD4E8JW2C", "33C7UALJVLY0PPE4R", "1.25", "0.25", "Round 2, accuracy above 95 %"],
    ["A9XK2M5P7Q3TT1", "3OE22WJIGISM3N8XY", "5.00", "1.00", "Follow-up interview, thank you!"],
    ["AK2B7N4V6Z8D5B", "36WLNQG78Z922HQRS", "1.00", "0.20", "Round 2, accuracy above 90 %"],
  ] as const
).map(([worker, assignment, amount, fee, reason], index) =>
  pay({
    file: FILE,
    line: 9 + index,
    study: "stroop-replication",
    worker,
    assignment,
    amount: usd(amount),
    fee: usd(fee),
    reason,
  }),
);
