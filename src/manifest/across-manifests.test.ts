import { expect, test } from "vitest";
import { money } from "../money.ts";
import { acrossManifests } from "./across-manifests.ts";
import type { Draft } from "./draft.ts";
import type { AdoptedRow, BonusRow, QualificationBlock } from "./manifest.ts";

const at = (line: number, file = "payments/a.yaml") => ({ file, line, column: 5 });
let line = 0;

function bonus(assignment: string, label = "", worker = "A2WORKER"): BonusRow {
  const amount = money(1_50, "USD");
  return { at: at(++line), worker, assignment, amount, reason: "r", label, attempt: 1, repeat: false };
}

function adopted(assignment: string, label = ""): AdoptedRow {
  const amount = money(1_50, "USD");
  return { at: at(++line), worker: "A2WORKER", assignment, amount, label, paid: "2026-11-01" };
}

function draft(more: Partial<Omit<Draft, "bonuses">> & { readonly bonuses?: readonly BonusRow[] }): Draft {
  const { bonuses = [], ...rest } = more;
  return {
    file: "payments/a.yaml",
    at: at(1),
    study: "pilot",
    platform: "mturk",
    rules: undefined,
    environment: "production",
    currency: "USD",
    bonusesAt: at(2),
    bonuses: bonuses.map((row) => ({ row, amountAt: row.at })),
    qualifications: [],
    adopted: [],
    rows: 0,
    ...rest,
  };
}

function told(...drafts: Draft[]): string[] {
  return acrossManifests(drafts).map(({ severity, code, message, hint }) => {
    return `${severity} ${code}: ${message.replaceAll(/\d+$/g, "N")} → ${hint}`;
  });
}
const codes = (...drafts: Draft[]) => acrossManifests(drafts).map(({ code }) => code);

test("a bonus and an adopted one stand once each, whatever their assignments and labels have in common", () => {
  const twice = draft({ bonuses: [bonus("3A"), bonus("3A")], adopted: [adopted("3B"), adopted("3B")] });
  expect([...new Set(told(twice))]).toEqual([
    "error duplicate-row: this assignment with this label is paid a bonus here and on line N → delete one of the two; a second bonus for the same assignment needs a `label` of its own",
    "error duplicate-row: this assignment with this label is adopted here and on line N → delete one of the two, if they are the same payment; else give one a `label` of its own",
  ]);
  const rows = (make: (assignment: string, label?: string) => never) => [make("3A"), make("3AB"), make("3A", "B")];
  expect(codes(draft({ bonuses: rows(bonus as never), adopted: rows(adopted as never) }))).toEqual([]);
});

test("what could be anywhere clashes with nothing", () => {
  const twice = { bonuses: [bonus("3A"), bonus("3A")], adopted: [adopted("3B"), adopted("3B")] };
  expect(codes(draft({ ...twice, platform: undefined }))).toEqual([]);
  expect(codes(draft({ ...twice, environment: undefined }))).toEqual([]);
  expect(codes(draft({ bonuses: [bonus("3A")] }), draft({ bonuses: [bonus("3A")], environment: "sandbox" }))).toEqual(
    [],
  );
});

test("a worker is to have one score of a qualification, or none", () => {
  const block = (name: string, granted: readonly [string, number][], revoked: readonly string[] = []) =>
    ({
      at: at(3),
      type: { name },
      notify: false,
      grant: granted.map(([worker, score]) => ({ at: at(++line), worker, score })),
      revoke: revoked.map((worker) => ({ at: at(++line), worker })),
    }) satisfies QualificationBlock;
  const of = (...qualifications: QualificationBlock[]) => codes(draft({ qualifications }));
  expect(
    of(
      block("w", [
        ["A1", 1],
        ["A1", 1],
      ]),
    ),
  ).toEqual([]);
  expect(
    of(
      block("w", [
        ["A1", 1],
        ["A1", 2],
      ]),
    ),
  ).toEqual(["conflicting-rows", "conflicting-rows"]);
  expect(of(block("w", [["A1", 1]], ["A1"]))).toEqual(["conflicting-rows", "conflicting-rows"]);
  expect(of(block("w", [], ["A1", "A1"]))).toEqual([]);
  expect(of(block("w", [["A1", 1]]), block("wA", [["1", 2]]))).toEqual([]);
  expect([
    ...new Set(
      told(
        draft({
          qualifications: [
            block("w", [
              ["A1", 1],
              ["A1", 2],
            ]),
          ],
        }),
      ),
    ),
  ]).toEqual([
    "error conflicting-rows: this worker is to have something else of this qualification on line N → keep one of the two: a worker holds one score, or none",
  ]);
});

test("ids that a person takes for one another are told, of workers among workers and of assignments among assignments", () => {
  expect([...new Set(told(draft({ bonuses: [bonus("3A", "", "AO1"), bonus("3B", "", "A0I")] })))]).toEqual([
    "warning id-unusual: this id differs only by O and 0, or I and 1, from the one on line N → compare both with where they came from: one of them is probably mistyped",
  ]);
  expect(codes(draft({ bonuses: [bonus("3O"), bonus("30")] }))).toEqual(["id-unusual", "id-unusual"]);
  expect(codes(draft({ bonuses: [bonus("AO1", "", "A01")] }))).toEqual([]);
  const grant = [{ at: at(++line), worker: "AO1", score: 1 }];
  const revoke = [{ at: at(++line), worker: "3O" }];
  const block = { at: at(3), type: { name: "w" }, notify: false, grant, revoke };
  expect(codes(draft({ bonuses: [bonus("30", "", "A01")], qualifications: [block] }))).toEqual([
    "id-unusual",
    "id-unusual",
  ]);
});
