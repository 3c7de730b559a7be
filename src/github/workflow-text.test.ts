import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCharacter } from "../any-character.fixture.ts";
import type { Problem } from "../problem.ts";
import { annotation, annotations, endMarkFor, logLine, outputEntry, scrub } from "./workflow-text.ts";

/** What the runner takes a line for; as in its `ActionCommand`, both the new form and the old one. */
function orderIn(line: string): string | undefined {
  const trimmed = line.trimStart();
  if (trimmed.startsWith("::") && trimmed.indexOf("::", 2) > 0) return trimmed;
  return /##\[[^\]]*\]/.exec(line)?.[0];
}

describe("a line of the log", () => {
  test.each([
    "::add-mask::x",
    "  ::stop-commands::x",
    "\u00a0::error::x",
    "\u3000\t::set-env name=A::b",
    "a\n::error::x",
    "a\r::error::x",
    "##[error]x",
    "a ##[add-mask]b",
    "##[##[error]",
    "\u001b[31m::error::x",
    "\u202e::error::x",
    "\u2028::error::x",
    "::::",
  ])("%j gives no order", (text) => {
    for (const line of logLine(text).split(/[\r\n\u0085\u2028\u2029]/u)) expect(orderIn(line)).toBeUndefined();
    expect(logLine(text)).not.toMatch(/\p{Cc}/u);
  });

  test("of any text gives no order, breaks no line and steers no terminal", () => {
    const pieces = fc.constantFrom(
      "::",
      ":",
      "##[",
      "#",
      "]",
      "error",
      " ",
      "\t",
      "\n",
      "\r",
      "\u001b[2J",
      "\u0085",
      "x",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: anyCharacter }))), (parts) => {
        const line = logLine(parts.join(""));
        expect(orderIn(line)).toBeUndefined();
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 2000 },
    );
  });

  test("plain words stay as they are", () => {
    expect(logLine("paid $1.50 to A2…PLE: 12:30, “ok” 100%")).toBe("paid $1.50 to A2…PLE: 12:30, “ok” 100%");
  });
});

describe("an annotation", () => {
  test("stands on its line", () => {
    expect(
      annotation({ level: "error", file: "payments/a.yaml", line: 3, column: 7, title: "amount-zero", message: "no" }),
    ).toBe("::error file=payments/a.yaml,line=3,col=7,title=amount-zero::no");
  });

  test("escapes what has a meaning in an order", () => {
    expect(
      annotation({ level: "notice", file: "a,b:c%.yaml", title: "x::y,z", message: "100%\nsecond: ::error::\r\n" }),
    ).toBe("::notice file=a%2Cb%3Ac%25.yaml,title=x%3A%3Ay%2Cz::100%25%0Asecond: \\x3a:error::%0A");
  });

  test("is one order on one line, whatever is in it", () => {
    const any = fc.string({ unit: anyCharacter });
    fc.assert(
      fc.property(any, any, any, (file, title, message) => {
        const order = annotation({ level: "warning", file, line: 1, title, message });
        expect(order).not.toMatch(/[\r\n]/);
        const [, properties = "", data = ""] = /^::warning ([^:]*)::(.*)$/u.exec(order) ?? [];
        expect(properties.split(",").map((each) => each.split("=")[0])).toEqual(["file", "line", "title"]);
        expect(orderIn(data)?.startsWith("::")).not.toBe(true);
      }),
    );
  });
});

describe("annotations of problems", () => {
  const problem = (line: number, severity: Problem["severity"] = "error"): Problem => ({
    code: "amount-zero",
    severity,
    file: "payments/a.yaml",
    line,
    column: 1,
    message: `line ${line}`,
    hint: "write an amount",
  });
  const many = (count: number, severity?: Problem["severity"]) =>
    Array.from({ length: count }, (_, index) => problem(count - index, severity));

  test("say what to do, in the order of the file", () => {
    expect(annotations(many(2))).toEqual({
      commands: [
        "::error file=payments/a.yaml,line=1,col=1,title=amount-zero::line 1%0Ahint: write an amount",
        "::error file=payments/a.yaml,line=2,col=1,title=amount-zero::line 2%0Ahint: write an amount",
      ],
      notShown: { errors: 0, warnings: 0 },
    });
  });

  test.each([
    [0, 0, 0],
    [9, 9, 0],
    [10, 10, 0],
    [11, 10, 2],
    [500, 10, 491],
  ])("%i of a level become %i, and %i are counted", (count, shown, rest) => {
    const { commands, notShown } = annotations([...many(count), ...many(1, "warning")]);
    expect(commands.filter((each) => each.startsWith("::error "))).toHaveLength(shown);
    expect(commands.filter((each) => each.startsWith("::warning "))).toHaveLength(1);
    expect(notShown).toEqual({ errors: rest, warnings: 0 });
    expect(commands.some((each) => each.includes(`and ${rest} more errors`))).toBe(rest > 0);
  });
});

describe("an output of a step", () => {
  /** As the runner reads its file of outputs. */
  function read(file: string): Map<string, string> {
    const found = new Map<string, string>();
    const lines = file.split("\n");
    while (lines.length > 0) {
      const [name = "", end] = (lines.shift() ?? "").split("<<");
      if (end === undefined) continue;
      const stop = lines.indexOf(end);
      found.set(
        name,
        lines
          .splice(0, stop + 1)
          .slice(0, stop)
          .join("\n"),
      );
    }
    return found;
  }

  test("comes back as it was written, and adds no other one", () => {
    const value = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.array(fc.constantFrom("\n", "evil=1", "evil<<EOF", "EOF", "end_", "x")).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        const file = outputEntry("result", a) + outputEntry("reason-code", b);
        expect([...read(file)]).toEqual([
          ["result", a],
          ["reason-code", b],
        ]);
      }),
    );
  });

  test("has an end mark that is made of its value and is not in it", () => {
    const chosen = (text: string) => `end_${createHash("sha256").update(text).digest("hex")}`;
    expect(endMarkFor("abc")).toBe(chosen("abc"));
    fc.assert(fc.property(fc.string(), (text) => !text.includes(endMarkFor(text))));
  });

  test.each(["", "a b", "a\nb", "a=b", "a<<b", "1a"])("%j is no name of one", (name) => {
    expect(() => outputEntry(name, "x")).toThrow("not the name of an output");
  });
});

describe("scrubbing", () => {
  // Put together from pieces, so that no scanner takes this file for a leak.
  const id = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
  const key = ["wJalrXUtnFEMI", "K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("/");
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

  test.each([
    [`id ${id}.`, "id ***."],
    [`ASIA${id.slice(4)}`, "***"],
    [`aws_secret_access_key = ${key}`, "aws_secret_access_key = ***"],
    [`"SecretAccessKey": "${key}"`, '"SecretAccessKey": "***"'],
    [`${key} is my secret`, "*** is my secret"],
    [`${id}: ${key} (key)`, "***: *** (key)"],
    [`ghp_${letters}`, "***"],
    [`gho_${letters}, ghu_${letters}`, "***, ***"],
    [`ghs_${letters}.${letters}-x`, "***"],
    [`github_pat_11ABC_${letters}`, "***"],
    [`key AGE-SECRET-KEY-1${letters.toUpperCase()}.`, "key ***."],
    [`Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.${letters}`, "Bearer ***"],
  ])("%j", (text, expected) => {
    expect(scrub(text, [])).toBe(expected);
  });

  test.each([
    "commit 0123456789abcdef0123456789abcdef01234567 was merged",
    `sha256 ${"ab".repeat(32)} of the key`,
    "A2WORKEREXAMPLE did 3ASSIGNMENTEXAMPLE",
    "XAKIA is no id, nor is AKIA1234",
    "the secret of a good key is a short one",
  ])("%j is left as it is", (text) => {
    expect(scrub(text, [])).toBe(text);
  });

  test("takes out the given secrets, the longer first, and each line of one", () => {
    expect(scrub("abcdefgh abcd one-line two-line", ["abcd", "abcdefgh", "one-line\ntwo-line\n", "", "a"])).toBe(
      "*** *** *** ***",
    );
  });

  test("leaves no given secret", () => {
    const secret = fc.string({ minLength: 4, unit: fc.constantFrom("a", "b", "C", "1", "2", "/", "+", "=", ".", "$") });
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(secret, { minLength: 1 }), (words, secrets) => {
        const text = words.flatMap((word, index) => [word, secrets[index % secrets.length] ?? ""]).join(" ");
        const left = scrub(text, secrets);
        expect(secrets.filter((each) => left.includes(each))).toEqual([]);
      }),
    );
  });
});
