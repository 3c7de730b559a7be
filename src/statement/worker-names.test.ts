import { expect, test } from "vitest";
import { maskFor } from "../report/mask.ts";
import { workerNames } from "./worker-names.ts";

test("two workers who would look the same are told apart, and keep their names while others come", () => {
  const mask = maskFor({ workers: "mask" });
  const ids = ["A2AAAAAAAPLE", "A2BBBBBBBPLE", "A3CCCCCCCXYZ", "A2CCCCCCCPLE"];
  const names = [...workerNames(ids, mask).values()];
  expect(names).toEqual(["A2…PLE", "A2…PLE (2)", "A3…XYZ", "A2…PLE (3)"]);
  expect([...workerNames(ids.slice(0, 2), mask).values()]).toEqual(names.slice(0, 2));
});

test("a worker has one name, and nobody has none", () => {
  expect([...workerNames(["A2AAAAAAAPLE", "", "A2AAAAAAAPLE"], maskFor({ workers: "show" }))]).toEqual([
    ["A2AAAAAAAPLE", "A2AAAAAAAPLE"],
  ]);
});
