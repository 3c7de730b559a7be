import { describe, expect, test } from "vitest";
import type { ApplyRow } from "./apply-report.ts";
import { held, mistake } from "./plans.fixture.ts";
import { isToBeContinued, resultCounts, resultState } from "./result-counts.ts";
import { heldManifest, payRow, payRowsOf, report } from "./results.fixture.ts";

const stopped = { cause: "funds", message: "not enough money", next: "add money" };

const late = { cause: "time", message: "its time was up", next: "nothing" };

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
    ["PARTIAL", [{ report: report([ended("done"), ended("not-sent")], { stopped: late }), planned: 9 }], []],
    ["PARTIAL", [{ report: report([], { stopped: late }), planned: 4 }], []],
    ["FAILED", [{ report: report([ended("held")], { stopped: late }), planned: 4 }], []],
    ["UNKNOWN", [{ report: report([ended("unknown")], { stopped: late }), planned: 4 }], []],
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

describe("a run whose time was up is continued by the next", () => {
  const handedOver = { report: report([ended("done"), ended("not-sent")], { stopped: late }), planned: 9 };
  const finished = { report: report([ended("done")]) };

  test("whether it paid some or none, and whatever other accounts have finished", () => {
    expect(isToBeContinued([handedOver, finished], [])).toBe(true);
    expect(isToBeContinued([{ report: report([], { stopped: late }) }], [])).toBe(true);
  });

  test.each([
    ["a manifest is held", [handedOver], [heldManifest()]],
    ["another account was stopped by something else", [handedOver, { report: report([], { stopped }) }], []],
    ["a row has no clear answer", [{ report: report([ended("unknown")], { stopped: late }) }], []],
    ["a row of an earlier run is held", [{ report: report([], { stopped: late, held: [held()] }) }], []],
    ["nothing was left", [finished], []],
  ] as const)("not where %s", (_why, accounts, manifests) => {
    expect(isToBeContinued(accounts, manifests)).toBe(false);
  });
});
