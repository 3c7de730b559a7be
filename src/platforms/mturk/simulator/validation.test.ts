import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../simulator/json.ts";
import { OPERATIONS } from "./shapes.ts";
import { inputRefusal } from "./validation.ts";

const said = (operation: string, input: JsonObject) => inputRefusal(OPERATIONS[operation] ?? [], input)?.message;
const BONUS = { WorkerId: "A1", AssignmentId: "3A", BonusAmount: "1.50", Reason: "r" };

describe("an input that keeps all constraints passes", () => {
  test.each(["5", "5.", "5.1", "5.10", "005", "0"])("amount %s", (amount) => {
    expect(said("SendBonus", { ...BONUS, BonusAmount: amount })).toBeUndefined();
  });

  test("members that nobody knows, or that are null, do not matter", () => {
    expect(said("SendBonus", { ...BONUS, Colour: 1, UniqueRequestToken: null })).toBeUndefined();
  });
});

describe("a broken constraint is named with its value, its member and its rule", () => {
  test.each<[string, JsonObject, string]>([
    [
      "SendBonus",
      { ...BONUS, BonusAmount: "1.005" },
      "'1.005' at 'bonusAmount' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9]+(\\.)?[0-9]{0,2}$",
    ],
    ["SendBonus", { ...BONUS, BonusAmount: "-1" }, "'-1' at 'bonusAmount'"],
    ["SendBonus", { ...BONUS, AssignmentId: "3a" }, "'3a' at 'assignmentId'"],
    [
      "SendBonus",
      { ...BONUS, Reason: null },
      "Value null at 'reason' failed to satisfy constraint: Member must not be null",
    ],
    [
      "SendBonus",
      { ...BONUS, UniqueRequestToken: "" },
      "'' at 'uniqueRequestToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      "ListHITs",
      { MaxResults: 0 },
      "'0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    ["ListHITs", { NextToken: "x".repeat(256) }, "Member must have length less than or equal to 255"],
    ["NotifyWorkers", { Subject: "s", MessageText: "m", WorkerIds: ["A1", "x"] }, "'x' at 'workerIds.2.member'"],
    ["NotifyWorkers", { Subject: "s", MessageText: "m", WorkerIds: [null] }, "Value null at 'workerIds.1.member'"],
    ["ListAssignmentsForHIT", { HITId: "3", AssignmentStatuses: ["X"] }, "'X' at 'assignmentStatuses.1.member'"],
  ])("%s %j", (operation, input, message) => {
    expect(said(operation, input)).toContain("1 validation error detected: ");
    expect(said(operation, input)).toContain(message);
  });

  test("all of them at once, joined", () => {
    expect(said("SendBonus", {})).toMatch(/^4 validation errors detected: Value null at 'workerId' .*; Value null at /);
  });

  test("a constraint inside of a structure is named by its path", () => {
    const requirement = { QualificationTypeId: "3T", Comparator: "In", LocaleValues: [{ Country: "USA" }] };
    const hitType = { AssignmentDurationInSeconds: 60, Reward: "1", Title: "t", Description: "d" };
    expect(said("CreateHITType", { ...hitType, QualificationRequirements: [requirement, {}] })).toBe(
      "3 validation errors detected: Value 'USA' at 'qualificationRequirements.1.member.localeValues.1.member.country' failed to satisfy constraint: Member must have length less than or equal to 2; " +
        "Value null at 'qualificationRequirements.2.member.qualificationTypeId' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'qualificationRequirements.2.member.comparator' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe("a value of the wrong JSON type is no validation error but cannot be read at all", () => {
  test.each<[string, JsonObject, string]>([
    ["SendBonus", { ...BONUS, BonusAmount: 1.5 }, "NUMBER_VALUE can not be converted to a String"],
    ["ListHITs", { MaxResults: "10" }, "STRING_VALUE can not be converted to an Integer"],
    ["ListHITs", { MaxResults: 1.5 }, "NUMBER_VALUE can not be converted to an Integer"],
    ["CreateHITType", { AssignmentDurationInSeconds: true }, "TRUE_VALUE can not be converted to a Long"],
    [
      "ApproveAssignment",
      { AssignmentId: "3", OverrideRejection: "yes" },
      "STRING_VALUE can not be converted to a Boolean",
    ],
    [
      "UpdateExpirationForHIT",
      { HITId: "3", ExpireAt: "2026-11-02" },
      "STRING_VALUE can not be converted to a Timestamp",
    ],
    ["NotifyWorkers", { WorkerIds: "A1" }, "STRING_VALUE can not be converted to a List"],
    ["CreateHITType", { QualificationRequirements: [[]] }, "LIST_VALUE can not be converted to a Structure"],
    ["GetHIT", { HITId: {} }, "STRUCTURE_VALUE can not be converted to a String"],
  ])("%s %j", (operation, input, message) => {
    expect(inputRefusal(OPERATIONS[operation] ?? [], input)).toMatchObject({ type: "SerializationException", message });
  });
});
