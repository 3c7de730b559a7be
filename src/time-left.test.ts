import { expect, test } from "vitest";
import { Failure } from "./failure.ts";
import { timeLeft } from "./time-left.ts";

test.each([
  ["5h30m", 19_800_000],
  ["45m", 2_700_000],
  ["90s", 90_000],
  ["1h1m1s", 3_661_000],
  ["0m", 0],
])("%s is %i milliseconds at the start", (text, ms) => {
  expect(timeLeft(text, 7, () => 7)?.()).toBe(ms);
});

test("it grows less as the clock goes on, and says so when it is over", () => {
  let now = 1_000;
  const left = timeLeft("10s", 1_000, () => now);
  now = 5_000;
  expect(left?.()).toBe(6_000);
  now = 12_000;
  expect(left?.()).toBe(-1_000);
});

test.each([undefined, ""])("nothing said is no limit: %j", (text) => {
  expect(timeLeft(text, 0, () => 0)).toBeUndefined();
});

test.each(["soon", "5", "5h 30m", "-1h", "30m5h", "h"])("%s is no time", (text) => {
  expect(() => timeLeft(text, 0, () => 0)).toThrow(Failure);
});
