import { describe, expect, test } from "vitest";
import { bonusText, brief, briefOf, file, manifestFrom } from "./files.fixture.ts";
import { findingsIn } from "./findings.ts";
import { readManifest } from "./read-manifest.ts";
import { readYaml } from "./yaml-tree.ts";
import type { YamlNode } from "./yaml-tree.ts";

describe("every text is read as it stands in the file", () => {
  test.each([
    ["1.50", "1.50"],
    ["3E12", "3E12"],
    ["no", "no"],
    ["0123", "0123"],
    ["0x1F", "0x1F"],
    ["12345678901234567890123", "12345678901234567890123"],
    ["2026-11-01", "2026-11-01"],
    ["1_000", "1_000"],
    [".inf", ".inf"],
    ['"1.50"', "1.50"],
    ["'it''s'", "it's"],
    ['"caf\\u00e9"', "café"],
    [">-\n  two\n  lines", "two lines"],
  ])("%j is %j", (written, text) => {
    expect(plain(treeOf(`a: ${written}\n`))).toEqual({ a: text });
  });

  test.each(["", " ~", " null", " NULL"])("`a:%s` has no value", (written) => {
    expect(treeOf(`a:${written}\n`)).toMatchObject({ entries: new Map([["a", { node: { empty: true } }]]) });
  });

  test("keys that other programs treat in a special way are keys like others", () => {
    const tree = treeOf("__proto__: 1\nconstructor: 2\ntoString: 3\n");
    expect(tree?.kind === "entries" && [...tree.entries.keys()]).toEqual(["__proto__", "constructor", "toString"]);
  });

  test("comments, a document mark and Windows line ends change nothing", () => {
    const plainText = manifestFrom(bonusText());
    const dressed = `# hello\r\n---\r\n${bonusText().replaceAll("\n", " # why\r\n")}...\r\n`;
    expect(manifestFrom(dressed).digest).toBe(plainText.digest);
  });
});

describe("what could be read in two ways is refused at its place", () => {
  test.each([
    ["an anchor", "study: &a s\n", "1:8 yaml-feature"],
    ["an alias", "study: *a\n", "1:8 yaml-feature"],
    ["an anchor on a key", "&a study: s\n", "1:1 yaml-feature"],
    ["an anchor on a list", "bonuses: &all\n  - {}\n", "1:10 yaml-feature"],
    ["a merge key", "<<: { study: s }\n", "1:1 yaml-feature"],
    ["a tag", "study: !!str s\n", "1:8 yaml-feature"],
    ["the tag !", "study: ! s\n", "1:8 yaml-feature"],
    ["a binary tag", "study: !!binary aGk=\n", "1:8 yaml-feature"],
    ["an unknown tag", "study: !foo s\n", "1:8 yaml-feature"],
    ["a tag in full", "study: !<tag:x> s\n", "1:8 yaml-feature"],
    ["a tag on a map", "!!map\nstudy: s\n", "1:1 yaml-feature"],
    ["a version directive", "%YAML 1.1\n---\nstudy: s\n", "1:1 yaml-feature"],
    ["a tag directive", "%TAG ! tag:x\n---\nstudy: s\n", "1:1 yaml-feature"],
    ["an unknown directive", "%FOO bar\n---\nstudy: s\n", "1:1 yaml-feature"],
    ["a second document", "study: s\n---\nstudy: t\n", "2:1 yaml-feature"],
    ["an empty second document", "study: s\n---\n", "2:1 yaml-feature"],
    ["a list as a key", "? [a]\n: b\n", "1:3 yaml-feature"],
    ["a map as a key", "{ a: b }: c\n", "1:1 yaml-feature"],
    ["a block of text as a key", "? |\n  a\n: b\n", "1:3 yaml-feature"],
    ["a key twice", "study: s\nstudy: t\n", "2:1 duplicate-key"],
    ["a key twice, once in quotes", 'study: s\n"study": t\n', "2:1 duplicate-key"],
    ["a key twice in braces", "create: { a: 1, b: 2, a: 3 }\n", "1:23 duplicate-key"],
  ])("%s", (_what, text, expected) => {
    expect(briefOf(text)).toContain(expected);
  });
});

describe("characters that a reviewer cannot see are refused at their place", () => {
  test.each([
    ["a byte order mark", "\ufeffstudy: s\n", "1:1"],
    ["a byte order mark in the middle", "study: s\ufeff\n", "1:9"],
    ["NUL", "study: s\0\n", "1:9"],
    ["CR alone", "study: s\renvironment: sandbox\n", "1:9"],
    ["a control character", "study: s\u0007\n", "1:9"],
    ["a C1 control character", "study: s\u0085\n", "1:9"],
    ["text that runs backwards", "reason: a\u202eb\n", "1:10"],
    ["isolated text", "reason: a\u2066b\n", "1:10"],
    ["a right-to-left mark", "reason: a\u200fb\n", "1:10"],
    ["a zero-width blank", "stu\u200bdy: s\n", "1:4"],
    ["a soft hyphen", "study: s\u00adt\n", "1:9"],
    ["an invisible letter", "study: s\u3164\n", "1:9"],
    ["an invisible tag", "study: s\u{e0041}\n", "1:9"],
    ["a line separator", "reason: a\u2028b\n", "1:10"],
    ["a private character", "reason: a\ue000b\n", "1:10"],
    ["in a comment", "study: s # \u202e\n", "1:12"],
    ["as an escape", 'reason: "a\\u202eb"\n', "1:9"],
    ["half a character as an escape", 'reason: "a\\ud800b"\n', "1:9"],
    ["NUL as an escape", 'reason: "a\\0b"\n', "1:9"],
    ["an escape in a key", '"a\\u200b": b\n', "1:1"],
  ])("%s", (_what, text, place) => {
    expect(briefOf(text)).toContain(`${place} forbidden-character`);
  });

  test("the same text is not reported for a second reason", () => {
    const text = bonusText({ worker: "A2EXAMPLE\u200b00001" });
    expect(briefOf(text)).toEqual(["5:24 forbidden-character"]);
  });

  test("accents, other alphabets and emoji are text", () => {
    const reason = "Grüße, спасибо, ありがとう, תודה ❤️ 🎉";
    expect(manifestFrom(bonusText({ reason: `"${reason}"` })).bonuses[0]?.reason).toBe(reason);
  });

  test.each([
    ["Latin-1", [0x73, 0x3a, 0x0a, 0x61, 0xe9, 0x0a], "2:2"],
    ["UTF-16", [0xff, 0xfe, 0x73, 0x00], "1:1"],
    ["half a surrogate", [0x61, 0xed, 0xa0, 0x80], "1:2"],
    ["an overlong blank", [0x61, 0x62, 0xc0, 0xa0], "1:3"],
    ["a character cut off", [0x0a, 0x0a, 0xe2, 0x82], "3:1"],
    ["a replacement character's first bytes", [0x61, 0xef, 0xbf, 0x41], "1:2"],
  ])("bytes that are not UTF-8: %s", (_what, bytes, place) => {
    expect(briefOf(new Uint8Array(bytes))).toEqual([`${place} file-not-utf8`]);
  });
});

describe("a slip in YAML is told where it is, with what to do", () => {
  test.each([
    ["a tab", "bonuses:\n\t- a\n", "2:1", "use blanks"],
    ["no blank after the colon", "study:s\nenvironment: sandbox\n", "1:1", "`study: …`"],
    ["a quote that is never closed", 'study: s\nreason: "Thanks\nenvironment: sandbox\n', "2:9", "closing quote"],
    ["a brace that is never closed", "bonuses:\n  - { worker: A\nstudy: s\n", "3:1", "close every"],
    ["a bracket too many", "bonuses: []]\n", "1:12", "delete it"],
    ["a colon in text", "reason: Thanks: well done\n", "1:9", "quotes"],
    ["a line indented too far", "study: s\n  environment: sandbox\n", "1:8", "same column"],
    ["text after a quote", 'reason: "Thank" you\n', "1:17", "quotes around the whole"],
    ["a sign that text cannot begin with", "by: @me\n", "1:5", "quotes"],
    ["a backslash in double quotes", 'reason: "a\\qb"\n', "1:11", "twice"],
    ["a list on the line of its key", "bonuses: - a\n", "1:10", "line of its own"],
    ["a key without a colon", "study: s\nenvironment\n", "2:1", "key: value"],
  ])("%s", (_what, text, place, hint) => {
    const [first] = readManifest(file(text)).problems;
    expect(first && brief(first)).toBe(`${place} yaml-syntax`);
    expect(first?.hint).toContain(hint);
  });

  test.each(['"Thanks\\"', "'Thanks''", '"', "'", '"\\', "'''", '"a\\\\\\"'])(
    "a quote that the end of the file leaves open is not closed by %s",
    (quoted) => {
      expect(briefOf(`study: s\nreason: ${quoted}`)).toEqual(["2:9 yaml-syntax"]);
    },
  );

  test.each([
    ['"Thanks\\\\"', "Thanks\\"],
    ["'Thanks'''", "Thanks'"],
    ["''''", "'"],
    ['""', ""],
    ['"\\""', '"'],
  ])("%s at the end of a file is closed", (quoted, text) => {
    expect(plain(treeOf(`a: ${quoted}`))).toEqual({ a: text });
  });

  test("all slips of a file are told at once", () => {
    expect(briefOf("a: @x\nb: `y\nc: %z\n")).toEqual(["1:4 yaml-syntax", "2:4 yaml-syntax", "3:4 yaml-syntax"]);
  });
});

function treeOf(text: string): YamlNode | undefined {
  const findings = findingsIn("a.yaml", text);
  const tree = readYaml(text, findings);
  expect(findings.problems).toEqual([]);
  return tree;
}

function plain(node: YamlNode | undefined): unknown {
  if (node?.kind === "entries")
    return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
  return node?.kind === "list" ? node.items.map(plain) : node?.text;
}
