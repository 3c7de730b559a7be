import { describe, expect, test } from "vitest";
import type { ApplyRow } from "./apply-report.ts";
import { held, mistake } from "./plans.fixture.ts";
import { resultCounts, resultState } from "./result-counts.ts";
import { heldManifest, payRow, payRowsOf, report } from "./results.fixture.ts";

const stopped = { cause: "funds", message: "not enough money", next: "add money" };

function ended(outcome: ApplyRow["outcome"]) {
  return payRow({ outcome, assignment: `3${outcome}` });
}

describe("the count", () => {
  test("puts every bonus into exactly one of six", () => {
    const rows = (["done", "found", "refused", "held", "unknown", "not-sent"] as const).map(ended);
    expect(resultCounts({ report: report(rows), planned: 6 })).toEqual({
      planned: 6,
      paid: 1,
      found: 1,
      refused: 1,
      held: 1,
      unknown: 1,
      notSent: 1,
    });
  });

  test("takes rows that a stopped run never reached for not sent", () => {
    const counts = resultCounts({ report: report(payRowsOf(2), { stopped }), planned: 5 });
    expect(counts.notSent).toBe(3);
    expect(counts.mismatch).toBeUndefined();
  });

  test("does not excuse missing rows of a run that came to its end", () => {
    expect(resultCounts({ report: report(payRowsOf(2)), planned: 5 }).mismatch).toBe("5 planned, 2 accounted for");
  });

  test("finds more rows than were planned, stopped or not", () => {
    expect(resultCounts({ report: report(payRowsOf(3), { stopped }), planned: 2 }).mismatch).toBe(
      "2 planned, 3 accounted for",
    );
  });

  test("holds the report's own total against its rows", () => {
    const honest = report(payRowsOf(2));
    const wrong = { ...honest, totals: { ...honest.totals, paid: 3 } };
    expect(resultCounts({ report: wrong }).mismatch).toBe("3 reported as paid, 2 rows say so");
  });
});

describe("the state of a finished run", () => {
  const of = (...rows: ReturnType<typeof ended>[]) => [{ report: report(rows) }];

  test.each([
    ["PAID", of(ended("done"), ended("found")), []],
    ["PARTIAL", of(ended("done"), ended("refused")), []],
    ["PARTIAL", of(ended("done")), [heldManifest()]],
    ["PARTIAL", [{ report: report([ended("done")], { stopped }), planned: 2 }], []],
    ["PARTIAL", [{ report: report([ended("done")], { held: [held()] }) }], []],
    ["HELD", of(ended("held")), []],
    ["HELD", [], [heldManifest()]],
    ["HELD", [{ report: report([]) }], [heldManifest()]],
    ["UNKNOWN", of(ended("done"), ended("unknown")), []],
    ["UNKNOWN", [{ report: report(payRowsOf(2)), planned: 3 }], []],
    ["FAILED", [{ report: report([], { stopped }), planned: 4 }], []],
    ["FAILED", [{ report: report([], { problems: [mistake()] }) }], []],
    ["NOTHING TO PAY", [{ report: report([]) }], []],
    ["NOTHING TO PAY", [], []],
  ] as const)("is %s", (state, accounts, manifests) => {
    expect(resultState(accounts, manifests)).toBe(state);
  });
});
