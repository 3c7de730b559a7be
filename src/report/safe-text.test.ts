import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import { isPlain, safeForMarkdown, safeForTerminal, shorten } from "./safe-text.ts";

const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const nasty = fc.string({
  unit: fc.oneof(
    anyCharacter,
    fc.constantFrom("\u001b[31m", "::", "##[", "\n", " ", "\u202e", "\ud800", "|", "<!--", "@", "#1", "www.", "$", "`"),
  ),
});

test.each([
  ["\u001b[31mred", "\\x1b[31mred"],
  ["two\nlines\r\n", "two\\nlines\\r\\n"],
  ["a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
  ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
  ["\u009b31m\u007f", "\\u{9b}31m\\u{7f}"],
  ["lone \ud800.", "lone \\u{d800}."],
  ["hidden\u{e0041}\u{e0101}", "hidden\\u{e0041}\\u{e0101}"],
  ["::error::pay me", "\\x3a:error::pay me"],
  ["  ::stop-commands::x", "  \\x3a:stop-commands::x"],
  ["x ##[error]y", "x #\\x23[error]y"],
  ["Merci, c'était parfait ❤️ ありがとう", "Merci, c'était parfait ❤️ ありがとう"],
])("in a terminal %j is shown as %j", (text, shown) => {
  expect(safeForTerminal(text)).toBe(shown);
});

test("whatever the text, a terminal gets one line that neither steers it nor begins a workflow command", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const shown = safeForTerminal(text);
      expect(shown).not.toMatch(STEERING);
      expect(shown.trimStart().startsWith("::")).toBe(false);
      expect(shown).not.toContain("##[");
    }),
  );
});

test("text that is safe already stays as it is", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const once = safeForTerminal(text);
      expect(safeForTerminal(once)).toBe(once);
    }),
  );
});

test.each([
  ["a | b", "a &#124; b"],
  ["<img src=x>", "&lt;img src=x&gt;"],
  ["<!-- mergepay:plan v1 -->", "&lt;&#33;-- mergepay:&#8203;plan v1 --&gt;"],
  ["@pi-login", "@&#8203;pi-login"],
  ["fixes #12 and GH-12", "fixes #&#8203;12 and GH-&#8203;12"],
  ["[link](http://x.y)", "&#91;link&#93;&#40;http:&#8203;//x.y&#41;"],
  ["www.example.com", "www&#8203;.example.com"],
  ["a@b.com", "a@&#8203;b.com"],
  ["*b* _i_ ~s~ `c` \\", "&#42;b&#42; &#95;i&#95; &#126;s&#126; &#96;c&#96; &#92;"],
  ["$x$", "<span>$</span>x<span>$</span>"],
  ["see 0123abc", "see 0123&#8203;abc"],
  ["next: wait", "next: wait"],
  ["&lt;", "&amp;lt;"],
  ["a\nb\u202e", "a&#92;nb&#92;u{202e}"],
  ["- item", "&#45; item"],
  ["+ item", "&#43; item"],
  ["=== ---", "&#61;== ---"],
  ["12. item", "12&#46; item"],
  ["    code", "&#32;   code"],
])("in a comment %j is written as %j", (text, written) => {
  expect(safeForMarkdown(text)).toBe(written);
});

test("whatever the text, a comment's cell holds no markup but the span around a dollar sign", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const written = safeForMarkdown(text);
      expect(written).not.toMatch(STEERING);
      expect(written.replaceAll("<span>$</span>", "")).not.toMatch(
        /[|<>[\]()!`*_~$\\]|(?<!&)[@#](?!&#8203;)|:(?! |$|&#8203;)/,
      );
    }),
  );
});

test("nothing is lost in a comment: decoded again it is the visible text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
      const decoded = safeForMarkdown(text)
        .replace(/<\/?span>|&#8203;/g, "")
        .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&");
      expect(decoded).toBe(text);
    }),
  );
});

test("text is shortened by characters, and never in the middle of one", () => {
  expect(shorten("short", 5)).toBe("short");
  expect(shorten("longer", 5)).toBe("long…");
  expect(shorten("🎉🎉🎉", 3)).toBe("🎉🎉🎉");
  expect(shorten("🎉🎉🎉🎉", 3)).toBe("🎉🎉…");
});

test("only letters, digits and harmless signs may stand in a code span", () => {
  expect(isPlain("payments/a_b-2.yaml")).toBe(true);
  expect(["a`b", "a|b", "", "a b", "a\u200bb"].filter(isPlain)).toEqual([]);
});
