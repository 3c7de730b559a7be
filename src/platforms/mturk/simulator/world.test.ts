import { describe, expect, test } from "vitest";
import { EXAMPLE_WORLD } from "./example-world.ts";
import { generateWorld } from "./generate-world.ts";
import { trial } from "./trial.fixture.ts";

const EVERYTHING = `
balance: 12.34
workers: [A9IDLE]
switches: { amountForm: "1.5", bonusListingLagSeconds: 3 }
hits:
  - id: 3E12
    title: Stroop
    description: Name the colours
    reward: 1.50
    maxAssignments: 3
    created: 2026-10-30T08:00:00Z
    expires: 4d
    autoApprovalDays: 10
    annotation: study 1
    assignments:
      - { id: 31, worker: A1, status: Submitted, submitted: -2h }
      - { id: 32, worker: A2, status: Approved, submitted: -1d }
      - { worker: A3, status: Rejected, submitted: 2026-11-01T00:00:00Z }
bonuses:
  - { assignment: 32, worker: A2, amount: 0.50, reason: Early bird, at: -1h }
qualificationTypes:
  - { id: 3Q, name: wave-1, description: Took part, holders: [{ worker: A1, score: 80 }, { worker: A2, score: 5, status: Revoked }] }
blocks: [{ worker: A4, reason: Asked for it }]
`;

describe("world file", () => {
  test("seeds everything that an account has, with its scalars as they are written", () => {
    const account = trial(EVERYTHING);
    expect(account.balance()).toBe("12.34");
    expect(account.truth()).toMatchObject({
      workers: ["A9IDLE", "A1", "A2", "A3", "A4"],
      hits: [{ id: "3E12", created: "2026-10-30T08:00:00.000Z", expires: "2026-11-06T09:00:00.000Z" }],
      assignments: [
        { id: "31", status: "Submitted", submitted: "2026-11-02T07:00:00.000Z" },
        { id: "32", status: "Approved", approved: "2026-11-01T09:00:00.000Z" },
        { status: "Rejected", worker: "A3" },
      ],
      bonuses: [{ assignment: "32", hit: "3E12", amount: "0.50", fee: "0.10", at: "2026-11-02T08:00:00.000Z" }],
      holders: [
        { worker: "A1", score: 80, status: "Granted" },
        { worker: "A2", status: "Revoked" },
      ],
      blocks: [{ worker: "A4" }],
      switches: { amountForm: "1.5", bonusListingLagSeconds: 3 },
    });
    expect(account.ask("GetHIT", { HITId: "3E12" })).toMatchObject({
      HIT: { Reward: "1.5", RequesterAnnotation: "study 1", AutoApprovalDelayInSeconds: 864_000 },
    });
  });

  test.each([
    ["hots: []", "no key hots"],
    ["hits: [{ tilte: x }]", "no key tilte"],
    ["hits: [{ reward: 1.005 }]", "1.005 is not an amount"],
    ["hits: [{ created: yesterday }]", "yesterday is not a time"],
    ["hits: [{ assignments: [{ id: 31 }] }]", "worker is missing"],
    ["hits: [{ assignments: [{ worker: A1, status: Sent }] }]", "Sent is not one of Submitted, Approved, Rejected"],
    ["bonuses: [{ assignment: 3NONE, amount: 1.00 }]", "there is no assignment 3NONE"],
    ["switches: { colour: red }", "no switch colour"],
    ["switches: { reason: reversed }", "switch reason takes verbatim"],
    ["hits: [", "cannot be read"],
    ["a: 1\na: 2", "cannot be read"],
  ])("%s is refused: %s", (yaml, message) => {
    expect(() => trial(yaml)).toThrow(message);
  });

  test("the example is a study of three HITs with eight assignments to pay for", () => {
    const account = trial(EXAMPLE_WORLD);
    expect(account.balance()).toBe("500.00");
    const hits = account.rows("ListHITs", "HITs");
    expect(hits).toHaveLength(3);
    const assignments = hits.flatMap((hit) =>
      account.rows("ListAssignmentsForHIT", "Assignments", { HITId: hit["HITId"] }),
    );
    expect(assignments.map((each) => each["AssignmentStatus"])).toEqual(Array(8).fill("Submitted"));
  });
});

describe("generated world", () => {
  test("has the wanted size, ids that MTurk could have made, and the same rows for the same seed", () => {
    const wanted = { hits: 7, assignments: 30, seed: 1 };
    const truth = trial(generateWorld(wanted)).truth();
    const { hits, assignments } = truth;
    expect([hits, assignments]).toEqual([
      expect.objectContaining({ length: 7 }),
      expect.objectContaining({ length: 30 }),
    ]);
    for (const id of JSON.stringify(assignments).matchAll(/"id":"([^"]*)"/g)) expect(id[1]).toMatch(/^3[A-Z0-9]{29}$/);
    for (const id of JSON.stringify(assignments).matchAll(/"worker":"([^"]*)"/g))
      expect(id[1]).toMatch(/^A[A-Z0-9]{13}$/);
    expect(trial("generate: { hits: 7, assignments: 30, seed: 1 }").truth()).toEqual(truth);
    expect(generateWorld({ ...wanted, seed: 2 })).not.toBe(generateWorld(wanted));
  });

  test("nobody has two assignments of one HIT", () => {
    const { assignments } = trial(generateWorld({ hits: 7, assignments: 30, seed: 3 })).truth();
    const pairs = [...JSON.stringify(assignments).matchAll(/"hit":"(\w+)","worker":"(\w+)"/g)].map(([pair]) => pair);
    expect(pairs).toHaveLength(30);
    expect(new Set(pairs).size).toBe(30);
  });
});
