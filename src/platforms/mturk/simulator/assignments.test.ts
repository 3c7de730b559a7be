import { describe, expect, test } from "vitest";
import { QUESTION } from "./rehearsal.fixture.ts";
import { type Trial, trial } from "./trial.fixture.ts";

const DAY = 86_400;
const STUDY = `
balance: 20.00
workers: [A1, A2, A3]
hits:
  - { id: 3HIT, reward: 1.00, maxAssignments: 3, created: -1d, expires: 7d }
`;

const hit = (account: Trial) => account.ask("GetHIT", { HITId: "3HIT" });
const assignment = (account: Trial, id: string) => account.ask("GetAssignment", { AssignmentId: id });

describe("assignment", () => {
  test("is paid when it is approved, and only once", () => {
    const account = trial(STUDY);
    const id = account.submit("3HIT", "A1");
    expect(account.ask("ApproveAssignment", { AssignmentId: id, RequesterFeedback: "Good" })).toEqual({});
    expect(account.balance()).toBe("18.80");
    expect(account.ask("ApproveAssignment", { AssignmentId: id })).toBe("InvalidAssignmentState");
    expect(account.ask("RejectAssignment", { AssignmentId: id, RequesterFeedback: "" })).toBe("InvalidAssignmentState");
    expect(account.balance()).toBe("18.80");
    expect(assignment(account, id)).toMatchObject({
      Assignment: { AssignmentStatus: "Approved", RequesterFeedback: "Good" },
    });
  });

  test("stays as it is where the money is missing", () => {
    const account = trial(STUDY.replace("20.00", "1.19"));
    const id = account.submit("3HIT", "A1");
    expect(account.ask("ApproveAssignment", { AssignmentId: id })).toBe("InsufficientFunds");
    expect(assignment(account, id)).toMatchObject({ Assignment: { AssignmentStatus: "Submitted" } });
  });

  test("a rejection can be overridden for 30 days after the submission", () => {
    const account = trial(STUDY);
    const ids = ["A1", "A2"].map((worker) => account.submit("3HIT", worker));
    for (const id of ids) account.ask("RejectAssignment", { AssignmentId: id, RequesterFeedback: "No" });
    account.later(30 * DAY);
    const [first, second] = ids.map((id) => ({ AssignmentId: id, OverrideRejection: true }));
    expect(account.ask("ApproveAssignment", { ...first, OverrideRejection: false })).toBe("InvalidAssignmentState");
    expect(account.ask("ApproveAssignment", first)).toEqual({});
    account.later(1);
    expect(account.ask("ApproveAssignment", second)).toBe("InvalidAssignmentState");
  });

  test("is approved and paid by itself when its time has come", () => {
    const account = trial(STUDY.replace("created: -1d", "created: -1d, autoApprovalDays: 3"));
    const id = account.submit("3HIT", "A1");
    account.later(3 * DAY - 1);
    expect(assignment(account, id)).toMatchObject({ Assignment: { AssignmentStatus: "Submitted" } });
    account.later(1);
    expect(assignment(account, id)).toMatchObject({
      Assignment: { AssignmentStatus: "Approved", ApprovalTime: Date.UTC(2026, 10, 5, 9) / 1000 },
    });
    expect(account.balance()).toBe("18.80");
  });

  test("waits for the money that its approval takes", () => {
    const account = trial(STUDY.replace("20.00", "1.00").replace("created: -1d", "created: -1d, autoApprovalDays: 1"));
    const id = account.submit("3HIT", "A1");
    account.later(2 * DAY);
    expect(assignment(account, id)).toMatchObject({ Assignment: { AssignmentStatus: "Submitted" } });
  });
});

describe("HIT", () => {
  test("is Assignable, then Reviewable, and counts what was judged", () => {
    const account = trial(STUDY);
    const ids = ["A1", "A2", "A3"].map((worker) => account.submit("3HIT", worker));
    expect(hit(account)).toMatchObject({
      HIT: { HITStatus: "Reviewable", NumberOfAssignmentsAvailable: 0, NumberOfAssignmentsCompleted: 0 },
    });
    account.ask("ApproveAssignment", { AssignmentId: ids[0] });
    account.ask("RejectAssignment", { AssignmentId: ids[1], RequesterFeedback: "" });
    expect(hit(account)).toMatchObject({ HIT: { HITStatus: "Reviewable", NumberOfAssignmentsCompleted: 2 } });
    account.ask("CreateAdditionalAssignmentsForHIT", { HITId: "3HIT", NumberOfAdditionalAssignments: 1 });
    expect(hit(account)).toMatchObject({ HIT: { HITStatus: "Assignable", NumberOfAssignmentsAvailable: 1 } });
  });

  test("is reviewable once it has expired, and assignable again when it lives longer", () => {
    const account = trial(STUDY);
    account.later(7 * DAY);
    expect(hit(account)).toMatchObject({ HIT: { HITStatus: "Reviewable" } });
    const later = Date.UTC(2026, 11, 1) / 1000;
    account.ask("UpdateExpirationForHIT", { HITId: "3HIT", ExpireAt: later });
    expect(hit(account)).toMatchObject({ HIT: { HITStatus: "Assignable", Expiration: later } });
  });

  test("two equal new expiries collide within a day, unless that is switched off", () => {
    const account = trial(STUDY);
    const expire = () => account.ask("UpdateExpirationForHIT", { HITId: "3HIT", ExpireAt: 0 });
    expect([expire(), expire()]).toEqual([{}, "DuplicateCall"]);
    account.set({ expirationCollides: false });
    expect(expire()).toEqual({});
  });

  test("is deleted only when everything handed in was judged", () => {
    const account = trial(STUDY);
    const remove = () => account.ask("DeleteHIT", { HITId: "3HIT" });
    const id = account.submit("3HIT", "A1");
    expect(remove()).toBe("InvalidHITState");
    account.ask("UpdateExpirationForHIT", { HITId: "3HIT", ExpireAt: 0 });
    expect(remove()).toBe("InvalidHITState");
    account.ask("ApproveAssignment", { AssignmentId: id });
    expect(remove()).toEqual({});
    expect(remove()).toBe("HITDoesNotExist");
    expect(account.rows("ListHITs", "HITs")).toEqual([]);
  });

  test("is disposed of 120 days after it could be reviewed", () => {
    const account = trial(STUDY);
    account.later((7 + 120) * DAY - 1);
    expect(hit(account)).toMatchObject({ HIT: { HITStatus: "Reviewable" } });
    account.later(1);
    expect(hit(account)).toBe("HITDoesNotExist");
  });

  test("of fewer than ten assignments can never have ten", () => {
    const account = trial(STUDY);
    const extend = (more: number) =>
      account.ask("CreateAdditionalAssignmentsForHIT", { HITId: "3HIT", NumberOfAdditionalAssignments: more });
    expect(extend(6)).toEqual({});
    expect(extend(1)).toBe("InvalidMaximumAssignmentsIncrease");
  });

  test("cannot be changed in its first seconds where that is switched on", () => {
    const account = trial("balance: 10.00");
    account.set({ hitImmutableSeconds: 10, hitIndexLagSeconds: 5 });
    const made = account.ask("CreateHIT", {
      Title: "T",
      Description: "D",
      Reward: "1",
      LifetimeInSeconds: 60,
      AssignmentDurationInSeconds: 60,
      Question: QUESTION,
    });
    const id = JSON.stringify(made).match(/"HITId":"(\w+)"/)?.[1] ?? "";
    const more = { HITId: id, NumberOfAdditionalAssignments: 1 };
    expect(account.ask("CreateAdditionalAssignmentsForHIT", more)).toBe("InvalidHITState");
    expect(account.rows("ListHITs", "HITs")).toEqual([]);
    account.later(10);
    expect(account.ask("CreateAdditionalAssignmentsForHIT", more)).toEqual({});
    expect(account.rows("ListHITs", "HITs")).toHaveLength(1);
  });

  test("is published only where the money for all of it is there", () => {
    const account = trial("balance: 12.00");
    const wanted = {
      Title: "T",
      Description: "D",
      Reward: "1.00",
      LifetimeInSeconds: 60,
      AssignmentDurationInSeconds: 60,
      Question: QUESTION,
    };
    // Ten assignments cost another fifth of the reward each: 14.00.
    expect(account.ask("CreateHIT", { ...wanted, MaxAssignments: 10 })).toBe("InsufficientFunds");
    expect(account.ask("CreateHIT", { ...wanted, MaxAssignments: 9 })).toMatchObject({ HIT: { MaxAssignments: 9 } });
    expect(account.balance()).toBe("12.00");
  });

  test("a worker takes a HIT once, and only with the qualifications it asks for", () => {
    const account = trial(`${STUDY}qualificationTypes: [{ id: 3T, name: n, holders: [{ worker: A1, score: 5 }] }]`);
    const made = account.ask("CreateHIT", {
      Title: "T",
      Description: "D",
      Reward: "1",
      MaxAssignments: 3,
      LifetimeInSeconds: 60,
      AssignmentDurationInSeconds: 60,
      Question: QUESTION,
      QualificationRequirements: [{ QualificationTypeId: "3T", Comparator: "EqualTo", IntegerValues: [5] }],
    });
    const id = JSON.stringify(made).match(/"HITId":"(\w+)"/)?.[1] ?? "";
    account.submit(id, "A1");
    expect(() => account.submit(id, "A1")).toThrow("already taken");
    expect(() => account.submit(id, "A2")).toThrow("requirements");
  });
});
