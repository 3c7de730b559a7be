import { describe, expect, test } from "vitest";
import {
  changedPlaces,
  disagreements,
  percent,
  placesOf,
  readReasons,
  scoreOf,
  survivorsList,
  survivorsOf,
} from "./survivors.ts";
import type { MutationReport } from "./survivors.ts";

const SOURCE = 'const a = 1;\nif (a > 0) {\n  say("`yes`");\n}\n';

function mutant(status: string, line: number, from: number, to: number, replacement: string, endLine = line) {
  const location = { start: { line, column: from }, end: { line: endLine, column: to } };
  return { mutatorName: "Sample", replacement, status, location };
}

function report(...mutants: ReturnType<typeof mutant>[]): MutationReport {
  return { files: { "src/a.ts": { source: SOURCE, mutants } } };
}

describe("a survivor", () => {
  test("is named by what it changes and in which line, and not by a line's number", () => {
    const found = report(mutant("Survived", 2, 5, 10, "a >= 0"), mutant("Killed", 2, 5, 10, "true"));
    expect(survivorsOf(found).get("src/a.ts")).toEqual(["Sample `a > 0` → `a >= 0` in `if (a > 0) {`"]);
  });

  test("over several lines is named on one, backticks and all", () => {
    expect(survivorsOf(report(mutant("NoCoverage", 2, 12, 2, "{}", 4))).get("src/a.ts")).toEqual([
      'Sample `` { say("`yes`"); } `` → `{}` in `if (a > 0) {`',
    ]);
  });

  test("that looks like another is counted with it", () => {
    const twice = mutant("Survived", 1, 7, 8, "b");
    expect(survivorsOf(report(twice, twice)).get("src/a.ts")).toEqual(["Sample `a` → `b` in `const a = 1;`, 2 times"]);
  });
});

describe("the score", () => {
  test("counts a mutant that never ended as killed, one that no test reaches as alive, and no other", () => {
    const states = ["Killed", "Timeout", "Survived", "NoCoverage", "Ignored", "RuntimeError"];
    expect(scoreOf(report(...states.map((each) => mutant(each, 1, 7, 8, "b"))))).toEqual({ killed: 2, survived: 2 });
  });

  test("is cut and not rounded", () => {
    expect([percent({ killed: 1899, survived: 101 }), percent({ killed: 19, survived: 1 })]).toEqual([94.9, 95]);
  });
});

describe("the page of reasons", () => {
  const survivors = new Map([["src/a.ts", ["one", "two"]]]);
  const page =
    "# Survivors\n\n- not one\n\n## `src/a.ts`\n\n- one\n  No difference:\n  none at all.\n- three\n  Gone.\n";

  test("names a survivor without a reason, and a reason without a survivor", () => {
    expect(disagreements(survivors, readReasons(page))).toEqual([
      "src/a.ts: survived without a reason: two",
      "src/a.ts: has a reason and survives no more: three",
    ]);
  });

  test("says nothing of files that were not mutated", () => {
    expect(disagreements(new Map([["src/b.ts", []]]), readReasons(page))).toEqual([]);
  });

  test("is written anew with the reasons that still hold, and read back as it was written", () => {
    const list = survivorsList(survivors, readReasons(page));
    expect(list).toBe("## `src/a.ts`\n\n- one\n  No difference: none at all.\n- two\n");
    expect(survivorsList(new Map([["src/b.ts", []]]), readReasons(list))).toBe(list);
  });
});

test("survivors are found again by their lines", () => {
  const source = 'const a = 1;\nif (a > 0) {\n  say("`a`");\n}\nlast();\n';
  const places = (...survivors: string[]) => placesOf(survivors, "src/a.ts", source);
  expect(places("Sample `a > 0` → `a >= 0` in `if (a > 0) {`")).toEqual(["src/a.ts:2-2"]);
  expect(places('Sample `` "`a`" `` → `""` in `` say("`a`"); ``, 2 times')).toEqual(["src/a.ts:3-3"]);
  expect(places("Sample `{ say(…` → `{}` in `if (a > 0) {`")).toEqual(["src/a.ts:2-6"]);
  expect(places("Sample `1` → `2` in `const a…`", "Sample `a > 0` → `true` in `if (a > 0) {`")).toEqual([
    "src/a.ts:1-2",
  ]);
  expect(places("Sample `b` → `c` in `const b = 1;`")).toEqual([]);
});

test("what a diff adds is found by its lines, and what it only takes away is not", () => {
  const diff = `diff --git a/src/a.ts b/src/a.ts
--- a/src/a.ts
+++ b/src/a.ts
@@ -3 +3,2 @@ function a() {
-  one
+  two
+  three
@@ -9,2 +9,0 @@
-  four
-  five
--- a/src/b.ts
+++ b/src/b.ts
@@ -0,0 +7 @@
+  six
`;
  expect(changedPlaces(diff)).toEqual([
    { file: "src/a.ts", place: "src/a.ts:3-4" },
    { file: "src/b.ts", place: "src/b.ts:7-7" },
  ]);
});
