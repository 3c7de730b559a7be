import { expect, test } from "vitest";
import { textOf } from "./source-text.ts";

function read(...bytes: (number | string)[]) {
  const all = Buffer.concat(bytes.map((each) => (typeof each === "string" ? Buffer.from(each) : Buffer.from([each]))));
  const found = textOf({ path: "payments/a.yaml", kind: "file", bytes: all });
  return typeof found === "string" ? found : `${found.line}:${found.column} ${found.code} → ${found.hint}`;
}

const SAVE = "file-not-utf8 → save it again as UTF-8 in your editor";
const UTF16 = "file-not-utf8 → it looks like UTF-16: save it as UTF-8";

test("a text is what its bytes say, with its byte order mark", () => {
  expect(read("study: é\r\n")).toBe("study: é\r\n");
  expect(read("\uFEFFstudy: x")).toBe("\uFEFFstudy: x");
  expect(read()).toBe("");
});

test.each<[string, (number | string)[], string]>([
  ["at its beginning", [0x80, "abc"], `1:1 ${SAVE}`],
  ["in its first line", ["abc", 0xe9, "d\n"], `1:4 ${SAVE}`],
  ["in its second line", ["abc\nde", 0xe9], `2:3 ${SAVE}`],
  ["after letters of two bytes", ["éé", 0xe9], `1:3 ${SAVE}`],
  ["in the middle of a letter", ["aé€", 0xe2, 0x82], `1:4 ${SAVE}`],
  ["after a byte order mark", ["\uFEFFa", 0xff], `1:3 ${SAVE}`],
  ["behind a replacement character that was meant", ["\uFFFD", 0xff], `1:2 ${SAVE}`],
  ["behind the beginning of one", [0xef, 0xbf, "x"], `1:1 ${SAVE}`],
])("the first byte that is no UTF-8 is told by its place: %s", (_, bytes, told) => {
  expect(read(...bytes)).toBe(told);
});

test.each<[number[], string]>([
  [[0xff, 0xfe, 0x61, 0x00], UTF16],
  [[0xfe, 0xff, 0x00, 0x61], UTF16],
  [[0xff, 0xff], SAVE],
  [[0xfe, 0xfe], SAVE],
  [[0xff, 0x61], SAVE],
  [[0xfe, 0x61], SAVE],
  [[0x61, 0xfe], SAVE],
  [[0x61, 0xff], SAVE],
])("UTF-16 is known by its first two bytes: %j", (bytes, told) => {
  expect(read(...bytes)).toContain(told);
});

test("a file that is too large is to be split", () => {
  expect(read("a".repeat(5_000_001))).toBe("1:1 file-too-large → split it into several manifests");
});
