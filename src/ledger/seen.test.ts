import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { money } from "../money.ts";
import type { Money } from "../money.ts";
import { isUnmoved, seen } from "./seen.ts";

const pounds = (...minor: number[]): Money[] => minor.map((each) => money(each, "GBP"));
const OURS = money(150, "GBP");

/** Few amounts, so that equal ones are common. */
const amount = fc.constantFrom(50, 100, 150, 200).map((minor) => money(minor, "GBP"));
const amounts = fc.array(amount, { maxLength: 6 });
const foreign = fc.array(
  amount.filter(({ minor }) => minor !== OURS.minor),
  { maxLength: 4 },
);

describe("a list of bare amounts", () => {
  test.each<[string, readonly number[], readonly number[], string]>([
    ["to which our amount was added", [], [150], "once"],
    ["to which it was added beside an equal one of before", [150], [150, 150], "once"],
    ["that stayed as it was", [150], [150], "absent"],
    ["to which another amount was added", [], [200], "absent"],
    ["to which it was added twice", [], [150, 150], "surplus"],
    ["from which something vanished", [200], [150], "inconsistent"],
    ["that became one sum", [200], [350], "inconsistent"],
  ])("%s", (_, before, now, kind) => {
    expect(seen(OURS, pounds(...before), pounds(...now)).kind).toBe(kind);
  });

  test("of another currency holds none of ours", () => {
    expect(seen(OURS, [], [money(150, "USD")])).toEqual({ kind: "absent", others: [money(150, "USD")] });
  });

  test("names what was added beside ours", () => {
    expect(seen(OURS, pounds(100), pounds(50, 150, 100))).toEqual({ kind: "once", others: pounds(50) });
  });
});

describe("whatever the lists", () => {
  test("their order means nothing", () => {
    fc.assert(
      fc.property(amounts, amounts, fc.nat(), (baseline, now, turn) => {
        const turned = [...now.slice(turn % (now.length + 1)), ...now.slice(0, turn % (now.length + 1))];
        expect(seen(OURS, baseline.toReversed(), turned).kind).toBe(seen(OURS, baseline, now).kind);
      }),
    );
  });

  test("as many of ours as were added are told, whatever else was added", () => {
    fc.assert(
      fc.property(amounts, foreign, fc.nat({ max: 3 }), (baseline, others, times) => {
        const now = [...others, ...Array.from({ length: times }, () => OURS), ...baseline];
        const kind = times === 0 ? "absent" : times === 1 ? "once" : "surplus";
        const found = seen(OURS, baseline, now);
        expect(found.kind).toBe(kind);
        expect(isUnmoved(found.others, others)).toBe(true);
      }),
    );
  });

  test("where one of before is gone, and nothing equal came, nothing is said of ours", () => {
    fc.assert(
      fc.property(amounts, amounts, amount, (before, now, gone) => {
        fc.pre(!now.some(({ minor }) => minor === gone.minor));
        expect(seen(OURS, [...before, gone], now).kind).toBe("inconsistent");
      }),
    );
  });

  test("a list is unmoved exactly where neither has what the other has not", () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const text = (list: readonly Money[]) =>
          list
            .map(({ minor }) => minor)
            .sort((one, other) => one - other)
            .join();
        expect(isUnmoved(a, b)).toBe(text(a) === text(b));
      }),
    );
  });
});
