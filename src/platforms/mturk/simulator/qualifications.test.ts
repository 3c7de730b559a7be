import { describe, expect, test } from "vitest";
import { trial } from "./trial.fixture.ts";

const STUDY = `
balance: 20.00
workers: [A1, A2]
qualificationTypes: [{ id: 3T, name: wave, holders: [{ worker: A1, score: 80 }] }]
`;
const HOLDER = { QualificationTypeId: "3T", WorkerId: "A1" };
const STRANGER = { QualificationTypeId: "3T", WorkerId: "A2" };

describe("qualification", () => {
  test("is granted, scored anew, revoked and granted again", () => {
    const account = trial(STUDY);
    const score = () => account.ask("GetQualificationScore", HOLDER);
    expect(score()).toMatchObject({ Qualification: { IntegerValue: 80, Status: "Granted" } });
    account.later(60);
    account.ask("AssociateQualificationWithWorker", { ...HOLDER, IntegerValue: 90 });
    expect(score()).toMatchObject({
      Qualification: { IntegerValue: 90, GrantTime: Date.UTC(2026, 10, 2, 9, 1) / 1000 },
    });
    account.ask("DisassociateQualificationFromWorker", HOLDER);
    expect(score()).toBe("InvalidQualificationState");
    account.ask("AssociateQualificationWithWorker", HOLDER);
    expect(score()).toMatchObject({ Qualification: { IntegerValue: 1 } });
  });

  test("cannot be taken from who does not hold it, unless that is switched", () => {
    const account = trial(STUDY);
    const revoke = (holder: object) => account.ask("DisassociateQualificationFromWorker", { ...holder });
    expect(revoke(STRANGER)).toBe("QualificationDoesNotExist");
    expect([revoke(HOLDER), revoke(HOLDER)]).toEqual([{}, "InvalidQualificationState"]);
    account.set({ disassociateNonHolder: "accepted" });
    expect([revoke(STRANGER), revoke(HOLDER)]).toEqual([{}, {}]);
  });

  test("a worker is mailed unless the call says not to", () => {
    const account = trial(STUDY);
    account.ask("AssociateQualificationWithWorker", { ...STRANGER, SendNotification: false });
    expect(account.truth()["outbox"]).toEqual([]);
    account.ask("AssociateQualificationWithWorker", STRANGER);
    expect(account.truth()["outbox"]).toMatchObject([{ to: "A2", about: "qualification" }]);
  });

  test("types of MTurk itself cannot be granted", () => {
    const masters = { QualificationTypeId: "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH", WorkerId: "A1" };
    expect(trial(STUDY).ask("AssociateQualificationWithWorker", masters)).toBe("PermissionDeniedException");
  });

  test("scores can be limited", () => {
    const account = trial(STUDY);
    const grant = (score: number) =>
      account.ask("AssociateQualificationWithWorker", { ...HOLDER, IntegerValue: score });
    expect(grant(2_000_000_000)).toEqual({});
    account.set({ scores: "0-100" });
    expect(grant(101)).toBe("AWS.ParameterOutOfRange");
  });
});

describe("qualification type", () => {
  const WAVE = { Name: "wave", Description: "d", QualificationTypeStatus: "Active" };
  const TESTED = {
    ...WAVE,
    Name: "tested",
    Test: "<QuestionForm/>",
    TestDurationInSeconds: 60,
    AnswerKey: "<AnswerKey/>",
  };

  test("a name is taken until the type is deleted and the delay is over", () => {
    const account = trial(STUDY);
    account.set({ nameReuseDelaySeconds: 100 });
    expect(account.ask("CreateQualificationType", WAVE)).toBe("QualificationTypeAlreadyExists");
    account.ask("DeleteQualificationType", { QualificationTypeId: "3T" });
    expect(account.ask("GetQualificationScore", HOLDER)).toBe("QualificationTypeDoesNotExist");
    expect(account.ask("CreateQualificationType", WAVE)).toBe("QualificationTypeAlreadyExists");
    account.later(100);
    expect(account.ask("CreateQualificationType", WAVE)).toMatchObject({ QualificationType: { Name: "wave" } });
  });

  test("is found in the list only when the index has caught up, but by its id at once", () => {
    const account = trial(STUDY);
    account.set({ typeIndexLagSeconds: 15 });
    const made = account.ask("CreateQualificationType", { ...WAVE, Name: "new" });
    const id = JSON.stringify(made).match(/"QualificationTypeId":"(\w+)"/)?.[1] ?? "";
    const names = () =>
      account
        .rows("ListQualificationTypes", "QualificationTypes", { MustBeRequestable: false, MustBeOwnedByCaller: true })
        .map((each) => each["Name"]);
    expect(names()).toEqual(["wave"]);
    expect(account.ask("GetQualificationType", { QualificationTypeId: id })).toEqual(made);
    account.later(15);
    expect(names()).toEqual(["wave", "new"]);
  });

  test("types of others are listed only where they are not ruled out", () => {
    const account = trial(STUDY);
    const count = (wanted: object) =>
      account.rows("ListQualificationTypes", "QualificationTypes", { ...wanted, MaxResults: 2 }).length;
    expect(count({ MustBeRequestable: false })).toBe(7);
    expect(count({ MustBeRequestable: true })).toBe(1);
    expect(count({ MustBeRequestable: false, MustBeOwnedByCaller: true })).toBe(1);
  });

  test("a test needs its duration, and rules out granting by itself", () => {
    const account = trial(STUDY);
    expect(account.ask("CreateQualificationType", { ...WAVE, Name: "x", Test: "<QuestionForm/>" })).toBe(
      "InvalidParameterValue",
    );
    expect(account.ask("CreateQualificationType", { ...TESTED, AutoGranted: true })).toBe("InvalidParameterValue");
  });

  test("a new test without an answer key drops the old key, and no test can be taken away", () => {
    const account = trial(STUDY);
    const made = account.ask("CreateQualificationType", TESTED);
    const id = { QualificationTypeId: JSON.stringify(made).match(/"QualificationTypeId":"(\w+)"/)?.[1] ?? "" };
    expect(account.ask("UpdateQualificationType", { ...id, Description: "new" })).toMatchObject({
      QualificationType: { Description: "new", AnswerKey: "<AnswerKey/>", Test: "<QuestionForm/>" },
    });
    const changed = account.ask("UpdateQualificationType", {
      ...id,
      Test: "<QuestionForm>2</QuestionForm>",
      TestDurationInSeconds: 9,
    });
    expect(changed).toMatchObject({ QualificationType: { Test: "<QuestionForm>2</QuestionForm>" } });
    expect(JSON.stringify(changed)).not.toContain("AnswerKey");
    expect(account.ask("UpdateQualificationType", { ...id, AutoGranted: true })).toBe("InvalidParameterValue");
  });
});

test("a message reaches only workers whose work was judged, and says so inside a success", () => {
  const account = trial(`
hits:
  - { id: 3H, assignments: [{ id: 3A, worker: A1, status: Approved, submitted: -1d }, { id: 3B, worker: A2, submitted: -1d }] }
`);
  const told = account.ask("NotifyWorkers", { Subject: "s", MessageText: "m", WorkerIds: ["A1", "A2"] });
  expect(told).toMatchObject({
    NotifyWorkersFailureStatuses: [{ WorkerId: "A2", NotifyWorkersFailureCode: "HardFailure" }],
  });
  expect(account.truth()["outbox"]).toMatchObject([{ to: "A1", about: "notification" }]);
});

test("a block is mailed once, and its end is no error for who was not blocked", () => {
  const account = trial("workers: [A1]");
  account.ask("CreateWorkerBlock", { WorkerId: "A1", Reason: "r" });
  account.ask("CreateWorkerBlock", { WorkerId: "A1", Reason: "another" });
  expect(account.ask("ListWorkerBlocks")).toMatchObject({ WorkerBlocks: [{ WorkerId: "A1", Reason: "another" }] });
  expect(account.truth()["outbox"]).toHaveLength(1);
  account.ask("DeleteWorkerBlock", { WorkerId: "A1" });
  expect(account.ask("DeleteWorkerBlock", { WorkerId: "A1" })).toEqual({});
  expect(account.ask("ListWorkerBlocks")).toEqual({ NumResults: 0, WorkerBlocks: [] });
});
