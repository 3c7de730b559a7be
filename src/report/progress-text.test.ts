import { expect, test } from "vitest";
import { answerLines, answersText, progressLines, progressText } from "./progress-text.ts";

test.each([
  [0, 300, 0, "0 of 300 rows"],
  [5, 300, 400, "5 of 300 rows"],
  [120, 300, 6_667, "120 of 300 rows, 18 a second, 11 s left"],
  [300, 300, 16_000, "300 of 300 rows, 19 a second"],
  [30, 600, 60_000, "30 of 600 rows, 30 a minute, 19 min left"],
  [1_000, 20_000, 1_000_000, "1000 of 20000 rows, 1 a second, 5 h 17 min left"],
])("%d of %d rows after %d ms are told as %j", (done, of, elapsed, text) => {
  expect(progressText(done, of, elapsed)).toBe(text);
});

test("where nobody looks at a terminal, a long run says a line a minute", () => {
  const said: string[] = [];
  let now = 0;
  const show = progressLines(
    (text) => said.push(text),
    () => now,
  );
  for (let done = 1; done <= 300; done++) {
    now += 500;
    show(done, 300);
  }
  expect(said).toEqual(["120 of 300 rows, 2 a second, 2 min left", "240 of 300 rows, 2 a second, 30 s left"]);
});

test.each([
  [1, 400, "1 answer from the platform"],
  [137, 27_000, "137 answers from the platform, 5 a second"],
  [3, 60_000, "3 answers from the platform"],
])("%d answers after %d ms are told as %j", (answers, elapsed, text) => {
  expect(answersText(answers, elapsed)).toBe(text);
});

test("where nobody looks at a terminal, a long reading says a line a minute", () => {
  const said: string[] = [];
  let now = 0;
  const onAnswer = answerLines(
    (text) => said.push(text),
    () => now,
  );
  for (let answers = 0; answers < 700; answers++) {
    now += 200;
    onAnswer();
  }
  expect(said).toEqual([
    "reading: 300 answers from the platform, 5 a second",
    "reading: 600 answers from the platform, 5 a second",
  ]);
});
