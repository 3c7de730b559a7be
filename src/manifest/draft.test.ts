import { expect, test } from "vitest";
import type { Draft } from "./draft.ts";
import { ASSIGNMENT, brief, file, HEAD, PANEL, PARTICIPANT, SUBMISSION, WORKER } from "./files.fixture.ts";
import { draftManifest } from "./read-manifest.ts";

const SOUND = `{ worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 1.50 }`;
const ADOPTED = `{ worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 1.50, paid: 2026-03-01T12:30:00Z }`;

function draftOf(text: string): Draft {
  const { draft, problems } = draftManifest(file(text));
  if (!draft) throw new Error(problems.map((each) => `${brief(each)} ${each.message}`).join("\n"));
  return draft;
}

test("a row to adopt that has a mistake is no row of the draft", () => {
  const rows = [
    ADOPTED.replace(WORKER, "me"),
    ADOPTED.replace(ASSIGNMENT, "it"),
    ADOPTED.replace("1.50", "much"),
    ADOPTED.replace("2026-03-01T", "today "),
    ADOPTED.replace("amount", "label: A B, amount"),
    ADOPTED.replace(WORKER, "me").replace("1.50", "much"),
  ];
  const draft = draftOf(`${HEAD}adopted: [${[...rows, ADOPTED].join(", ")}]\n`);
  expect(draft.adopted).toStrictEqual([
    {
      at: expect.anything(),
      worker: WORKER,
      assignment: ASSIGNMENT,
      amount: { minor: 150, currency: "USD" },
      label: "",
      paid: "2026-03-01T12:30:00.000Z",
    },
  ]);
});

test("a bonus that has a mistake is no row of the draft", () => {
  const row = `{ submission: ${SUBMISSION}, participant: ${PARTICIPANT}, amount: 1.50 }`;
  const rows = [row.replace(PARTICIPANT, "me"), row.replace(SUBMISSION, "it"), row.replace("1.50", "much")];
  const draft = draftOf(`${PANEL}bonuses: [${[...rows, row].join(", ")}]\n`);
  expect(draft.bonuses.map(({ row: { worker, assignment } }) => [worker, assignment])).toEqual([
    [PARTICIPANT, SUBMISSION],
  ]);
  const [plain] = draftOf(`${HEAD}bonuses: [${SOUND}]\n`).bonuses;
  expect(Object.keys({ ...plain?.row }).toSorted()).not.toContain("container");
});

test("of a qualification only what has no mistake is in the draft", () => {
  const block = (text: string) => draftOf(`${HEAD}qualifications: [{ ${text} }]\n`).qualifications;
  expect(block(`grant: [{ worker: ${WORKER} }]`)).toEqual([]);
  const at = expect.anything();
  const type = { name: "a" };
  expect(
    block(`name: a, grant: [{ worker: ${WORKER}, score: high }, { worker: me, score: 1 }, { worker: ${WORKER} }]`),
  ).toStrictEqual([{ at, type, notify: false, grant: [{ at, worker: WORKER, score: 1 }], revoke: [] }]);
  expect(block(`name: a, revoke: [{ worker: me }, { worker: ${WORKER} }]`)).toStrictEqual([
    { at, type, notify: false, grant: [], revoke: [{ at, worker: WORKER }] },
  ]);
  expect(block("name: a, create: { description: b }")).toStrictEqual([
    { at, type, notify: false, grant: [], revoke: [], create: { description: "b" } },
  ]);
  expect(block("name: a, create: { keywords: b }")).toStrictEqual([{ at, type, notify: false, grant: [], revoke: [] }]);
});

test("where the platform is not known, the rest of the file is read all the same", () => {
  const { problems } = draftManifest(
    file(`study: s
platform: nowhere
environment: sandbox
bonuses: [${SOUND}]
qualifications: [{ name: a, notify: true, grant: [{ worker: ${WORKER}, score: 2 }] }]
`),
  );
  expect(problems.map(({ code }) => code)).toEqual(["unknown-platform", "missing-key"]);
});

test("a bonus and a row to adopt are two rows, and together they ask for something", () => {
  const { draft, problems } = draftManifest(file(`${HEAD}bonuses: [${SOUND}]\nadopted: [${ADOPTED}]\n`));
  expect(draft?.rows).toBe(2);
  expect(problems).toEqual([]);
});

test("what comes after a thousand problems is not read", () => {
  const many = (row: string) => `${row}, `.repeat(1_001);
  const after = draftOf(`${HEAD}bonuses: [${many("{ amount: 0 }")}${SOUND}]
qualifications: [{ name: a, create: { description: b } }]
adopted: [${ADOPTED}]
`);
  expect(after.bonuses).toEqual([]);
  expect(after.qualifications).toEqual([]);
  expect(after.adopted).toEqual([]);
  const [block] = draftOf(
    `${HEAD}qualifications: [{ name: a, grant: [${many("{ worker: me }")}{ worker: ${WORKER} }] }]\n`,
  ).qualifications;
  expect(block?.grant).toEqual([]);
});

test("a file with a thousand anchors is no list", () => {
  const { draft, problems } = draftManifest(file(`${HEAD}bonuses: [${"&a b, ".repeat(1_001)}c]\n`));
  expect(draft).toBeUndefined();
  expect(problems).toHaveLength(1_001);
});
