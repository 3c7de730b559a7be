import { describe, expect, test } from "vitest";
import { maskFor, showAssignment, showId } from "./mask.ts";

test("a masked worker id keeps its first two and last three characters", () => {
  expect(showId("A2WORKEREXAMPLE", "mask")).toBe("A2…PLE");
});

test("of a short id only the first character is told", () => {
  expect(showId("A2ABC", "mask")).toBe("A…");
});

test("an alias is the same for the same key, and another for another key", () => {
  expect(showId("A2WORKEREXAMPLE", "alias", "secret")).toMatch(/^w-[0-9A-F]{6}$/);
  expect(showId("A2WORKEREXAMPLE", "alias", "secret")).toBe(showId("A2WORKEREXAMPLE", "alias", "secret"));
  expect(showId("A2WORKEREXAMPLE", "alias", "other")).not.toBe(showId("A2WORKEREXAMPLE", "alias", "secret"));
});

test("without a key an alias falls back to the mask", () => {
  expect(showId("A2WORKEREXAMPLE", "alias")).toBe("A2…PLE");
  expect(showId("A2WORKEREXAMPLE", "alias", "")).toBe("A2…PLE");
});

test("ids are in clear only where the policy shows them", () => {
  expect(showId("A2WORKEREXAMPLE", "show")).toBe("A2WORKEREXAMPLE");
  expect(showAssignment("3ASSIGNMENTEXAMPLE", "show")).toBe("3ASSIGNMENTEXAMPLE");
  expect(showAssignment("3ASSIGNMENTEXAMPLE", "mask")).toBe("…XAMPLE");
  expect(showAssignment("3ABC", "alias")).toBe("…BC");
});

test("ids in words are masked like ids, those of other people included", () => {
  const mask = maskFor({ workers: "mask" }, ["AKNOWNPERSON"]);
  expect(mask.text("3ASSIGNMENTEXAMPLE12 belongs to A3STRANGER0000, not AKNOWNPERSON")).toBe(
    "…MPLE12 belongs to A3…000, not AK…SON",
  );
});

test("a known id is hidden inside a longer word and in any case", () => {
  const mask = maskFor({ workers: "mask" }, ["A2WORKEREXAMPLE"]);
  for (const words of [
    "xA2WORKEREXAMPLEy",
    "a2workerexample",
    "study-a2workerexample",
    "A2WORKEREXAMPLEA2WORKEREXAMPLE",
  ])
    expect(mask.text(words).toUpperCase()).not.toContain("A2WORKEREXAMPLE");
});

test("the handle of an order, which support asks for, stays whole, unless it is somebody's id", () => {
  const [handle, person] = ["65f0c2a41d3b9e0012ab34cd", "5e9b9c8b6d0a2f000b1c2d3e"];
  const words = `order ${handle}, claimed for ${person}`;
  expect(maskFor({ workers: "mask" }).text(words)).toBe(`order ${handle}, claimed for 5e…d3e`);
  expect(maskFor({ workers: "mask" }, [handle]).text(words)).toBe("order 65…4cd, claimed for 5e…d3e");
});

test("words that are no ids stay", () => {
  const words = "ACCOUNT balance of $1,800.00 and ASSIGNMENTS: see payments/pilot.yaml, [ref K7QM-2N4D-XW5A]";
  expect(maskFor({ workers: "mask" }).text(words)).toBe(words);
});

test("under `show` words stay as they are", () => {
  expect(maskFor({ workers: "show" }).text("A3STRANGER0000")).toBe("A3STRANGER0000");
});

describe("an id that is encrypted", () => {
  const alias = "w-7F3A2C9B10D4";

  test.each(["mask", "alias", "show"] as const)(
    "is shown by the beginning of its alias under %s, and never hidden twice",
    (workers) => {
      const mask = maskFor({ workers, aliasKey: "secret" });
      expect(mask.worker(alias)).toBe("w-7F3A2C");
      expect(mask.assignment("a-00112233AABB")).toBe("a-001122");
    },
  );

  test("that nobody here can open is called so, in columns and in sentences", () => {
    const mask = maskFor({ workers: "mask" });
    expect(mask.worker("sealed:Zk2vJw")).toBe("encrypted");
    expect(mask.assignment("sealed:Zk2vJw")).toBe("encrypted");
    expect(mask.text(`no ${alias} for sealed:Zk2v-Jw_AB, A2EXAMPLE00001`)).toBe("no w-7F3A2C for encrypted, A2…001");
  });
});
