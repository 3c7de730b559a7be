import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const KEYS = ["worker", "assignment", "amount", "reason", "label", "hit"];

test.each([
  ["assignement", "assignment"],
  ["worker_id", "worker"],
  ["wroker", "worker"],
  ["ammount", "amount"],
  ["AMOUNT", "amount"],
  ["a-mount", "amount"],
  ["a-m-o-u-n-t", "amount"],
  ["réason", "reason"],
  ["ｌａｂｅｌ", "label"],
  ["hti", "hit"],
  ["hot", "hit"],
  ["assign", "assignment"],
])("%s was meant to be %s", (word, meant) => expect(nearest(word, KEYS)).toBe(meant));

test.each([
  ["cost"],
  ["hh"],
  ["ha"],
  [""],
  ["-"],
  ["tih"],
  ["rekrow"],
  ["w"],
  ["wo"],
  ["aumnt"],
  ["amnot"],
  ["rwker"],
  ["rseon"],
])("%s is like none", (word) => expect(nearest(word, KEYS)).toBe(undefined));

test.each<[string, string[], string | undefined]>([
  ["abcd", ["abXX"], undefined],
  ["abcd", ["abcX"], "abcX"],
  ["abcde", ["abcXX"], "abcXX"],
  ["abcde", ["abXXX"], undefined],
  ["abcde", ["abcXX", "abcdX", "abcdY"], "abcdX"],
  ["abcd", ["badc"], undefined],
  ["abcdef", ["badcef"], "badcef"],
  ["abXcd", ["bacd"], "bacd"],
  ["12", ["13"], "13"],
  ["aé", ["ae"], "ae"],
  ["abc", ["abcdefghij"], "abcdefghij"],
  ["abcdefghij", ["xyz", "abc"], "abc"],
  ["ghij", ["abcdefghij"], undefined],
  ["ab", ["abcdefghij"], undefined],
  ["a".repeat(40), ["a".repeat(39)], "a".repeat(39)],
  ["a".repeat(41), ["a".repeat(41)], undefined],
])("of one or more letters that differ those that are few enough count: %s among %j", (word, candidates, meant) =>
  expect(nearest(word, candidates)).toBe(meant),
);
