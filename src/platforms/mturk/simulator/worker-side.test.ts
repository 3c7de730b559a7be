import { describe, expect, test } from "vitest";
import { meets } from "./qualifications.ts";
import { controlStep, STUDY } from "./rehearsal.fixture.ts";
import { startSimulator } from "./server.ts";
import { emptyStore, put } from "./state.ts";
import { STANDARD_SWITCHES } from "./switches.ts";

async function onStage(
  play: (control: (path: string, input?: object) => Promise<object>, hit: () => Promise<object>) => Promise<void>,
) {
  const simulator = await startSimulator({ world: STUDY });
  const truth = () => controlStep(simulator.url, "/state", {}, "GET");
  try {
    await play(
      (path, input = {}) => controlStep(simulator.url, path, { ...input }),
      async () => ({ assignments: (await truth())["assignments"] }),
    );
  } finally {
    await simulator.close();
  }
}

describe("a worker", () => {
  const TAKEN = { HITId: "3HIT", WorkerId: "A1NEW" };

  test("who accepts and hands in has one assignment", () =>
    onStage(async (control) => {
      const accepted = await control("/accept", TAKEN);
      expect(await control("/submit", TAKEN)).toEqual(accepted);
      await expect(control("/submit", TAKEN)).rejects.toThrow("Reviewable");
    }));

  test("who is too late loses the assignment, and another can have it", () =>
    onStage(async (control, state) => {
      await control("/accept", TAKEN);
      await expect(control("/submit", { ...TAKEN, WorkerId: "A1OTHER" })).rejects.toThrow("Unassignable");
      await control("/clock", { advance: 3601 });
      expect(JSON.stringify(await state())).not.toContain("A1NEW");
      await control("/submit", { ...TAKEN, WorkerId: "A1OTHER" });
    }));

  test.each([
    [{ HITId: "3HIT", WorkerId: "B1" }, "B1 is not a worker id"],
    [{ HITId: "3NONE", WorkerId: "A1" }, "there is no HIT 3NONE"],
    [{ HITId: "3HIT" }, "WorkerId is missing"],
    [{ HITId: "3HIT", WorkerId: "A1FIRST" }, "already taken"],
  ])("with %j: %s", (input, message) =>
    onStage((control) => expect(control("/submit", input)).rejects.toThrow(message)),
  );

  test("who is blocked gets nothing", () =>
    onStage(async (control) => {
      await control("/world", { yaml: "blocks: [{ worker: A1NEW, reason: r }]" });
      await expect(control("/submit", TAKEN)).rejects.toThrow("blocked");
    }));

  test("asks for qualifications, but not for those that are gone", () =>
    onStage(async (control) => {
      const asked = await control("/request", { QualificationTypeId: "3WAVE", WorkerId: "A1NEW" });
      expect(asked).toMatchObject({ QualificationRequestId: expect.stringMatching(/^3/) });
      await expect(control("/request", { QualificationTypeId: "3NONE", WorkerId: "A1" })).rejects.toThrow("requested");
    }));
});

describe("a requirement", () => {
  const store = emptyStore();
  const type = { id: "3T", name: "t", description: "", status: "Active" as const, created: 0, autoGranted: false };
  const holder = { type: "3T", worker: "A5", score: 5, status: "Granted" as const, granted: 0 };
  store.put(put("types", "3T", type));
  store.put(put("holders", "3T/A5", holder));
  store.put(put("holders", "3T/A6", { ...holder, worker: "A6", status: "Revoked" }));
  const call = { state: store.state, switches: STANDARD_SWITCHES, now: 0, requestId: "", newId: () => "" };

  test.each<[string, number[], boolean, boolean]>([
    ["Exists", [], true, false],
    ["DoesNotExist", [], false, true],
    ["EqualTo", [5], true, false],
    ["NotEqualTo", [5], false, true],
    ["LessThan", [5], false, false],
    ["LessThanOrEqualTo", [5], true, false],
    ["GreaterThan", [4], true, false],
    ["GreaterThanOrEqualTo", [6], false, false],
    ["In", [4, 5], true, false],
    ["NotIn", [4, 5], false, true],
  ])("%s %j: who holds a 5 %s, who lost it %s", (comparator, values, holding, lost) => {
    const requirement = { QualificationTypeId: "3T", Comparator: comparator, IntegerValues: values };
    expect(meets(call, "A5", requirement)).toBe(holding);
    expect(meets(call, "A6", requirement)).toBe(lost);
  });
});
