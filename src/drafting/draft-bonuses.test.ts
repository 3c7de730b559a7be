import { describe, expect, test } from "vitest";
import { assignment, batchOf, BATCH, csv, drawn, exported, paid, SURVEY, told, worker } from "./exports.fixture.ts";
import { stops } from "../problem.ts";

const JOINED = {
  batch: exported(BATCH),
  scores: exported(SURVEY),
  match: { batch: "Answer.surveycode", scores: "RandomID" },
  amount: "0.50 + 0.10 * score",
  where: 'Status != "Survey Preview"',
};

describe("two exports", () => {
  test("codes are matched whatever their case and the blanks around them, and amounts are exact", () => {
    const result = drawn(JOINED);
    expect(stops(result.problems)).toBe(false);
    expect(paid(result)).toEqual([
      "1 1.70",
      "2 1.20",
      "3 0.50",
      "4 2.80",
      "5 2.00",
      "8 6.50",
      "9 1.40",
      "10 1.60",
      "11 2.30",
    ]);
  });

  test("the columns that hold the same code are found where they are not given", () => {
    const { match: _, ...others } = JOINED;
    expect(drawn(others).choices?.match).toEqual(JOINED.match);
    expect(paid(drawn(others))).toEqual(paid(drawn(JOINED)));
  });

  test("a code that is unknown on either side pays nobody, and both are told at their cells", () => {
    const result = drawn(JOINED);
    expect(told(result.problems)).toEqual([
      `${BATCH}:7:565 code-unknown`,
      `${BATCH}:8:565 cell-blank`,
      `${BATCH}:13:565 code-unknown`,
      `${SURVEY}:16:150 code-unknown`,
    ]);
    expect(result.draft).toMatchObject({ leftOut: { unmatched: 3 }, scoresUnused: 1 });
  });

  test("a code that was nearly typed right is pointed out, and not taken for the right one", () => {
    const result = drawn({
      batch: batchOf("code", "QX7P4L", "LM20KD"),
      scores: csv("id,pay\nQX7P41,1\nLM20KD,2\n", "survey.csv"),
      match: { batch: "code", scores: "id" },
      amount: "pay",
    });
    expect(paid(result)).toEqual(["2 2.00"]);
    expect(result.problems[0]?.hint).toContain("line 2 of survey.csv");
  });

  test("a code that stands twice in either file pays nobody before a person decided", () => {
    const scores = csv("id,pay\nAAAA,1\nBBBB,2\nbbbb,3\n", "survey.csv");
    const result = drawn({ batch: batchOf("code", "AAAA", "AAAA", "BBBB"), scores, amount: "pay" });
    expect(told(result.problems.filter(({ severity }) => severity === "error"))).toEqual([
      "batch.csv:2:47 code-twice",
      "batch.csv:3:47 code-twice",
      "survey.csv:3:1 code-twice",
      "survey.csv:4:1 code-twice",
    ]);
    expect(result.manifests).toEqual([]);
  });

  test("a condition on one file is asked before codes are matched, so that it can leave out the second of two", () => {
    const scores = csv("id,pay,Status\nAAAA,1,IP Address\nAAAA,2,Survey Preview\n", "survey.csv");
    const result = drawn({
      batch: batchOf("code", "AAAA"),
      scores,
      amount: "pay",
      where: 'Status != "Survey Preview"',
    });
    expect(paid(result)).toEqual(["1 1.00"]);
  });

  test("lines of worker and amount alone are matched by the worker", () => {
    const result = drawn({ batch: exported(BATCH), scores: exported("id-amount.csv") });
    expect(result.choices?.match).toEqual({ batch: "WorkerId", scores: "id" });
    expect(paid(result)).toEqual(["1 1.50", "2 0.75", "3 2.00"]);
  });

  test("a name that both files have must say of which", () => {
    const scores = csv("id,pay\nAAAA,1\n", "survey.csv");
    const order = { batch: batchOf("code,pay", "AAAA,5"), scores, match: { batch: "code", scores: "id" } };
    expect(told(drawn({ ...order, amount: "pay" }).problems)).toEqual(["--amount:1:1 column-unknown"]);
    expect(paid(drawn({ ...order, amount: "scores.pay" }))).toEqual(["1 1.00"]);
    expect(paid(drawn({ ...order, amount: "batch.pay + scores.pay" }))).toEqual(["1 6.00"]);
  });
});

describe("other tools' files need no options", () => {
  test("supersubmiterator's; a bonus of nothing is left out and counted", () => {
    const result = drawn({ batch: exported("pilot-bonus.csv") });
    expect(paid(result)).toEqual(["1 3.00", "2 0.50", "4 1.25"]);
    expect(result.draft?.leftOut.zero).toBe(1);
  });

  test("nodegame's; its bots have no ids and are left out", () => {
    const result = drawn({ batch: exported("nodegame-bonus.csv") });
    expect(paid(result)).toEqual(["1 2.38", "2 2.00", "3 2.50", "4 1.63"]);
    expect(result.draft?.leftOut.withoutIds).toBe(1);
  });

  test("Excel's in German: decimal commas, and reasons in a column", () => {
    const result = drawn({ batch: exported("excel-german.csv"), reason: "Grund" });
    expect(paid(result)).toEqual(["1 1.50", "2 0.75", "3 2.00"]);
    expect(result.manifests[0]?.text).toContain("reason: Für Runde 1\n");
    expect(result.manifests[0]?.text).toContain('amount: 2.00, reason: "Schöne Grüße; danke" }');
  });

  test("Prolific's alone cannot pay on MTurk: its lines name no assignment", () => {
    const { problems } = drawn({ batch: exported("prolific-bonus.csv") });
    expect(told(problems)).toEqual(["prolific-bonus.csv:1:1 column-unknown", "prolific-bonus.csv:1:1 column-unknown"]);
    expect(problems[0]?.hint).toContain("--scores");
  });
});

describe("amounts", () => {
  test("more than two decimals are refused with the rounding that is needed", () => {
    const { problems, manifests } = drawn({ batch: batchOf("bonus", "1.005", "0.1", "1.200000000000017") });
    expect(told(problems)).toEqual(["batch.csv:2:47 amount-too-precise", "batch.csv:4:47 amount-too-precise"]);
    expect(problems.map(({ message }) => message)).toEqual([
      "1.005 has more than two decimals; rounded half up it is 1.01",
      "1.2000000000… has more than two decimals; rounded half up it is 1.20",
    ]);
    expect(manifests).toEqual([]);
  });

  test("rounding half up is done where it is asked for, and says how many it changed", () => {
    const result = drawn({ batch: batchOf("bonus", "1.005", "0.1", "2.675"), rounding: "half-up" });
    expect(paid(result)).toEqual(["1 1.01", "2 0.10", "3 2.68"]);
    expect(result.draft?.rounded).toBe(2);
  });

  test("what rounds to nothing is left out as nothing", () => {
    const result = drawn({ batch: batchOf("bonus", "0.004", "1"), rounding: "half-up" });
    expect(paid(result)).toEqual(["2 1.00"]);
    expect(result.draft).toMatchObject({ rounded: 0, leftOut: { zero: 1 } });
  });

  test("no bonus is more than the most that was given, and how many were cut is said", () => {
    const result = drawn({ batch: batchOf("bonus", "4", "5", "6"), max: "5.00" });
    expect(paid(result)).toEqual(["1 4.00", "2 5.00", "3 5.00"]);
    expect(result.draft?.capped).toBe(1);
  });

  test("less than nothing is refused", () => {
    expect(told(drawn({ batch: batchOf("score", "1", "9"), amount: "5 - score" }).problems)).toEqual([
      "batch.csv:3:47 amount-unreadable",
    ]);
  });

  test("what Excel did to numbers is told at each cell, all at once", () => {
    const { problems } = drawn({ batch: exported("excel-damage.csv"), amount: "score" });
    expect(told(problems)).toEqual([
      "excel-damage.csv:3:47 cell-damaged",
      "excel-damage.csv:4:47 cell-damaged",
      "excel-damage.csv:5:47 cell-damaged",
      "excel-damage.csv:6:47 cell-blank",
    ]);
  });

  test("a bonus over the policy's limit is told at its row of the export", () => {
    expect(told(drawn({ batch: batchOf("bonus", "1", "25.00") }).problems)).toEqual(["batch.csv:3:1 bonus-over-limit"]);
  });
});

describe("ids", () => {
  test("two ids in one cell, a blank one and a swapped pair are refused at their cells", () => {
    const { problems } = drawn({
      batch: csv(
        `WorkerId,AssignmentId,bonus\n${worker(1)} ${worker(2)},${assignment(1)},1\n${worker(3)},,1\n${assignment(4)},${worker(4)},1\n`,
      ),
    });
    expect(told(problems)).toEqual([
      "batch.csv:2:1 id-unreadable",
      "batch.csv:3:16 cell-blank",
      "batch.csv:4:1 id-unreadable",
    ]);
    expect(problems[0]?.message).toContain("several ids");
  });

  test("an assignment that stands twice with one bonus is paid once; with two, nobody is paid", () => {
    const twice = (amount: string) =>
      csv(`WorkerId,AssignmentId,bonus\n${worker(1)},${assignment(1)},1.50\n${worker(1)},${assignment(1)},${amount}\n`);
    expect(drawn({ batch: twice("1.5") }).draft).toMatchObject({ leftOut: { repeated: 1 } });
    expect(told(drawn({ batch: twice("2") }).problems)).toEqual([
      "batch.csv:2:1 duplicate-row",
      "batch.csv:3:1 duplicate-row",
    ]);
  });
});

describe("what is there already", () => {
  const known = (where: "ledger" | "manifest") => (id: string) =>
    id === assignment(1)
      ? { where, file: "receipts/2026/11/000002-s.receipt.json", amount: { minor: 150, currency: "USD" as const } }
      : undefined;

  test("rows of the ledger and of other lists are left out and counted", () => {
    const batch = batchOf("bonus", "1.50", "2");
    expect(paid(drawn({ batch }, { known: known("ledger") }))).toEqual(["2 2.00"]);
    expect(drawn({ batch }, { known: known("ledger") }).draft?.leftOut.inLedger).toBe(1);
    expect(drawn({ batch }, { known: known("manifest") }).draft?.leftOut.inManifests).toBe(1);
  });

  test("one that was paid another amount is pointed out, and not paid the difference", () => {
    const { problems, draft } = drawn({ batch: batchOf("bonus", "3", "2") }, { known: known("ledger") });
    expect(told(problems)).toEqual(["batch.csv:2:1 listed-already"]);
    expect(draft?.bonuses).toHaveLength(1);
  });

  test("a new list takes a name that no file has", () => {
    const file = (path: string) => ({ path, kind: "file" as const, bytes: new Uint8Array() });
    const ground = { files: [file("payments/stroop.yaml"), file("payments/Stroop-2.yaml")] };
    expect(drawn({ batch: batchOf("bonus", "1"), study: "stroop" }, ground).manifests[0]?.path).toBe(
      "payments/stroop-3.yaml",
    );
  });
});

test("everything that is wrong is told at once, of both files and of every option", () => {
  const { problems } = drawn({
    batch: batchOf("code", "AAAA"),
    scores: csv("id,pay\nAAAA,1\n", "survey.csv"),
    match: { batch: "cod", scores: "ids" },
    amount: "payy",
    where: "Status = 1",
    max: "$5",
  });
  expect(told(problems)).toEqual([
    "--amount:1:1 column-unknown",
    "--match:1:1 column-unknown",
    "--match:1:1 column-unknown",
    "--max:1:1 amount-unreadable",
    "--where:1:8 expression-wrong",
  ]);
  expect(problems[0]?.hint).toBe("did you mean `pay`?");
});
