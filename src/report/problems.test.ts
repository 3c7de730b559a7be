import { expect, test } from "vitest";
import { mistake } from "./plans.fixture.ts";
import { problemsText } from "./problems.ts";

const style = { color: false, width: 80 };

test("a problem is told with its place, its code, what is wrong and what to do", () => {
  expect(problemsText([mistake()], style)).toBe(
    [
      "payments/pilot.yaml:4:13  error  amount-unreadable  amount is 1.5e2",
      '  hint: write digits, such as "1.50"',
      "",
      "1 error in 1 file",
    ].join("\n"),
  );
});

test("problems are grouped by file and counted by severity", () => {
  const text = problemsText(
    [mistake({ file: "payments/b.yaml" }), mistake({ line: 9, severity: "warning" }), mistake()],
    style,
  );
  expect(text.split("\n").filter((line) => !line.startsWith("  "))).toEqual([
    "payments/b.yaml:4:13  error  amount-unreadable  amount is 1.5e2",
    "",
    "payments/pilot.yaml:4:13  error  amount-unreadable  amount is 1.5e2",
    "payments/pilot.yaml:9:13  warning  amount-unreadable  amount is 1.5e2",
    "",
    "2 errors, 1 warning in 2 files",
  ]);
});

test("a long list shows a hundred and counts the rest, and no warning hides an error", () => {
  const warnings = Array.from({ length: 150 }, (_, index) => mistake({ severity: "warning", line: index + 1 }));
  const text = problemsText([...warnings, mistake({ line: 999, message: "the one error" })], style);
  expect(text.match(/hint:/g)).toHaveLength(100);
  expect(text).toContain("the one error");
  expect(text).toContain("… and 51 more");
  expect(text).toMatch(/1 error, 150 warnings in 1 file$/);
});

test("a long message is wrapped, and a file's name cannot begin a workflow command", () => {
  const text = problemsText([mistake({ file: "::error", message: "word ".repeat(60) })], style);
  for (const line of text.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/^\s*::/);
  }
});

test("no problems are said to be none", () => {
  expect(problemsText([], style)).toBe("No problems.");
});

test("messages and hints are hidden as asked", () => {
  const text = problemsText(
    [mistake({ message: "A3STRANGER0000 is paid", hint: "ask A3STRANGER0000" })],
    style,
    (words) => words.replaceAll("A3STRANGER0000", "A3…000"),
  );
  expect(text).not.toContain("A3STRANGER0000");
});
