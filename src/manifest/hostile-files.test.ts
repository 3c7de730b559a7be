import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { bonusText, file, HEAD } from "./files.fixture.ts";
import { readManifest } from "./read-manifest.ts";

describe("a hostile file is given up early", () => {
  const rows = 400_000;
  test.each([
    ["a file of 6 MB", () => "#".repeat(6_000_000), "file-too-large"],
    ["brackets in brackets", () => "[".repeat(1_000_000), "wrong-shape"],
    ["maps in maps", () => "{a: ".repeat(1_000_000), "wrong-shape"],
    ["lists on one line", () => "- ".repeat(1_000_000), "wrong-shape"],
    ["keys of keys", () => "? ".repeat(1_000_000), "wrong-shape"],
    ["brackets that close nothing", () => "]".repeat(1_000_000), "yaml-syntax"],
    ["wrong escapes", () => `a: "${"\\q".repeat(1_000_000)}"`, "yaml-syntax"],
    ["empty rows", () => `${HEAD}bonuses: [${"{},".repeat(2 * rows)}]`, "file-too-large"],
    ["rows of text", () => `${HEAD}bonuses:\n${" - a\n".repeat(rows)}`, "file-too-large"],
    ["documents", () => "---\n".repeat(rows), "yaml-feature"],
    ["controls", () => "\u0001".repeat(1_000_000), "forbidden-character"],
  ])("%s", (_what, text, code) => {
    const { problems } = readManifest(file(text()));
    expect(problems[0]?.code).toBe(code);
    expect(problems.length).toBeLessThanOrEqual(1001);
  });

  test("a hundred thousand keys are compared in passing", () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `k${index}: x`).join("\n");
    expect(readManifest(file(text)).problems).toHaveLength(1001);
  });

  test("rows that are all wrong are told up to a thousand, and that there are more", () => {
    const { problems } = readManifest(file(`${HEAD}bonuses:\n${"  - { amount: 0 }\n".repeat(2000)}`));
    expect(problems).toHaveLength(1001);
    expect(problems.map(({ code }) => code)).toContain("too-many-problems");
  });
});

describe("nothing that can be in a file makes the reader fail", () => {
  const judged = (content: string | Uint8Array) => {
    const { problems, manifest } = readManifest(file(content));
    return manifest !== undefined || problems.length > 0;
  };

  test("any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (text) => {
        expect(judged(text)).toBe(true);
      }),
    );
  });

  test("any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(judged(bytes)).toBe(true);
      }),
    );
  });

  test("any mixture of YAML's signs and our words", () => {
    const signs = Array.from("{}[],#|>~%\n\t\"'");
    const words = [
      ...signs,
      "study",
      "bonuses",
      "worker",
      ": ",
      "- ",
      "  ",
      "&a",
      "*a",
      "!t",
      "? ",
      "<<",
      "---",
      "1.50",
    ];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (text) => {
        expect(judged(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("any character in the place of one of a sound file", () => {
    const sound = bonusText({ label: "x", reason: '"Thanks"' });
    fc.assert(
      fc.property(fc.nat({ max: sound.length }), fc.string({ unit: anyCharacter, maxLength: 3 }), (at, put) => {
        expect(judged(sound.slice(0, at) + put + sound.slice(at + 1))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
