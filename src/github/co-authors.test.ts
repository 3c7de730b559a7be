import { describe, expect, test } from "vitest";
import { coAuthors, coWriters, loginIn } from "./co-authors.ts";

describe("co-authors", () => {
  test("all of them are found, in any case and anywhere in the message", () => {
    const message = [
      "Add wave 2",
      "",
      "Co-authored-by: Jo Miller <jo@lab.example>",
      "",
      "More words.",
      "co-authored-BY:Kim<kim@lab.example>\r",
      "  CO-AUTHORED-BY :  Pi <3+pi@users.noreply.github.com>  ",
      "",
      "Signed-off-by: Ray <ray@lab.example>",
    ].join("\n");
    expect(coAuthors(message)).toEqual([
      { name: "Jo Miller", email: "jo@lab.example" },
      { name: "Kim", email: "kim@lab.example" },
      { name: "Pi", email: "3+pi@users.noreply.github.com" },
    ]);
  });

  test.each([
    ["Co-authored-by: Jo", [{ name: "Jo", email: "" }]],
    ["Co-authored-by: <jo@lab.example>", [{ name: "", email: "jo@lab.example" }]],
    ["Co-authored-by: Jo <jo@lab.example", [{ name: "Jo", email: "jo@lab.example" }]],
    ["Co-authored-by: A <B> <jo@lab.example>", [{ name: "A <B>", email: "jo@lab.example" }]],
    ["Co-authored-by:", []],
    ["Co-authored-by:  <>", []],
    ["Not Co-authored-by: Jo <jo@lab.example>", []],
    ["", []],
  ])("%j", (message, found) => {
    expect(coAuthors(message)).toEqual(found);
  });

  test("one who is named twice is one", () => {
    expect(coAuthors("Co-authored-by: Jo <jo@x>\nCo-authored-by: Jo <JO@x>")).toEqual([{ name: "Jo", email: "jo@x" }]);
  });

  test("are writers, with a login where GitHub's own address holds it", () => {
    const message = [
      "Co-authored-by: Pi <3+pi@users.noreply.github.com>",
      "Co-authored-by: dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
      "Co-authored-by: @jo",
      "Co-authored-by: Kim <kim@lab.example>",
      "Co-authored-by: <lee@lab.example>",
    ].join("\n");
    expect(coWriters(message)).toEqual([
      { login: "pi", name: "Pi" },
      { login: "dependabot[bot]", name: "dependabot[bot]" },
      { login: "jo", name: "@jo" },
      { name: "Kim" },
      { name: "lee@lab.example" },
    ]);
  });

  test("a program that writes along is no writer who might approve", () => {
    expect(coWriters("Co-Authored-By: Assistant <noreply@assistant.example>")).toEqual([]);
  });
});

test.each([
  ["mona@users.noreply.github.com", "mona"],
  ["12345+mona@users.noreply.github.com", "mona"],
  ["12345+Mona-Lisa@Users.NoReply.GitHub.com", "Mona-Lisa"],
  ["12345+mona_lab@users.noreply.github.com", "mona_lab"],
  ["mona@users.noreply.github.com.example", undefined],
  ["x+mona@users.noreply.github.com", undefined],
  ["noreply@github.com", undefined],
  ["mona@lab.example", undefined],
  ["", undefined],
])("the login in %j is %j", (email, login) => {
  expect(loginIn(email)).toBe(login);
});
