import { expect, test } from "vitest";
import { bonusText, file } from "./files.fixture.ts";
import { draftManifest } from "./read-manifest.ts";

const bonuses = (text: string) => draftManifest(file(text)).draft?.bonuses.length;

test.each([
  ["worker", '"no id"'],
  ["assignment", '"no id"'],
  ["amount", "much"],
  ["label", '"Not A Slug"'],
  ["reason", '""'],
  ["attempt", "none"],
  ["repeat", "perhaps"],
])("a bonus whose %s cannot be read is none, and is not counted with the others", (key, value) => {
  expect(bonuses(bonusText({ [key]: value }))).toBe(0);
  expect(bonuses(bonusText())).toBe(1);
});
