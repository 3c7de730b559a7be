import { expect, test } from "vitest";
import { block, codes, planOf, TYPE } from "./plan-world.fixture.ts";

const BY_ID = { ...TYPE, ref: { id: "3T" } };

test("a grant, a rescore and a revoke say everything that a claim will", () => {
  const blocks = [
    block({
      grant: [
        ["A3NEW", 1],
        ["A1HELD", 90],
      ],
      notify: true,
    }),
  ];
  const place = { file: "payments/pilot.yaml", line: 9, study: "pilot", name: "wave-1", group: "3T" };
  expect(planOf({ blocks, groups: [TYPE] }).steps).toEqual([
    { ...place, kind: "grant", worker: "A3NEW", score: 1, notify: true },
    { ...place, kind: "rescore", worker: "A1HELD", score: 90, was: 85, notify: true },
  ]);
  const revoked = (reason?: string) =>
    planOf({
      blocks: [block({ revoke: ["A1HELD"], notify: true, ...(reason === undefined ? {} : { reason }) })],
      groups: [TYPE],
    }).steps;
  expect(revoked()).toStrictEqual([{ ...place, kind: "revoke", worker: "A1HELD", was: 85, notify: false }]);
  expect(revoked("Asked for it")).toEqual([
    { ...place, kind: "revoke", worker: "A1HELD", was: 85, notify: false, reason: "Asked for it" },
  ]);
});

test("what is already so says where it stands and why it asks for nothing", () => {
  const place = { file: "payments/pilot.yaml", line: 9, name: "wave-1", because: "already-true" };
  expect(planOf({ blocks: [block({ grant: [["A1HELD", 85]], revoke: ["A2"] })], groups: [TYPE] }).settled).toEqual([
    { ...place, kind: "grant", worker: "A1HELD", score: 85 },
    { ...place, kind: "revoke", worker: "A2" },
  ]);
});

test("a type that is to be made is a step with its words, and its grants do not know its id yet", () => {
  const create = { description: "Took part", keywords: "stroop" };
  const place = { file: "payments/pilot.yaml", line: 9, study: "pilot", name: "wave-1" };
  expect(planOf({ blocks: [block({ grant: [["A3NEW", 1]], create })] }).steps).toEqual([
    { ...place, kind: "create-type", ...create },
    { ...place, kind: "grant", worker: "A3NEW", score: 1, notify: false },
  ]);
});

test("a worker of a type that is to be made holds nothing of it", () => {
  const made = block({ revoke: ["A1HELD"], create: { description: "d" } });
  const plan = planOf({ blocks: [made] });
  expect(plan.steps.map(({ kind }) => kind)).toEqual(["create-type"]);
  expect(plan.settled).toMatchObject([{ kind: "revoke", worker: "A1HELD" }]);
});

test("a type that is there is not made again", () => {
  const made = block({ grant: [["A3NEW", 1]], create: { description: "d" } });
  expect(planOf({ blocks: [made], groups: [TYPE] }).steps).toMatchObject([{ kind: "grant", group: "3T" }]);
});

test("a block that says nothing of making the type may use one that an earlier block has made", () => {
  const blocks = [block({ create: { description: "d" } }), block({ grant: [["A3NEW", 1]] })];
  expect(planOf({ blocks }).problems).toEqual([]);
  expect(codes(planOf({ blocks: blocks.toReversed() }))).toEqual(["type-unknown"]);
});

test("a type by id is never made", () => {
  const blocks = [block({ type: { id: "3GONE" }, create: { description: "d" }, grant: [["A3NEW", 1]] })];
  expect(codes(planOf({ blocks }))).toEqual(["type-unknown"]);
});

test.each([
  ["revoked twice", block({ revoke: ["A1HELD"] }), block({ revoke: ["A1HELD"] }), []],
  ["revoked by name and by id", block({ revoke: ["A1HELD"] }), block({ type: { id: "3T" }, revoke: ["A1HELD"] }), []],
  ["granted twice by name and by id", scored("A1HELD", 90), { ...scored("A1HELD", 90), type: { id: "3T" } }, []],
  ["granted and revoked", scored("A1HELD", 90), block({ revoke: ["A1HELD"] }), ["conflicting-rows"]],
  ["revoked and granted", block({ revoke: ["A1HELD"] }), scored("A1HELD", 90), ["conflicting-rows"]],
])("a worker %s is one step", (_what, first, second, problems) => {
  const plan = planOf({ blocks: [first, second], groups: [TYPE, BY_ID] });
  expect(plan.steps).toHaveLength(1);
  expect(codes(plan)).toEqual(problems);
});

test("two workers of one type, and one worker of two types that are to be made, are two rows each", () => {
  expect(planOf({ blocks: [scored("A3NEW", 1), scored("A4NEW", 2)], groups: [TYPE] }).steps).toHaveLength(2);
  const create = { description: "d" };
  const blocks = [
    block({ create, grant: [["A3NEW", 1]], revoke: ["A4NEW"] }),
    block({ create, type: { name: "wave-2" }, grant: [["A4NEW", 2]], revoke: ["A3NEW"] }),
  ];
  const plan = planOf({ blocks });
  expect(plan.problems).toEqual([]);
  expect(plan.steps.map(({ kind }) => kind)).toEqual(["create-type", "grant", "create-type", "grant"]);
  expect(plan.settled).toHaveLength(2);
});

function scored(worker: string, score: number) {
  return block({ grant: [[worker, score]] });
}
