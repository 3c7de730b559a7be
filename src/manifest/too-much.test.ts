import { describe, expect, test } from "vitest";
import { ASSIGNMENT, bonusText, brief, briefOf, file, HEAD, WORKER } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";

const block = "study: s\nenvironment: sandbox\nqualifications: [{ name: n, ";

describe("a thousand problems are told, and that there are more", () => {
  test.each([
    ["bonuses", `${HEAD}bonuses:\n${"  - { amount: 0 }\n".repeat(600)}`],
    ["grants", `${block}grant: [${"{ score: x },".repeat(600)}] }]`],
    ["adopted bonuses", `study: s\nenvironment: sandbox\nadopted:\n${"  - { amount: 0 }\n".repeat(600)}`],
    ["revocations", `${block}revoke: [${"{ scor: x },".repeat(600)}] }]`],
    ["blocks", `study: s\nenvironment: sandbox\nqualifications:\n${"  - {}\n".repeat(600)}`],
    ["keys", Array.from({ length: 1200 }, (_, n) => `k${n}: x`).join("\n")],
    ["anchors", "- &a b\n".repeat(1200)],
    ["controls", "\u0001".repeat(1200)],
  ])("of %s", (_what, text) => {
    const { problems, manifest } = readManifest(file(text));
    expect(problems).toHaveLength(1001);
    expect(problems.filter(({ code }) => code === "too-many-problems")).toMatchObject([
      { message: "this file has more than 1000 problems; those from here on are not shown" },
    ]);
    expect(manifest).toBeUndefined();
  });

  test("and not where there are no more", () => {
    const keys = Array.from({ length: 998 }, (_, n) => `k${n}: x`).join("\n");
    expect(readManifest(file(keys)).problems.map(({ code }) => code)).not.toContain("too-many-problems");
    expect(readManifest(file(keys)).problems).toHaveLength(1000);
  });
});

test("a file of five million bytes is looked at, and one of a byte more is not", () => {
  const bytes = (length: number) => briefOf(new Uint8Array(length).fill(0xff));
  expect(bytes(5_000_000)).toEqual(["1:1 file-not-utf8"]);
  expect(bytes(5_000_001)).toEqual(["1:1 file-too-large"]);
  expect(readManifest(file(new Uint8Array(5_250_000))).problems[0]?.message).toBe(
    "the file has 5.3 MB; 5 MB can be read",
  );
});

test.each([
  ["brackets", (deep: number) => `${"[".repeat(deep)}${"]".repeat(deep)}`],
  ["braces", (deep: number) => `${"{a: ".repeat(deep)}b${"}".repeat(deep)}`],
  ["hyphens", (deep: number) => `${"- ".repeat(deep)}b`],
])("%s may be nested, and not without end", (_what, nested) => {
  expect(briefOf(nested(40)).length).toBeGreaterThan(0);
  expect(readManifest(file(nested(40))).problems.map(({ message }) => message)).not.toContain(TOO_DEEP);
  const [deepest] = readManifest(file(nested(60))).problems;
  expect(deepest).toMatchObject({ code: "wrong-shape", message: TOO_DEEP });
  expect(deepest?.column).toBeGreaterThan(40);
});

const TOO_DEEP = "lists and maps are nested more than 40 deep";

test("of mistakes in the writing the first hundred are looked at, one for each line", () => {
  expect(briefOf("]\n".repeat(300))).toHaveLength(100);
  expect(briefOf(`a: "${"\\q\n  ".repeat(300)}"`)).toHaveLength(100);
  expect(briefOf("a: @x @y\nb: @z\n")).toEqual(["1:4 yaml-syntax", "2:4 yaml-syntax"]);
});

test("a manifest with as many rows as anybody has is read whole", () => {
  const row = (n: number) => `  - { worker: ${WORKER}, assignment: ${ASSIGNMENT}, amount: 1, label: r${n} }\n`;
  const { manifest } = readManifest(file(bonusText() + Array.from({ length: 500 }, (_, n) => row(n)).join("")));
  expect(manifest?.bonuses).toHaveLength(501);
  expect(manifest?.bonuses.at(-1)?.at).toEqual({ file: "payments/a.yaml", line: 505, column: 5 });
});

test("of a file that is given up nothing else is told", () => {
  expect(readManifest(file(`study: S\n${"[".repeat(60)}`)).problems.map(brief)).toEqual(["2:50 wrong-shape"]);
});
